"""The engine against the loop of the tutorials, on pictures in MNIST's format that this makes itself.

``python -m tests.bench.tutorial [--rounds N] [--epochs N] [--threads N] [--short]`` prints a table: steps a second of
both, each in a process of its own, in turn, the same network, data, batch size, optimizer and threads, float32.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from torch import nn

ROOT = Path(__file__).resolve().parents[2]
COUNT, TEST_COUNT = 20_000, 2_000
SHORT_COUNT = 256
EPOCHS = 10
"""Together some 2,000 steps: what a course takes MNIST's 60,000 pictures through the network for."""
NETWORKS: dict[str, dict[str, Any]] = {
    "784-128-64-10, batch 100": {
        "model": {"kind": "mlp", "hidden_sizes": [128, 64]},
        "train": {"optimizer": {"kind": "sgd", "learning_rate": 0.01, "momentum": 0.9}, "batch_size": 100},
    },
    "two convolutions, batch 64": {
        "model": {"kind": "cnn"},
        "train": {"optimizer": {"kind": "adam", "learning_rate": 0.001}, "batch_size": 64},
    },
}
Measured = tuple[float, float]
"""Steps a second while training, and the accuracy on the test part afterwards."""


def write_pictures(home: Path, count: int = COUNT) -> None:
    """Write digits of scikit-learn, each moved and blurred by chance, as MNIST's four files below ``home``."""
    from nets.datasets.images.digits import Digits

    folder = home / "datasets" / "MNIST" / "raw"
    folder.mkdir(parents=True)
    split = Digits().load(0)
    rng = np.random.default_rng(0)
    for name, x, y, size in (
        ("train", split.train_x, split.train_y, count),
        ("t10k", split.test_x, split.test_y, TEST_COUNT),
    ):
        chosen = rng.integers(len(x), size=size)
        shifts = rng.integers(-3, 4, size=(size, 2))
        moved = [np.roll(picture, tuple(shift), (0, 1)) for picture, shift in zip(x[chosen, 0], shifts, strict=True)]
        noisy = np.clip(np.stack(moved) + rng.normal(0, 20, (size, 28, 28)), 0, 255).astype(np.uint8)
        pictures = np.array([0x803, size, 28, 28], ">i4").tobytes() + noisy.tobytes()
        labels = np.array([0x801, size], ">i4").tobytes() + y[chosen].astype(np.uint8).tobytes()
        (folder / f"{name}-images-idx3-ubyte").write_bytes(pictures)
        (folder / f"{name}-labels-idx1-ubyte").write_bytes(labels)


def tutorial(network: str, epochs: int, threads: int) -> Measured:
    """Train as torch's and torchvision's tutorials do: a data set with ToTensor and Normalize, and a DataLoader."""
    import torch
    from torch import nn
    from torch.utils.data import DataLoader
    from torchvision import datasets, transforms

    torch.set_num_threads(threads)
    torch.manual_seed(0)
    transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    root = Path(os.environ["PLAYGROUND_HOME"]) / "datasets"
    train, test = (datasets.MNIST(root, train=part, transform=transform) for part in (True, False))
    settings = NETWORKS[network]["train"]
    loader = DataLoader(train, batch_size=settings["batch_size"], shuffle=True)
    model = _plain(network)
    loss_function = nn.CrossEntropyLoss()
    optimizer: torch.optim.Optimizer
    if settings["optimizer"]["kind"] == "sgd":
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    else:
        optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    steps, began = 0, time.perf_counter()
    for _ in range(epochs):
        for x, y in loader:
            optimizer.zero_grad()
            loss = loss_function(model(x), y)
            loss.backward()
            optimizer.step()
            loss.item()
            steps += 1
    seconds = time.perf_counter() - began
    model.eval()
    with torch.no_grad():
        right = sum((model(x).argmax(dim=1) == y).sum().item() for x, y in DataLoader(test, batch_size=1000))
    return steps / seconds, right / len(test)


def _plain(network: str) -> "nn.Sequential":
    from torch import nn

    if NETWORKS[network]["model"]["kind"] == "mlp":
        layers = [nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)]
        return nn.Sequential(*layers)
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(64 * 7 * 7, 128),
        nn.ReLU(),
        nn.Linear(128, 10),
    )


def engine(network: str, epochs: int, threads: int, precision: str = "float32") -> Measured:
    """Train with the engine, as a worker does."""
    from nets.experiment import parse
    from nets.runs.process import keep_memory
    from nets.training import Controls, Training

    keep_memory()
    parts = NETWORKS[network]
    training = Training(
        parse(
            {
                "version": 1,
                "data": {"kind": "images", "name": "mnist"},
                "model": parts["model"],
                "train": {**parts["train"], "max_epochs": epochs, "precision": precision, "threads": threads},
            }
        )
    )
    for _ in training.events(Controls()):
        pass
    return training.step / training.seconds, training.metrics["test_accuracy"]


def compare(rounds: int, epochs: int, *, threads: int = 1, count: int = COUNT) -> list[dict[str, float | str]]:
    """Return a row for each network: medians of the rates, their ratio in the same round, and accuracies."""
    rows: list[dict[str, float | str]] = []
    with tempfile.TemporaryDirectory() as home:
        write_pictures(Path(home), count)
        for network in NETWORKS:
            found: dict[str, list[Measured]] = {"tutorial": [], "engine": [], "bfloat16": []}
            for _ in range(rounds):
                for which in found:
                    found[which].append(_apart(home, which, network, epochs, threads))
            ratios = {
                which: statistics.median(
                    one[0] / other[0] for one, other in zip(found[which], found["tutorial"], strict=True)
                )
                for which in ("engine", "bfloat16")
            }
            rows.append(
                {
                    "network": f"{network}, {threads} thread{'s' if threads > 1 else ''}",
                    **{
                        f"{which} steps a second": statistics.median(rate for rate, _ in found[which])
                        for which in found
                    },
                    **{f"{which} over tutorial": ratio for which, ratio in ratios.items()},
                    **{f"{which} accuracy": statistics.median(right for _, right in found[which]) for which in found},
                }
            )
    return rows


def _apart(home: str, which: str, network: str, epochs: int, threads: int) -> Measured:
    """Measure in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.tutorial", "--one", which, "--network", network]
    done = subprocess.run(
        [*command, "--epochs", str(epochs), "--threads", str(threads)],
        cwd=ROOT,
        env={**os.environ, "PLAYGROUND_HOME": home},
        check=True,
        capture_output=True,
        text=True,
    )
    rate, right = done.stdout.split()
    return float(rate), float(right)


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.tutorial")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--threads", type=int, default=1, help="of each; torch by itself takes one for each core")
    parser.add_argument("--short", action="store_true", help="one round of one epoch over few pictures")
    parser.add_argument("--one", choices=("tutorial", "engine", "bfloat16"), help=argparse.SUPPRESS)
    parser.add_argument("--network", choices=tuple(NETWORKS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one == "tutorial":
        print(*tutorial(options.network, options.epochs, options.threads))
    elif options.one:
        precision = "bfloat16" if options.one == "bfloat16" else "float32"
        print(*engine(options.network, options.epochs, options.threads, precision))
    else:
        less = {"rounds": 1, "epochs": 1, "count": SHORT_COUNT}
        more = {"rounds": options.rounds, "epochs": options.epochs, "count": COUNT}
        rows = compare(**(less if options.short else more), threads=options.threads)
        for row in rows:
            for name, value in row.items():
                print(value if isinstance(value, str) else f"  {name}: {value:.3f}")


if __name__ == "__main__":
    main()
