"""Orders that cross: a browser may say what stood in a field before it was changed for it, by a recipe, say."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from nets.experiment import Experiment, dump
from nets.link import flatten

SECONDS = 3.0
"""How long a browser may not yet know of a change."""


class Overtaken:
    """Values that settings had until just now, where nobody has touched their fields."""

    def __init__(self) -> None:
        self._noted: list[tuple[float, dict[str, Any]]] = []

    def note(self, old: Experiment, new: Experiment, asked: Sequence[str] = ()) -> None:
        """Note what differs in ``new`` but for the paths that somebody has changed."""
        after = flatten(dump(new))
        values = {
            path: value
            for path, value in flatten(dump(old)).items()
            if after.get(path, ...) != value and not path.startswith(tuple(asked))
        }
        self._noted.append((time.monotonic(), values))

    def has(self, values: Mapping[str, Any]) -> bool:
        """Are all of these what their fields held before they were overtaken?"""
        now = time.monotonic()
        self._noted = [(at, old) for at, old in self._noted if now - at < SECONDS]
        return any(all(path in old and old[path] == value for path, value in values.items()) for _, old in self._noted)
