"""Recipes: ready experiments, one JSON file each, found by being here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, reduce
from pathlib import Path

from nets.experiment import Experiment, parse, with_value
from nets.registry import Registry


@dataclass(frozen=True)
class Recipe:
    """A ready experiment, what it teaches in a line, how hard it is (1 … 3), and the family it belongs to.

    ``beside`` is the experiment that it is to be seen beside, where it teaches by comparison. ``seconds`` is how long
    it takes on one core of a common processor, 0 where nobody has measured it. ``compare`` has other recipes that it
    is worth being seen beside, and what the pair teaches.
    """

    name: str
    teaches: str
    level: int
    family: str
    experiment: Experiment
    beside: Experiment | None = None
    seconds: float = 0.0
    compare: Mapping[str, str] = field(default_factory=dict)

    @property
    def help(self) -> str:
        """The line that lists show."""
        return self.teaches


@cache
def recipes() -> Registry[Recipe]:
    """Return all recipes.

    Raises:
        InvalidExperiment: if a file holds none; a broken recipe fails loudly.
    """
    registry: Registry[Recipe] = Registry("recipe")
    for file in sorted(Path(__file__).parent.glob("*.json")):
        settings = json.loads(file.read_text(encoding="utf-8"))
        experiment, changes = settings.pop("experiment"), settings.pop("beside", None)
        twin = parse(reduce(lambda all, one: with_value(all, *one), changes.items(), experiment)) if changes else None
        registry.add(file.stem, Recipe(file.stem, **settings, experiment=parse(experiment), beside=twin))
    return registry


def fitting_name(experiment: Experiment) -> str:
    """Return the experiment's name; none where it is that of a recipe whose data or network are others by now."""
    if experiment.name not in recipes():
        return experiment.name
    named = recipes().get(experiment.name).experiment
    is_same = (named.data.name, named.model.kind) == (experiment.data.name, experiment.model.kind)
    return experiment.name if is_same else ""
