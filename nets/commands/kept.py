"""``runs`` and ``export``: what has been trained, and taking it away."""

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from nets.problems import InvalidExperiment, Problem

if TYPE_CHECKING:
    from nets.runs.store import Store, StoredRun

MOST_LISTED = 10_000


def open_store(*, required: bool) -> "Store | None":
    """Return the store; where it can't be opened say so on standard error and return None.

    Raises:
        InvalidExperiment: if it can't be opened and is ``required``.
    """
    from nets.runs.problems import StoreProblem
    from nets.runs.store import Store

    try:
        return Store()
    except StoreProblem as problem:
        if required:
            raise InvalidExperiment([Problem("PLAYGROUND_HOME", str(problem))]) from None
        print(f"{problem} The run is not kept.", file=sys.stderr)
        return None


def find(store: "Store", run_id: str, field: str) -> "StoredRun":
    """Return a run of the store.

    Raises:
        InvalidExperiment: naming ``field``, if there is no such run.
    """
    run = store.get(run_id) if run_id.isalnum() else None
    if run is None:
        raise InvalidExperiment(
            [Problem(field, f"got {run_id}; there is no such run: `python -m nets runs` lists them")]
        )
    return run


def list_runs(options: argparse.Namespace) -> int:
    """Print the kept runs, the newest first."""
    store = open_store(required=True)
    assert store is not None, "it is required"
    store.recover()
    runs = store.runs()
    if options.json:
        rows = [{name: value for name, value in vars(run).items() if name != "journal_offset"} for run in runs]
        print(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
        return 0
    for run in runs:
        when = datetime.fromtimestamp(run.created).strftime("%Y-%m-%d %H:%M")
        shown = "  ".join(f"{name} {value:.4f}" for name, value in run.metrics.items() if name.startswith("test"))
        print(f"{run.id}  {when}  {run.status:11}  {run.name or f'{run.dataset}, {run.architecture}':24}  {shown}")
    return 0


def export_run(options: argparse.Namespace) -> int:
    """Write a run as a file of the format asked for, and print its name."""
    from nets.export import FORMATS, CannotExport, export
    from nets.runs.checkpoints import write_atomically
    from nets.runs.source import source_of

    if options.format not in FORMATS:
        known = ", ".join(FORMATS.names())
        raise InvalidExperiment([Problem("--as", f"got {options.format}; choose from {known}")])
    store = open_store(required=True)
    assert store is not None, "it is required"
    run = find(store, options.run, "RUN")
    try:
        found = export(source_of(store, run), options.format)
    except CannotExport as error:
        raise InvalidExperiment([Problem("RUN", str(error))]) from None
    path = Path(options.out) if options.out else Path(found.name)
    if path.is_dir():
        path = path / found.name
    try:
        write_atomically(path.absolute(), found.content)
    except OSError as error:
        raise InvalidExperiment([Problem("--out", f"{path} can't be written: {error.strerror}")]) from None
    print(path)
    return 0
