"""DNA with a motif in it somewhere, or without: what a 1-D convolution finds."""

import re
from typing import Annotated, Literal

import numpy as np
from pydantic import AfterValidator, Field

from nets.datasets.base import dataset, split_indices
from nets.datasets.text.base import TextParts, TextsConfig
from nets.datasets.text.tokens import Level

BASES = "ACGT"


def _of_bases(motif: str) -> str:
    if not re.fullmatch(r"[ACGT]{4,16}", motif):
        raise ValueError(f"got {motif[:20]!r}; a motif has 4 to 16 letters, all of them A, C, G or T")
    return motif


@dataset
class DNA(TextsConfig):
    """Random bases; every other sequence has the motif planted at a random place, each of its bases perhaps mutated."""

    help = "DNA with or without a hidden motif, some of its letters mutated: a convolution finds it"
    name: Literal["dna"] = "dna"
    level: Level = "character"
    """What a token is: a word or sign, or a character."""
    lower: bool = False
    """Take capital letters as small ones."""
    max_length: Annotated[int, Field(ge=20, le=500)] = 60
    """Bases of a sequence."""
    motif: Annotated[str, AfterValidator(_of_bases)] = "TGACGTCA"
    """What is planted, in the letters A, C, G and T."""
    mutation: Annotated[float, Field(ge=0, le=0.5)] = 0.1
    """How likely each of the motif's bases is replaced by any base."""
    num_examples: Annotated[int, Field(ge=20, le=50_000)] = 800
    """Sequences in all, training and test together."""
    train_share: Annotated[float, Field(ge=0.1, le=0.9)] = 0.8
    """Share of the sequences used for training; the rest test."""

    def labels(self) -> tuple[str, ...]:
        """Return without and with the motif."""
        return "none", "motif"

    def most_tokens(self) -> int:
        """Return the four bases, or as words whole sequences."""
        return len(BASES) if self.level == "character" else self.max_vocabulary

    def texts(self, seed: int) -> TextParts:
        """Return sequences of ``max_length`` bases."""
        rng = self.generator(seed)
        count, length, width = self.num_examples, self.max_length, len(self.motif)
        bases = rng.integers(0, 4, (count, length))
        y = rng.permutation(count) % 2
        motifs = np.tile([BASES.index(base) for base in self.motif], (count, 1))
        motifs = np.where(rng.random((count, width)) < self.mutation, rng.integers(0, 4, (count, width)), motifs)
        starts = rng.integers(0, length - width + 1, count)
        for row in np.flatnonzero(y):
            bases[row, starts[row] : starts[row] + width] = motifs[row]
        texts = ["".join(BASES[base] for base in row) for row in bases]
        train, test = split_indices(count, self.train_share, seed, self.sample)
        y = y.astype(np.int64)
        return [texts[place] for place in train], y[train], [texts[place] for place in test], y[test]
