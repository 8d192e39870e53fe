"""Word vectors that somebody has learnt before, out of a text file as GloVe has it (Pennington et al. 2014)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Annotated, Any

import numpy as np
from pydantic import Field

from nets.config import Config
from nets.datasets.lines import BadText, Lines, readable
from nets.datasets.text.keeping import keep, kept_arrays, texts_of
from nets.datasets.text.tokens import FIRST_TOKEN
from nets.datasets.uploads import Digest
from nets.problems import InvalidExperiment, Problem

if TYPE_CHECKING:
    from torch import nn

VECTORS = "vectors.safetensors"
"""What an exported script calls the vectors: a copy of datasets/own_text/….safetensors in PLAYGROUND_HOME."""
MOST_BYTES = 2_000_000_000
MOST_LINE_BYTES = 40_000
MOST_WORDS = 500_000
MOST_NUMBERS = 60_000_000
WIDEST = 1024


class Vectors(Config):
    """Word vectors that the embedding begins with."""

    upload: Digest = ""
    """Which file: the SHA-256 sum of what is kept of it."""
    width: Annotated[int, Field(ge=1, le=WIDEST)] = 100
    """Numbers of a vector; the network's embedding must have as many."""
    freeze: bool = False
    """Leave the vectors as they are."""


@dataclass(frozen=True)
class ReadVectors:
    """What a file holds: ``words`` N of them and ``vectors`` (N, D) float32; ``digest`` is their SHA-256 sum."""

    digest: str
    words: tuple[str, ...]
    vectors: np.ndarray

    def settings(self) -> dict[str, Any]:
        """Return the fields of ``Vectors`` that this file sets."""
        return {"upload": self.digest, "width": self.vectors.shape[1]}


def read_vectors(file: IO[bytes], most_bytes: int = MOST_BYTES, most_words: int = MOST_WORDS) -> ReadVectors:
    """Return the vectors in a text file, a word and its numbers in each line; read line by line.

    A first line of two numbers, as word2vec writes it, is passed over; of more words the first ``most_words`` are kept.

    Raises:
        BadText: if a line has another width than those before, or something else than numbers.
    """
    lines = Lines(file, most_bytes, MOST_LINE_BYTES)
    words: dict[str, None] = {}
    rows: list[np.ndarray] = []
    for line in lines:
        word, _, rest = line.strip().partition(" ")
        numbers = rest.split()
        if not word or (lines.number == 1 and len(numbers) == 1 and word.isdigit()):
            continue
        width = rows[0].size if rows else len(numbers)
        if len(numbers) > width and rows:  # a word with spaces in it
            word, numbers = " ".join([word, *numbers[:-width]]), numbers[-width:]
        _check_width(lines.number, word, len(numbers), width)
        try:
            row = np.array(numbers, dtype=np.float32)
        except ValueError:
            raise BadText(f"Line {lines.number:,} ({readable(word)}) holds something that is no number.") from None
        if not np.isfinite(row).all():
            raise BadText(f"Line {lines.number:,} ({readable(word)}) holds a number that is not finite.")
        if word not in words:
            words[word] = None
            rows.append(row)
        if len(rows) >= most_words or len(rows) * width >= MOST_NUMBERS:
            break
    if not rows:
        raise BadText("The file holds no word with its vector.")
    vectors = np.stack(rows)
    summed = hashlib.sha256(vectors.tobytes())
    summed.update("\0".join(words).encode(errors="replace"))
    return ReadVectors(summed.hexdigest(), tuple(words), vectors)


def _check_width(line: int, word: str, found: int, width: int) -> None:
    if found != width:
        raise BadText(f"Line {line:,} ({readable(word)}) has {found:,} numbers; the lines before have {width:,}.")
    if not 2 <= width <= WIDEST:
        raise BadText(f"Line {line:,} has {width:,} numbers after its word; word vectors have 2 to {WIDEST:,}.")


def keep_vectors(found: ReadVectors) -> None:
    """Keep the words and their vectors.

    Raises:
        OSError: if it can't be written.
    """
    content = [word.encode(errors="replace") for word in found.words]
    ends = np.cumsum([len(word) for word in content], dtype=np.int64)
    texts: np.ndarray = np.frombuffer(b"".join(content), dtype=np.uint8)
    keep(found.digest, {"texts": texts, "ends": ends, "vectors": found.vectors})


def table_of(
    content: np.ndarray, ends: np.ndarray, vectors: np.ndarray, vocabulary: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Return which tokens of a vocabulary have a vector, as their ids (M,) int64, and the vectors (M, D) float32."""
    places = {word: place for place, word in enumerate(texts_of(content, ends))}
    found = [token for token, word in enumerate(vocabulary, start=FIRST_TOKEN) if word in places]
    rows = [places[vocabulary[token - FIRST_TOKEN]] for token in found]
    return np.array(found, dtype=np.int64), vectors[np.array(rows, dtype=np.int64)]


def start_embedding(model: "nn.Module", vectors: Vectors, vocabulary: Sequence[str]) -> None:
    """Put the vectors of all words that have one into a network's embedding, and freeze it if that is asked for.

    Raises:
        InvalidExperiment: if nothing of the upload is here, no word has a vector, or the embedding is of another width.
    """
    import torch

    arrays = kept_arrays(vectors.upload, "a text file of word vectors")
    if "vectors" not in arrays:
        raise InvalidExperiment([Problem("data.vectors.upload", "this upload holds no word vectors")])
    ids, rows = table_of(arrays["texts"], arrays["ends"], arrays["vectors"], vocabulary)
    weight: Any = model.get_submodule("embedding").weight
    if weight.shape[1] != rows.shape[1]:
        message = f"has {rows.shape[1]} numbers a word, and the network's embedding {weight.shape[1]}"
        raise InvalidExperiment([Problem("data.vectors", message)])
    if not len(ids):
        raise InvalidExperiment([Problem("data.vectors", "not one word of the texts has a vector; is the file right?")])
    with torch.no_grad():
        weight[torch.from_numpy(ids)] = torch.from_numpy(rows)
    weight.requires_grad_(not vectors.freeze)


def coverage(vectors: Vectors, vocabulary: Sequence[str]) -> str:
    """Return in a sentence how many words of a vocabulary have a vector, and some that have none.

    Raises:
        InvalidExperiment: if nothing of the upload is here.
    """
    arrays = kept_arrays(vectors.upload, "a text file of word vectors")
    known = set(texts_of(arrays["texts"], arrays["ends"]))
    missing = [word for word in vocabulary if word not in known]
    found = f"Word vectors: {len(vocabulary) - len(missing):,} of {len(vocabulary):,} words have one"
    if not missing:
        return f"{found}."
    return f"{found}; {len(missing):,} are missing ({', '.join(readable(word, 20) for word in missing[:5])})."
