"""What each step of a text attends to, in every block and head of a transformer."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, share_bytes, view
from nets.views.reading import MOST_TYPED, sequence_network, tokens_of, typed, vocabulary

if TYPE_CHECKING:
    from nets.training import Training

MOST_NUMBERS = 150_000
"""Of all maps together; of longer texts the beginning is shown."""


@dataclass(frozen=True)
class Attention:
    """``maps`` (L, H, T, T) uint8, 0 … 255: how much a token (row) takes from another (column); rows add up to 1.

    ``tokens`` are those of the text, T of them; ``index`` is its place in the test part, -1 for a typed one.
    """

    maps: np.ndarray
    tokens: tuple[str, ...]
    index: int


@view
class AttentionView(View):
    """Attention maps of one text."""

    kind: Literal["attention"] = "attention"
    index: Annotated[int, Field(ge=0)] = 0
    """Place in the test part, from 0."""
    text: Annotated[str, Field(max_length=MOST_TYPED)] = ""
    """A typed text; it comes before the index."""

    @property
    def every_seconds(self) -> float:
        """Nobody reads all heads faster."""
        return 0.25

    def look(self, training: "Training") -> Attention:
        """Return the maps.

        Raises:
            ValueError: if the network is no transformer over tokens, or there is no such text.
        """
        import torch

        model: Any = sequence_network(training)
        if not hasattr(model.core, "maps"):
            raise ValueError(f"a {training.experiment.model.kind} attends to nothing; take a transformer")
        most = training.experiment.data.info().input_shape[0]
        test = training.parts.test.x
        if self.text:
            found = typed(training, self.text, most)
            ids, tokens = found.ids, found.tokens or ("",)
        else:
            if self.index >= len(test):
                raise ValueError(
                    f"there is no test text {self.index:,}; the last of {len(test):,} is {len(test) - 1:,}"
                )
            ids = test[self.index : self.index + 1]
            tokens = tokens_of(ids[0].cpu().numpy(), vocabulary(training))
        ids = ids[:, : max(1, len(tokens))]
        with torch.inference_mode():
            maps = model.core.maps(model.embedded(ids), model.real_steps(ids))[:, 0]
        blocks, heads, steps, _ = maps.shape
        shown = min(steps, max(1, int((MOST_NUMBERS / (blocks * heads)) ** 0.5)))
        cut = maps[:, :, :shown, :shown].cpu()
        return Attention(share_bytes(cut), tokens[:shown], -1 if self.text else self.index)
