"""Runs to export, and their scripts run where this project can't be imported."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nets.experiment import Experiment
from nets.export import Source, export
from nets.runs.trunks import trunk_of
from nets.training import Controls, EpochDone, Finished, Training

RUN_ALL = """
import contextlib, importlib.util, io, json, pathlib, runpy, sys
assert importlib.util.find_spec("nets") is None, "this project can be imported here"
exec(pathlib.Path(sys.argv[2]).read_text())
lines = {}
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.py")):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        runpy.run_path(str(file), run_name="__main__")
    lines[file.stem] = printed.getvalue().splitlines()
print(json.dumps(lines))
"""


def finished(experiment: Experiment, *, with_weights: bool = False, **more: Any) -> Source:
    """The source of a run that was trained to its end."""
    training, rows, metrics = Training(experiment, trunk=trunk_of(experiment)), [], {}
    for event in training.events(Controls()):
        if isinstance(event, EpochDone):
            rows.append({"epoch": event.epoch, "step": event.step, **event.metrics})
        if isinstance(event, Finished):
            metrics = dict(event.metrics)
    weights = {name: tensor.numpy() for name, tensor in training.weights().items()} if with_weights else None
    return Source("20260101-run", experiment, rows, metrics, weights, **more)


def text_of(source: Source) -> str:
    return export(source, "script").content.decode()


def python(*arguments: str, folder: Path) -> str:
    """What an interpreter prints that sees neither this checkout nor the environment."""
    done = subprocess.run([sys.executable, "-I", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def numbers(last_line: str) -> dict[str, float]:
    """The metrics in the last line of a script."""
    assert last_line.startswith("final: ")
    pairs = (pair.split("=") for pair in last_line.removeprefix("final: ").split(" "))
    return {name: float(value) for name, value in pairs}


@dataclass(frozen=True)
class Beside:
    """What lies beside scripts that need files: their data by the names they look for, and code to run before."""

    data: Mapping[str, Path] = field(default_factory=dict)
    before: str = ""

    def link(self, folder: Path) -> None:
        """Put links to the data into a folder."""
        for name, path in self.data.items():
            (folder / name).symlink_to(path)


def ends(scripts: Mapping[str, str], folder: Path, beside: Beside | None = None) -> dict[str, dict[str, float]]:
    """The final metrics of scripts; see ``printed_by``."""
    return {name: numbers(lines[-1]) for name, lines in printed_by(scripts, folder, beside).items()}


def printed_by(scripts: Mapping[str, str], folder: Path, beside: Beside | None = None) -> dict[str, list[str]]:
    """The lines of scripts, run one after the other in one process and a folder that they leave as it was."""
    beside = beside or Beside()
    kept = folder / "scripts"
    kept.mkdir()
    for name, text in scripts.items():
        (kept / f"{name}.py").write_text(text, encoding="utf-8")
    before = folder / "before.py"
    before.write_text(beside.before, encoding="utf-8")
    here = folder / "here"
    here.mkdir()
    beside.link(here)
    printed = python("-c", RUN_ALL, str(kept), str(before), folder=here)
    assert {path.name for path in here.iterdir()} == set(beside.data)
    found: dict[str, list[str]] = json.loads(printed)
    return found


def assert_scripts_end_alike(experiments: Mapping[str, Experiment], folder: Path, beside: Beside | None = None) -> None:
    """Train each experiment, run its script elsewhere, and compare every digit of the final metrics."""
    sources = {name: finished(experiment) for name, experiment in experiments.items()}
    found = ends({name: text_of(source) for name, source in sources.items()}, folder, beside)
    expected = {name: dict(source.metrics) for name, source in sources.items()}
    assert found == expected, {name: (found[name], expected[name]) for name in found if found[name] != expected[name]}
