"""The engine's training over sequences against the plain loop: a DataLoader, an LSTM that takes the batch first, Adam.

``python -m tests.bench.sequences [--rounds N] [--epochs N]`` prints a table: steps and time steps a second on one core,
each loop in a process of its own, in turn; the same network, data, batch size, optimizer and loss. The losses at the
end say that both learn alike.
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
LOOPS = ("engine", "plain loop", "engine, bfloat16")
SIZES = {"small": (24, 24, 32), "wide": (50, 128, 64)}
"""Steps of a window, units of the LSTM, windows of a batch."""
Measured = dict[str, float]


def experiment(size: str, epochs: int, seed: int, precision: str = "float32") -> dict[str, Any]:
    """Return the settings of one comparison."""
    window, hidden, batch = SIZES[size]
    return {
        "data": {"kind": "series", "name": "sines", "num_steps": 3000, "window": window},
        "model": {"kind": "rnn", "cell": "lstm", "hidden_size": hidden},
        "train": {
            "optimizer": {"kind": "adam", "learning_rate": 0.001},
            "batch_size": batch,
            "max_epochs": epochs,
            "seed": seed,
            "precision": precision,
        },
    }


def plain(size: str, epochs: int, seed: int) -> Measured:
    """Train as a tutorial does: a DataLoader over a TensorDataset, ``batch_first``, plain Adam, a look at each loss."""
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    from nets.experiment import parse

    class Network(nn.Module):
        def __init__(self, hidden: int) -> None:
            super().__init__()
            self.lstm = nn.LSTM(1, hidden, batch_first=True)
            self.output = nn.Linear(hidden, 1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            """(B, T, 1) → (B, 1)."""
            states, _ = self.lstm(x)
            return self.output(states[:, -1])

    torch.manual_seed(seed)
    _, hidden, batch = SIZES[size]
    split = parse(experiment(size, epochs, seed)).data.load(seed)
    x, y = torch.from_numpy(split.train_x), torch.from_numpy(split.train_y)
    model, criterion = Network(hidden), nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    loader = DataLoader(TensorDataset(x, y), batch_size=batch, shuffle=True)
    steps, began = 0, time.perf_counter()
    for _ in range(epochs):
        for batch_x, batch_y in loader:
            optimizer.zero_grad()
            loss = criterion(model(batch_x), batch_y)
            loss.backward()
            optimizer.step()
            loss.item()
            steps += 1
    seconds = time.perf_counter() - began
    with torch.no_grad():
        return {"rate": steps / seconds, "loss": criterion(model(x[:1000]), y[:1000]).item()}


def engine(size: str, epochs: int, seed: int, precision: str) -> Measured:
    """Train the same with this project."""
    import torch

    from nets.experiment import parse
    from nets.runs.process import keep_memory
    from nets.training import Controls, Training

    keep_memory()
    training = Training(parse(experiment(size, epochs, seed, precision)))
    for _ in training.events(Controls()):
        pass
    part = training.parts.train.first(1000)
    with torch.no_grad():
        loss = torch.nn.functional.mse_loss(training.predict(part.x), part.labels).item()
    return {"rate": training.timing().steps_per_second, "loss": loss}


def compare(size: str, rounds: int, epochs: int) -> dict[str, Measured]:
    """Return for each loop the median of every number over rounds in turn."""
    found: dict[str, list[Measured]] = {name: [] for name in LOOPS}
    for seed in range(rounds):
        for place, name in enumerate(LOOPS):
            command = [
                sys.executable,
                "-m",
                "tests.bench.sequences",
                "--loop",
                str(place),
                size,
                str(epochs),
                str(seed),
            ]
            environment = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
            done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
            found[name].append(orjson.loads(done.stdout))
    return {name: {key: statistics.median(row[key] for row in rows) for key in rows[0]} for name, rows in found.items()}


def rows(rounds: int, epochs: int) -> list[dict[str, float | str]]:
    """Return the comparisons as rows of the benchmark's report."""
    listed: list[dict[str, float | str]] = []
    for size, (window, hidden, batch) in SIZES.items():
        found = compare(size, rounds, epochs)
        about = f"lstm {hidden}, {window} steps, batch {batch}"
        for name, numbers in found.items():
            listed.append({"measure": f"{about}: {name}", "value": numbers["rate"], "unit": "steps a second"})
            seen = numbers["rate"] * window * batch
            listed.append({"measure": f"{about}: {name}", "value": seen, "unit": "time steps a second"})
            listed.append({"measure": f"{about}: {name}, train loss", "value": numbers["loss"], "unit": ""})
        for name in (LOOPS[0], LOOPS[2]):
            ratio = found[name]["rate"] / found["plain loop"]["rate"]
            listed.append({"measure": f"{about}: {name} over plain loop", "value": ratio, "unit": "ratio"})
    return listed


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sequences")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--loop", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.loop:
        import torch

        torch.set_num_threads(1)
        from nets.runs.warm import warm_steps

        warm_steps()  # the first step that a process takes imports half of torch
        place, size, epochs, seed = options.loop
        if place == "1":
            measured = plain(size, int(epochs), int(seed))
        else:
            measured = engine(size, int(epochs), int(seed), "float32" if place == "0" else "bfloat16")
        print(orjson.dumps(measured).decode())
        return
    for row in rows(options.rounds, options.epochs):
        print(f"{row['measure']:64} {row['value']:12.3f} {row['unit']}")


if __name__ == "__main__":
    main()
