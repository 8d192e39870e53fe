"""What all sets have in common that torchvision downloads: where their files are, and what is said when they aren't."""

from typing import ClassVar

import numpy as np

from nets.datasets.base import Split
from nets.datasets.images.base import PicturesConfig
from nets.datasets.images.downloading import CannotDownload, Progress, alone, datasets_folder, report
from nets.problems import InvalidExperiment, Problem

Parts = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""Training pictures and classes, then those for testing."""
INSTEAD = "digits and shapes need no download"


class NotThere(Exception):
    """A set's files are not there, or not whole; the message says which."""


class DownloadedConfig(PicturesConfig):
    """Pictures that torchvision knows how to download; both parts are as their makers split them.

    A set gives ``read``, ``download`` and, for exported scripts, ``pictures_in_script``.
    """

    source: ClassVar[str]
    """What torchvision calls it."""

    def read(self) -> Parts:
        """Return what ``pictures`` does, from files below ``datasets_folder()``.

        Raises:
            NotThere: if they are not there or not whole.
        """
        raise NotImplementedError

    def download(self) -> None:
        """Bring the files to where ``read`` finds them; whoever calls is ``alone``.

        Raises:
            CannotDownload: if the network does not give them.
            OSError: if they can't be written.
        """
        raise NotImplementedError

    def glimpse(self, count: int) -> np.ndarray | None:  # noqa: ARG002 - not every set can be looked into so
        """Return the first training pictures (B, C, H, W) without reading the rest; None if they can't be had so."""
        return None

    def pictures_in_script(self) -> Parts:
        """Return what ``read`` does, in an exported script, which downloads for itself."""
        raise NotImplementedError

    def pictures(self, seed: int) -> Parts:  # noqa: ARG002 - the parts are given
        """Return the pictures; the first time they are downloaded.

        Raises:
            InvalidExperiment: if they are neither there nor to be had.
        """
        report(Progress("reading", self.name))
        try:
            return self.read()
        except NotThere:
            return self._downloaded()

    def _downloaded(self) -> Parts:
        folder = datasets_folder()
        try:
            with alone(folder, self.source):
                try:
                    return self.read()  # another process may have downloaded them meanwhile
                except NotThere:
                    self.download()
                return self.read()
        except CannotDownload as error:
            raise self._problem(f"is not on this machine and can't be downloaded: {error}") from None
        except NotThere as error:
            raise self._problem(f"is damaged: {error}") from None
        except OSError as error:
            raise self._problem(f"can't be kept in {folder}: {error.strerror or error}") from None

    def _problem(self, what: str) -> InvalidExperiment:
        return InvalidExperiment([Problem("data.name", f"{self.name} {what}; {INSTEAD}")])

    def load_in_script(self, seed: int) -> Split:
        """Return the same as ``load``."""
        train_x, train_y, test_x, test_y = self.pictures_in_script()
        return self.selected(seed, train_x, train_y, test_x, test_y)


def mixed(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return pictures and labels in an order that is always the same: files may have one class after the other."""
    order = np.random.default_rng(0).permutation(len(y))
    return np.ascontiguousarray(x[order]), y[order]
