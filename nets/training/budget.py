"""Is there room for a network? Counted on torch's meta device, where tensors have shapes and no memory."""

from typing import TYPE_CHECKING

from nets.problems import InvalidExperiment, Problem

if TYPE_CHECKING:
    from torch import Tensor, nn

    from nets.experiment import Experiment

MAX_PARAMETERS = 250_000_000
MAX_ACTIVATIONS = 1_000_000_000


def check_room(experiment: "Experiment", num_outputs: int, batch: int) -> None:
    """Refuse a network whose weights, or whose activations for one step, would not fit an ordinary computer.

    Raises:
        InvalidExperiment: with both figures that matter.
    """
    import torch

    info = experiment.data.info()
    plain = experiment.model.model_copy(update={"initializer": "default"})
    with torch.device("meta"):
        model = plain.build(info, num_outputs).eval()
        parameters = sum(parameter.numel() for parameter in model.parameters())
        activations = _activations(model, torch.empty(1, *info.input_shape)) * batch
    if parameters > MAX_PARAMETERS:
        message = f"the network would have {parameters:,} parameters; at most {MAX_PARAMETERS:,} are taken"
        raise InvalidExperiment([Problem("model", message)])
    if activations > MAX_ACTIVATIONS:
        message = (
            f"one step would hold {activations:,} activations; at most {MAX_ACTIVATIONS:,} are taken: "
            f"take fewer examples than {batch:,} or a smaller network"
        )
        raise InvalidExperiment([Problem("train.batch_size", message)])


def _activations(model: "nn.Module", example: "Tensor") -> int:
    count = 0

    def add(_module: "nn.Module", _inputs: object, output: "Tensor") -> None:
        nonlocal count
        count += output.numel()

    handles = [module.register_forward_hook(add) for module in model.children()]
    model(example)
    for handle in handles:
        handle.remove()
    return count
