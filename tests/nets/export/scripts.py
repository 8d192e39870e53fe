"""Runs to export, and their scripts run where this project can't be imported."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from nets.experiment import Experiment
from nets.export import Source, export
from nets.runs.trunks import trunk_of
from nets.training import Controls, EpochDone, Finished, Training


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

    def prepare(self, folder: Path, scripts: Mapping[str, str]) -> Iterable[str]:
        """Write scripts into a new folder and what they need beside them; return the names of that."""
        for part in ("scripts", "here"):
            (folder / part).mkdir(parents=True)
        for name, text in scripts.items():
            (folder / "scripts" / f"{name}.py").write_text(text, encoding="utf-8")
        (folder / "before.py").write_text(self.before, encoding="utf-8")
        self.link(folder / "here")
        return self.data


class Elsewhere:
    """Runs scripts where this project can't be imported, each batch in a fork of one process that has torch.

    Args:
        folder: an empty one, for the scripts and what they print.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._batches = count()
        command = [sys.executable, "-I", str(Path(__file__).with_name("elsewhere.py"))]
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def printed_by(self, scripts: Mapping[str, str], beside: Beside | None = None) -> dict[str, list[str]]:
        """The lines of scripts, run one after the other in one process and a folder that they leave as it was."""
        folder = self._folder / str(next(self._batches))
        names = set((beside or Beside()).prepare(folder, scripts))
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{folder}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "done\n", "the process that runs scripts has ended"
        printed, errors = folder / "printed.json", folder / "errors.txt"
        assert printed.exists(), errors.read_text(encoding="utf-8") or "a script crashed"
        assert {path.name for path in (folder / "here").iterdir()} == names
        found: dict[str, list[str]] = json.loads(printed.read_text(encoding="utf-8"))
        return found

    def ends(self, scripts: Mapping[str, str], beside: Beside | None = None) -> dict[str, dict[str, float]]:
        """The final metrics of scripts; see ``printed_by``."""
        return {name: numbers(lines[-1]) for name, lines in self.printed_by(scripts, beside).items()}

    def assert_alike(self, experiments: Mapping[str, Experiment], beside: Beside | None = None) -> None:
        """Train each experiment here, run its script there, and compare every digit of the final metrics."""
        sources = {name: finished(experiment) for name, experiment in experiments.items()}
        found = self.ends({name: text_of(source) for name, source in sources.items()}, beside)
        expected = {name: dict(source.metrics) for name, source in sources.items()}
        different = {name: (found[name], expected[name]) for name in found if found[name] != expected[name]}
        assert found == expected, different
