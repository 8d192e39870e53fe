"""What an export is: a run, taken away in one file of some format."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nets.experiment import Experiment
from nets.registry import Registry

if TYPE_CHECKING:
    import numpy as np


class CannotExport(ValueError):
    """A run has nothing that makes a file of this format; the message is a sentence."""


@dataclass(frozen=True)
class Source:
    """A run, as all formats take it.

    Args:
        run: its id.
        experiment: its settings, the last ones where they were changed.
        rows: its epochs, each with step, epoch and metrics; thinned or not, the last one is the last epoch.
        metrics: the final metrics.
        weights: state_dict of the final network; None where they are not kept.
        edited: were settings changed while it trained?
        threads: that it was trained on, where the settings leave that open.
        compiled_since: the step from which on machine code took the steps, equal but for rounding; None if never.
        versions: name and version of what it ran on: python, torch, device ("cpu", "cuda") …
    """

    run: str
    experiment: Experiment
    rows: Sequence[Mapping[str, float]] = ()
    metrics: Mapping[str, float] = field(default_factory=dict)
    weights: "Mapping[str, np.ndarray] | None" = None
    edited: bool = False
    threads: int = 1
    compiled_since: int | None = None
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Export:
    """A file to take away."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Format:
    """One format: a line about it, how its files end, their media type, and what writes one."""

    help: str
    suffix: str
    media_type: str
    write: Callable[[Source], bytes]


FORMATS: Registry[Format] = Registry("format")


def file_stem(run: str) -> str:
    """Return a run's id, or whatever is given for one, as the name of a file that is safe on every system."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", run).strip("-")[:100] or "run"


def columns(rows: Sequence[Mapping[str, float]]) -> list[str]:
    """Return every name that occurs in rows, in the order of their first time."""
    return list(dict.fromkeys(name for row in rows for name in row))
