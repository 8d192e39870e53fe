"""CIFAR-10: small colour photographs."""

from pathlib import Path
from typing import Any, Literal

import numpy as np

from nets.datasets.base import dataset
from nets.datasets.images.downloading import Progress, Remote, datasets_folder, fetch, report
from nets.datasets.images.downloads import DownloadedConfig, NotThere, Parts

THINGS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


@dataset
class Cifar10(DownloadedConfig):
    """60,000 photographs of ten kinds of things, 32×32 in colour (Krizhevsky 2009)."""

    help = "60,000 small photographs of animals and vehicles; downloads 170 MB once"
    name: Literal["cifar10"] = "cifar10"
    source = "CIFAR10"

    def names(self) -> tuple[str, ...]:
        """Return the ten kinds."""
        return THINGS

    def shape(self) -> tuple[int, int, int]:
        """Return the shape of a colour picture."""
        return 3, 32, 32

    def read(self) -> Parts:
        """Return what torchvision reads.

        The files are pickles, which could run anything. They are only ever opened by torchvision, which compares the
        MD5 sum of each with its own list before it reads the first.
        """
        try:
            return parts_of(opened(datasets_folder(), train=True), opened(datasets_folder(), train=False))
        except RuntimeError:
            raise NotThere(f"the files in {datasets_folder() / 'cifar-10-batches-py'} are not whole") from None

    def download(self) -> None:
        """Download the archive, and unpack it as torchvision does."""
        from torchvision import datasets

        kind, folder = datasets.CIFAR10, datasets_folder()
        archive = fetch(Remote(kind.filename, (kind.url,), kind.tgz_md5), folder)
        report(Progress("unpacking", kind.filename))
        opened(folder, train=True, download=True)
        archive.unlink()

    def pictures_in_script(self) -> Parts:
        """Return what torchvision downloads."""
        return parts_of(opened("data", train=True, download=True), opened("data", train=False, download=True))


def opened(root: Path | str, *, train: bool, download: bool = False) -> Any:
    """Return torchvision's own set of one part."""
    from torchvision import datasets

    return datasets.CIFAR10(root, train=train, download=download)


def parts_of(train: Any, test: Any) -> Parts:
    """Return pictures and labels of torchvision's sets, colours first."""
    return (
        np.ascontiguousarray(train.data.transpose(0, 3, 1, 2)),
        np.array(train.targets),
        np.ascontiguousarray(test.data.transpose(0, 3, 1, 2)),
        np.array(test.targets),
    )
