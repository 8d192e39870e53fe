"""The command line: list what there is, print a recipe, train an experiment."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from nets.problems import InvalidExperiment, Problem

BAD_INPUT = 2
FAILED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 bad input."""
    options = _parser().parse_args(arguments)
    try:
        return options.command(options)
    except InvalidExperiment as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m nets", description="Train PyTorch networks from the command line.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    listing = commands.add_parser("list", help="what there is to choose from")
    listing.add_argument("kind", nargs="?", metavar="KIND", help="architectures, datasets, losses, optimizers …")
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.set_defaults(command=_list)
    recipe = commands.add_parser("recipe", help="print a recipe's experiment as JSON")
    recipe.add_argument("name", metavar="NAME")
    recipe.set_defaults(command=_recipe)
    train = commands.add_parser("train", help="train an experiment")
    train.add_argument("file", metavar="FILE", help="a JSON file, or - for standard input")
    train.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="override a field")
    train.add_argument("--json", action="store_true", help="one event a line on standard output")
    train.set_defaults(command=_train)
    return parser


def catalogue() -> dict[str, dict[str, str]]:
    """Return every registered name with its line, by kind."""
    from nets.activations import ACTIVATIONS
    from nets.architectures import ARCHITECTURES
    from nets.datasets import DATASETS
    from nets.initializers import INITIALIZERS
    from nets.losses import LOSSES
    from nets.optimizers import OPTIMIZERS
    from nets.recipes import recipes
    from nets.schedules import SCHEDULES

    registries: dict[str, Any] = {
        "architectures": ARCHITECTURES,
        "datasets": DATASETS,
        "losses": LOSSES,
        "optimizers": OPTIMIZERS,
        "activations": ACTIVATIONS,
        "initializers": INITIALIZERS,
        "schedules": SCHEDULES,
        "recipes": recipes(),
    }
    return {kind: {name: item.help for name, item in registry.items()} for kind, registry in registries.items()}


def _list(options: argparse.Namespace) -> int:
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


def _recipe(options: argparse.Namespace) -> int:
    from nets.experiment import dump
    from nets.recipes import recipes

    try:
        recipe = recipes().get(options.name)
    except ValueError as error:
        raise InvalidExperiment([Problem("NAME", str(error))]) from None
    print(orjson.dumps(dump(recipe.experiment), option=orjson.OPT_INDENT_2).decode())
    return 0


def _train(options: argparse.Namespace) -> int:
    from nets.experiment import parse
    from nets.training import Finished, fit

    experiment = parse(_overridden(_settings(options.file), options.set))
    run = _new_run_id()
    finished: Finished | None = None
    for event in _with_progress(fit(experiment), experiment.train.max_epochs, shown=not options.json):
        if options.json and (line := _line(event, run)) is not None:
            sys.stdout.write(orjson.dumps(line, option=orjson.OPT_SERIALIZE_NUMPY).decode() + "\n")
            sys.stdout.flush()
        if isinstance(event, Finished):
            finished = event
    assert finished is not None, "a training ends with Finished"
    if not options.json:
        print(finished.reason)
        for name, value in finished.metrics.items():
            print(f"  {name:16} {value:.4f}")
    return 0 if finished.status in ("completed", "stopped") else FAILED


def _settings(file: str) -> Any:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidExperiment([Problem("FILE", f"can't be read: {error}")]) from None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InvalidExperiment([Problem("FILE", f"is no JSON: {error}")]) from None


def _overridden(settings: Any, assignments: Sequence[str]) -> Any:
    from nets.experiment import switch_kind, with_value
    from nets.link import KIND_PATHS, read

    for assignment in assignments:
        path, equals, text = assignment.partition("=")
        if not equals:
            raise InvalidExperiment([Problem("--set", f"got '{assignment}'; write PATH=VALUE, as train.max_epochs=3")])
        if path in KIND_PATHS:
            settings = switch_kind(settings, KIND_PATHS[path], text)
        else:
            settings = with_value(settings, path, text if path == "name" else read(text))
    return settings


def _line(event: Any, run: str) -> dict[str, Any] | None:
    """Return an event as a JSON line; None for those of single steps."""
    from nets.training import EpochDone, Finished, Started

    match event:
        case Started():
            return {
                "event": "started",
                "run": run,
                "parameters": event.parameters,
                "device": event.device,
                "train_examples": event.train_examples,
                "test_examples": event.test_examples,
            }
        case EpochDone():
            return {
                "event": "epoch",
                "step": event.step,
                "epoch": event.epoch,
                "metrics": event.metrics,
                "learning_rate": event.learning_rate,
            }
        case Finished():
            timing = event.timing
            return {
                "event": "finished",
                "run": run,
                "status": event.status,
                "reason": event.reason,
                "metrics": event.metrics,
                "timing": {
                    "steps": timing.steps,
                    "epochs": timing.epochs,
                    "seconds": timing.seconds,
                    "steps_per_second": timing.steps_per_second,
                },
            }
    return None


def _with_progress(events: Iterator[Any], epochs: int, *, shown: bool) -> Iterator[Any]:
    """Yield the events and, once the training has started, show a bar of epochs on standard error."""
    from tqdm import tqdm

    from nets.training import EpochDone

    yield next(events)
    with tqdm(total=epochs, unit="epoch", file=sys.stderr, disable=not shown) as bar:
        for event in events:
            if isinstance(event, EpochDone) and event.epoch:
                bar.set_postfix(loss=f"{event.metrics['train_loss']:.4f}", refresh=False)
                bar.update()
            yield event


def _new_run_id() -> str:
    from nets.runs.ids import new_run_id

    return new_run_id()


if __name__ == "__main__":
    sys.exit(main())
