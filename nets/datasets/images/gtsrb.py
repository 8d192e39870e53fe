"""GTSRB: German traffic signs."""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np

from nets.datasets.base import dataset
from nets.datasets.images.downloading import Progress, Remote, datasets_folder, fetch, replacing, report
from nets.datasets.images.downloads import DownloadedConfig, NotThere, Parts, mixed

SIDE = 32
SIGNS = (
    *(f"speed limit {limit}" for limit in (20, 30, 50, 60, 70, 80)),
    "end of speed limit 80",
    "speed limit 100",
    "speed limit 120",
    "no passing",
    "no passing for trucks",
    "right of way at the next crossing",
    "priority road",
    "yield",
    "stop",
    "no vehicles",
    "no trucks",
    "no entry",
    "danger",
    "bend to the left",
    "bend to the right",
    "double bend",
    "bumpy road",
    "slippery road",
    "road narrows on the right",
    "road works",
    "traffic lights",
    "pedestrians",
    "children",
    "bicycles",
    "ice or snow",
    "wild animals",
    "end of all limits",
    "turn right ahead",
    "turn left ahead",
    "ahead only",
    "straight or right",
    "straight or left",
    "keep right",
    "keep left",
    "roundabout",
    "end of no passing",
    "end of no passing for trucks",
)
ADDRESS = "https://sid.erda.dk/public/archives/daaeac0d7ce1152aea9b61d9f1e19370/"
ARCHIVES = (
    ("GTSRB-Training_fixed.zip", "513f3c79a4c5141765e10e952eaa2478"),
    ("GTSRB_Final_Test_Images.zip", "c7e4e6327067d32654124b0fe9e82185"),
    ("GTSRB_Final_Test_GT.zip", "fe31e9c9270bbcd7b84b7f21a9d9d9e5"),
)
"""Names and MD5 sums, as in torchvision, which keeps them inside a method."""
NAMES = ("train_x", "train_y", "test_x", "test_y")


@dataset
class Gtsrb(DownloadedConfig):
    """51,839 photographs of 43 German traffic signs (Stallkamp and others 2012), resized to 32×32 in colour."""

    help = "51,839 photographs of 43 traffic signs; downloads 280 MB once"
    name: Literal["gtsrb"] = "gtsrb"
    source = "GTSRB"

    def names(self) -> tuple[str, ...]:
        """Return what the signs say."""
        return SIGNS

    def shape(self) -> tuple[int, int, int]:
        """Return the shape of a colour picture."""
        return 3, SIDE, SIDE

    def read(self) -> Parts:
        """Return the pictures as they were once resized and kept."""
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        kept = self.kept()
        try:
            found = load_file(kept)
            return found["train_x"], found["train_y"], found["test_x"], found["test_y"]
        except (FileNotFoundError, SafetensorError, KeyError):
            raise NotThere(f"{kept} is no whole file of pictures") from None

    def kept(self) -> Path:
        """Return where the resized pictures are kept."""
        return folder_of_signs() / f"resized-{SIDE}.safetensors"

    def download(self) -> None:
        """Resize the pictures, those that somebody put there or else those from the network, and keep them."""
        from safetensors.numpy import save

        folder = datasets_folder()
        parts = self.resized(folder) if is_unpacked(folder) else self.resized_from_network()
        self.kept().parent.mkdir(parents=True, exist_ok=True)
        with replacing(self.kept()) as file:
            file.write(save({name: np.ascontiguousarray(part) for name, part in zip(NAMES, parts, strict=True)}))

    def resized_from_network(self) -> Parts:
        """Return resized pictures out of the three archives; of these nothing stays."""
        from torchvision.datasets.utils import extract_archive

        folder = folder_of_signs()
        archives = [fetch(Remote(name, (ADDRESS + name,), md5), folder) for name, md5 in ARCHIVES]
        passing = folder / ".unpacked"
        shutil.rmtree(passing, ignore_errors=True)
        try:
            for archive in archives:
                report(Progress("unpacking", archive.name))
                extract_archive(archive, passing / "gtsrb")
            parts = self.resized(passing)
        finally:
            shutil.rmtree(passing, ignore_errors=True)
        for archive in archives:
            archive.unlink()
        return parts

    def resized(self, root: Path) -> Parts:
        """Return the pictures of torchvision's set below ``root``."""
        return parts_of(watched(opened(root, split="train"), self.name), watched(opened(root, split="test"), self.name))

    def pictures_in_script(self) -> Parts:
        """Return what torchvision downloads, resized."""
        return parts_of(opened("data", split="train", download=True), opened("data", split="test", download=True))


def folder_of_signs() -> Path:
    """Return torchvision's folder of this set."""
    return datasets_folder() / "gtsrb"


def is_unpacked(root: Path) -> bool:
    """Are the files of both parts there, where torchvision has them?"""
    folder = root / "gtsrb"
    parts = (folder / "GTSRB" / "Training", folder / "GTSRB" / "Final_Test" / "Images", folder / "GT-final_test.csv")
    return all(part.exists() for part in parts)


def watched(pictures: Any, what: str) -> Iterator[Any]:
    """Yield every picture, and tell how far it is."""
    for done, picture in enumerate(pictures):
        if done % 100 == 0:
            report(Progress("reading", what, done, len(pictures)))
        yield picture


def opened(root: Path | str, *, split: str, download: bool = False) -> Any:
    """Return torchvision's own set of one part."""
    from torchvision import datasets

    return datasets.GTSRB(root, split=split, download=download)


def parts_of(train: Iterable[Any], test: Iterable[Any]) -> Parts:
    """Return resized pictures and labels of torchvision's sets."""
    train_x, train_y = as_arrays(train)
    test_x, test_y = as_arrays(test)
    return train_x, train_y, test_x, test_y


def as_arrays(pictures: Iterable[Any]) -> tuple[np.ndarray, np.ndarray]:
    """Return pictures of any size (B, 3, H, W) uint8 and their labels (B,) int64."""
    from PIL import Image

    small = [
        (np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.BILINEAR)), label) for picture, label in pictures
    ]
    x = np.stack([picture for picture, label in small])
    return mixed(x.transpose(0, 3, 1, 2), np.array([label for picture, label in small]))
