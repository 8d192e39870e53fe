"""Where transferred weights come from: a kept run, or a recipe that is trained for them once."""

import contextlib
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from nets.experiment import Experiment
from nets.home import home, run_folder
from nets.problems import InvalidExperiment, Problem
from nets.recipes import recipes
from nets.runs.checkpoints import checkpoints, read, write_atomically
from nets.training import Controls, Training
from nets.training.loading import PREFIX
from nets.training.state import DamagedState

if TYPE_CHECKING:
    from torch import Tensor


def trunk_of(experiment: Experiment) -> "dict[str, Tensor] | None":
    """Return the weights by name that a run begins with; None where it begins with its own.

    Raises:
        InvalidExperiment: if they are not here.
    """
    transfer = experiment.train.transfer
    if transfer is None or not transfer.source:
        return None
    if transfer.source in recipes():
        return trunk_of_recipe(recipes().get(transfer.source).experiment)
    try:
        kept = checkpoints(run_folder(home(), transfer.source))
        if kept:
            tensors, _ = read(kept[-1].path)
            return {name.removeprefix(PREFIX): value for name, value in tensors.items() if name.startswith(PREFIX)}
    except (DamagedState, OSError, ValueError) as error:
        raise _missing(transfer.source, f": {error}") from None
    raise _missing(transfer.source)


def _missing(source: str, why: str = "") -> InvalidExperiment:
    message = f"of the run or recipe '{source}' no weights are kept here{why}; choose another"
    return InvalidExperiment([Problem("train.transfer.source", message)])


def trunk_of_recipe(experiment: Experiment) -> "dict[str, Tensor]":
    """Return what a recipe ends with, the same each time; trained now, unless it was before."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file, save

    path = recipe_file(experiment)
    if path.is_file():
        with contextlib.suppress(SafetensorError, OSError):
            return load_file(path)
    training = Training(experiment, trunk=trunk_of(experiment))
    for _ in training.events(Controls()):
        pass
    weights = {name: value.cpu().contiguous() for name, value in training.weights().items()}
    with contextlib.suppress(OSError):  # it can be trained again
        write_atomically(path, save(weights))
    return weights


def recipe_file(experiment: Experiment) -> Path:
    """Return where the weights are kept that a recipe ends with; another torch may find others."""
    import torch

    name = sha256(f"{experiment.model_dump_json()} {torch.__version__}".encode()).hexdigest()[:32]
    return home() / "trunks" / f"{name}.safetensors"
