"""Checkpoints: states of a training in safetensors files, written so that a crash leaves the old or the new one."""

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nets.training.state import DamagedState, capture, restore, to_text

if TYPE_CHECKING:
    from torch import Tensor

    from nets.datasets import Split
    from nets.training import Training

MOST = 50
MOST_BYTES = 512 << 20
POLICY = f"Up to {MOST} checkpoints a run are kept, spread evenly over its epochs; the first and the last always."
SUFFIX = ".safetensors"


@dataclass(frozen=True, order=True)
class Checkpoint:
    """A state on disk: after how many steps and whole epochs, and where."""

    step: int
    epoch: int
    path: Path

    def size(self) -> int:
        """Return its bytes; 0 if it has just gone."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0


def checkpoints(folder: Path) -> list[Checkpoint]:
    """Return what a run's folder holds, the earliest first."""
    found = []
    for path in (folder / "checkpoints").glob(f"*-*{SUFFIX}"):
        step, _, epoch = path.name.removesuffix(SUFFIX).partition("-")
        if step.isdecimal() and epoch.isdecimal():
            found.append(Checkpoint(int(step), int(epoch), path))
    return sorted(found)


def save(training: "Training", folder: Path) -> Checkpoint:
    """Write the training's state below a run's folder, and drop what is too much.

    Raises:
        OSError: if the disk is full or read-only; what was there stays.
    """
    from safetensors.torch import save as to_bytes

    tensors, facts = capture(training)
    path = folder / "checkpoints" / f"{training.step:012d}-{training.epoch:09d}{SUFFIX}"
    write_atomically(path, to_bytes(tensors, metadata={"facts": to_text(facts)}))
    _thin(folder)
    return Checkpoint(training.step, training.epoch, path)


def load(path: Path, split: "Split | None" = None) -> "Training":
    """Return the training that a checkpoint holds.

    Raises:
        DamagedState: if the file is no such thing.
        OSError: if it can't be read.
    """
    tensors, facts = read(path)
    return restore(tensors, facts, split)


def read(path: Path) -> "tuple[dict[str, Tensor], Mapping[str, Any]]":
    """Return the tensors and the facts of a checkpoint, or raise as ``load`` does."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "pt") as file:
            facts = json.loads((file.metadata() or {})["facts"])
            return {name: file.get_tensor(name) for name in file.keys()}, facts  # noqa: SIM118 - it is no mapping
    except (SafetensorError, KeyError, ValueError, RecursionError) as error:
        raise DamagedState(f"{path.name} is no checkpoint, or it is damaged: {error}") from None


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, even if the power goes.

    Raises:
        OSError: if it can't be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def _thin(folder: Path) -> None:
    """Drop, while there are too many, the one whose going leaves the smallest gap."""
    kept = checkpoints(folder)
    sizes = {checkpoint: checkpoint.size() for checkpoint in kept}
    while len(kept) > 2 and (len(kept) > MOST or sum(sizes[checkpoint] for checkpoint in kept) > MOST_BYTES):
        place = min(range(1, len(kept) - 1), key=lambda i: kept[i + 1].step - kept[i - 1].step)
        kept.pop(place).path.unlink(missing_ok=True)
    if len(kept) == 2 and sum(sizes[checkpoint] for checkpoint in kept) > MOST_BYTES:
        kept[0].path.unlink(missing_ok=True)
