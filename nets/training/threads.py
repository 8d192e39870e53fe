"""How many processor threads a training takes where its experiment leaves that open."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nets.experiment import Experiment

LARGE_ACTIVATIONS = 1_000_000
"""Of one step, from which on threads gain more than they wait for each other."""
LARGE_PRODUCTS = 100_000_000
"""Parameters times examples of a step, likewise; dense networks below are faster in machine code, on one thread."""
MOST = 8


def use_threads(experiment: "Experiment", threads: int) -> int:
    """Let torch take the experiment's number of threads, or ``threads`` where that is left open; return the number."""
    import torch

    settings = experiment.train
    number = threads if settings.threads == "auto" else settings.threads
    torch.set_num_threads(number)
    return number


def choose_threads(experiment: "Experiment", cores: int, taken: int = 0) -> int:
    """Return a number of threads: the experiment's own, or with ``auto`` what its network gains from.

    That is one for a small network, and up to half the cores for a large one, as long as one stays free for pages and
    for other runs.

    Args:
        experiment: what is to be trained.
        cores: that all runs may take together.
        taken: threads that other runs train on now.
    """
    settings = experiment.train
    if settings.threads != "auto":
        return settings.threads
    room = experiment.model.room(experiment.data.info(), settings.objective.bind(experiment).num_outputs)
    batch = settings.batch_size
    is_large = room.activations * batch >= LARGE_ACTIVATIONS or room.parameters * batch >= LARGE_PRODUCTS
    if not is_large or settings.device == "cuda":
        return 1
    cores = min(cores, usable_cores())
    return max(1, min(cores // 2, cores - taken - 1, MOST))


def usable_cores() -> int:
    """Return how many cores this process may use: a container may have fewer than the machine."""
    from joblib import cpu_count

    return int(cpu_count())
