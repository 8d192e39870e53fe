"""What a dataset is: a config that tells what its data look like and loads them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from nets.config import Config
from nets.problems import Problem
from nets.registry import Registry, config_registrar
from nets.seeds import derive

Task = Literal["binary", "multiclass", "multilabel", "regression"]


@dataclass(frozen=True)
class DataInfo:
    """What a network must know of its data before they are loaded.

    ``input_shape`` is one example's: (D,), (C, H, W), a sequence (T, D), or a row of tokens (T,) where ``vocab_size``
    is more than 0: their ids are below it, and 0 fills a row up at its end. ``per_step`` says that every step has an
    answer of its own; at steps without one the label is -100. ``num_targets`` counts classes, or labels of which an
    example has any number (multilabel), or target values of a regression; ``class_names`` names classes and labels.
    ``input_names`` names the D features of a table or of points. ``categories`` says of each feature how many codes it
    has, 0 for numbers; empty where all are numbers.
    """

    task: Task
    input_shape: tuple[int, ...]
    num_targets: int
    class_names: tuple[str, ...] = ()
    input_names: tuple[str, ...] = ()
    vocab_size: int = 0
    per_step: bool = False
    categories: tuple[int, ...] = ()

    @property
    def is_sequence(self) -> bool:
        """Are the examples sequences: numbers (T, D), or tokens (T,)?"""
        return len(self.input_shape) == 2 or self.vocab_size > 0


@dataclass(frozen=True)
class Split:
    """Examples for training and for testing.

    ``train_x`` (B, *input_shape) float32, or pictures (B, C, H, W) uint8 that a ``Normalization`` makes inputs of, or
    tokens (B, T) in the smallest integers that take them; ``train_y`` (B,) int64 class indices, or (B, num_targets)
    float32 values, for several labels 0 or 1; (B, T) or (B, T, num_targets) where every step has an answer.
    ``preparation`` is what was fitted on the training part to make these numbers of a table's cells.
    """

    train_x: np.ndarray
    train_y: np.ndarray
    test_x: np.ndarray
    test_y: np.ndarray
    preparation: Any = None


@dataclass(frozen=True)
class Normalization:
    """Mean and spread of each channel, bytes as 0 … 1: an input is (byte / 255 - mean) / spread."""

    mean: tuple[float, ...]
    spread: tuple[float, ...]


class EmptyPart(ValueError):
    """A split would leave the training or the test part without an example."""


def split_indices(count: int, train_share: float, seed: int, sample: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return shuffled indices of the training and of the test part.

    Raises:
        EmptyPart: if either part would be empty.
    """
    train_count = round(count * train_share)
    if not 0 < train_count < count:
        part = "training" if train_count == 0 else "test"
        raise EmptyPart(f"{count} examples at a training share of {train_share:.0%} leave no {part} example")
    order = np.random.default_rng(derive(seed, "split", sample)).permutation(count)
    return order[:train_count], order[train_count:]


class DatasetConfig(Config):
    """Settings of one dataset. ``kind`` says what sort of data it is, ``name`` which one."""

    help: ClassVar[str]
    in_time: ClassVar[bool] = False
    """Are the training examples in the order of time? Then those held out to stop by are the last ones."""

    kind: str = ""
    name: str = ""
    sample: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """Which drawing of the same data; regenerate takes the next one."""

    def info(self) -> DataInfo:
        """Return what the data look like, without loading them."""
        raise NotImplementedError

    def faults(self) -> Iterator[Problem]:
        """Yield what makes no sense together in the settings, as far as that can be told without loading."""
        yield from ()

    def load(self, seed: int) -> Split:
        """Return the examples, the same for the same config and seed.

        Its source is also the data part of exported scripts, which import nothing of this project: functions of the
        project that it calls come along. Where that can't work, ``load_in_script`` says how a script gets the same.
        """
        raise NotImplementedError

    def normalization(self, split: Split) -> Normalization | None:  # noqa: ARG002 - pictures ask it
        """Return what turns pictures into inputs; None where the examples are inputs already."""
        return None

    def generator(self, seed: int) -> np.random.Generator:
        """Return the stream of random numbers that the data are drawn from."""
        return np.random.default_rng(derive(seed, "data", self.sample))


DATASETS: Registry[type[DatasetConfig]] = Registry("dataset")
dataset = config_registrar(DATASETS, "name")
