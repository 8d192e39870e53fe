"""What the panels draw that look at a whole test part of pictures: confusion matrix and map of the pictures."""

import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from nets.runs.run import Run
from nets.views.confusion import Confusion
from nets.views.embedding import Embedding
from pages.parts.components.packing import pack
from pages.parts.payloads import moment, nothing_yet

THINGS = {"images": "pictures", "text": "texts", "table": "rows"}
"""What people call the examples of a kind of data."""
SHEET_BYTES = 80_000
SHEET_SIDES = (32, 24, 20, 16, 12)
"""Pixels that a picture of a sheet may have a side, the largest first that fits into SHEET_BYTES."""


def confusion_payload(run: Run, *, chosen: Mapping[str, int] | None = None, empty: str = "") -> bytes:
    """Return the confusion matrix with precision, recall and F1 of each class, from the view ``confusion``.

    Args:
        run: whose view it is.
        chosen: the cell to outline, as the panel's trigger ``cell`` gave it: ``{"actual": int, "predicted": int}``.
        empty: the hint shown until the view is there.
    """
    found: Confusion | None = run.views.get("confusion")
    meta: dict[str, Any] = {**moment(run), "empty": empty or nothing_yet(run), "chosen": chosen}
    if found is None:
        return pack(meta)
    occurring = (found.counts.sum(axis=0) + found.counts.sum(axis=1)) > 0
    scores = np.column_stack([found.precision, found.recall, found.f1])
    meta |= {
        "names": list(run.experiment.data.info().class_names),
        "looked_at": found.looked_at,
        "available": found.available,
        "accuracy": found.accuracy,
        "mean": scores[occurring].mean(axis=0).tolist(),
        "worst": worst_class(found),
        "things": THINGS.get(run.experiment.data.kind, "examples"),
        "alt": "Confusion matrix: a row for each true class, a column for each class that the network says",
    }
    return pack(meta, {"counts": found.counts, "scores": scores.astype(np.float32)})


def worst_class(found: Confusion) -> int | None:
    """Return the class with the lowest F1 among those with examples; None where all are known perfectly."""
    f1 = np.where(found.support > 0, found.f1, np.inf)
    worst = int(f1.argmin())
    return worst if f1[worst] < 1 else None


@dataclass(frozen=True)
class Sheet:
    """Small pictures in one image: ``image`` is a WebP of pictures of ``height`` × ``width``, ``columns`` in a line."""

    image: bytes
    columns: int
    height: int
    width: int
    is_grey: bool


def sheet_of(pictures: np.ndarray, columns: int = 0) -> Sheet:
    """Return pictures (N, C, H, W) uint8, of one or three channels, as one image of at most about 80 KB.

    It is about as high as wide, unless it is to have so many ``columns``.

    It takes some tens of milliseconds for 500 pictures: keep it.

    Raises:
        ValueError: if there are no pictures, or if they have another number of channels.
    """
    if pictures.ndim != 4 or not len(pictures) or pictures.shape[1] not in (1, 3):
        raise ValueError(f"a sheet takes pictures (N, 1 or 3, H, W), not {pictures.shape}")
    columns = columns or math.ceil(math.sqrt(len(pictures)))
    for side in SHEET_SIDES:
        sheet = _sheet(pictures, columns, side)
        if len(sheet.image) <= SHEET_BYTES:
            break
    return sheet


def _sheet(pictures: np.ndarray, columns: int, side: int) -> Sheet:
    count, channels, height, width = pictures.shape
    scale = min(1.0, side / max(height, width))
    rows, across = max(1, round(height * scale)), max(1, round(width * scale))
    lines = math.ceil(count / columns)
    board = np.zeros((lines * columns, height, width, channels), np.uint8)
    board[:count] = pictures.transpose(0, 2, 3, 1)
    # (lines · columns, H, W, C) → (lines · H, columns · W, C)
    whole = board.reshape(lines, columns, height, width, channels).swapaxes(1, 2).reshape(lines * height, -1, channels)
    image = Image.fromarray(whole[..., 0] if channels == 1 else whole)
    small = image.convert("RGB").resize((columns * across, lines * rows), Image.Resampling.BOX)
    file = io.BytesIO()
    small.save(file, "WEBP", quality=60)
    return Sheet(file.getvalue(), columns, rows, across, channels == 1)


def _how_many(run: Run, shown: int) -> str:
    available = run.frame.test_examples if run.frame else shown
    return f"{shown:,}" if shown >= available else f"The first {shown:,} of {available:,}"


def scatter_payload(run: Run, *, chosen: int | None = None, sheet: Sheet | None = None, empty: str = "") -> bytes:
    """Return the test pictures as points, from the view ``embedding``: alike for the network, close to each other.

    Args:
        run: whose view it is.
        chosen: place in the test part of the picture to outline, as the panel's trigger ``pick`` gave it.
        sheet: the first test pictures. They don't change while a network learns: the page's own drawing brings them,
            and the panel keeps them for the frames that follow.
        empty: the hint shown until the view is there.
    """
    found: Embedding | None = run.views.get("embedding")
    meta: dict[str, Any] = {**moment(run), "empty": empty or nothing_yet(run), "chosen": chosen}
    if found is None:
        return pack(meta)
    wrong = int((found.labels != found.predicted).sum())
    meta |= {
        "names": list(run.experiment.data.info().class_names),
        "facts": f"{_how_many(run, len(found.labels))} test pictures, {wrong:,} wrong",
        "method": "t-SNE" if found.explained is None else "PCA",
        "meaning": meaning(found),
        "alt": "Test pictures as points: those that the network finds alike lie close to each other",
    }
    arrays = {
        "xy": found.xy,
        "labels": found.labels.astype(np.int32),
        "predicted": found.predicted.astype(np.int32),
        "indices": found.indices.astype(np.int32),
    }
    if sheet is not None:
        meta["sheet"] = {
            "columns": sheet.columns,
            "height": sheet.height,
            "width": sheet.width,
            "is_grey": sheet.is_grey,
        }
        arrays["sheet"] = np.frombuffer(sheet.image, np.uint8)
    return pack(meta, arrays)


def meaning(found: Embedding) -> str:
    """Return in one line what places and distances of an embedding stand for."""
    of = f"the {found.width:,} numbers that {found.layer} gets"
    if found.explained is None:
        return f"Neighbours in {of} stay neighbours; how far groups lie apart means nothing"
    return f"The plane in which {of} differ most; it shows {found.explained * 100:.0f} % of their variance"
