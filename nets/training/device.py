"""Where to train."""

from typing import TYPE_CHECKING

from nets.problems import InvalidExperiment, Problem

if TYPE_CHECKING:
    import torch


def choose_device(name: str) -> "torch.device":
    """Return the device called ``name``; ``auto`` is CUDA if there is one that works, else the processor.

    Raises:
        InvalidExperiment: if CUDA is asked for and there is none.
    """
    import torch

    if name == "cpu":
        return torch.device("cpu")
    if torch.cuda.is_available():
        return torch.device("cuda")
    if name == "cuda":
        raise InvalidExperiment([Problem("train.device", "cuda was asked for and none is here; take auto or cpu")])
    return torch.device("cpu")
