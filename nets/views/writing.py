"""What a language model writes: how it goes on from a prompt, one token after the other."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import Field

from nets.datasets.text.tokens import FIRST_TOKEN
from nets.seeds import derive
from nets.views.base import View, finite, view
from nets.views.reading import MOST_TYPED, sequence_network, text_data, typed, vocabulary

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from nets.training import Training

LIKELIEST = 8
"""Tokens given that may come next."""


@dataclass(frozen=True)
class Writing:
    """``prompt`` and the ``texts`` that go on from it, ``is_characters`` whether tokens are characters.

    ``following`` are the tokens that are likeliest to come first, with their ``shares`` (k,) float32 at temperature 1.
    ``unknown`` are tokens of the prompt that the vocabulary does not have.
    """

    prompt: str
    texts: tuple[str, ...]
    is_characters: bool
    following: tuple[str, ...]
    shares: np.ndarray
    unknown: tuple[str, ...]


@view
class WritingView(View):
    """Samples: the same random numbers at each look, so that a text changes with the weights alone."""

    kind: Literal["writing"] = "writing"
    prompt: Annotated[str, Field(max_length=MOST_TYPED)] = ""
    """What to go on from; empty begins a line."""
    temperature: Annotated[float, Field(ge=0, le=3)] = 0.8
    """How daring: 0 always takes the likeliest token, 1 draws as the network says, more is wilder."""
    top_k: Annotated[int, Field(ge=0, le=1000)] = 0
    """Only the k likeliest tokens may come; 0 takes all."""
    length: Annotated[int, Field(ge=1, le=1000)] = 160
    """Tokens written."""
    count: Annotated[int, Field(ge=1, le=8)] = 2
    """Texts written."""
    draw: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """Which random numbers."""

    @property
    def every_seconds(self) -> float:
        """The network is asked for each token anew."""
        return 1.0

    def look(self, training: "Training") -> Writing:
        """Return the texts.

        Raises:
            ValueError: if the network does not tell what comes next.
        """
        import torch

        info = training.experiment.data.info()
        if not (info.per_step and info.vocab_size):
            raise ValueError("this network does not tell what comes next; it needs a text to continue")
        model = sequence_network(training)
        data, words = text_data(training), vocabulary(training)
        is_characters = data.level == "character"
        start = typed(training, self.prompt or ("\n" if is_characters else "."), info.input_shape[0])
        generator = torch.Generator().manual_seed(derive(training.experiment.train.seed, "writing", self.draw))
        with torch.inference_mode():
            ids, first = written(
                model,
                start.ids.long().repeat(self.count, 1),
                lambda scores: self._pick(scores, generator),
                length=self.length,
                window=info.input_shape[0],
                size=len(words) + FIRST_TOKEN,
            )
            shares = finite(first.softmax(dim=0)).cpu()
        top, places = shares.topk(min(LIKELIEST, len(words)))
        join = "" if is_characters else " "
        return Writing(
            self.prompt,
            tuple(join.join(words[place - FIRST_TOKEN] for place in row) for row in ids.tolist()),
            is_characters,
            tuple(words[place - FIRST_TOKEN] for place in places.tolist()),
            top.numpy().copy(),
            tuple(token for token, known in zip(start.tokens, start.known, strict=True) if not known),
        )

    def _pick(self, scores: "Tensor", generator: "torch.Generator") -> "Tensor":
        """Return the next token (B,) for scores (B, V) on the processor."""
        import torch

        if self.temperature == 0:
            return scores.argmax(dim=1)
        scores = scores / self.temperature
        if self.top_k:
            least = scores.topk(min(self.top_k, scores.shape[1]), dim=1).values[:, -1:]
            scores = scores.masked_fill(scores < least, -torch.inf)
        shares = scores.softmax(dim=1).nan_to_num(0) + 1e-30
        return torch.multinomial(shares, 1, generator=generator)[:, 0]


def written(model: Any, ids: "Tensor", pick: Any, *, length: int, window: int, size: int) -> "tuple[Tensor, Tensor]":
    """Return the tokens that follow ``ids`` (B, T), (B, length), and the scores (V,) of the first of them.

    Args:
        model: a ``SequenceNetwork`` that answers at every step.
        ids: the prompt, the same in each row.
        pick: scores (B, V) on the processor → the next tokens (B,).
        length: tokens to write.
        window: tokens that the network sees at most.
        size: one more than the largest token that may be written; padding and the unknown token never are.
    """
    import torch

    goes_on = continued(model) if hasattr(model.core, "layers") else None
    scores = last_scores(model, goes_on, ids, size)
    first, chosen = scores[0], []
    for _ in range(length):
        following = pick(scores.cpu()).to(ids.device)
        chosen.append(following)
        ids = torch.cat([ids, following[:, None]], dim=1)[:, -window:]
        if len(chosen) < length:
            scores = last_scores(model, goes_on, following[:, None] if goes_on else ids, size)
    return torch.stack(chosen, dim=1), first


def last_scores(model: Any, goes_on: Any, ids: "Tensor", size: int) -> "Tensor":
    """Return the scores (B, V) of what follows ``ids``; padding, the unknown token and those beyond never follow."""
    import torch

    outputs = goes_on(ids) if goes_on else model(ids)
    scores = finite(outputs[:, -1])
    scores[:, :FIRST_TOKEN] = -torch.inf
    scores[:, size:] = -torch.inf
    return scores


def continued(model: Any) -> Any:
    """Return a function of tokens (B, T) → outputs (B, T, V) that remembers what it has read before."""
    memory: list[Any] = [None]

    def read(ids: "Tensor") -> "Tensor":
        steps = model.embedded(ids).transpose(0, 1)
        states, memory[0] = model.core.layers(steps, memory[0])
        outputs: Tensor = model.output(model.head(model.readout(states.transpose(0, 1), None)))
        return outputs

    return read
