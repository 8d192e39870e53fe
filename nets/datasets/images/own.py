"""The user's own pictures, out of a zip that was uploaded."""

import json
import zipfile
from typing import Annotated, Literal

import numpy as np
from pydantic import AfterValidator, Field

from nets.datasets.base import Split, dataset
from nets.datasets.images.base import PicturesConfig
from nets.datasets.images.downloads import Parts
from nets.datasets.images.entries import is_picture
from nets.datasets.images.pixels import BROKEN, grey, opened, smaller, square
from nets.datasets.images.zipped import MOST_CLASSES, MOST_LETTERS, OwnPictures, places
from nets.datasets.uploads import Digest, Shelf
from nets.problems import InvalidExperiment, Problem
from nets.seeds import derive

SHELF = Shelf("own", "a zip with a folder for each class")
ZIP = "pictures.zip"
"""What an exported script calls the zip that was uploaded."""


def _names_of_classes(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) < len(names):
        raise ValueError("names a class twice")
    if unfit := [name for name in names if not (0 < len(name) <= MOST_LETTERS and name.isprintable())]:
        raise ValueError(f"got {unfit[0][:MOST_LETTERS]!r}; a class's name has 1 to {MOST_LETTERS} visible letters")
    return names


@dataset
class Own(PicturesConfig):
    """Pictures out of a zip with a folder for each class; their middle is cut out as a square and resized."""

    help = "Your own pictures: a zip with a folder for each class"
    name: Literal["own"] = "own"
    upload: Digest = ""
    """Which zip: its SHA-256 sum."""
    class_names: Annotated[
        tuple[str, ...], Field(min_length=2, max_length=MOST_CLASSES), AfterValidator(_names_of_classes)
    ] = ("a", "b")
    """Names of the folders, sorted."""
    size: Literal[16, 32, 64] = 32
    """Height and width in pixels."""
    colour: Literal["colour", "grey"] = "colour"
    """Three channels or one."""
    train_share: Annotated[float, Field(ge=0.1, le=0.9)] = 0.8
    """Share of the pictures used for training; the rest test. A zip with folders train and test has its own split."""

    def names(self) -> tuple[str, ...]:
        """Return the folders' names."""
        return self.class_names

    def shape(self) -> tuple[int, int, int]:
        """Return the shape of a picture."""
        return 3 if self.colour == "colour" else 1, self.size, self.size

    def pictures(self, seed: int) -> Parts:
        """Return the pictures as they were kept.

        Raises:
            InvalidExperiment: if nothing was uploaded, or not here.
        """
        own = kept_pictures(self.upload)
        if own.class_names != self.class_names:
            found = ", ".join(own.class_names)
            raise InvalidExperiment([Problem("data.class_names", f"the zip has other folders: {found}")])
        return self.parts(seed, own.pictures, own.labels, own.is_test)

    def load_in_script(self, seed: int) -> Split:
        """Return the same as ``load``, out of the zip itself."""
        pictures, labels, is_test = pictures_in_zip(ZIP, self.class_names)
        train_x, train_y, test_x, test_y = self.parts(seed, pictures, labels, is_test)
        return self.selected(seed, train_x, train_y, test_x, test_y)

    def parts(self, seed: int, pictures: np.ndarray, labels: np.ndarray, is_test: np.ndarray) -> Parts:
        """Return both parts, resized and in random order."""
        x = smaller(pictures, self.size)
        if self.colour == "grey":
            x = grey(x)
        order = np.random.default_rng(derive(seed, "split", self.sample)).permutation(len(labels))
        train, test = split_of(order, labels, is_test, self.train_share)
        return x[train], labels[train], x[test], labels[test]


def split_of(
    order: np.ndarray, labels: np.ndarray, is_test: np.ndarray, train_share: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the places (B,) of both parts, in ``order``: those given, or else every class has a picture in each."""
    if is_test.any():
        return order[~is_test[order]], order[is_test[order]]
    turn = np.empty_like(order)
    for label in np.unique(labels):
        mine = order[labels[order] == label]
        turn[mine] = np.arange(len(mine))
    first, rest = order[turn[order] == 0], order[turn[order] > 1]
    count = max(0, round(len(order) * train_share) - len(first))
    is_train = np.isin(order, np.concatenate([first, rest[:count]]))
    return order[is_train], order[~is_train]


def pictures_in_zip(path: str, class_names: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return pictures, labels and which are for testing, of the zip that was uploaded: put it beside this script."""
    pictures, labels, is_test = [], [], []
    with zipfile.ZipFile(path) as archive:
        for name, label, for_test in places([name for name in archive.namelist() if is_picture(name)]):
            try:
                pictures.append(square(opened(archive.read(name))))
            except BROKEN:
                continue
            labels.append(class_names.index(label))
            is_test.append(for_test)
    return np.stack(pictures), np.array(labels), np.array(is_test)


def keep_pictures(own: OwnPictures) -> None:
    """Keep what a zip held for runs to come: the pixels alone, nothing of the file.

    Raises:
        OSError: if it can't be written.
    """
    from safetensors.numpy import save

    tensors = {"pictures": own.pictures, "labels": own.labels, "is_test": own.is_test}
    tensors = {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}  # save mixes others up
    with SHELF.writing(own.digest) as file:
        file.write(save(tensors, metadata={"class_names": json.dumps(own.class_names)}))


def kept_pictures(digest: str) -> OwnPictures:
    """Return what was kept of an upload.

    Raises:
        InvalidExperiment: if nothing of it is here.
    """
    from safetensors import safe_open

    with SHELF.reading(digest) as path, safe_open(path, framework="numpy") as file:
        pictures, labels, is_test = (file.get_tensor(name) for name in ("pictures", "labels", "is_test"))
        names = tuple(json.loads(file.metadata()["class_names"]))
    return OwnPictures(digest, pictures, labels, is_test, names)
