"""Texts as views need them: which tokens stand in a row of ids, and a typed sentence as the network sees it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nets.datasets.text.base import TextConfig
from nets.datasets.text.tokens import FIRST_TOKEN, PADDING, encoded, tokenized

if TYPE_CHECKING:
    from torch import Tensor, nn

    from nets.training import Training

UNKNOWN_WORD = "▢"
"""What stands for a token that the vocabulary does not have."""
MOST_TYPED = 4000
"""Characters of a typed text."""


@dataclass(frozen=True)
class Typed:
    """A text that somebody has typed: its ``tokens``, those the vocabulary has (``known``), and ``ids`` (1, T)."""

    tokens: tuple[str, ...]
    known: tuple[bool, ...]
    ids: "Tensor"


def text_data(training: "Training") -> TextConfig:
    """Return the data of a training on texts.

    Raises:
        ValueError: if they are none.
    """
    data = training.experiment.data
    if not isinstance(data, TextConfig):
        raise ValueError("these data are no texts; there is nothing here that could be read")
    return data


def vocabulary(training: "Training") -> tuple[str, ...]:
    """Return the tokens with the ids 2, 3, … of a training on texts."""
    return text_data(training).vocabulary(training.experiment.train.seed)


def tokens_of(ids: np.ndarray, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the tokens of one row of ids (T,), without its padding."""
    row = ids[: int((ids != PADDING).sum())].tolist()
    return tuple(words[place - FIRST_TOKEN] if FIRST_TOKEN <= place < len(words) + 2 else UNKNOWN_WORD for place in row)


def typed(training: "Training", text: str, most: int) -> Typed:
    """Return a typed text as the network sees it: at most ``most`` tokens, the last ones where there are more."""
    import torch

    data, words = text_data(training), vocabulary(training)
    tokens = tokenized(text, data.level, data.lower)[-most:]
    known = set(words)
    rows = encoded([tokens], words, max(1, len(tokens)))
    ids = torch.from_numpy(rows).to(training.device)
    return Typed(tuple(tokens), tuple(token in known for token in tokens), ids)


def sequence_network(training: "Training") -> "nn.Module":
    """Return the network of a training on tokens.

    Raises:
        ValueError: if it has no embedding to look at.
    """
    from nets.modules.sequences import SequenceNetwork

    model = training.model
    if not isinstance(model, SequenceNetwork) or model.embedding is None:
        raise ValueError(f"a {training.experiment.model.kind} over these data reads no tokens")
    return model
