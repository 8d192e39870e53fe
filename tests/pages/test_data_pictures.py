"""Pictures of recipes' data: no torch for them in a server's first seconds, and what was downloaded is drawn too."""

import subprocess
import sys

import numpy as np
import pytest

from nets.datasets.images.downloading import datasets_folder
from nets.datasets.images.emnist import Emnist
from nets.datasets.images.mnist import Mnist
from nets.runs.launcher import ROOT
from pages.parts import data_pictures
from tests.nets.datasets.tiny import emnist_files, grey_pictures, idx

WITHOUT_TORCH = """
import sys
from pages.parts.data_pictures import picture_of
for name in ("mlp-digits", "missing-values", "mnist-cnn"):
    assert picture_of(name).startswith("<svg")
assert "torch" not in sys.modules
"""


def test_pictures_are_drawn_without_torch():
    done = subprocess.run([sys.executable, "-c", WITHOUT_TORCH], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def folder(monkeypatch, tmp_path):
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path))
    return datasets_folder()


def test_a_set_is_drawn_as_soon_as_it_is_here(folder):
    assert "is downloaded" in data_pictures.picture_of("mnist-mlp")
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    (raw / "train-images-idx3-ubyte").write_bytes(idx(grey_pictures(40)))
    assert "data:image/png" in data_pictures.picture_of("mnist-mlp")


def test_a_glimpse_is_the_beginning_of_what_is_read(folder):
    raw = folder / "EMNIST" / "raw"
    raw.mkdir(parents=True)
    for name, content in emnist_files().items():
        (raw / name).write_bytes(content)
    letters = Emnist()
    seen = letters.glimpse(5)
    assert seen is not None
    assert seen.shape == (5, 1, 28, 28)
    all_of_them = letters.read()[0]
    assert all((all_of_them == picture).all(axis=(1, 2, 3)).any() for picture in seen)


@pytest.mark.parametrize("content", [b"", b"\0\0\x08", idx(np.zeros((40, 27, 28))), idx(grey_pictures(40))[:-1]])
def test_another_or_broken_file_is_no_picture(folder, content):
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    (raw / "train-images-idx3-ubyte").write_bytes(content)
    assert Mnist().glimpse(8) is None
