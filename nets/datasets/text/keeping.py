"""Uploaded texts, kept for runs to come: the texts and labels alone, nothing of the file."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from nets.datasets.text.own_reading import OwnTexts
from nets.datasets.uploads import Shelf

SHELF = Shelf("own_text", "a CSV or TSV file with texts and labels")


def keep(digest: str, arrays: Mapping[str, np.ndarray], **facts: Any) -> None:
    """Keep arrays under a digest, and facts that JSON can hold.

    Raises:
        OSError: if it can't be written.
    """
    from safetensors.numpy import save

    tensors = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    with SHELF.writing(digest) as file:
        file.write(save(tensors, metadata={"facts": json.dumps(facts)}))


def keep_texts(own: OwnTexts) -> None:
    """Keep the texts and labels of a file.

    Raises:
        OSError: if it can't be written.
    """
    content = [text.encode(errors="replace") for text in own.texts]
    ends = np.cumsum([len(text) for text in content], dtype=np.int64)
    arrays: dict[str, np.ndarray] = {"texts": np.frombuffer(b"".join(content), dtype=np.uint8), "ends": ends}
    keep(own.digest, {**arrays, "labels": own.labels, "is_test": own.is_test}, class_names=own.class_names)


def keep_corpus(digest: str, text: str) -> None:
    """Keep one long text.

    Raises:
        OSError: if it can't be written.
    """
    keep(digest, {"corpus": np.frombuffer(text.encode(errors="replace"), dtype=np.uint8)})


def kept_arrays(digest: str, what: str) -> dict[str, np.ndarray]:
    """Return the arrays of an upload.

    Args:
        digest: which.
        what: the file that is asked for where there is none, as people call it.

    Raises:
        InvalidExperiment: if nothing of it is here.
    """
    from safetensors.numpy import load_file

    with SHELF.reading(digest, what) as path:
        return load_file(path)


def texts_of(content: np.ndarray, ends: np.ndarray) -> list[str]:
    """Return the texts whose bytes stand one after the other, each up to its end."""
    whole, last = content.tobytes(), ends.tolist()
    return [whole[start:end].decode() for start, end in zip([0, *last[:-1]], last, strict=True)]
