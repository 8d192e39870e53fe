"""Optimizers by name, each a config with the arguments people turn."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from nets.config import Config
from nets.registry import Registry, config_registrar, union_of

if TYPE_CHECKING:
    import torch

LearningRate = Annotated[float, Field(gt=0, le=1e9)]
Share = Annotated[float, Field(ge=0, lt=1)]
Decay = Annotated[float, Field(ge=0, le=10)]


class OptimizerConfig(Config):
    """What all optimizers have: a learning rate, and how they are built."""

    torch_class: ClassVar[str]
    takes_closure: ClassVar[bool] = False
    has_fused: ClassVar[bool] = False
    lean_class: ClassVar[str] = ""
    """What of ``nets.lean_optimizers`` does the same in less time, if anything."""
    help: ClassVar[str]

    kind: str = ""
    learning_rate: LearningRate = 0.01
    """Step size: how far weights move against the gradient."""

    def arguments(self) -> dict[str, Any]:
        """Return the keyword arguments of the ``torch.optim`` class, learning rate included."""
        fields = self.model_dump(exclude={"kind", "learning_rate", "beta1", "beta2"})
        if "beta1" in type(self).model_fields:
            fields["betas"] = (self.beta1, self.beta2)  # type: ignore[attr-defined]
        return {"lr": self.learning_rate, **fields}

    def build(self, parameters: "Iterable[torch.nn.Parameter]") -> "torch.optim.Optimizer":
        """Return the optimizer over ``parameters``, fused into one kernel where torch has one."""
        import torch

        from nets import lean_optimizers

        extra: dict[str, Any] = {"fused": True} if self.has_fused else {}
        torchs = getattr(torch.optim, self.torch_class)
        made_by = getattr(lean_optimizers, self.lean_class) if self.lean_class else lean_optimizers.lean(torchs)
        optimizer: torch.optim.Optimizer = made_by(list(parameters), **self.arguments(), **extra)
        return optimizer


class _Decaying(OptimizerConfig):
    weight_decay: Decay = 0.0
    """Share of each weight that is subtracted at each step, times the learning rate."""


class _Adaptive(_Decaying):
    learning_rate: LearningRate = 0.001
    beta1: Share = 0.9
    """Memory of the mean of the gradients."""
    beta2: Share = 0.999
    """Memory of the mean of their squares."""


OPTIMIZERS: Registry[type[OptimizerConfig]] = Registry("optimizer")
optimizer = config_registrar(OPTIMIZERS, "kind")


@optimizer
class SGD(_Decaying):
    """Stochastic gradient descent (Robbins and Monro 1951), with momentum (Polyak 1964) or Nesterov's variant."""

    torch_class = "SGD"
    has_fused = True
    help = "Plain gradient steps; momentum smooths them"
    kind: Literal["sgd"] = "sgd"
    learning_rate: LearningRate = 0.03
    momentum: Share = 0.0
    """Share of the last step that is taken again."""
    nesterov: bool = False
    """Look ahead along the momentum before taking the gradient."""

    @model_validator(mode="after")
    def _nesterov_needs_momentum(self) -> "SGD":
        if self.nesterov and self.momentum == 0:
            raise ValueError("nesterov looks ahead along the momentum; set momentum above 0 (0.9 is usual)")
        return self


@optimizer
class Adam(_Adaptive):
    """Kingma and Ba (2014)."""

    torch_class = "Adam"
    has_fused = True
    lean_class = "LeanAdam"
    help = "Step size per weight from mean and square of its gradients"
    kind: Literal["adam"] = "adam"


@optimizer
class AdamW(_Adaptive):
    """Loshchilov and Hutter (2017)."""

    torch_class = "AdamW"
    has_fused = True
    lean_class = "LeanAdamW"
    help = "Adam with weight decay apart from the gradient"
    kind: Literal["adamw"] = "adamw"
    weight_decay: Decay = 0.01


@optimizer
class RMSprop(_Decaying):
    """Tieleman and Hinton (2012)."""

    torch_class = "RMSprop"
    help = "Divides by a running root mean square of the gradients"
    kind: Literal["rmsprop"] = "rmsprop"
    learning_rate: LearningRate = 0.001
    alpha: Share = 0.99
    """Memory of the mean square."""
    momentum: Share = 0.0
    """Share of the last step that is taken again."""


@optimizer
class Adagrad(_Decaying):
    """Duchi, Hazan and Singer (2011)."""

    torch_class = "Adagrad"
    has_fused = True
    help = "Steps shrink for weights that have moved a lot"
    kind: Literal["adagrad"] = "adagrad"
    learning_rate: LearningRate = 0.01


@optimizer
class Adadelta(_Decaying):
    """Zeiler (2012)."""

    torch_class = "Adadelta"
    help = "Finds its own step size; leave the learning rate at 1"
    kind: Literal["adadelta"] = "adadelta"
    learning_rate: LearningRate = 1.0
    rho: Share = 0.9
    """Memory of the mean squares."""


@optimizer
class NAdam(_Adaptive):
    """Dozat (2016)."""

    torch_class = "NAdam"
    help = "Adam with Nesterov's look-ahead"
    kind: Literal["nadam"] = "nadam"
    learning_rate: LearningRate = 0.002


@optimizer
class RAdam(_Adaptive):
    """Liu et al. (2019)."""

    torch_class = "RAdam"
    help = "Adam that warms up by itself"
    kind: Literal["radam"] = "radam"


@optimizer
class LBFGS(OptimizerConfig):
    """Liu and Nocedal (1989); best with the whole training set as one batch."""

    torch_class = "LBFGS"
    takes_closure = True
    help = "Quasi-Newton: few, large, costly steps; best on the full batch"
    kind: Literal["lbfgs"] = "lbfgs"
    learning_rate: LearningRate = 1.0
    max_iter: Annotated[int, Field(ge=1, le=100)] = 10
    """Inner iterations of one step."""
    history_size: Annotated[int, Field(ge=1, le=100)] = 10
    """How many past gradients shape the curvature."""


OptimizerUnion = union_of(OPTIMIZERS, "kind")
