"""Overfitting: a small training on few noisy points, with what is said to help, one switch each."""

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nets.config import Config
from nets.datasets.points.base import EXTENT, PointsConfig
from nets.experiment import EarlyStopping, Experiment, parse
from nets.training.events import EpochDone, Finished

if TYPE_CHECKING:
    from nets.training import Training

REMEDIES = {
    "dropout": "Dropout 0.4",
    "l1": "L1 0.005",
    "l2": "L2 0.02",
    "early_stopping": "Early stopping",
    "more_data": "4 × the data",
}
"""What is said to help, as it is called on the screen."""
EPOCHS = 150
LEARNING_RATE = 0.02
LEAST_SHARE, MOST_TEST = 0.1, 1000
"""At most nine of ten points test, and at most so many: few to learn from, many to judge by."""
FIRST_SEED = 4
"""Of data on which 2 × 32 neurons overfit plainly."""
MAP_SIZE = 60
SHOWN = ("train_loss", "test_loss", "test_accuracy")
"""Metrics of each epoch that are drawn."""
SNAPSHOTS = (0, 2, 5, 10, 15, 20, 30, 40, 60, 80, 100, 125)
"""Epochs whose map is kept."""


@dataclass(frozen=True)
class Settings:
    """What can be changed.

    Args:
        units: neurons in each of the two hidden layers.
        examples: points to learn from, before there are four times as many.
        noise: of the data, 0 to 0.5.
        remedies: names from ``REMEDIES``.
        seed: of data and weights.
    """

    units: int = 32
    examples: int = 40
    noise: float = 0.3
    remedies: tuple[str, ...] = ()
    seed: int = FIRST_SEED


class LessonsJob(Config):
    """What to train, one after the other."""

    kind: Literal["lessons"] = "lessons"
    settings: tuple[Settings, ...]


@dataclass(frozen=True)
class Lesson:
    """What a training has come to.

    Args:
        epochs: (E,) from 0, the untrained network.
        train_loss: (E,) on the points that it learns from.
        test_loss: (E,) on others.
        test_accuracy: (E,) share of those on the right side.
        final: the metrics of the network that it ends with: early stopping goes back to an earlier one.
        kept_epoch: the epoch of that network.
        final_map: (60, 60) float32: its output over the plane, -1 … 1, a row for each x₂; see ``places``.
        maps: the same of the networks on the way, by epoch.
        train: (N, 3) float32, x₁, x₂ and class.
        test: (M, 3) float32.
    """

    epochs: np.ndarray
    train_loss: np.ndarray
    test_loss: np.ndarray
    test_accuracy: np.ndarray
    final: dict[str, float]
    kept_epoch: int
    final_map: np.ndarray
    maps: dict[int, np.ndarray]
    train: np.ndarray
    test: np.ndarray

    @property
    def gap(self) -> float:
        """How much larger the loss is on others than on the points that it learns from."""
        return self.final["test_loss"] - self.final["train_loss"]

    @property
    def best_epoch(self) -> int:
        """The epoch at which the loss on others was least."""
        return int(self.epochs[self.test_loss.argmin()])


def places() -> np.ndarray:
    """Return where the rows and columns of a map lie along x₁ and x₂, (60,)."""
    return ((np.arange(MAP_SIZE) + 0.5) / MAP_SIZE * 2 - 1) * EXTENT


def experiment(settings: Settings) -> Experiment:
    """Return the experiment of some settings; every one takes the same number of steps, two an epoch.

    Raises:
        InvalidExperiment: if a setting is out of range.
    """
    has = settings.remedies
    examples = settings.examples * (4 if "more_data" in has else 1)
    share = max(LEAST_SHARE, examples / (examples + MOST_TEST))
    stopping = EarlyStopping(patience=20, validation_share=0.25) if "early_stopping" in has else None
    return parse(
        {
            "name": "overfitting",
            "data": {
                "kind": "points",
                "name": "moons",
                "num_points": round(examples / share),
                "train_share": share,
                "noise": settings.noise,
            },
            "model": {
                "kind": "mlp",
                "hidden_sizes": [settings.units, settings.units],
                "activation": "tanh",
                "dropout": 0.4 if "dropout" in has else 0.0,
            },
            "train": {
                "loss": "bce",
                "optimizer": {"kind": "adam", "learning_rate": LEARNING_RATE},
                "batch_size": examples // 2,
                "max_epochs": EPOCHS,
                "l1": 0.005 if "l1" in has else 0.0,
                "l2": 0.02 if "l2" in has else 0.0,
                "early_stopping": stopping and stopping.model_dump(),
                "seed": settings.seed,
                "device": "cpu",
            },
        }
    )


def points(settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    """Return the points that it learns from and those that test, (N, 3) and (M, 3) float32."""
    data = experiment(settings).data
    assert isinstance(data, PointsConfig)
    return data.plane(settings.seed)


def lessons(job: LessonsJob) -> Iterator[dict[str, Any]]:
    """Train as ``experiment`` says of each settings, by the engine's own loop.

    Yields:
        ``step``: an epoch's losses, of ``of`` in all; ``lesson``: what a training has come to, for ``lesson_of``;
        ``finished``.

    Raises:
        InvalidExperiment: if a setting is out of range.
    """
    for place, settings in enumerate(job.settings):
        for event in _lesson(settings):
            if event["event"] == "step":
                event |= {"step": event["epoch"] + place * EPOCHS, "of": 1 + EPOCHS * len(job.settings)}
            yield event
    yield {"event": "finished", "reason": ""}


def _lesson(settings: Settings) -> Iterator[dict[str, Any]]:
    from nets.training import Training
    from nets.training.controls import Controls

    training = Training(experiment(settings))
    maps: dict[int, str] = {}
    final: dict[str, float] = {}
    for event in training.events(Controls()):
        if isinstance(event, EpochDone):
            yield {"event": "step", "epoch": event.epoch, **{name: event.metrics[name] for name in SHOWN}}
            if event.epoch in SNAPSHOTS and not training.ending:
                maps[event.epoch] = _map(training)
        elif isinstance(event, Finished):
            final = dict(event.metrics)
    kept = training.best.epoch if training.epoch < EPOCHS else training.epoch
    packed = {str(epoch): seen for epoch, seen in maps.items()}
    yield {"event": "lesson", "final": final, "kept_epoch": kept, "final_map": _map(training), "maps": packed}


def lesson_of(settings: Settings, event: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> Lesson:
    """Return a training from what ``lessons`` has told of it: the event ``lesson`` and those before it.

    Args:
        settings: its settings.
        event: ``lesson``.
        steps: its own events ``step``.
    """
    epochs, train_loss, test_loss, accuracy = (np.array([step[name] for step in steps]) for name in ("epoch", *SHOWN))
    maps = {int(epoch): _unpacked(seen) for epoch, seen in event["maps"].items()}
    final_map = _unpacked(event["final_map"])
    kept = event["kept_epoch"]
    return Lesson(epochs, train_loss, test_loss, accuracy, event["final"], kept, final_map, maps, *points(settings))


def learn(settings: Settings) -> Lesson:
    """Train here and now, and return what came of it.

    Raises:
        InvalidExperiment: if a setting is out of range.
    """
    *steps, lesson = _lesson(settings)
    return lesson_of(settings, lesson, steps)


def _map(training: "Training") -> str:
    """Return what the network says over the plane, as a line of JSON takes it."""
    from nets.views.surface import SurfaceView

    return b64encode(SurfaceView(size=MAP_SIZE).look(training).map[::-1].tobytes()).decode()


def _unpacked(packed: str) -> np.ndarray:
    seen = np.frombuffer(b64decode(packed), np.uint8).reshape(MAP_SIZE, MAP_SIZE)
    return (seen.astype(np.float32) - 127) / 127
