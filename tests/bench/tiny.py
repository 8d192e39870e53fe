"""Tiny networks: the engine in each tier, the tutorials' loop, a tuned loop, and TensorFlow Playground's own engine.

``python -m tests.bench.tiny [--seconds S] [--rounds N]`` prints epochs a second of a core's own time, each in a process
of its own, in turn, on 250 points at batch 10; and epochs in the first second of the clock, nothing compiled before.

``PLAYGROUND_TFP`` names a checkout of github.com/tensorflow/playground; with node and npx at hand its ``src/nn.ts``
runs beside: once the steps alone, once with the losses of both parts after each epoch, as its page takes them
and ours does.
"""

import argparse
import itertools
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nets.training import Training

ROOT = Path(__file__).resolve().parents[2]
NETWORKS = {"2-4-2-1": [4, 2], "2-8×6-1": [8] * 6}
SETTLED_EPOCHS = 3000
"""Before machine code is measured: what a page needs for its first curves is behind it."""
TFP = """
const nn = require("./nn.cjs"), [shape, seconds, losses] = process.argv.slice(2).map((text) => JSON.parse(text));
const net = nn.buildNetwork(shape, nn.Activations.TANH, nn.Activations.TANH, null, ["x", "y"]);
const points = (count) => Array.from({ length: count }, (_, i) => {
  const r = i % 2 ? Math.random() * 2.5 : 3.5 + Math.random() * 1.5, a = Math.random() * 2 * Math.PI;
  return { x: r * Math.sin(a), y: r * Math.cos(a), label: i % 2 ? 1 : -1 };
});
const train = points(250), test = points(250), now = () => process.cpuUsage().user / 1e6;
const loss = (part) => part.reduce(
  (sum, p) => sum + nn.Errors.SQUARE.error(nn.forwardProp(net, [p.x, p.y]), p.label), 0) / part.length;
function epochs(seconds) {
  const began = now();
  let done = 0, sink = 0;
  for (; now() - began < seconds; done++) {
    train.forEach((p, i) => {
      nn.forwardProp(net, [p.x, p.y]);
      nn.backProp(net, p.label, nn.Errors.SQUARE);
      if ((i + 1) % 10 === 0) nn.updateWeights(net, 0.03, 0);
    });
    if (losses) sink += loss(train) + loss(test);
  }
  return done / (now() - began) + 0 * sink;
}
epochs(0.5);
console.log(epochs(seconds));
"""


def settings(network: str, **train: Any) -> dict[str, Any]:
    """Return the recipe that TensorFlow Playground begins with, for as long as it takes."""
    from nets.experiment import dump, with_value
    from nets.recipes import recipes

    found = with_value(dump(recipes().get("circle").experiment), "model.hidden_sizes", NETWORKS[network])
    for name, value in {"max_epochs": 1_000_000, **train}.items():
        found = with_value(found, f"train.{name}", value)
    return found


def engine(network: str, seconds: float, *, compiled: bool) -> float:
    """Return epochs a second of the engine, everything included, once its tier is in force."""
    training = _started(network, compiled=compiled)
    events = _events(training)
    while training.epoch < (SETTLED_EPOCHS if compiled else 3) or (compiled and training.tiers.name == "eager"):
        if training.tiers.problem:
            raise SystemExit(training.tiers.problem)
        next(events)
    epoch, began = training.epoch, time.process_time()
    while time.process_time() - began < seconds:
        next(events)
    return (training.epoch - epoch) / (time.process_time() - began)


def first_second(network: str) -> float:
    """Return the epochs of the first second after the first step, by the clock, as after a click on Train."""
    from nets.runs.warm import warm_up

    warm_up()
    training = _started(network, compiled=True)
    events = _events(training)
    while not training.step:
        next(events)
    began = time.perf_counter()
    while time.perf_counter() - began < 1:
        next(events)
    return float(training.epoch)


def _started(network: str, *, compiled: bool) -> "Training":
    from nets.experiment import parse
    from nets.runs.process import keep_memory
    from nets.training import Training

    keep_memory()
    return Training(parse(settings(network, compile=compiled)))


def _events(training: "Training") -> Any:
    from nets.training import Controls

    return training.events(Controls())


def _data(network: str) -> tuple[Any, Any, Any]:
    """Return training points, labels ±1, and a network as a tutorial writes it."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    training = _started(network, compiled=False)
    widths = [2, *NETWORKS[network], 1]
    layers = [part for a, b in itertools.pairwise(widths) for part in (nn.Linear(a, b), nn.Tanh())]
    return training.parts.train.x, training.parts.train.targets, nn.Sequential(*layers)


def tutorial(network: str, seconds: float) -> float:
    """Return epochs a second of the loop that tutorials write."""
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    from tests.bench.plain import plain_loop

    x, y, model = _data(network)
    loader = DataLoader(TensorDataset(x, y), batch_size=10, shuffle=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.03)

    def epochs(count: int) -> float:
        return plain_loop(model, loader, nn.MSELoss(), optimizer, count, clock=time.process_time) / len(loader)

    return epochs(max(2, int(seconds * epochs(2))))


def tuned(network: str, seconds: float) -> float:
    """Return epochs a second of the same operations without a DataLoader: data in one tensor, fused steps."""
    import torch
    from torch import nn

    x, y, model = _data(network)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.03, fused=True)
    loss_function = nn.MSELoss()
    done, began = 0, time.process_time()
    while time.process_time() - began < seconds:
        order = torch.randperm(len(x))
        for batch, target in zip(x[order].split(10), y[order].split(10), strict=True):
            optimizer.zero_grad()
            loss_function(model(batch), target).backward()
            optimizer.step()
        done += 1
    return done / (time.process_time() - began)


MEASURES = {
    "engine, compiled": lambda network, seconds: engine(network, seconds, compiled=True),
    "engine, eager": lambda network, seconds: engine(network, seconds, compiled=False),
    "tutorial loop": tutorial,
    "tuned loop": tuned,
    "engine, first second": lambda network, _: first_second(network),
}


class Playground:
    """TensorFlow Playground's engine, translated once.

    Raises:
        LookupError: saying what is missing.
    """

    def __init__(self, folder: Path) -> None:
        checkout = os.environ.get("PLAYGROUND_TFP")
        if not checkout:
            raise LookupError("PLAYGROUND_TFP names no checkout of it")
        if not (shutil.which("node") and shutil.which("npx")):
            raise LookupError("node and npx are not at hand")
        source, self._script = Path(checkout) / "src" / "nn.ts", folder / "tfp.cjs"
        command = ["npx", "--yes", "esbuild", str(source), "--format=cjs", f"--outfile={folder / 'nn.cjs'}"]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            raise LookupError(f"esbuild could not translate {source}")
        self._script.write_text(TFP)

    def epochs_a_second(self, network: str, seconds: float, *, losses: bool) -> float:
        """Return its epochs a second of a core's own time."""
        shape = str([2, *NETWORKS[network], 1])
        command = ["node", str(self._script), shape, str(seconds), str(losses).lower()]
        return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def compare(rounds: int, seconds: float, networks: Iterable[str] = NETWORKS) -> list[dict[str, float | str]]:
    """Return rows of rates, medians over the rounds, and of their ratios in the same round."""
    rows: list[dict[str, float | str]] = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            playground: Playground | None = Playground(Path(folder))
        except LookupError as missing:
            playground = None
            print(f"Without TensorFlow Playground's engine: {missing}.", file=sys.stderr)
        for network in networks:
            found: dict[str, list[float]] = {}
            for turn in range(rounds):
                for name in MEASURES:
                    found.setdefault(name, []).append(_apart(name, network, seconds, Path(folder) / f"home{turn}"))
                for losses in (False, True) if playground else ():
                    name = "TensorFlow Playground" + (" with losses" if losses else "")
                    assert playground is not None
                    found.setdefault(name, []).append(playground.epochs_a_second(network, seconds, losses=losses))
            rows += _rows(network, found)
    return rows


def _rows(network: str, found: dict[str, list[float]]) -> list[dict[str, float | str]]:
    rows: list[dict[str, float | str]] = [
        {"measure": f"{network}: {name}", "value": statistics.median(rates), "unit": "epochs/s"}
        for name, rates in found.items()
    ]
    for base in ("tutorial loop", "tuned loop", "TensorFlow Playground", "TensorFlow Playground with losses"):
        for name in ("engine, compiled", "engine, first second", "engine, eager"):
            if base in found:
                ratio = statistics.median(one / other for one, other in zip(found[name], found[base], strict=True))
                rows.append({"measure": f"{network}: {name} over {base}", "value": ratio, "unit": "ratio"})
    return rows


def _apart(name: str, network: str, seconds: float, home: Path) -> float:
    """Measure in a process of its own; what is compiled in a round is kept for that round alone."""
    if name == "engine, first second":
        home = home.with_name(f"{home.name}-{network[:3]}-first")  # nothing is there yet
    command = [sys.executable, "-m", "tests.bench.tiny", "--one", name, "--network", network, "--seconds", str(seconds)]
    environment = {**os.environ, "PLAYGROUND_HOME": str(home)}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    return float(done.stdout)


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.tiny")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each")
    parser.add_argument("--one", choices=tuple(MEASURES), help=argparse.SUPPRESS)
    parser.add_argument("--network", choices=tuple(NETWORKS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(MEASURES[options.one](options.network, options.seconds))
        return
    for row in compare(options.rounds, options.seconds):
        print(f"{row['measure']:70} {row['value']:10.2f} {row['unit']}")


if __name__ == "__main__":
    main()
