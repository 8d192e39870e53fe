"""Runs side by side: seeds folded, labels that tell runs apart, settings that differ, best values. Pure functions."""

import json
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nets.link import flatten, write
from nets.runs.store import StoredRun

SEED = "train.seed"
FOLD = "data.fold"
APART = ("version", "name")
"""What two runs may differ in without being trained otherwise."""
MISSING = "–"


@dataclass(frozen=True)
class Group:
    """One run, or several that differ in their seed alone, or in the part of the rows that tests."""

    label: str
    runs: tuple[StoredRun, ...]

    @property
    def is_folded(self) -> bool:
        """Are there several seeds?"""
        return len(self.runs) > 1


@dataclass(frozen=True)
class Setting:
    """One setting across groups, as text, and whether it differs."""

    path: str
    values: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Is it not the same everywhere?"""
        return len(set(self.values)) > 1


def grouped(runs: Sequence[StoredRun], *, fold: bool) -> list[Group]:
    """Return the runs as groups in their order.

    With ``fold``, those that differ in ``train.seed`` or ``data.fold`` alone are one.
    """
    together: dict[str, list[StoredRun]] = {}
    for run in runs:
        together.setdefault(_without_seed(run) if fold else run.id, []).append(run)
    first = [members[0] for members in together.values()]
    return [
        Group(label if len(members) == 1 else f"{label} × {len(members)} {_what_differs(members)}", tuple(members))
        for label, members in zip(labels(first, (SEED, FOLD) if fold else ()), together.values(), strict=True)
    ]


def _what_differs(runs: Sequence[StoredRun]) -> str:
    return "folds" if len({flatten(run.experiment).get(FOLD) for run in runs}) > 1 else "seeds"


def _without_seed(run: StoredRun) -> str:
    settings = flatten(run.experiment)
    return json.dumps({path: value for path, value in settings.items() if path not in (*APART, SEED, FOLD)})


def title(run: StoredRun) -> str:
    """Return what a run is called: its name, or else its data and architecture."""
    return run.name or f"{run.dataset} · {run.architecture}"


def labels(runs: Sequence[StoredRun], ignored: Sequence[str] = ()) -> list[str]:
    """Return a label for each run, all different: its title, and where several share one, what tells them apart.

    Where all share one, what tells them apart is enough; settings that are ``ignored`` do not.
    """
    titles = [title(run) for run in runs]
    several = Counter(titles)
    found = []
    for run, own in zip(runs, titles, strict=True):
        twins = [other for other, name in zip(runs, titles, strict=True) if name == own]
        apart = "" if len(twins) == 1 else _what_is_its_own(run, twins, ignored)
        found.append(apart if apart and len(several) == 1 else f"{own} ({apart})" if apart else own)
    again = Counter(found)
    return [label if again[label] == 1 else f"{label} {run.id[-4:]}" for label, run in zip(found, runs, strict=True)]


def _what_is_its_own(run: StoredRun, twins: Sequence[StoredRun], ignored: Sequence[str]) -> str:
    """Return up to two settings in which runs of the same title differ, or the end of the run's id."""
    settings = settings_of([Group("", (twin,)) for twin in twins])
    differing = [setting.path for setting in settings if setting.differs and setting.path not in ignored]
    own = flatten(run.experiment)
    words = [f"{path.rpartition('.')[2].replace('_', ' ')} {write(own[path])}" for path in differing[:2] if path in own]
    return ", ".join(words) if words and len(differing) <= 2 else run.id[-4:]


def settings_of(groups: Sequence[Group]) -> list[Setting]:
    """Return every setting of the groups' experiments, those that differ first, the seeds of a fold in one cell."""
    flat = [[flatten(run.experiment) for run in group.runs] for group in groups]
    paths = dict.fromkeys(path for runs in flat for settings in runs for path in settings if path not in APART)
    found = [Setting(path, tuple(_cell(runs, path) for runs in flat)) for path in paths]
    return sorted(found, key=lambda setting: not setting.differs)


def _cell(runs: Sequence[Mapping[str, Any]], path: str) -> str:
    values = [write(settings[path]) if path in settings else MISSING for settings in runs]
    return ", ".join(dict.fromkeys(values))


def lower_is_better(metric: str) -> bool:
    """Is a small value a good one?"""
    return metric.endswith("loss")


def best_of(values: Sequence[float | None], *, lower: bool) -> set[int]:
    """Return the places of the best values; none where there is nothing to choose from."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    if len(known) < 2 or min(known) == max(known):
        return set()
    best = min(known) if lower else max(known)
    return {place for place, value in enumerate(values) if value == best}


def mean_and_spread(values: Sequence[float | None]) -> tuple[float | None, float | None]:
    """Return mean and standard deviation of the values that are known; no deviation of fewer than two."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    if not known:
        return None, None
    spread = float(np.std(known, ddof=1)) if len(known) > 1 else None
    return math.fsum(known) / len(known), spread


Show = Callable[[float | None], str]


def shown(values: Sequence[float | None], show: Show) -> str:
    """Return a group's values as text: one, or mean ± standard deviation."""
    mean, spread = mean_and_spread(values)
    return show(mean) if spread is None else f"{show(mean)} ± {show(spread)}"
