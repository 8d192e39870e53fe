"""Network and optimizer of an experiment, on their device and in the memory layout that is fastest."""

from typing import TYPE_CHECKING

from nets.compatibility import effective_output_activation
from nets.datasets.text.vectors import start_embedding
from nets.problems import InvalidExperiment, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import torch
    from torch import Tensor, nn

    from nets.experiment import Experiment
    from nets.objectives import Player
    from nets.optimizers import OptimizerConfig


HEAD = "output."
"""How the names of the output layer's parameters begin."""
AVERAGE = "average."
"""How those begin of a running mean of weights, which are counted elsewhere already."""


def build_network(experiment: "Experiment", num_outputs: int, device: "torch.device", seed: int) -> "nn.Module":
    """Return a fresh network, its weights drawn from ``seed`` on the processor: every device starts alike."""
    import torch
    from torch import nn

    config = experiment.model.model_copy(update={"output_activation": effective_output_activation(experiment)})
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = config.build(experiment.data.info(), num_outputs)
    if vectors := getattr(experiment.data, "vectors", None):
        start_embedding(model, vectors, experiment.data.vocabulary(experiment.train.seed))
    experiment.train.objective.extend(model)
    for module in model.modules():
        if isinstance(module, nn.Flatten):
            module.register_forward_pre_hook(_flatten_alike)
    _lay_out(model, experiment.train.optimizer)
    if experiment.train.transfer and experiment.train.transfer.freeze:
        freeze(model)
    return model.to(device)


def freeze(model: "nn.Module") -> None:
    """Let nothing learn but the output layer."""
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name.startswith(HEAD))


def learning(model: "nn.Module", prefix: str = "") -> "list[nn.Parameter]":
    """Return the parameters that learn and whose names begin with ``prefix``."""
    own = model.named_parameters()
    return [parameter for name, parameter in own if parameter.requires_grad and name.startswith(prefix)]


def size(model: "nn.Module") -> int:
    """Return how many parameters a network has."""
    return sum(parameter.numel() for name, parameter in model.named_parameters() if not name.startswith(AVERAGE))


def frozen_norms(model: "nn.Module") -> "list[nn.Module]":
    """Return the batch norms that do not learn: what they know of the data must stay as well."""
    from torch import nn

    norms = [module for module in model.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]
    return [norm for norm in norms if not any(parameter.requires_grad for parameter in norm.parameters())]


def take_over(model: "nn.Module", trunk: "Mapping[str, Tensor]") -> None:
    """Put another network's weights in place wherever name and shape are the same, but for the output layer.

    Raises:
        InvalidExperiment: if none fits.
    """
    import torch

    own = model.state_dict()
    fits = {
        name: tensor
        for name, tensor in trunk.items()
        if name in own and tensor.shape == own[name].shape and not name.startswith(HEAD)
    }
    if not fits:
        message = "no layer there has the name and shape of one here; take a run of the same kind of network"
        raise InvalidExperiment([Problem("train.transfer.source", message)])
    with torch.no_grad():
        for name, tensor in fits.items():
            own[name].copy_(tensor)


def build_optimizers(players: "Sequence[Player]", model: "nn.Module") -> "tuple[torch.optim.Optimizer, ...]":
    """Return a fresh optimizer for each player over its parameters; kernels are laid out as the first likes."""
    _lay_out(model, players[0].optimizer)
    return tuple(player.optimizer.build(learning(model, player.prefix)) for player in players)


def set_rates(optimizers: "Sequence[torch.optim.Optimizer]", rates: "Sequence[float]") -> None:
    """Give each optimizer its learning rate."""
    for optimizer, rate in zip(optimizers, rates, strict=True):
        for group in optimizer.param_groups:
            group["lr"] = rate


def _flatten_alike(flatten: "nn.Module", inputs: "tuple[Tensor, ...]") -> None:  # noqa: ARG001
    """Let the gradient come back through a flattening laid out as what went in: a pool before it would copy it."""
    import torch

    (x,) = inputs
    if x.requires_grad and x.dim() == 4 and x.is_contiguous(memory_format=torch.channels_last):
        x.register_hook(lambda gradient: gradient.contiguous(memory_format=torch.channels_last))


def _lay_out(model: "nn.Module", optimizer: "OptimizerConfig") -> None:
    """Put kernels channels last, which is fastest, but for an optimizer that strings gradients together (L-BFGS)."""
    import torch

    layout = torch.contiguous_format if optimizer.takes_closure else torch.channels_last
    # Unlike contiguous(), to() also lays out kernels over a single channel, which fit both layouts: 1.4 times faster.
    model.to(memory_format=layout)
