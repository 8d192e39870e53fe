"""From text to numbers: words or characters, a vocabulary of those that count, rows of small integers."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np

Level = Literal["word", "character"]
PADDING = 0
"""The id of what fills a row up at its end."""
UNKNOWN = 1
"""The id of whatever the vocabulary does not have."""
FIRST_TOKEN = 2
"""The id of the vocabulary's first token."""
WORD = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
"""A word with the apostrophes inside it, or a single sign."""


def tokenized(text: str, level: Level, lower: bool) -> list[str]:
    """Return the tokens of a text: its words and signs without the space between, or all its characters."""
    text = text.lower() if lower else text
    return WORD.findall(text) if level == "word" else list(text)


def fitted_vocabulary(texts: Iterable[Sequence[str]], most: int, min_count: int) -> tuple[str, ...]:
    """Return the tokens that training texts have, the most frequent first, equally frequent ones sorted.

    Args:
        texts: tokens of the training texts alone.
        most: tokens kept, at most.
        min_count: how often a token must occur.
    """
    counts = Counter(token for text in texts for token in text)
    order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(token for token, count in order[:most] if count >= min_count)


def encoded(texts: Sequence[Sequence[str]], vocabulary: Sequence[str], length: int) -> np.ndarray:
    """Return texts as rows of ids (B, length), padded with 0 at their end; what is longer is cut.

    The array is uint8, int16 or int32, the smallest that takes the vocabulary. A text without any token is one
    unknown token: a network must see something.
    """
    ids = {token: place for place, token in enumerate(vocabulary, start=FIRST_TOKEN)}
    rows = np.zeros((len(texts), length), dtype=smallest_integer(len(vocabulary) + FIRST_TOKEN))
    for row, text in zip(rows, texts, strict=True):
        found = [ids.get(token, UNKNOWN) for token in text[:length]] or [UNKNOWN]
        row[: len(found)] = found
    return rows


def smallest_integer(count: int) -> type[np.unsignedinteger] | type[np.signedinteger]:
    """Return the smallest type that holds the numbers below ``count`` and that torch can index."""
    if count <= 2**8:
        return np.uint8
    return np.int16 if count <= 2**15 else np.int32


def windows(ids: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a stream of ids (N,) as rows (B, length), and for every step the next id, (B, length) int64.

    A row begins where the one before ends; what is left over at the end is dropped.
    """
    count = (len(ids) - 1) // length
    used = count * length
    return ids[:used].reshape(count, length), ids[1 : used + 1].reshape(count, length).astype(np.int64)
