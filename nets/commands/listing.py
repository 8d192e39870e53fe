"""``list`` and ``recipe``: what there is to choose from."""

import argparse
from typing import Any

import orjson

from nets.problems import InvalidExperiment, Problem


def catalogue() -> dict[str, dict[str, str]]:
    """Return every registered name with its line, by kind."""
    from nets.activations import ACTIVATIONS
    from nets.architectures import ARCHITECTURES
    from nets.datasets import DATASETS
    from nets.initializers import INITIALIZERS
    from nets.losses import LOSSES
    from nets.objectives import OBJECTIVES
    from nets.optimizers import OPTIMIZERS
    from nets.recipes import recipes
    from nets.schedules import SCHEDULES

    registries: dict[str, Any] = {
        "architectures": ARCHITECTURES,
        "datasets": DATASETS,
        "objectives": OBJECTIVES,
        "losses": LOSSES,
        "optimizers": OPTIMIZERS,
        "activations": ACTIVATIONS,
        "initializers": INITIALIZERS,
        "schedules": SCHEDULES,
        "recipes": recipes(),
    }
    return {kind: {name: item.help for name, item in registry.items()} for kind, registry in registries.items()}


def list_all(options: argparse.Namespace) -> int:
    """Print every registered name, or those of one kind."""
    found = catalogue()
    if options.kind is not None:
        if options.kind not in found:
            raise InvalidExperiment([Problem("KIND", f"got {options.kind}; choose from {', '.join(found)}")])
        found = {options.kind: found[options.kind]}
    if options.json:
        print(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
        return 0
    for kind, items in found.items():
        print(f"{kind}:")
        for name, line in items.items():
            print(f"  {name:18} {line}")
    return 0


def print_recipe(options: argparse.Namespace) -> int:
    """Print a recipe's experiment as JSON."""
    from nets.experiment import dump
    from nets.recipes import recipes

    try:
        recipe = recipes().get(options.name)
    except ValueError as error:
        raise InvalidExperiment([Problem("NAME", str(error))]) from None
    print(orjson.dumps(dump(recipe.experiment), option=orjson.OPT_INDENT_2).decode())
    return 0
