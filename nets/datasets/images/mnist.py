"""MNIST, and what the sets made like it share: grey pictures, 28×28, in files of the idx format."""

from pathlib import Path
from typing import Any, Literal

import numpy as np

from nets.datasets.base import dataset
from nets.datasets.images.downloading import Progress, Remote, datasets_folder, fetch, report
from nets.datasets.images.downloads import DownloadedConfig, NotThere, Parts
from nets.datasets.images.idx import first_of, shape_of, unpack

SIDE = 28


class MnistLike(DownloadedConfig):
    """A set in MNIST's format, which torchvision has as a class called ``source``."""

    def shape(self) -> tuple[int, int, int]:
        """Return the shape of a grey picture."""
        return 1, SIDE, SIDE

    def files(self) -> tuple[str, str, str, str]:
        """Return the names of its files: training pictures and labels, then those for testing."""
        return (
            "train-images-idx3-ubyte",
            "train-labels-idx1-ubyte",
            "t10k-images-idx3-ubyte",
            "t10k-labels-idx1-ubyte",
        )

    def raw_folder(self) -> Path:
        """Return where torchvision has these files."""
        return datasets_folder() / self.source / "raw"

    def read(self) -> Parts:
        """Return what torchvision reads, once the files are known to be whole: it takes half a file for a whole one."""
        folder, shapes = self.raw_folder(), []
        for name in self.files():
            if (shape := shape_of(folder / name)) is None:
                raise NotThere(f"{folder / name} is no whole file of the idx format")
            shapes.append(shape)
        train_x, train_y, test_x, test_y = shapes
        if not (train_x == (*train_y, SIDE, SIDE) and test_x == (*test_y, SIDE, SIDE)):
            raise NotThere(f"the files in {folder} do not fit together")
        parts = self.parts_of(self.opened(datasets_folder(), train=True), self.opened(datasets_folder(), train=False))
        if any(len(y) and not 0 <= y.min() <= y.max() < len(self.names()) for y in (parts[1], parts[3])):
            raise NotThere(f"the files in {folder} have labels that this set does not have")
        return parts

    def glimpse(self, count: int) -> np.ndarray | None:
        """Return the first training pictures of the file, if it is there and whole."""
        try:
            pictures = first_of(self.raw_folder() / self.files()[0], count)
        except OSError:
            return None
        return None if pictures is None or pictures.shape[1:] != (SIDE, SIDE) else pictures[:, None]

    def opened(self, root: Path | str, *, train: bool, download: bool = False) -> Any:
        """Return torchvision's own set of one part."""
        from torchvision import datasets

        return getattr(datasets, self.source)(root, train=train, download=download)

    def parts_of(self, train: Any, test: Any) -> Parts:
        """Return pictures and labels of torchvision's sets."""
        return train.data.numpy()[:, None], train.targets.numpy(), test.data.numpy()[:, None], test.targets.numpy()

    def download(self) -> None:
        """Unpack the gzipped files, those that somebody put there or else those from the network."""
        from torchvision import datasets

        kind, folder = getattr(datasets, self.source), self.raw_folder()
        for packed, md5 in kind.resources:
            target = folder / packed.removesuffix(".gz")
            if shape_of(target) is not None or unpacked(folder / packed, target):
                continue
            remote = Remote(packed, tuple(f"{mirror}{packed}" for mirror in kind.mirrors), md5)
            unpacked(fetch(remote, folder), target)

    def pictures_in_script(self) -> Parts:
        """Return what torchvision downloads."""
        return self.parts_of(
            self.opened("data", train=True, download=True), self.opened("data", train=False, download=True)
        )


def unpacked(packed: Path, target: Path) -> bool:
    """Unpack a gzipped idx file if it is there, and drop it; return whether it was there and whole."""
    if not packed.is_file():
        return False
    report(Progress("unpacking", packed.name))
    return unpack(packed, target)


@dataset
class Mnist(MnistLike):
    """70,000 handwritten digits, 28×28 (LeCun, Cortes and Burges 1998)."""

    help = "70,000 handwritten digits; downloads 12 MB once"
    name: Literal["mnist"] = "mnist"
    source = "MNIST"

    def names(self) -> tuple[str, ...]:
        """Return the ten digits."""
        return tuple("0123456789")
