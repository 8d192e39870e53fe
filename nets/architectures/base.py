"""What an architecture is: a config that builds a network for given data."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from nets.activations import ACTIVATIONS
from nets.config import Config
from nets.datasets.base import DataInfo
from nets.initializers import INITIALIZERS
from nets.registry import Registry, config_registrar, one_of

if TYPE_CHECKING:
    from torch import nn

if TYPE_CHECKING:
    ActivationName = str
    InitializerName = str
else:
    ActivationName = one_of(ACTIVATIONS)
    InitializerName = one_of(INITIALIZERS)
Norm = Literal["none", "batch", "layer"]
Width = Annotated[int, Field(ge=1, le=4096)]
Dropout = Annotated[float, Field(ge=0, le=0.95)]
OUTPUT_ACTIVATIONS = ("auto", *ACTIVATIONS.names(), "softmax", "log_softmax")


@dataclass(frozen=True)
class Room:
    """How many numbers a network holds: its parameters, and what one example leaves behind in it while training."""

    parameters: int
    activations: int

    def __add__(self, other: "Room") -> "Room":
        return Room(self.parameters + other.parameters, self.activations + other.activations)


class CannotBuild(ValueError):
    """The config makes no network of these data. ``field`` is the path inside the config."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class ArchitectureConfig(Config):
    """Settings of one architecture. The names of a network's layers end with their place: hidden1, act1, hidden2."""

    help: ClassVar[str]
    objectives: ClassVar[tuple[str, ...]] = ("supervised",)
    """The training rules that such a network fits, the usual one first."""

    kind: str = ""
    activation: ActivationName = "relu"
    """Between layers."""
    norm: Norm = "none"
    """Normalization after each layer's weights."""
    output_activation: Literal[OUTPUT_ACTIVATIONS] = "auto"  # type: ignore[valid-type]
    """After the last layer; auto takes what the loss needs."""
    initializer: InitializerName = "default"
    """How the weights start."""

    def check(self, data: DataInfo) -> None:
        """Raise ``CannotBuild`` where the config makes no network of these data."""
        raise NotImplementedError

    def fitted(self, data: DataInfo) -> "ArchitectureConfig":  # noqa: ARG002
        """Return these settings with what other data than before ask for: a switch of the data brings it along."""
        return self

    def room(self, data: DataInfo, num_outputs: int) -> Room:
        """Return what the network would hold, without building it: that may not fit, and torch may not be there yet."""
        raise NotImplementedError

    def build(self, data: DataInfo, num_outputs: int) -> "nn.Module":
        """Return the network, (B, *input_shape) → (B, num_outputs), its weights as the initializer has them."""
        raise NotImplementedError


ARCHITECTURES: Registry[type[ArchitectureConfig]] = Registry("architecture")
architecture = config_registrar(ARCHITECTURES, "kind")


def learning_by(rule: str) -> tuple[str, ...]:
    """Return the names of the architectures that fit a training rule."""
    return tuple(name for name, config in ARCHITECTURES.items() if rule in config.objectives)


def output_module(name: str, dim: int = 1) -> "nn.Module | None":
    """Return the module of an output activation over axis ``dim`` of (B, K); None for identity and auto."""
    from torch import nn

    if name in ("auto", "identity"):
        return None
    if name in ("softmax", "log_softmax"):
        return nn.Softmax(dim=dim) if name == "softmax" else nn.LogSoftmax(dim=dim)
    return ACTIVATIONS.get(name).build()


def dense_room(widths: tuple[int, ...], *, first: int, norm: Norm, num_outputs: int) -> Room:
    """Return what dense layers over ``first`` inputs and the output layer behind them hold."""
    room = Room(0, 0)
    for width in widths:
        norm_weights = 0 if norm == "none" else 2 * width
        room += Room(first * width + width + norm_weights, (2 if norm == "none" else 3) * width)
        first = width
    return room + Room(first * num_outputs + num_outputs, num_outputs)


def assemble(
    modules: "list[tuple[str, nn.Module]]", config: ArchitectureConfig, *, last: int, num_outputs: int
) -> "nn.Module":
    """Return named modules with the output layer and its activation behind them as one network, its weights started.

    Args:
        modules: everything before the output layer, giving (B, last).
        config: whose output activation and initializer to take.
        last: width of what the output layer sees.
        num_outputs: its own width.
    """
    from torch import nn

    modules = [*modules, ("output", nn.Linear(last, num_outputs))]
    if (activation := output_module(config.output_activation)) is not None:
        modules.append(("output_activation", activation))
    model = nn.Sequential(OrderedDict(modules))
    INITIALIZERS.get(config.initializer).apply(model)
    return model


def dense_layers(
    widths: tuple[int, ...], *, first: int, activation: str, norm: Norm, dropout: tuple[float, ...], prefix: str
) -> "tuple[list[tuple[str, nn.Module]], int]":
    """Return named modules of dense layers, and the width of the last: weights, norm, activation, dropout each.

    Args:
        widths: neurons of each layer.
        first: inputs of the first layer.
        activation: name of the activation.
        norm: normalization after the weights.
        dropout: share dropped after each layer.
        prefix: start of the weight layers' names: "hidden" gives hidden1, norm1, act1, drop1.
    """
    from torch import nn

    modules: list[tuple[str, Any]] = []
    for place, (width, share) in enumerate(zip(widths, dropout, strict=True), start=1):
        modules.append((f"{prefix}{place}", nn.Linear(first, width)))
        if norm != "none":
            modules.append((f"norm{place}", nn.BatchNorm1d(width) if norm == "batch" else nn.LayerNorm(width)))
        modules.append((f"act{place}", ACTIVATIONS.get(activation).build()))
        if share:
            modules.append((f"drop{place}", nn.Dropout(share)))
        first = width
    return modules, first
