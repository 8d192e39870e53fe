"""The engine's training over series and texts against the plain loop: a DataLoader, ``batch_first``, plain Adam.

``python -m tests.bench.sequences [--rounds N] [--epochs N] [--only WORD]`` prints a table: steps and time steps a
second of a core's own time, each loop in a process of its own, in turn; the same network, data, batch size, optimizer
and loss. What is left of the loss says that both learn alike. Time steps count no padding.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from nets.experiment import Experiment

ROOT = Path(__file__).resolve().parents[2]
PLAIN = "plain loop"
LOOPS: dict[str, dict[str, Any]] = {
    "engine": {},
    PLAIN: {},
    "engine, bfloat16": {"train.precision": "bfloat16"},
    "engine, length buckets": {"data.length_buckets": True},
}
"""What the experiment of each case becomes."""
CASES: dict[str, dict[str, Any]] = {
    "lstm 24 over 24 steps": {"hidden": 24, "window": 24, "batch": 32},
    "lstm 128 over 50 steps": {"hidden": 128, "window": 50, "batch": 64},
    "reviews": {"recipe": "reviews-lstm", "train.batch_size": 64, "data.length_buckets": False},
    "reviews, small": {"recipe": "reviews-lstm", "model.hidden_size": 64, "data.length_buckets": False},
    "next letter": {
        "recipe": "python-docs-lstm",
        "data.length": 60_000,
        "model.hidden_size": 256,
        "train.batch_size": 64,
        "train.schedule": {"kind": "constant"},
    },
}
EPOCHS = {"next letter": 1}
"""Where fewer than asked for are enough."""
Measured = dict[str, float]


def experiment(case: str, epochs: int, seed: int, loop: str = "engine") -> "Experiment":
    """Return what is trained."""
    from nets.experiment import parse, with_value
    from nets.recipes import recipes

    changes = dict(CASES[case])
    if name := changes.pop("recipe", ""):
        settings: Any = recipes().get(name).experiment.model_dump(mode="json")
    else:
        window, hidden, batch = (changes.pop(key) for key in ("window", "hidden", "batch"))
        settings = {
            "data": {"kind": "series", "name": "sines", "num_steps": 3000, "window": window},
            "model": {"kind": "rnn", "cell": "lstm", "hidden_size": hidden},
            "train": {"optimizer": {"kind": "adam", "learning_rate": 0.001}, "batch_size": batch},
        }
    changes |= {"train.max_epochs": min(epochs, EPOCHS.get(case, epochs)), "train.seed": seed, **LOOPS[loop]}
    for path, value in changes.items():
        settings = with_value(settings, path, value)
    return parse(settings)


def plain(case: str, epochs: int, seed: int) -> Measured:
    """Train as a tutorial does: series as a TensorDataset, texts of their own lengths padded batch by batch."""
    import torch
    from torch import Tensor, nn
    from torch.nn.utils.rnn import pad_sequence
    from torch.utils.data import DataLoader, TensorDataset

    from tests.bench.plain import lstm, plain_loop

    settings = experiment(case, epochs, seed)
    info, split, model = settings.data.info(), settings.data.load(seed), settings.model
    torch.manual_seed(seed)
    x, y = torch.from_numpy(split.train_x), torch.from_numpy(split.train_y)
    if info.vocab_size:
        x = x.long()
    has_classes = info.num_targets if info.per_step else 1
    network = lstm(
        getattr(model, "embedding_dim", 0) if info.vocab_size else info.input_shape[1],
        getattr(model, "hidden_size", 0),
        has_classes,
        tokens=info.vocab_size,
        per_step=info.per_step,
    )
    bce, entropy, mse = nn.BCEWithLogitsLoss(), nn.CrossEntropyLoss(), nn.MSELoss()

    def loss(outputs: Tensor, labels: Tensor) -> Tensor:
        if info.per_step:
            found: Tensor = entropy(outputs, labels.flatten())
            return found
        return bce(outputs[:, 0], labels.float()) if info.vocab_size else mse(outputs, labels)

    def padded(rows: list[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
        return pad_sequence([row for row, _ in rows], batch_first=True), torch.stack([label for _, label in rows])

    has_lengths = info.vocab_size > 0 and not info.per_step
    examples: Any = TensorDataset(x, y)
    if has_lengths:
        examples = [(row[row != 0], label) for row, label in zip(x, y, strict=True)]
    loader = DataLoader(
        examples, batch_size=settings.train.batch_size, shuffle=True, collate_fn=padded if has_lengths else None
    )
    optimizer = torch.optim.Adam(network.parameters(), lr=settings.train.optimizer.learning_rate)
    clip = settings.train.clip_norm
    rate = plain_loop(
        network, loader, loss, optimizer, settings.train.max_epochs, clip_norm=clip, clock=time.process_time
    )
    with torch.no_grad():
        return {"rate": rate, "loss": loss(network(x[:1000]), y[:1000]).item(), "steps": time_steps(x, settings)}


def time_steps(x: Any, settings: "Experiment") -> float:
    """Return the time steps or tokens of a step of the training, padding left out."""
    whole = float((x != 0).sum()) / len(x) if settings.data.info().vocab_size else x.shape[1]
    return whole * settings.train.batch_size


def engine(case: str, epochs: int, seed: int, loop: str) -> Measured:
    """Train the same with this project."""
    import torch

    from nets.runs.process import keep_memory
    from nets.training import Controls, StepDone, Training

    keep_memory()
    settings = experiment(case, epochs, seed, loop)
    training = Training(settings)
    seconds, before = 0.0, 0.0
    for event in training.events(Controls()):
        if isinstance(event, StepDone):
            seconds += time.process_time() - before
        before = time.process_time()
    part = training.parts.train
    with torch.no_grad():
        first = part.first(1000)
        outputs = torch.cat([training.predict(x) for x in first.x.split(100)])
        loss = training.objective.training_loss(lambda _: outputs, first.x, first.targets).item()
    return {"rate": training.step / seconds, "loss": loss, "steps": time_steps(part.x, settings)}


def loops_of(case: str) -> tuple[str, ...]:
    """Return the loops that a case is trained by; texts alone have lengths."""
    return tuple(name for name in LOOPS if case.startswith("reviews") or "buckets" not in name)


def compare(case: str, rounds: int, epochs: int) -> dict[str, Measured]:
    """Return for each loop the median of every number over rounds in turn."""
    found: dict[str, list[Measured]] = {name: [] for name in loops_of(case)}
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    for seed in range(rounds):
        for name, measured in found.items():
            asked = ["--loop", name, case, str(epochs), str(seed)]
            command = [sys.executable, "-m", "tests.bench.sequences", *asked]
            done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
            measured.append(orjson.loads(done.stdout))
    return {name: {key: statistics.median(row[key] for row in rows) for key in rows[0]} for name, rows in found.items()}


def rows(rounds: int, epochs: int, only: str = "") -> list[dict[str, float | str]]:
    """Return the comparisons as rows of the benchmark's report."""
    listed: list[dict[str, float | str]] = []
    for case in (name for name in CASES if only in name):
        found = compare(case, rounds, epochs)
        for name, numbers in found.items():
            listed.append({"measure": f"{case}: {name}", "value": numbers["rate"], "unit": "steps a second"})
            seen = numbers["rate"] * numbers["steps"]
            listed.append({"measure": f"{case}: {name}", "value": seen, "unit": "time steps a second"})
            listed.append({"measure": f"{case}: {name}, train loss", "value": numbers["loss"], "unit": ""})
        for name in (name for name in found if name != PLAIN):
            ratio = found[name]["rate"] / found[PLAIN]["rate"]
            listed.append({"measure": f"{case}: {name} over {PLAIN}", "value": ratio, "unit": "ratio"})
    return listed


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sequences")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--only", default="", help="cases with this in their name")
    parser.add_argument("--loop", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.loop:
        import torch

        torch.set_num_threads(1)
        from nets.runs.warm import warm_up

        warm_up()
        loop, case, epochs, seed = options.loop
        ask = plain(case, int(epochs), int(seed)) if loop == PLAIN else engine(case, int(epochs), int(seed), loop)
        print(orjson.dumps(ask).decode())
        return
    for row in rows(options.rounds, options.epochs, options.only):
        print(f"{row['measure']:64} {row['value']:12.3f} {row['unit']}", flush=True)


if __name__ == "__main__":
    main()
