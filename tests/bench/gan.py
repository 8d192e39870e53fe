"""The engine's adversarial training against the loop of the tutorials, on the dense pair over 28×28 digits.

``python -m tests.bench.gan [--rounds N] [--epochs N]`` prints a table: steps a second on one core, each loop in a
process of its own, in turn; the same networks, data, batch size, optimizers and losses, float32. The means and spreads
of made pictures and of the discriminator's verdicts say that both learn alike.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import orjson

ROOT = Path(__file__).resolve().parents[2]
LOOPS = ("engine", "tutorial", "tutorial, data in one tensor")
FOUND = ("real", "fake", "bright", "spread")
"""What the discriminator says of real and made pictures, and mean and spread of the pixels of made ones."""
Measured = dict[str, float]

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


def tutorial(epochs: int, seed: int, *, resident: bool) -> Measured:
    """Train as torch's DCGAN tutorial does: real and made pictures one after the other, plain Adam, a DataLoader."""
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
    steps, seconds, began = 0, 0.0, time.perf_counter()
    for _ in range(epochs):
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
    seconds = time.perf_counter() - began
    with torch.no_grad():
        made = generator(torch.randn(1000, 100))
        return _found(steps / seconds, discriminator(pictures[:1000]), discriminator(made), made)


def engine(epochs: int, seed: int) -> Measured:
    """Train the same with this project, in the same process settings."""
    import torch

    from nets.experiment import parse, with_value
    from nets.runs.process import keep_memory
    from nets.training import Controls, Training

    keep_memory()
    settings = with_value(with_value(EXPERIMENT, "train.max_epochs", epochs), "train.seed", seed)
    training = Training(parse(settings))
    for _ in training.events(Controls()):
        pass
    with torch.no_grad():
        pictures = training.inputs(training.parts.train.x[:1000])
        rule, model = training.objective, training.model
        made = rule.sample(model, rule.latents(1000, seed, "cpu"))
        rate = training.timing().steps_per_second
        return _found(rate, model(pictures).sigmoid(), model(made).sigmoid(), made)


def _found(rate: float, real: Any, fake: Any, made: Any) -> Measured:
    values = (real.mean(), fake.mean(), made.mean(), made.std(dim=0).mean())
    return {"rate": rate, **{name: float(value) for name, value in zip(FOUND, values, strict=True)}}


def compare(rounds: int, epochs: int) -> dict[str, Measured]:
    """Return for each loop the median of every number over rounds in turn."""
    found: dict[str, list[Measured]] = {name: [] for name in LOOPS}
    for seed in range(rounds):
        for place, name in enumerate(LOOPS):
            command = [sys.executable, "-m", "tests.bench.gan", "--loop", str(place), str(epochs), str(seed)]
            environment = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
            done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
            found[name].append(orjson.loads(done.stdout))
    return {name: {key: statistics.median(row[key] for row in rows) for key in rows[0]} for name, rows in found.items()}


def rows(rounds: int, epochs: int) -> list[dict[str, float | str]]:
    """Return the comparison as rows of the benchmark's report."""
    found = compare(rounds, epochs)
    listed: list[dict[str, float | str]] = []
    for name, numbers in found.items():
        listed.append({"measure": f"dense gan, batch 64: {name}", "value": numbers["rate"], "unit": "steps a second"})
        listed += [{"measure": f"dense gan: {name}, {key}", "value": numbers[key], "unit": ""} for key in FOUND]
    for name in LOOPS[1:]:
        ratio = found["engine"]["rate"] / found[name]["rate"]
        listed.append({"measure": f"dense gan: engine over {name}", "value": ratio, "unit": "ratio"})
    return listed


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.gan")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--loop", nargs=3, type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.loop:
        import torch

        torch.set_num_threads(1)
        from nets.runs.warm import warm_steps

        warm_steps()  # the first step that a process takes imports half of torch
        place, epochs, seed = options.loop
        measured = engine(epochs, seed) if place == 0 else tutorial(epochs, seed, resident=place == 2)
        print(orjson.dumps(measured).decode())
        return
    for row in rows(options.rounds, options.epochs):
        print(f"{row['measure']:60} {row['value']:10.3f} {row['unit']}")


if __name__ == "__main__":
    main()
