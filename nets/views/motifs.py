"""What the filters of a network's first convolution along a text look for, as sequence logos."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import Field

from nets.datasets.text.tokens import FIRST_TOKEN
from nets.views.base import View, finite, view
from nets.views.reading import sequence_network, vocabulary

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training import Training

MOST_TOKENS = 6
"""Tokens drawn at each place, the most frequent."""
STRONG = 0.5
"""Of a filter's strongest answer: what a window must reach to count. Alipanahi et al. (2015), DeepBind."""


@dataclass(frozen=True)
class Motifs:
    """Filters, the one that tells classes apart best first.

    ``tokens`` is the vocabulary, V of them; ``shares`` (F, K, V) float32 how often each token stands at each of the K
    places of the windows that a filter answers strongly to; ``bits`` (F, K) float32 how much is known at that place: 0
    where all tokens are as frequent as everywhere. ``counts`` (F,) int64 windows; ``filters`` (F,) int64 their places
    in the layer; ``weight`` (F,) float32 how much higher the mean answer is for texts of the last class than for the
    others, by its spread.
    """

    tokens: tuple[str, ...]
    shares: np.ndarray
    bits: np.ndarray
    counts: np.ndarray
    filters: np.ndarray
    weight: np.ndarray


@view
class MotifsView(View):
    """Logos of the first convolution's filters (Schneider and Stephens 1990)."""

    kind: Literal["motifs"] = "motifs"
    count: Annotated[int, Field(ge=1, le=64)] = 8
    """Filters shown, at most."""
    among: Annotated[int, Field(ge=10, le=5000)] = 400
    """Test texts whose windows are looked at, at most."""

    @property
    def every_seconds(self) -> float:
        """It looks at hundreds of texts."""
        return 0.5

    def look(self, training: "Training") -> Motifs:
        """Return the logos.

        Raises:
            ValueError: if the network's first layer over tokens is no convolution.
        """
        import torch

        from nets.modules.convolutions import Convolutions

        model: Any = sequence_network(training)
        if not isinstance(model.core, Convolutions):
            raise ValueError(f"a {training.experiment.model.kind} has no filters that slide along; take conv1d")
        block: Any = model.core.blocks[0]
        part = training.parts.test.first(self.among)
        ids = part.x.long()
        with torch.inference_mode():
            answers = finite(answers_of(model, block, ids)).cpu()
        labels = part.labels.cpu() if part.labels.dim() == 1 else None
        weight = telling(answers, labels)
        order = weight.abs().argsort(descending=True)[: self.count]
        windows = windows_of(ids.cpu(), block.kernel, block.dilation, block.stride, causal=block.causal)
        words = vocabulary(training)
        background = shares_in(ids.cpu().flatten(), len(words))
        found = [logo(answers[:, place], windows, len(words), background) for place in order.tolist()]
        return Motifs(
            words,
            np.stack([shares for shares, _, _ in found]),
            np.stack([bits for _, bits, _ in found]),
            np.array([count for _, _, count in found], dtype=np.int64),
            order.numpy().copy(),
            weight[order].numpy(),
        )


def answers_of(model: Any, block: Any, ids: "Tensor") -> "Tensor":
    """Return what each filter says at each place, (N, F, T'), before its activation."""
    from torch.nn import functional

    reach = (block.kernel - 1) * block.dilation
    before = reach if block.causal else reach // 2
    x = model.embedded(ids).transpose(1, 2) * model.real_steps(ids).unsqueeze(1)
    answers: Tensor = block.conv(functional.pad(x, (before, reach - before)))
    return answers


def telling(answers: "Tensor", labels: "Tensor | None") -> "Tensor":
    """Return how much higher each filter's strongest answer is in texts of the last class, by its spread, (F,)."""
    strongest = answers.amax(dim=2)
    spread = strongest.std(dim=0, correction=0).clamp(min=1e-12)
    if labels is None or not 0 < int((labels == labels.max()).sum()) < len(labels):
        return strongest.mean(dim=0) / spread
    last = labels == labels.max()
    return (strongest[last].mean(dim=0) - strongest[~last].mean(dim=0)) / spread


def windows_of(ids: "Tensor", kernel: int, dilation: int, stride: int, *, causal: bool) -> "Tensor":
    """Return the ids that a filter sees at each of its places, (N, T', kernel), 0 beyond the text."""
    from torch.nn import functional

    reach = (kernel - 1) * dilation
    before = reach if causal else reach // 2
    padded = functional.pad(ids, (before, reach - before))
    return padded.unfold(1, reach + 1, stride)[..., ::dilation]


def logo(answers: "Tensor", windows: "Tensor", size: int, background: "Tensor") -> tuple[np.ndarray, np.ndarray, int]:
    """Return shares (K, V), bits (K,) and the number of windows that one filter's ``answers`` (N, T') are strong to."""
    import torch

    best, at = answers.max(dim=1)
    strong = best >= max(STRONG * best.max().item(), 1e-12)
    seen = windows[torch.arange(len(best)), at][strong]
    shares = torch.stack([shares_in(seen[:, place], size) for place in range(seen.shape[1])])
    bits = (shares * (shares.clamp(min=1e-12) / background).log2()).sum(dim=1).clamp(min=0)
    return shares.float().numpy(), bits.float().numpy(), int(strong.sum())


def shares_in(ids: "Tensor", size: int) -> "Tensor":
    """Return how frequent each token of the vocabulary is among ids, (V,), a little of everything added."""
    counts = ids.bincount(minlength=size + FIRST_TOKEN)[FIRST_TOKEN : FIRST_TOKEN + size].double() + 1 / max(1, size)
    return counts / counts.sum()
