"""Texts as data: what sorts of text have in common, from letters to rows of token ids."""

from functools import lru_cache
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import DataInfo, DatasetConfig, Split
from nets.datasets.text.tokens import FIRST_TOKEN, Level, encoded, fitted_vocabulary, tokenized, windows
from nets.datasets.text.vectors import Vectors
from nets.problems import InvalidExperiment, Problem

TextParts = tuple[list[str], np.ndarray, list[str], np.ndarray]
"""Training texts and their labels, then those for testing."""


class TextConfig(DatasetConfig):
    """Text cut into tokens. The vocabulary is fitted on the training part alone."""

    kind: Literal["text"] = "text"
    level: Level = "word"
    """What a token is: a word or sign, or a character."""
    lower: bool = True
    """Take capital letters as small ones."""
    max_vocabulary: Annotated[int, Field(ge=1, le=100_000)] = 10_000
    """Tokens that are told apart at most: the most frequent; all others are the unknown token."""
    min_count: Annotated[int, Field(ge=1, le=1000)] = 1
    """How often a token must occur in the training part to be told apart."""
    vectors: Vectors | None = None
    """Word vectors from a file that the embedding begins with."""

    def most_tokens(self) -> int:
        """Return how many different tokens the source can have, for networks that must be built before it is read."""
        raise NotImplementedError

    def vocab_size(self) -> int:
        """Return one more than the largest token id that can occur."""
        return FIRST_TOKEN + min(self.max_vocabulary, self.most_tokens())

    def fitted(self, seed: int) -> tuple[str, ...]:
        """Return the tokens of the training part with the ids 2, 3, …."""
        raise NotImplementedError

    def vocabulary(self, seed: int) -> tuple[str, ...]:
        """Return the same as ``fitted``, remembered: views ask for it again and again."""
        return _vocabulary(self, seed)


class TextsConfig(TextConfig):
    """Short texts with labels; a dataset gives ``texts``, ``labels`` and ``most_tokens``."""

    max_length: Annotated[int, Field(ge=1, le=2000)] = 32
    """Tokens of a text, at most; what is longer is cut, what is shorter is filled up at its end."""
    length_buckets: bool = False
    """Put texts of about the same length into a batch: the less their lengths agree, the faster that is."""

    def labels(self) -> tuple[str, ...]:
        """Return the names of the classes."""
        raise NotImplementedError

    def texts(self, seed: int) -> TextParts:
        """Return training texts and their labels (B,) int64, then those for testing."""
        raise NotImplementedError

    def info(self) -> DataInfo:
        """Return the classes that are told apart, and what a row of ids looks like."""
        names = self.labels()
        task: Literal["binary", "multiclass"] = "binary" if len(names) == 2 else "multiclass"
        return DataInfo(task, (self.max_length,), len(names), names, vocab_size=self.vocab_size())

    def load(self, seed: int) -> Split:
        """Return rows of token ids (B, max_length), in the smallest integers that take them."""
        train, train_y, test, test_y = self.texts(seed)
        return self.rows(train, train_y, test, test_y)

    def rows(self, train: list[str], train_y: np.ndarray, test: list[str], test_y: np.ndarray) -> Split:
        """Return texts as rows of token ids."""
        train_tokens = [tokenized(text, self.level, self.lower) for text in train]
        test_tokens = [tokenized(text, self.level, self.lower) for text in test]
        vocabulary = fitted_vocabulary(train_tokens, self.max_vocabulary, self.min_count)
        train_x = encoded(train_tokens, vocabulary, self.max_length)
        return Split(train_x, train_y, encoded(test_tokens, vocabulary, self.max_length), test_y)

    def fitted(self, seed: int) -> tuple[str, ...]:
        """Return the tokens of the training part with the ids 2, 3, …."""
        return self.tokens_in(self.texts(seed)[0])

    def tokens_in(self, train: list[str]) -> tuple[str, ...]:
        """Return the vocabulary of training texts."""
        tokens = [tokenized(text, self.level, self.lower) for text in train]
        return fitted_vocabulary(tokens, self.max_vocabulary, self.min_count)


class StreamConfig(TextConfig):
    """One long text, whose next token is to be told at every step; a dataset gives ``stream`` and ``most_tokens``."""

    lower: bool = False
    """Take capital letters as small ones."""
    seq_len: Annotated[int, Field(ge=2, le=1000)] = 32
    """Tokens that a network sees in a row."""
    train_share: Annotated[float, Field(ge=0.1, le=0.9)] = 0.9
    """Share of the text used for training; its end tests."""

    def stream(self, seed: int) -> str:
        """Return the whole text."""
        raise NotImplementedError

    def info(self) -> DataInfo:
        """Return that every step has an answer: the next token."""
        size = self.vocab_size()
        return DataInfo("multiclass", (self.seq_len,), size, vocab_size=size, per_step=True)

    def load(self, seed: int) -> Split:
        """Return rows of ids (B, seq_len), one after the other in the text, and at every step the next id."""
        return self.cut(self.stream(seed))

    def cut(self, text: str) -> Split:
        """Return the whole text in rows; those at its end test.

        Raises:
            InvalidExperiment: if it has too few tokens for a row in both parts.
        """
        tokens = tokenized(text, self.level, self.lower)
        count = (len(tokens) - 1) // self.seq_len
        end = round(count * self.train_share) * self.seq_len
        vocabulary = fitted_vocabulary([tokens[: end + 1]], self.max_vocabulary, self.min_count)
        if not 0 < end < count * self.seq_len:
            message = (
                f"the text has {len(tokens):,} tokens, too few for a row of {self.seq_len} in both parts; lower it"
            )
            raise InvalidExperiment([Problem("data.seq_len", message)])
        rows, following = windows(encoded([tokens], vocabulary, len(tokens))[0], self.seq_len)
        train = end // self.seq_len
        return Split(rows[:train], following[:train], rows[train:], following[train:])

    def fitted(self, seed: int) -> tuple[str, ...]:
        """Return the tokens of the training part with the ids 2, 3, …."""
        return self.tokens_in(self.stream(seed))

    def tokens_in(self, text: str) -> tuple[str, ...]:
        """Return the vocabulary of the training part of a text."""
        tokens = tokenized(text, self.level, self.lower)
        end = round((len(tokens) - 1) // self.seq_len * self.train_share) * self.seq_len
        return fitted_vocabulary([tokens[: end + 1]], self.max_vocabulary, self.min_count)


@lru_cache(maxsize=8)
def _vocabulary(config: TextConfig, seed: int) -> tuple[str, ...]:
    return config.fitted(seed)
