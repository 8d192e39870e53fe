"""The command line: list what there is, train, and take away what has been trained."""

import argparse
import sys
from collections.abc import Sequence

from nets.commands.kept import export_run, list_runs
from nets.commands.listing import list_all, print_recipe
from nets.commands.looking import add_commands
from nets.commands.train import train
from nets.problems import InvalidExperiment, Problem

BAD_INPUT = 2
FAILED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 bad input."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
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
    listing.set_defaults(command=list_all)
    recipe = commands.add_parser("recipe", help="print a recipe's experiment as JSON")
    recipe.add_argument("name", metavar="NAME")
    recipe.set_defaults(command=print_recipe)
    training = commands.add_parser("train", help="train an experiment, or go on with a run")
    training.add_argument("file", nargs="?", metavar="FILE", help="a JSON file, or - for standard input")
    training.add_argument("--resume", metavar="RUN", help="go on with a kept run from its last checkpoint instead")
    training.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="override a field")
    training.add_argument("--json", action="store_true", help="one event a line on standard output")
    training.set_defaults(command=_train)
    runs = commands.add_parser("runs", help="the runs that are kept")
    runs.add_argument("--json", action="store_true", help="as JSON")
    runs.set_defaults(command=list_runs)
    export = commands.add_parser("export", help="take a run away as a file")
    export.add_argument("run", metavar="RUN")
    export.add_argument("--as", dest="format", required=True, metavar="FORMAT", help="script, notebook, onnx …")
    export.add_argument("--out", metavar="PATH", help="file or folder to write to")
    export.set_defaults(command=export_run)
    add_commands(commands)
    return parser


def _train(options: argparse.Namespace) -> int:
    if (options.file is None) == (options.resume is None):
        raise InvalidExperiment([Problem("FILE", "give either an experiment's file or --resume RUN")])
    return train(options)


if __name__ == "__main__":
    sys.exit(main())
