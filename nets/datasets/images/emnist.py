"""EMNIST: handwritten letters."""

import string
import zipfile
from pathlib import Path
from typing import Any, Literal

import numpy as np

from nets.datasets.base import dataset
from nets.datasets.images.downloading import Progress, Remote, fetch, report
from nets.datasets.images.downloads import Parts, mixed
from nets.datasets.images.idx import shape_of, unpack
from nets.datasets.images.mnist import MnistLike, unpacked

LETTERS = tuple(string.ascii_uppercase)


@dataset
class Emnist(MnistLike):
    """145,600 handwritten letters, 28×28, capital and small ones together (Cohen and others 2017, arXiv:1702.05373)."""

    help = "145,600 handwritten letters from A to Z; downloads 562 MB once"
    name: Literal["emnist"] = "emnist"
    source = "EMNIST"

    def names(self) -> tuple[str, ...]:
        """Return the letters."""
        return LETTERS

    def files(self) -> tuple[str, str, str, str]:
        """Return the names of the files with letters."""
        return (
            "emnist-letters-train-images-idx3-ubyte",
            "emnist-letters-train-labels-idx1-ubyte",
            "emnist-letters-test-images-idx3-ubyte",
            "emnist-letters-test-labels-idx1-ubyte",
        )

    def glimpse(self, count: int) -> np.ndarray | None:
        """Return the first training pictures, upright."""
        pictures = super().glimpse(count)
        return None if pictures is None else pictures.swapaxes(2, 3)

    def opened(self, root: Path | str, *, train: bool, download: bool = False) -> Any:
        """Return torchvision's own set of letters."""
        from torchvision import datasets

        return datasets.EMNIST(root, split="letters", train=train, download=download)

    def parts_of(self, train: Any, test: Any) -> Parts:
        """Return letters that stand upright, counted from 0: the files have them mirrored on their sides, from 1."""
        train_x, train_y = mixed(train.data.numpy()[:, None].swapaxes(2, 3), train.targets.numpy() - 1)
        test_x, test_y = mixed(test.data.numpy()[:, None].swapaxes(2, 3), test.targets.numpy() - 1)
        return train_x, train_y, test_x, test_y

    def download(self) -> None:
        """Unpack the gzipped files of letters, those that somebody put there or else those of the network's archive."""
        from torchvision import datasets

        folder = self.raw_folder()
        missing = [name for name in self.files() if shape_of(folder / name) is None]
        missing = [name for name in missing if not unpacked(folder / f"{name}.gz", folder / name)]
        if not missing:
            return
        url = datasets.EMNIST.url
        archive = fetch(Remote(url.rpartition("/")[2], (url,), datasets.EMNIST.md5), folder)
        with zipfile.ZipFile(archive) as files:
            for name in missing:
                report(Progress("unpacking", name))
                with files.open(f"gzip/{name}.gz") as packed:
                    unpack(packed, folder / name)
        archive.unlink()
