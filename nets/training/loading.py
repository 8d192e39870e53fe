"""Weights from a file put into a network, as far as they fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor, nn

PREFIX = "weights."
"""How checkpoints of Playground call a network's weights; files from elsewhere do without."""
MOST_NAMED = 4


class NoWeights(ValueError):
    """The file holds no weights, or none that fit; the message is a sentence."""


@dataclass(frozen=True)
class Loaded:
    """What became of a file's tensors, by name."""

    taken: tuple[str, ...]
    other_shape: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]

    def __str__(self) -> str:
        """Return the report in words."""
        parts = [f"{len(self.taken)} of {len(self.taken) + len(self.other_shape) + len(self.missing)} tensors loaded"]
        for names, what in (
            (self.other_shape, "another shape"),
            (self.missing, "not in the file"),
            (self.unknown, "in the file alone"),
        ):
            if names:
                more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
                parts.append(f"{what}: {', '.join(names[:MOST_NAMED])}{more}")
        return "; ".join(parts)


def parse_weights(content: bytes) -> "dict[str, Tensor]":
    """Return the tensors of a safetensors file; nothing in it is ever executed.

    Raises:
        NoWeights: if it is no such file, or there are no weights in it.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        tensors = load(content)
    except (SafetensorError, ValueError, KeyError) as error:
        raise NoWeights(f"This is no safetensors file, or it is damaged: {error}") from None
    if any(name.startswith(PREFIX) for name in tensors):
        tensors = {name.removeprefix(PREFIX): value for name, value in tensors.items() if name.startswith(PREFIX)}
    if not tensors:
        raise NoWeights("The file holds no weights.")
    return tensors


def load_weights(model: "nn.Module", tensors: "Mapping[str, Tensor]") -> Loaded:
    """Copy into ``model`` every tensor whose name and shape are those of one of its own.

    Raises:
        NoWeights: if none fits, or one that does holds numbers that are NaN or infinite; nothing is changed.
    """
    import torch

    own = model.state_dict()
    same = {name: tensors[name] for name in own if name in tensors and tensors[name].shape == own[name].shape}
    other = tuple(
        f"{name} ({_shape(tensors[name])} in the file, {_shape(own[name])} here)"
        for name in own
        if name in tensors and name not in same
    )
    missing = tuple(name for name in own if name not in tensors)
    found = Loaded(tuple(same), other, missing, tuple(name for name in tensors if name not in own))
    if not same:
        raise NoWeights(f"Nothing was loaded: {str(found).partition('; ')[2]}.")
    for name, value in same.items():
        if not torch.isfinite(value).all():
            raise NoWeights(f"Nothing was loaded: {name} holds numbers that are NaN or infinite.")
    with torch.no_grad():
        for name, value in same.items():
            own[name].copy_(value)
    return found


def _shape(tensor: "Tensor") -> str:
    return "×".join(str(side) for side in tensor.shape) or "a number"
