"""A language model's text: the documentation of Python's own topics, which ships inside Python."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import dataset
from nets.datasets.text.base import StreamConfig
from nets.datasets.text.tokens import Level
from nets.seeds import derive

PRINTABLE = 96
"""Characters that the text may have: those of ASCII that print, and the end of a line."""


@dataset
class Topics(StreamConfig):
    """The texts of ``pydoc_data.topics`` in random order, one after the other; runs of spaces are one space."""

    help = "Python's own documentation, 400,000 characters, to be continued character by character or word by word"
    name: Literal["topics"] = "topics"
    level: Level = "character"
    """What a token is: a word or sign, or a character."""
    length: Annotated[int, Field(ge=2000, le=1_000_000)] = 20_000
    """Characters that are used, at most; it has about 400,000."""

    def most_tokens(self) -> int:
        """Return the characters that print, or all the words there can be."""
        return PRINTABLE if self.level == "character" else self.max_vocabulary

    def stream(self, seed: int) -> str:
        """Return the beginning of all topics, in random order."""
        from pydoc_data.topics import topics

        names = sorted(topics)
        order = np.random.default_rng(derive(seed, "topics", self.sample)).permutation(len(names))
        return plain("\n\n".join(topics[names[place]].strip() for place in order))[: self.length]


def plain(text: str) -> str:
    """Return a text in characters of ASCII that print and ends of lines, its runs of spaces shortened to one."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "".join(letter for letter in "\n".join(lines) if letter == "\n" or " " <= letter <= "~")
