"""What views of networks that make things share: codes of examples, examples from codes, how they are drawn."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from nets.views.base import drawable, finite, smaller

if TYPE_CHECKING:
    from torch import Tensor

    from nets.objectives.making import MakingRule
    from nets.training import Training

BYTES = 60_000
"""What the pictures of one look may take."""
LARGEST_SIDE = 64
SMALLEST_SIDE = 8
CHUNK = 256
"""Examples looked at together."""
STEPS_OF_EXTENT = 1.25
"""Between two sizes of a plane that is shown: it stands still while codes move a little."""


def decoded(training: "Training", z: "Tensor", labels: "Tensor | None" = None) -> "Tensor":
    """Return the examples (B, *input_shape) that the network makes of codes or noise (B, L), as inputs.

    Args:
        training: whose network.
        z: codes, on any device.
        labels: the class (B,) of each where the network is told one; zeros where it wants one and none is given.
    """
    import torch

    z = z.to(training.device)
    labels = labels_for(training, len(z), labels)
    with torch.inference_mode():
        parts = [
            maker(training).sample(training.model, codes, None if labels is None else labels[start : start + CHUNK])
            for start, codes in zip(range(0, len(z), CHUNK), z.split(CHUNK), strict=True)
        ]
        return finite(torch.cat(parts))


def labels_for(training: "Training", count: int, labels: "Tensor | None" = None) -> "Tensor | None":
    """Return a class for each of ``count`` examples; None where the network is told none."""
    import torch

    if not is_conditional(training):
        return None
    if labels is None:
        classes = training.experiment.data.info().num_targets
        labels = torch.arange(count) % max(1, classes)
    return labels.to(training.device)


def same_label(training: "Training", count: int, label: int) -> "Tensor | None":
    """Return one class ``count`` times, the last one where there are fewer; None where the network is told none."""
    import torch

    last = max(0, training.experiment.data.info().num_targets - 1)
    return labels_for(training, count, torch.full((count,), min(label, last), dtype=torch.int64))


def is_conditional(training: "Training") -> bool:
    """Is the network told a class?"""
    return bool(getattr(training.objective, "conditional", False))


def codes(training: "Training", x: "Tensor") -> "Tensor":
    """Return the codes (B, L) float32 of inputs (B, *input_shape): of a variational network their means.

    Raises:
        ValueError: if the network has no encoder.
    """
    import torch

    rule = maker(training)
    part_of(training, "encoder")
    with torch.inference_mode():
        return finite(torch.cat([rule.code(training.model, examples) for examples in x.split(CHUNK)]))


def maker(training: "Training") -> "MakingRule":
    """Return the training's rule.

    Raises:
        ValueError: if its network makes nothing.
    """
    from nets.objectives.making import MakingRule

    if not isinstance(training.objective, MakingRule):
        raise ValueError("this network makes no examples; there is nothing here that could be shown")
    return training.objective


def latent_size(training: "Training") -> int:
    """Return how many numbers the network makes an example of."""
    return maker(training).latent_dim


def noise(training: "Training", count: int, seed: int) -> "Tensor":
    """Return ``count`` codes or noises (count, L), the same for the same count and seed."""
    return maker(training).latents(count, seed, training.device)


def part_of(training: "Training", name: str) -> Any:
    """Return the network's part called ``name``.

    Raises:
        ValueError: if it has none.
    """
    part = getattr(training.model, name, None)
    if part is None:
        raise ValueError(f"this network has no {name}: there is nothing here that could be shown")
    return part


def drawn(training: "Training", x: "Tensor", *, shown: int = 0) -> np.ndarray:
    """Return inputs (N, C, H, W) as small pictures, (N, h, w) or (N, h, w, 3) uint8.

    Args:
        training: whose inputs.
        x: pictures as the network sees them.
        shown: how many pictures the look has in all; N where none is given.

    Raises:
        ValueError: if they are no pictures.
    """
    if x.dim() != 4:
        raise ValueError("these data are no pictures; there is nothing here that could be drawn")
    side = math.isqrt(BYTES // (max(1, shown or len(x)) * x.shape[1]))
    return drawable(smaller(training.inputs.pictures(x), min(LARGEST_SIDE, max(SMALLEST_SIDE, side))))


def distances(x: "Tensor", others: "Tensor", *, exact: bool = True) -> "Tensor":
    """Return the root mean square difference of each of x (N, …) from each of the others (M, …), (N, M) float32.

    What need not be ``exact`` goes by products of matrices, and can miss that two are the same.
    """
    import torch

    flat, known = x.flatten(1).float(), others.flatten(1).float()
    how = "donot_use_mm_for_euclid_dist" if exact else "use_mm_for_euclid_dist"
    return torch.cdist(flat, known, compute_mode=how) / math.sqrt(flat.shape[1])


def steady_extent(largest: float) -> float:
    """Return half the side of a plane that holds coordinates up to ``largest``: it grows in steps of a quarter."""
    if not math.isfinite(largest) or largest <= 1e-6:
        return 1.0
    return STEPS_OF_EXTENT ** math.ceil(math.log(largest) / math.log(STEPS_OF_EXTENT) - 1e-6)
