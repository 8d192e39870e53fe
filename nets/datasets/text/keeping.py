"""Uploaded texts, kept for runs to come: the texts and labels alone, nothing of the file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nets.datasets.images.downloading import alone, datasets_folder, replacing
from nets.datasets.text.own_reading import OwnTexts
from nets.datasets.uploads import kept_in
from nets.problems import InvalidExperiment, Problem


def texts_folder() -> Path:
    """Return where uploaded texts are kept."""
    return datasets_folder() / "own_text"


def kept_file(digest: str) -> Path:
    """Return where an upload is kept, if it is.

    Raises:
        ValueError: if this is no digest: it could lead anywhere.
    """
    return kept_in(texts_folder(), digest)


def keep(digest: str, arrays: Mapping[str, np.ndarray], **facts: Any) -> None:
    """Keep arrays under a digest, and facts that JSON can hold.

    Raises:
        OSError: if it can't be written.
    """
    from safetensors.numpy import save

    tensors = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    with alone(texts_folder(), "own_text"), replacing(kept_file(digest)) as file:
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
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    if not digest:
        raise InvalidExperiment([Problem("data.upload", f"there is none yet; upload {what}")])
    try:
        return load_file(kept_file(digest))
    except FileNotFoundError:
        message = f"the upload {digest[:12]}… is not on this machine; upload {what} here"
        raise InvalidExperiment([Problem("data.upload", message)]) from None
    except (SafetensorError, OSError) as error:
        message = f"the upload {digest[:12]}… can't be read ({error}); upload {what} again"
        raise InvalidExperiment([Problem("data.upload", message)]) from None


def texts_of(content: np.ndarray, ends: np.ndarray) -> list[str]:
    """Return the texts whose bytes stand one after the other, each up to its end."""
    whole, last = content.tobytes(), ends.tolist()
    return [whole[start:end].decode() for start, end in zip([0, *last[:-1]], last, strict=True)]
