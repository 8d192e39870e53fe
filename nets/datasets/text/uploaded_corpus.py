"""The user's own long text, to be continued."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from nets.datasets.base import Split, dataset
from nets.datasets.lines import BadText, Lines
from nets.datasets.text.base import StreamConfig
from nets.datasets.text.keeping import keep_corpus, kept_arrays
from nets.datasets.text.tokens import WORD, Level
from nets.datasets.uploads import Digest, why_not
from nets.problems import InvalidExperiment, Problem
from nets.seeds import derive

CORPUS = "corpus.safetensors"
"""What an exported script calls the text: a copy of datasets/own_text/….safetensors in PLAYGROUND_HOME."""
MOST_BYTES = 20_000_000
FEWEST_LETTERS = 200


@dataset
class OwnCorpus(StreamConfig):
    """A plain text file that was uploaded; a language model learns to continue it."""

    help = "Your own text file, to be continued character by character or word by word"
    from_file: ClassVar[tuple[str, ...]] = ("path",)
    """What the command line takes in place of an upload."""

    name: Literal["own_corpus"] = "own_corpus"
    level: Level = "character"
    """What a token is: a word or sign, or a character."""
    upload: Digest = ""
    """Which upload: its SHA-256 sum."""
    num_words: Annotated[int, Field(ge=1, le=100_000_000)] = 1000
    """Different words of the upload."""
    num_characters: Annotated[int, Field(ge=1, le=1_200_000)] = 100
    """Different characters of the upload."""
    length: Annotated[int, Field(ge=FEWEST_LETTERS, le=MOST_BYTES)] = 1_000_000
    """Characters that are used, at most."""

    @classmethod
    def taken(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings that stand for a file on this computer, whose text is kept.

        Args:
            given: its ``path``.

        Raises:
            InvalidExperiment: if the file can't be taken.
        """
        try:
            with Path(str(given.get("path", ""))).open("rb") as file:
                return take_corpus(file)
        except (BadText, OSError) as error:
            raise InvalidExperiment([Problem("data.path", why_not(error))]) from None

    def most_tokens(self) -> int:
        """Return how many different words or characters the upload has."""
        return self.num_words if self.level == "word" else self.num_characters

    def stream(self, seed: int) -> str:
        """Return the text as it was kept, from a line on that seed and sample choose.

        Raises:
            InvalidExperiment: if nothing was uploaded, or not here.
        """
        return self.begun(seed, kept_arrays(self.upload, "a plain text file")["corpus"])

    def begun(self, seed: int, content: np.ndarray) -> str:
        """Return the text in its bytes, turned round to begin at another line."""
        lines = content.tobytes().decode().splitlines(keepends=True)
        first = int(np.random.default_rng(derive(seed, "corpus", self.sample)).integers(0, len(lines)))
        return "".join([*lines[first:], *lines[:first]])[: self.length]

    def load_in_script(self, seed: int) -> Split:
        """Return the same as ``load``, out of the file that was kept."""
        from safetensors.numpy import load_file

        return self.cut(self.begun(seed, load_file(CORPUS)["corpus"]))

    def fitted_in_script(self, seed: int) -> tuple[str, ...]:
        """Return the same as ``fitted``, out of the file that was kept."""
        from safetensors.numpy import load_file

        return self.tokens_in(self.begun(seed, load_file(CORPUS)["corpus"]))


def take_corpus(file: IO[bytes], most_bytes: int = MOST_BYTES) -> dict[str, Any]:
    """Keep a text file and return the fields of ``own_corpus`` that it sets.

    Raises:
        BadText: saying what is wrong with it.
        OSError: if it can't be kept.
    """
    text = "".join(Lines(file, most_bytes, most_bytes)).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) < FEWEST_LETTERS:
        raise BadText(f"The file has {len(text):,} characters; at least {FEWEST_LETTERS:,} are needed to learn from.")
    settings = corpus_settings(text)
    keep_corpus(settings["upload"], text)
    return settings


def corpus_settings(text: str) -> dict[str, Any]:
    """Return the fields of ``own_corpus`` that a text sets."""
    digest = hashlib.sha256(text.encode(errors="replace")).hexdigest()
    return {"upload": digest, "num_words": max(1, len(set(WORD.findall(text)))), "num_characters": len(set(text))}
