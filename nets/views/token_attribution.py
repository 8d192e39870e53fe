"""Which tokens of a text speak for a class: integrated gradients over the embeddings, by captum."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, finite, view
from nets.views.passages import shares_of
from nets.views.reading import MOST_TYPED, sequence_network, tokens_of, typed, vocabulary

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training import Training

TOP = 5
"""Classes given for each text, the likeliest first."""
WAY_AT_ONCE = 256
"""Texts on the way from nothing that go through the network together."""


@dataclass(frozen=True)
class TokenAttribution:
    """What the network says of texts, and what each of their tokens has to do with it.

    ``tokens`` are those of each text, ``known`` whether the vocabulary has them; ``values`` (N, T) float32 in -1 … 1
    what each speaks for, 0 behind the end. For two classes more speaks for the second and less for the first; for more
    classes, or labels, more speaks for the likeliest. ``indices`` (N,) int64 are places in the test part, -1 for a
    typed text; ``actual`` (N,) int64 true classes, -1 where nobody knows or there is more than one. ``top_classes`` and
    ``top_shares`` (N, k) are the likeliest classes with their shares. ``labels`` (N, K) uint8 are the true labels where
    a text has any number of them, else (N, 0). ``text`` is the one that was typed.
    """

    tokens: tuple[tuple[str, ...], ...]
    known: tuple[tuple[bool, ...], ...]
    values: np.ndarray
    indices: np.ndarray
    actual: np.ndarray
    top_classes: np.ndarray
    top_shares: np.ndarray
    labels: np.ndarray
    text: str = ""


@view
class TokenAttributionView(View):
    """Test texts, or a typed one, with what each token speaks for (Sundararajan et al. 2017, from no word at all)."""

    kind: Literal["token_attribution"] = "token_attribution"
    text: Annotated[str, Field(max_length=MOST_TYPED)] = ""
    """A typed text; empty takes test texts."""
    count: Annotated[int, Field(ge=1, le=50)] = 12
    """Test texts shown, at most."""
    order: Literal["all", "wrong", "hardest"] = "all"
    """Which: hardest are those whose true class gets the smallest share."""
    actual: Annotated[int, Field(ge=0)] | None = None
    """Only texts of this true class."""
    predicted: Annotated[int, Field(ge=0)] | None = None
    """Only texts that are taken for this class."""
    among: Annotated[int, Field(ge=1, le=10_000)] = 1024
    """Test texts looked at, at most, to find those that are wanted."""
    steps: Annotated[int, Field(ge=2, le=64)] = 12
    """Steps on the way from no word."""

    @property
    def every_seconds(self) -> float:
        """Each text goes back and forth through the network a dozen times."""
        return 0.4 if self.text else 1.0

    def prepare(self) -> None:
        """Import captum."""
        import captum.attr  # noqa: F401

    def look(self, training: "Training") -> TokenAttribution:
        """Return the texts.

        Raises:
            ValueError: if the data are no texts with classes, or the network reads no tokens.
        """
        info = training.experiment.data.info()
        if info.per_step or info.task == "regression":
            raise ValueError("these texts have no classes; there is nothing that a token could speak for")
        sequence_network(training)
        words = vocabulary(training)
        if self.text:
            found = typed(training, self.text, info.input_shape[0])
            shares = _shares(training, found.ids)
            return self._told(training, found.ids, shares, (found.tokens,), (found.known,), [-1])
        chosen, shares = self._chosen(training)
        ids = training.parts.test.x[chosen.to(training.parts.test.x.device)]
        tokens = tuple(tokens_of(row, words) for row in ids.cpu().numpy())
        known = tuple(tuple(token in words for token in row) for row in tokens)
        return self._told(training, ids, shares[chosen], tokens, known, chosen.tolist())

    def _chosen(self, training: "Training") -> "tuple[Tensor, Tensor]":
        """Return places in the test part, and the shares of everything that was looked at."""
        import torch

        finds = self.order != "all" or self.actual is not None or self.predicted is not None
        part = training.parts.test.first(self.among if finds else self.count)
        labels = part.labels.cpu()
        if labels.dim() > 1:
            shares = _shares(training, part.x)
            wrong = ((shares > 0.5) != (labels > 0.5)).any(dim=1)
            places = torch.arange(len(labels))
            return places[wrong if self.order != "all" else torch.ones_like(wrong)][: self.count], shares
        shares = shares_of(training, part)
        guessed = shares.argmax(dim=1)
        order = torch.arange(len(labels))
        if self.order == "hardest":
            order = shares[order, labels].argsort(stable=True)
        wanted = guessed != labels if self.order == "wrong" else labels >= 0
        if self.actual is not None:
            wanted = wanted & (labels == self.actual)
        if self.predicted is not None:
            wanted = wanted & (guessed == self.predicted)
        return order[wanted[order]][: self.count], shares

    def _told(
        self,
        training: "Training",
        ids: "Tensor",
        shares: "Tensor",
        tokens: tuple[tuple[str, ...], ...],
        known: tuple[tuple[bool, ...], ...],
        indices: list[int],
    ) -> TokenAttribution:
        import torch

        longest = max((len(row) for row in tokens), default=0)
        ids = ids[:, : max(1, longest)]
        values = attributions(training, ids, shares, self.steps)[:, :longest] if len(ids) else torch.zeros(0, 0)
        top_shares, top_classes = shares.topk(min(TOP, shares.shape[1]), dim=1)
        test = training.parts.test.labels.cpu()
        actual = [int(test[place]) if place >= 0 and test.dim() == 1 else -1 for place in indices]
        has_labels = test.dim() > 1 and all(place >= 0 for place in indices)
        labels = test[indices].byte() if has_labels else torch.zeros(len(indices), 0, dtype=torch.uint8)
        return TokenAttribution(
            tokens,
            known,
            values.numpy(),
            np.array(indices, dtype=np.int64),
            np.array(actual, dtype=np.int64),
            top_classes.numpy(),
            top_shares.numpy(),
            labels.numpy(),
            self.text,
        )


def _shares(training: "Training", ids: "Tensor") -> "Tensor":
    """Return the shares (N, K) of rows of ids, on the processor; NaN as 0."""
    import torch

    with torch.inference_mode():
        chunks = [training.objective.shares(training.predict(rows)).cpu() for rows in ids.split(WAY_AT_ONCE)]
    return torch.cat(chunks).nan_to_num(0).clamp(0, 1).clone()


def attributions(training: "Training", ids: "Tensor", shares: "Tensor", steps: int) -> "Tensor":
    """Return what each token speaks for, (N, T) float32 on the processor, the strongest of a text at -1 or 1.

    Args:
        training: whose network reads.
        ids: rows of token ids (N, T).
        shares: what it says of them, (N, K).
        steps: from no word to the text.
    """
    import torch
    from captum.attr import IntegratedGradients

    model: Any = sequence_network(training)
    is_two = shares.shape[1] == 2
    with torch.inference_mode():
        embedded, is_real = model.embedded(ids), model.real_steps(ids)
    target = shares.argmax(dim=1).to(ids.device)

    def score(steps: "Tensor", is_real: "Tensor", target: "Tensor") -> "Tensor":
        outputs: Tensor = model.answer(steps, is_real)
        if outputs.shape[1] == 1:
            return outputs[:, 0]
        return outputs[:, 1] - outputs[:, 0] if is_two else outputs.gather(1, target[:, None])[:, 0]

    with torch.inference_mode(False), torch.enable_grad(), torch.backends.cudnn.flags(enabled=False):
        found: Any = IntegratedGradients(score).attribute(
            embedded.clone().requires_grad_(),
            additional_forward_args=(is_real.clone(), target.clone()),
            n_steps=steps,
            internal_batch_size=WAY_AT_ONCE,
        )
    summed = finite(found.detach().sum(dim=2)).cpu().masked_fill(ids.cpu() == 0, 0)
    return summed / summed.abs().amax(dim=1, keepdim=True).clamp(min=1e-12)
