"""Tiny sets in the layout of torchvision's downloads, and a tiny zip: what needs a network is tested without one."""

import gzip
import hashlib
import io
import pickle
import struct
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nets.datasets import DATASETS, DatasetConfig
from nets.datasets.images.downloads import DownloadedConfig
from nets.datasets.images.gtsrb import SIGNS
from nets.datasets.images.own import keep_pictures
from nets.datasets.images.zipped import read_zip
from nets.datasets.series.own import keep_series
from nets.datasets.series.own_reading import OwnSeries, read_series
from nets.datasets.tables.own_table import OwnTable, keep_table, read_table
from nets.datasets.text.keeping import keep_texts
from nets.datasets.text.own_reading import OwnTexts, read_texts
from nets.datasets.text.uploaded_corpus import corpus_settings, take_corpus

DOWNLOADED = tuple(name for name, config in DATASETS.items() if issubclass(config, DownloadedConfig))
ANIMALS = ("cat", "dog", "owl")


@dataclass(frozen=True)
class Tiny:
    """Where tiny sets are, and the code that makes torchvision take its CIFAR-10 for the real one."""

    folder: Path
    patch: str


def labels(classes: int, of_each: int) -> np.ndarray:
    """Every class so many times, in some order."""
    return np.random.default_rng(classes).permutation(np.repeat(np.arange(classes), of_each))


def grey_pictures(count: int, side: int = 28) -> np.ndarray:
    return np.random.default_rng(count).integers(0, 256, (count, side, side), dtype=np.uint8)


def idx(array: np.ndarray) -> bytes:
    """An array of bytes as an idx file."""
    header = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.astype(np.uint8).tobytes()


def mnist_files(classes: int = 10, first: int = 0) -> dict[str, bytes]:
    """The four files of a set like MNIST: 4 pictures of each class to train, 2 to test."""
    files = {}
    for part, of_each in (("train", 4), ("t10k", 2)):
        y = labels(classes, of_each)
        files[f"{part}-images-idx3-ubyte"] = idx(grey_pictures(len(y)))
        files[f"{part}-labels-idx1-ubyte"] = idx(y + first)
    return files


def emnist_files() -> dict[str, bytes]:
    """The four files of letters, whose labels count from 1."""
    as_emnist = {"train": "emnist-letters-train", "t10k": "emnist-letters-test"}
    named = ((name.partition("-"), content) for name, content in mnist_files(26, first=1).items())
    return {f"{as_emnist[part]}-{rest}": content for (part, _, rest), content in named}


def cifar_files() -> dict[str, bytes]:
    """The seven files of CIFAR-10 below its folder: 5 batches of 10 pictures, 20 to test."""
    batches = {f"data_batch_{number}": labels(10, 1) for number in range(1, 6)}
    batches["test_batch"] = labels(10, 2)
    rng = np.random.default_rng(0)
    files = {
        name: pickle.dumps({"data": rng.integers(0, 256, (len(y), 3072), dtype=np.uint8), "labels": y.tolist()})
        for name, y in batches.items()
    }
    return {**files, "batches.meta": pickle.dumps({"label_names": [str(number) for number in range(10)]})}


def cifar_sums(files: Mapping[str, bytes]) -> dict[str, Any]:
    """What torchvision's class holds of the files' MD5 sums."""
    sums = {name: hashlib.md5(content).hexdigest() for name, content in files.items()}
    train = [[name, md5] for name, md5 in sums.items() if name.startswith("data")]
    meta = {"filename": "batches.meta", "key": "label_names", "md5": sums["batches.meta"]}
    return {"train_list": train, "test_list": [["test_batch", sums["test_batch"]]], "meta": meta}


def gtsrb_files() -> dict[str, bytes]:
    """The files of GTSRB below its folder: two pictures of each sign to train, one to test, of several sizes."""
    files, rows = {}, ["Filename;Width;Height;ClassId"]
    for sign in range(len(SIGNS)):
        for number in range(3):
            picture = picture_file("PPM", side=20 + sign, seed=sign + 50 * number)
            if number < 2:
                files[f"GTSRB/Training/{sign:05}/{number:05}.ppm"] = picture
            else:
                files[f"GTSRB/Final_Test/Images/{sign:05}.ppm"] = picture
                rows.append(f"{sign:05}.ppm;30;30;{sign}")
    return {**files, "GT-final_test.csv": "\n".join(rows).encode()}


def picture_file(kind: str = "PNG", side: int = 24, seed: int = 0) -> bytes:
    """A picture file of noise, a little taller than wide."""
    noise = np.random.default_rng(seed).integers(0, 256, (side + 5, side, 3), dtype=np.uint8)
    return saved(Image.fromarray(noise), kind)


def saved(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def zipped(files: Mapping[str, bytes] | Iterable[tuple[zipfile.ZipInfo | str, bytes]]) -> bytes:
    """A zip of files; the same files make the same zip."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items() if isinstance(files, Mapping) else files:
            archive.writestr(zipfile.ZipInfo(name) if isinstance(name, str) else name, content)
    return file.getvalue()


@cache
def animals() -> bytes:
    """A zip with 6 pictures of each of three classes."""
    return zipped({f"{name}/{n}.png": picture_file(seed=n) for name in ANIMALS for n in range(6)})


def own_settings() -> dict[str, Any]:
    """What a config must say to use these."""
    return {"upload": hashlib.sha256(animals()).hexdigest(), "class_names": list(ANIMALS)}


@cache
def own_texts() -> OwnTexts:
    """Forty short texts of three classes."""
    rows = [f"the {ANIMALS[n % 3]} number {n} sleeps\t{ANIMALS[n % 3]}" for n in range(40)]
    return read_texts(io.BytesIO("\n".join(rows).encode()), "animals.tsv")


@cache
def own_series() -> OwnSeries:
    """A hundred and fifty rows of two columns, with gaps."""
    rows = [f"2020-01-01T{n:03},{n % 9},{'' if n % 20 == 3 else n % 7}" for n in range(150)]
    return read_series(io.BytesIO("\n".join(["time,price,volume", *rows]).encode()))


@cache
def own_table() -> OwnTable:
    """Sixty rows of two columns of numbers, a date, words and a class, with gaps."""
    gap, letters = "", "uvw"
    cells = [
        (n % 7, gap if n % 9 == 4 else n * n % 11 / 4, f"2020-0{1 + n % 8}-1{n % 7}", letters[n % 3], ANIMALS[n % 3])
        for n in range(60)
    ]
    rows = [",".join(map(str, row)) for row in cells]
    return read_table("\n".join(["a,b,day,letter,animal", *rows]).encode())


def own_corpus() -> bytes:
    """A text of forty lines."""
    return "".join(f"Line {n} tells of {ANIMALS[n % 3]} and {ANIMALS[n % 2]}.\n" for n in range(40)).encode()


@cache
def uploads() -> dict[str, dict[str, Any]]:
    """What the config of each of the user's own sets must say to use these."""
    return {
        "own": own_settings(),
        "own_series": {"upload": own_series().digest, "columns": ["price"], "drivers": ["volume"]},
        "own_table": own_table().settings(),
        "own_text": own_texts().settings(),
        "own_corpus": corpus_settings(own_corpus().decode()),
    }


def example(name: str, **settings: Any) -> DatasetConfig:
    """A dataset's defaults, and for the user's own an upload."""
    return DATASETS.get(name).model_validate({**uploads().get(name, {}), **settings})


def place(home: Path, patch: pytest.MonkeyPatch) -> Tiny:
    """Put all tiny sets below a PLAYGROUND_HOME, and the zip of animals."""
    import torchvision

    folder = home / "datasets"
    for source in ("MNIST", "FashionMNIST"):
        write(folder / source / "raw", mnist_files())
    packed = {f"{name}.gz": gzip.compress(content, mtime=0) for name, content in mnist_files().items()}
    write(folder / "KMNIST" / "raw", packed)
    write(folder / "EMNIST" / "raw", emnist_files())
    cifar = cifar_files()
    write(folder / "cifar-10-batches-py", cifar)
    write(folder / "gtsrb", gtsrb_files())
    code = ["from torchvision import datasets"]
    for attribute, value in cifar_sums(cifar).items():
        patch.setattr(torchvision.datasets.CIFAR10, attribute, value)
        code.append(f"datasets.CIFAR10.{attribute} = {value!r}")
    keep_pictures(read_zip(animals()))
    keep_series(own_series())
    keep_table(own_table())
    keep_texts(own_texts())
    take_corpus(io.BytesIO(own_corpus()))
    return Tiny(folder, "\n".join(code))
