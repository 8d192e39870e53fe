"""Pictures out of a zip that somebody uploads: a folder for each class, named after it.

Nothing in such a file is to be trusted: it is never unpacked onto the disk, everything is counted while it is read, and
what looks like anything but folders of pictures is refused with a sentence.
"""

import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nets.datasets.images.downloading import Progress, report
from nets.datasets.images.entries import KINDS, UNREADABLE, BadUpload, check_count, content_of, picture_names, shown
from nets.datasets.images.pixels import BROKEN, opened, square

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

MOST_ZIP_BYTES = 200_000_000
"""As many as the browser lets through: maxUploadSize in .streamlit/config.toml."""
MOST_BYTES = 500_000_000
"""Of all pictures together, unpacked."""
MOST_PIXELS = 30_000_000
MOST_PIXELS_TOGETHER = 2_000_000_000
MOST_PICTURES = 10_000
MOST_CLASSES = 100
MOST_LETTERS = 60
FEWEST_OF_A_CLASS = 2
MOST_BROKEN = 0.1
"""Share of the pictures that may be broken: they are left out, and named."""
TRAIN_FOLDERS = ("train", "training")
TEST_FOLDERS = ("test", "testing", "val", "valid", "validation")

Place = tuple[str, str, bool]
"""A picture's path, its class, and whether it is for testing."""


@dataclass(frozen=True)
class OwnPictures:
    """What a zip holds.

    Args:
        digest: SHA-256 sum of the zip, in hexadecimal.
        pictures: (B, 3, STORED, STORED) uint8, sorted by path.
        labels: (B,) int64, places in ``class_names``.
        is_test: (B,) bool, which of them lay in a folder for testing; none where the zip has no such folder.
        class_names: the folders' names, sorted.
        skipped: paths of pictures that are broken and left out.
    """

    digest: str
    pictures: np.ndarray
    labels: np.ndarray
    is_test: np.ndarray
    class_names: tuple[str, ...]
    skipped: tuple[str, ...] = ()


def read_zip(source: bytes | Path) -> OwnPictures:
    """Return the pictures in a zip; ``report`` tells how far it is.

    A folder for each class holds its pictures; around them may be one folder more, or one for training and one for
    testing. Hidden files, and those that macOS and Windows leave, are passed over.

    Raises:
        BadUpload: saying what is wrong with the file.
        OSError: if there is no file at the path.
    """
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > MOST_ZIP_BYTES:
        raise BadUpload(f"The zip has {size / 1e6:,.0f} MB; at most {MOST_ZIP_BYTES / 1e6:,.0f} MB are read.")
    content = source if isinstance(source, bytes) else source.read_bytes()
    check_count(content)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except UNREADABLE:
        raise BadUpload("This is no zip file, or a damaged one.") from None
    with archive:
        found = places(picture_names(archive))
        _check_places(found)
        return _read(archive, found, hashlib.sha256(content).hexdigest())


def places(names: Sequence[str]) -> list[Place]:
    """Return what pictures' paths say of them, sorted; a picture in no class's folder has none.

    A single folder around everything is looked through.
    """
    paths = sorted(name.split("/") for name in names)
    skip = 0
    while min((len(path) for path in paths), default=0) > skip + 2 and len({path[skip] for path in paths}) == 1:
        skip += 1
    tops = {path[skip].lower() for path in paths}
    is_split = tops & {*TRAIN_FOLDERS} and tops & {*TEST_FOLDERS} and tops <= {*TRAIN_FOLDERS, *TEST_FOLDERS}
    depth = skip + 1 if is_split else skip
    return [
        (
            "/".join(path),
            path[depth] if len(path) > depth + 1 else "",
            bool(is_split) and path[skip].lower() in TEST_FOLDERS,
        )
        for path in paths
    ]


def _check_places(found: Sequence[Place]) -> None:
    """Refuse a zip whose folders are no classes."""
    if not found:
        raise BadUpload("The zip holds no picture; pack a folder of pictures for each class.")
    if len(found) > MOST_PICTURES:
        raise BadUpload(f"The zip holds {len(found):,} pictures; at most {MOST_PICTURES:,} are read.")
    if outside := [path for path, label, _ in found if not label]:
        raise BadUpload(f"{shown(outside[0])} lies in no folder; put each picture into a folder named after its class.")
    names = sorted({label for _, label, _ in found})
    if len(names) == 1:
        raise BadUpload(f"All pictures lie in one folder, {shown(names[0])}; at least 2 classes are needed.")
    if len(names) > MOST_CLASSES:
        raise BadUpload(f"The zip has {len(names)} folders; at most {MOST_CLASSES} classes are told apart.")
    if long := [name for name in names if len(name) > MOST_LETTERS]:
        raise BadUpload(f"The folder {shown(long[0])} has too long a name; take {MOST_LETTERS} letters at most.")


def _read(archive: zipfile.ZipFile, found: Sequence[Place], digest: str) -> OwnPictures:
    """Read the pictures one after the other, as long as they are not too large together."""
    pictures, kept, skipped = [], [], []
    bytes_left, pixels_left = MOST_BYTES, MOST_PIXELS_TOGETHER
    for done, place in enumerate(found):
        report(Progress("reading", "your pictures", done, len(found)))
        try:
            content = content_of(archive, place[0])
            picture = _opened(content, place[0])
            bytes_left -= len(content)
            pixels_left -= picture.width * picture.height
            if min(bytes_left, pixels_left) < 0:
                raise BadUpload("The pictures are too large altogether; shrink them and pack them anew.")
            pictures.append(square(picture))
            kept.append(place)
        except (*BROKEN, *UNREADABLE):
            skipped.append(place[0])
    if len(skipped) > MOST_BROKEN * len(found):
        few = ", ".join(shown(path) for path in skipped[:3])
        raise BadUpload(f"{len(skipped)} of {len(found)} pictures can't be read, such as {few}; they must be {KINDS}.")
    _check_enough(kept)
    names = tuple(sorted({label for _, label, _ in kept}))
    labels = np.array([names.index(label) for _, label, _ in kept])
    is_test = np.array([for_test for _, _, for_test in kept])
    return OwnPictures(digest, np.stack(pictures), labels, is_test, names, tuple(skipped))


def _opened(content: bytes, path: str) -> "Picture":
    """Return a picture whose size alone has been read.

    Raises:
        BadUpload: if it has too many pixels.
        BROKEN: if it is none.
    """
    from PIL import Image

    try:
        picture = opened(content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadUpload(f"{shown(path)} has far too many pixels; shrink it.") from None
    if picture.width * picture.height > MOST_PIXELS:
        raise BadUpload(
            f"{shown(path)} has {picture.width:,} × {picture.height:,} pixels; shrink it to "
            f"{MOST_PIXELS / 1e6:,.0f} million at most."
        )
    return picture


def _check_enough(kept: Sequence[Place]) -> None:
    """Refuse a class that can't be both learnt and tested."""
    counts = Counter((label, for_test) for _, label, for_test in kept)
    is_split = any(for_test for _, _, for_test in kept)
    for label in sorted({label for label, _ in counts}):
        if is_split and not (counts[label, False] and counts[label, True]):
            part = "training" if counts[label, True] else "testing"
            raise BadUpload(f"The class {shown(label)} has no picture for {part}; each needs one in both folders.")
        if not is_split and counts[label, False] < FEWEST_OF_A_CLASS:
            raise BadUpload(f"The class {shown(label)} has a single picture; one is needed to learn and one to test.")
