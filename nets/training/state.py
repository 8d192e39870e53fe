"""All that a training needs to go on exactly where it was: tensors, and facts that JSON can carry."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nets.experiment import MOST_THREADS, Experiment, dump, parse
from nets.training.watchers import BestWeights, PlateauWatcher

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from nets.datasets import Split
    from nets.training.training import Training

VERSION = 1
WEIGHTS = "weights."
TENSOR = "__tensor__"


class DamagedState(ValueError):
    """The tensors and facts are not those of a training."""


def capture(training: "Training") -> "tuple[dict[str, Tensor], dict[str, Any]]":
    """Return copies of every tensor on the processor, by name, and everything else as JSON values.

    The network's weights are called ``weights.`` and their name in the network.
    """
    tensors: dict[str, Tensor] = {}
    optimizers = training.built_optimizers
    best = training.best
    tree = {
        "version": VERSION,
        "experiment": dump(training.experiment),
        "step": training.step,
        "epoch": training.epoch,
        "cursor": training.batches.cursor,
        "seconds": training.seconds,
        "max_epochs": training.max_epochs,
        "metrics": dict(training.metrics),
        "target_met": training.target_met,
        "ending": training.ending,
        "plateau": vars(training.plateau),
        "randomness": list(training.randomness.state),
        "best": {"loss": best.loss, "epoch": best.epoch, "weights": best.weights},
        "optimizer": optimizers[0].state_dict()["state"] if optimizers else None,
        "opponents": [optimizer.state_dict()["state"] for optimizer in optimizers[1:]],
        "compiled_since": training.tiers.since,
        "threads": training.threads,
        "weights": training.model.state_dict(),
    }
    facts = _without_tensors(tree, "", tensors)
    return tensors, facts


def restore(tensors: "Mapping[str, Tensor]", facts: Mapping[str, Any], split: "Split | None" = None) -> "Training":
    """Return a training that goes on where ``capture`` found another one.

    Args:
        tensors: by name.
        facts: the rest.
        split: the data, where they are loaded already.

    Raises:
        DamagedState: if these are not what ``capture`` gave.
        InvalidExperiment: if the experiment can't be run here.
    """
    from nets.training.training import Training

    if facts.get("version") != VERSION:
        raise DamagedState(f"the state has version {facts.get('version')}; this Playground reads version {VERSION}")
    training = Training(experiment_of(facts), split, threads=threads_of(facts))
    try:
        tree = _with_tensors(facts, tensors)
        training.restore(tree["weights"])
        training.step, training.epoch = int(tree["step"]), int(tree["epoch"])
        training.seconds, training.max_epochs = float(tree["seconds"]), int(tree["max_epochs"])
        training.metrics, training.target_met = tree["metrics"], bool(tree["target_met"])
        training.ending = tree["ending"] and (tree["ending"][0], str(tree["ending"][1]))
        training.tiers.since = tree.get("compiled_since")
        training.plateau = PlateauWatcher()
        vars(training.plateau).update({name: tree["plateau"][name] for name in vars(training.plateau)})
        training.randomness.state = tuple(tree["randomness"])
        training.best = BestWeights()
        vars(training.best).update({name: tree["best"][name] for name in ("loss", "epoch", "weights")})
        for place, state in enumerate((tree["optimizer"], *tree.get("opponents", ()))):
            if state:
                restore_optimizer(training.optimizers[place], state)
        cursor = int(facts["cursor"])
    except (KeyError, TypeError, ValueError, RuntimeError, IndexError) as error:
        raise DamagedState(f"the state does not fit its experiment: {error}") from None
    training.batches.start_epoch(training.epoch, training.experiment.train.batch_size)
    training.batches.cursor = min(max(0, cursor), len(training.parts.train))
    training.good = training.weights()
    return training


def experiment_of(facts: Mapping[str, Any]) -> Experiment:
    """Return the experiment of a state."""
    return parse(facts.get("experiment"))


def threads_of(facts: Mapping[str, Any]) -> int:
    """Return on how many threads a state was trained.

    Raises:
        DamagedState: if that is no possible number.
    """
    threads = facts.get("threads", 1)
    if type(threads) is not int or not 1 <= threads <= MOST_THREADS:
        raise DamagedState(f"the state was trained on {threads} threads; 1 to {MOST_THREADS} can be")
    return threads


def to_text(facts: Mapping[str, Any]) -> str:
    """Return facts as JSON; floats are exact, and infinite ones are allowed."""
    return json.dumps(facts)


def restore_optimizer(optimizer: "torch.optim.Optimizer", state: Any) -> None:
    """Give a fresh optimizer its memory back, each tensor laid out in memory like the weight it belongs to."""
    import torch

    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]

    def laid_out(value: Any, parameter: "Tensor") -> Any:
        if isinstance(value, torch.Tensor) and value.shape == parameter.shape:
            return torch.empty_like(parameter).copy_(value)
        return value

    memory = {
        int(place): {name: laid_out(value, parameters[int(place)]) for name, value in entries.items()}
        for place, entries in state.items()
    }
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": memory, "param_groups": groups})


def _without_tensors(tree: Any, path: str, tensors: "dict[str, Tensor]") -> Any:
    """Return a tree as JSON values; its tensors go into ``tensors`` under their paths."""
    import torch

    if isinstance(tree, torch.Tensor):
        tensors[path] = tree.detach().cpu().clone(memory_format=torch.contiguous_format)
        return {TENSOR: path}
    if isinstance(tree, Mapping):
        inside = f"{path}." if path else ""
        return {str(key): _without_tensors(value, f"{inside}{key}", tensors) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [_without_tensors(value, f"{path}.{place}", tensors) for place, value in enumerate(tree)]
    return tree


def _with_tensors(tree: Any, tensors: "Mapping[str, Tensor]") -> Any:
    if isinstance(tree, Mapping):
        if TENSOR in tree:
            return tensors[tree[TENSOR]].clone()  # aligned in memory, as sums want it to come out alike
        return {key: _with_tensors(value, tensors) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_with_tensors(value, tensors) for value in tree]
    return tree
