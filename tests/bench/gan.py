"""The engine's adversarial training against the loop of the tutorials, on the dense pair over 28×28 digits.

``python -m tests.bench.gan [--rounds N] [--epochs N]`` prints a table: steps a second on one core, each loop in a
process of its own, an epoch each in turn; the same networks, data, batch size, optimizers and losses, float32. What
counts is the processor's time, not the clock's, and the ratio is taken epoch by epoch: other work beside it slows all
of them. The means and spreads of made pictures and of the discriminator's verdicts say that all learn alike.
"""

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

ROOT = Path(__file__).resolve().parents[2]
LOOPS = ("engine", "tutorial", "tutorial, data in one tensor")
FOUND = ("real", "fake", "bright", "spread")
"""What the discriminator says of real and made pictures, and mean and spread of the pixels of made ones."""
Measured = dict[str, float]


@dataclass(frozen=True)
class Epoch:
    """One epoch of a loop: steps a second of the processor's time, and what has been learnt until then."""

    rate: float
    found: Measured


EXPERIMENT: dict[str, Any] = {
    "data": {"kind": "images", "name": "digits", "size": 28},
    "model": {"kind": "gan", "generator_sizes": [128], "discriminator_sizes": [128]},
    "train": {
        "objective": {
            "kind": "adversarial",
            "optimizer": {"kind": "adam", "learning_rate": 0.0002, "beta1": 0.5},
        },
        "optimizer": {"kind": "adam", "learning_rate": 0.0002, "beta1": 0.5},
        "batch_size": 64,
    },
}


def tutorial(seed: int, *, resident: bool) -> Iterator[Epoch]:
    """Train as torch's DCGAN tutorial does: real and made pictures one after the other, plain Adam, a DataLoader.

    Yields after each epoch what it took and what has been learnt.
    """
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    from nets.experiment import parse

    torch.manual_seed(seed)
    split = parse(EXPERIMENT).data.load(0)
    pictures = torch.from_numpy(split.train_x).float() / 127.5 - 1
    labels = torch.from_numpy(split.train_y)
    generator = nn.Sequential(
        nn.Linear(100, 128), nn.ReLU(), nn.Linear(128, 784), nn.Tanh(), nn.Unflatten(1, (1, 28, 28))
    )
    discriminator = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.LeakyReLU(0.2), nn.Linear(128, 1), nn.Sigmoid())
    criterion = nn.BCELoss()
    opponent = torch.optim.Adam(discriminator.parameters(), lr=0.0002, betas=(0.5, 0.999))
    optimizer = torch.optim.Adam(generator.parameters(), lr=0.0002, betas=(0.5, 0.999))
    loader = DataLoader(TensorDataset(pictures, labels), batch_size=64, shuffle=True)
    while True:
        steps, began = 0, time.process_time()
        shuffled = pictures[torch.randperm(len(pictures))]
        batches = ((batch, None) for batch in shuffled.split(64)) if resident else loader
        for real, _label in batches:
            discriminator.zero_grad()
            error_real = criterion(discriminator(real).view(-1), torch.full((len(real),), 1.0))
            error_real.backward()
            fake = generator(torch.randn(len(real), 100))
            error_fake = criterion(discriminator(fake.detach()).view(-1), torch.full((len(real),), 0.0))
            error_fake.backward()
            opponent.step()
            generator.zero_grad()
            error = criterion(discriminator(fake).view(-1), torch.full((len(real),), 1.0))
            error.backward()
            optimizer.step()
            (error_real + error_fake).item()
            error.item()
            steps += 1
        seconds = time.process_time() - began
        with torch.no_grad():
            made = generator(torch.randn(1000, 100))
            yield Epoch(steps / seconds, _found(discriminator(pictures[:1000]), discriminator(made), made))


def engine(seed: int) -> Iterator[Epoch]:
    """Train the same with this project as its worker does; measuring after each epoch does not count."""
    import torch

    from nets.experiment import parse, with_value
    from nets.runs.process import keep_memory
    from nets.training import Controls, EpochDone, StepDone, Training

    keep_memory()
    settings = with_value(with_value(EXPERIMENT, "train.max_epochs", 100_000), "train.seed", seed)
    training = Training(parse(settings))
    rule, model = training.objective, training.model
    steps, seconds, began = 0, 0.0, time.process_time()
    for event in training.events(Controls()):
        if isinstance(event, StepDone):
            steps, seconds = steps + 1, seconds + time.process_time() - began
        elif isinstance(event, EpochDone) and steps:
            with torch.no_grad():
                pictures = training.inputs(training.parts.train.x[:1000])
                made = rule.sample(model, rule.latents(1000, seed, "cpu"))
                yield Epoch(steps / seconds, _found(model(pictures).sigmoid(), model(made).sigmoid(), made))
            steps, seconds = 0, 0.0
        began = time.process_time()


def _found(real: Any, fake: Any, made: Any) -> Measured:
    values = (real.mean(), fake.mean(), made.mean(), made.std(dim=0).mean())
    return {name: float(value) for name, value in zip(FOUND, values, strict=True)}


def serve(place: int, seed: int) -> None:
    """Train an epoch for each line that comes in, and print what it took."""
    import torch

    torch.set_num_threads(1)
    from nets.runs.warm import warm_up

    warm_up()
    epochs = engine(seed) if place == 0 else tutorial(seed, resident=place == 2)
    for _line in sys.stdin:
        epoch = next(epochs)
        print(orjson.dumps({"rate": epoch.rate, **epoch.found}).decode(), flush=True)


def player(place: int, seed: int) -> "subprocess.Popen[str]":
    """Return a process that serves the loop in its place of ``LOOPS``; it ends when nothing more can come in."""
    command = [sys.executable, "-m", "tests.bench.gan", "--loop", str(place), str(seed)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def play(seed: int, epochs: int) -> dict[str, list[Measured]]:
    """Return what each loop says after each of its epochs, one loop at a time; the first two epochs warm up."""
    found: dict[str, list[Measured]] = {name: [] for name in LOOPS}
    with contextlib.ExitStack() as stack:
        players = [stack.enter_context(player(place, seed)) for place in range(len(LOOPS))]
        for _epoch in range(epochs + 2):
            for name, process in zip(LOOPS, players, strict=True):
                assert process.stdin
                assert process.stdout
                process.stdin.write("\n")
                process.stdin.flush()
                found[name].append(orjson.loads(process.stdout.readline()))
    return {name: numbers[2:] for name, numbers in found.items()}


def compare(rounds: int, epochs: int) -> dict[str, Measured]:
    """Return the medians of each loop's numbers and of its ``ratio``: the engine's rate over its own, epoch by epoch.

    What was learnt is that of the last epochs of all rounds.
    """
    played = [play(seed, epochs) for seed in range(rounds)]
    result: dict[str, Measured] = {}
    for name in LOOPS:
        pairs = [pair for one in played for pair in zip(one["engine"], one[name], strict=True)]
        ends = [one[name][-1] for one in played]
        result[name] = {key: statistics.median(end[key] for end in ends) for key in FOUND}
        result[name]["rate"] = statistics.median(own["rate"] for _, own in pairs)
        result[name]["ratio"] = statistics.median(ours["rate"] / own["rate"] for ours, own in pairs)
    return result


def rows(rounds: int, epochs: int) -> list[dict[str, float | str]]:
    """Return the comparison as rows of the benchmark's report."""
    found = compare(rounds, epochs)
    listed: list[dict[str, float | str]] = []
    for name, numbers in found.items():
        listed.append({"measure": f"dense gan, batch 64: {name}", "value": numbers["rate"], "unit": "steps a second"})
        listed += [{"measure": f"dense gan: {name}, {key}", "value": numbers[key], "unit": ""} for key in FOUND]
    for name in LOOPS[1:]:
        listed.append({"measure": f"dense gan: engine over {name}", "value": found[name]["ratio"], "unit": "ratio"})
    return listed


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.gan")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--loop", nargs=2, type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.loop:
        serve(*options.loop)
        return
    for row in rows(options.rounds, options.epochs):
        print(f"{row['measure']:60} {row['value']:10.3f} {row['unit']}")


if __name__ == "__main__":
    main()
