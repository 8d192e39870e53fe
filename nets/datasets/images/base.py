"""Pictures of classes: what every set of them has in common, and what can be done to them before training."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import AfterValidator, Field, model_validator

from nets.config import Config
from nets.datasets.base import DataInfo, DatasetConfig, Normalization, Split
from nets.seeds import derive

Normalize = Literal["half", "standard", "unit"]


class Augment(Config):
    """What happens to training pictures each time they are seen: no two epochs see the same ones."""

    flip: bool = False
    """Mirror left and right, every other time."""
    shift: Annotated[float, Field(ge=0, le=0.5)] = 0.0
    """Farthest move, as a share of the side."""
    rotate: Annotated[float, Field(ge=0, le=180)] = 0.0
    """Largest turn either way, in degrees."""
    crop: Annotated[int, Field(ge=0, le=16)] = 0
    """Pixels of black around the picture before a piece of its size is cut out anywhere."""
    erase: Annotated[float, Field(ge=0, le=1)] = 0.0
    """How often a rectangle is blotted out."""

    @property
    def is_on(self) -> bool:
        """Does anything happen?"""
        return bool(self.flip or self.shift or self.rotate or self.crop or self.erase)


def _some_each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) < len(names):
        raise ValueError("names a class twice")
    if len(names) == 1:
        raise ValueError("names one class alone; a network needs at least 2 to tell apart, or none named for all")
    return names


class PicturesConfig(DatasetConfig):
    """Pictures of classes; a dataset gives ``names``, ``shape`` and ``pictures``."""

    kind: Literal["images"] = "images"
    fraction: Annotated[float, Field(ge=0.001, le=1)] = 1.0
    """Share of the training pictures that is used."""
    per_class: Annotated[int, Field(ge=0, le=100_000)] = 0
    """Training pictures of each class at most; 0 takes all."""
    classes: Annotated[tuple[str, ...], AfterValidator(_some_each_once)] = ()
    """Classes to tell apart; none named takes all."""
    hidden_class: str = ""
    """A class that is kept from training and comes in the test part alone: an anomaly to find."""
    label_noise: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of the training labels that are replaced by a wrong one."""
    normalize: Normalize = "half"
    """Inputs: half -1 … 1, unit 0 … 1, standard mean 0 and spread 1 over the training pictures, channel by channel."""
    augment: Augment = Augment()
    """What is done to training pictures each time they are seen."""

    @model_validator(mode="after")
    def _classes_are_known(self) -> Any:
        known = self.names()
        if unknown := [name for name in self.classes if name not in known]:
            raise ValueError(f"classes names {', '.join(unknown[:5])}; choose from {', '.join(known[:100])}")
        if self.hidden_class and self.hidden_class not in (self.classes or known):
            chosen = ", ".join((self.classes or known)[:100])
            raise ValueError(f"hidden_class is {self.hidden_class}; choose from {chosen}, or none")
        return self

    def names(self) -> tuple[str, ...]:
        """Return the names of all classes that the set has."""
        raise NotImplementedError

    def shape(self) -> tuple[int, int, int]:
        """Return one picture's shape: (C, H, W)."""
        raise NotImplementedError

    def pictures(self, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return training pictures (B, C, H, W) uint8 and their classes (B,) int64, then those for testing."""
        raise NotImplementedError

    def hidden_label(self) -> int | None:
        """Return the label of the class that is kept from training; None where none is."""
        return (self.classes or self.names()).index(self.hidden_class) if self.hidden_class else None

    def num_classes(self) -> int:
        """Return how many classes are told apart."""
        return len(self.classes) if self.classes else len(self.names())

    def info(self) -> DataInfo:
        """Return the classes that are told apart."""
        names = self.classes or self.names()
        return DataInfo("multiclass", self.shape(), len(names), names)

    def load(self, seed: int) -> Split:
        """Return the chosen pictures as bytes; ``normalization`` says what a network sees of them."""
        train_x, train_y, test_x, test_y = self.pictures(seed)
        return self.selected(seed, train_x, train_y, test_x, test_y)

    def selected(
        self, seed: int, train_x: np.ndarray, train_y: np.ndarray, test_x: np.ndarray, test_y: np.ndarray
    ) -> Split:
        """Return those of all pictures that are asked for, with as many wrong labels as are asked for."""
        if self.classes:
            places = [self.names().index(name) for name in self.classes]
            train_x, train_y = of_classes(train_x, train_y, places)
            test_x, test_y = of_classes(test_x, test_y, places)
        if self.hidden_class:
            train_x, train_y = without(train_x, train_y, (self.classes or self.names()).index(self.hidden_class))
        if self.fraction < 1:
            count = max(1, round(len(train_x) * self.fraction))
            chosen = np.random.default_rng(derive(seed, "fraction", self.sample)).permutation(len(train_x))[:count]
            train_x, train_y = train_x[chosen], train_y[chosen]
        if self.per_class:
            chosen = first_of_each(train_y, self.per_class)
            train_x, train_y = train_x[chosen], train_y[chosen]
        if self.label_noise:
            train_y = with_wrong_labels(train_y, self.num_classes(), self.label_noise, seed)
        return Split(train_x, train_y, test_x, test_y)

    def normalization(self, split: Split) -> Normalization:
        """Return what turns bytes into inputs."""
        channels = self.shape()[0]
        if self.normalize == "standard":
            return mean_and_spread(split.train_x)
        middle = 0.5 if self.normalize == "half" else 0.0
        return Normalization((middle,) * channels, (middle or 1.0,) * channels)


def of_classes(x: np.ndarray, y: np.ndarray, places: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Return the pictures of some classes, labelled by their place among these."""
    place_of = np.full(max(y.max(initial=0), *places) + 1, -1)
    place_of[list(places)] = np.arange(len(places))
    labels = place_of[y]
    return x[labels >= 0], labels[labels >= 0]


def without(x: np.ndarray, y: np.ndarray, label: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the pictures of all classes but one."""
    return x[y != label], y[y != label]


def first_of_each(y: np.ndarray, count: int) -> np.ndarray:
    """Return the places of the first ``count`` examples of each class, in order."""
    places = [np.flatnonzero(y == label)[:count] for label in np.unique(y)]
    return np.sort(np.concatenate([np.arange(0), *places]))


def with_wrong_labels(y: np.ndarray, classes: int, share: float, seed: int) -> np.ndarray:
    """Return labels of which this share, drawn at random, is replaced by another of the classes."""
    rng = np.random.default_rng(derive(seed, "label noise"))
    chosen = rng.permutation(len(y))[: round(len(y) * share)]
    wrong = y.copy()
    wrong[chosen] = (y[chosen] + rng.integers(1, classes, len(chosen))) % classes
    return wrong


def mean_and_spread(pictures: np.ndarray) -> Normalization:
    """Return mean and standard deviation of each channel (bytes as 0 … 1), to four digits as they are printed."""
    shares = np.arange(256) / 255
    counts = [np.zeros(256)] * pictures.shape[1]
    for start in range(0, len(pictures), 4096):
        part = pictures[start : start + 4096]
        counts = [count + np.bincount(part[:, c].ravel(), minlength=256) for c, count in enumerate(counts)]
    means = [float(np.average(shares, weights=count)) for count in counts]
    spreads = [
        float(np.sqrt(np.average((shares - mean) ** 2, weights=count)))
        for mean, count in zip(means, counts, strict=True)
    ]
    return Normalization(
        tuple(round(mean, 4) for mean in means), tuple(max(round(spread, 4), 0.001) for spread in spreads)
    )
