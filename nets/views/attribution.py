"""Which pixels of a picture speak for a class, three ways, by captum (Kokhlikyan et al. 2020)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, finite, share_bytes, signed_bytes, smaller, smaller_sides, view
from nets.views.passages import check_classes, passages
from nets.views.subject import LARGEST_DRAWN, Subject

if TYPE_CHECKING:
    from torch import Tensor, nn

    from nets.training import Training

Method = Literal["saliency", "integrated_gradients", "grad_cam"]
METHODS: tuple[Method, ...] = ("saliency", "integrated_gradients", "grad_cam")


@dataclass(frozen=True)
class Heat:
    """How much each pixel counts, by one method.

    ``map`` (h, w) uint8: 0 … 255 from nothing to ``scale``; where it is ``signed``, 127 is zero, more speaks for the
    class and less against it, and 254 stands for ``scale``. Empty, (0, 0), where ``why_not`` says that the method does
    not go with this network. ``total`` is the sum over all pixels; ``layer`` names the layer that Grad-CAM looks at.
    """

    method: Method
    map: np.ndarray
    signed: bool
    scale: float
    total: float
    layer: str = ""
    why_not: str = ""


@dataclass(frozen=True)
class Attribution:
    """What speaks for class ``target`` in ``picture``, (H, W) or (H, W, 3) uint8, of at most 96 pixels a side.

    ``predicted`` is the likeliest class, ``share`` the share of the target, ``actual`` the true class if it is known.
    ``score`` is what the network gives for the target, ``black_score`` what it gives for a black picture: integrated
    gradients add up to their difference, but for the steps that they take.
    """

    target: int
    predicted: int
    actual: int | None
    share: float
    score: float
    black_score: float
    heats: tuple[Heat, ...]
    picture: np.ndarray


@view
class AttributionView(View):
    """Saliency, integrated gradients and Grad-CAM of one picture.

    Simonyan et al. (2013): the largest gradient over the colours. Sundararajan et al. (2017): gradients on the way
    from a black picture, times the way, added up. Selvaraju et al. (2017): maps of the last convolution, weighted by
    their mean gradient, what speaks against the class left out.
    """

    kind: Literal["attribution"] = "attribution"
    subject: Subject = Subject()
    """Which picture."""
    target: Annotated[int, Field(ge=0)] | None = None
    """The class to speak for; empty takes the one that is predicted."""
    methods: Annotated[tuple[Method, ...], Field(min_length=1, max_length=3)] = METHODS
    """Which of the three."""
    steps: Annotated[int, Field(ge=2, le=64)] = 16
    """Pictures on the way from black, for integrated gradients."""

    @property
    def every_seconds(self) -> float:
        """Each method goes back through the network, one of them for many pictures."""
        return 1.0

    def prepare(self) -> None:
        """Import captum."""
        import captum.attr  # noqa: F401

    def look(self, training: "Training") -> Attribution:
        """Return the maps.

        Raises:
            ValueError: if there is no such picture or class, or the data have no classes.
        """
        import torch

        info = training.experiment.data.info()
        check_classes(training)
        if self.target is not None and self.target >= info.num_targets:
            raise ValueError(
                f"target is class {self.target}; the {info.num_targets} classes count from 0 to {info.num_targets - 1}"
            )
        picture = self.subject.picture(training)
        x, black = training.inputs(picture), training.inputs(torch.zeros_like(picture))
        with torch.inference_mode():
            outputs = training.model(torch.cat([x, black]))
            shares = training.objective.shares(outputs[:1])[0].nan_to_num(0).clamp(0, 1)
        predicted = int(shares.argmax())
        target = predicted if self.target is None else self.target
        score = score_of(training.model, target)
        with torch.inference_mode():
            scored, black_scored = finite(score(torch.cat([x, black]))).tolist()
        with torch.enable_grad():
            heats = tuple(FUNCTIONS[method](self, training.model, score, x, black) for method in self.methods)
        return Attribution(
            target,
            predicted,
            self.subject.label(training),
            shares[target].item(),
            scored,
            black_scored,
            heats,
            self.subject.drawable(training),
        )

    def _saliency(self, model: "nn.Module", score: "Score", x: "Tensor", black: "Tensor") -> Heat:  # noqa: ARG002
        from captum.attr import Saliency

        gradient = Saliency(score).attribute(x.clone().requires_grad_())[0]  # (C, H, W)
        return _heat("saliency", gradient.detach().amax(dim=0), signed=False)

    def _integrated(self, model: "nn.Module", score: "Score", x: "Tensor", black: "Tensor") -> Heat:  # noqa: ARG002
        from captum.attr import IntegratedGradients

        found = IntegratedGradients(score).attribute(x.clone().requires_grad_(), black, n_steps=self.steps)[0]
        return _heat("integrated_gradients", found.detach().sum(dim=0), signed=True)

    def _grad_cam(self, model: "nn.Module", score: "Score", x: "Tensor", black: "Tensor") -> Heat:  # noqa: ARG002
        from captum.attr import LayerGradCam
        from torch.nn import functional

        found = last_convolution(model, x)
        if found is None:
            why = "Grad-CAM looks at the feature maps of the last convolution, and this network has none"
            return Heat("grad_cam", np.zeros((0, 0), np.uint8), False, 0.0, 0.0, why_not=why)
        name, layer = found
        cam = LayerGradCam(score, layer).attribute(x.clone().requires_grad_(), relu_attributions=True).detach()
        sides = smaller_sides(x.shape[2], x.shape[3], LARGEST_DRAWN)
        return _heat("grad_cam", functional.interpolate(cam, sides, mode="bilinear")[0, 0], signed=False, layer=name)


Score = Callable[["Tensor"], "Tensor"]
FUNCTIONS: dict[Method, Callable[[AttributionView, "nn.Module", Score, "Tensor", "Tensor"], Heat]] = {
    "saliency": AttributionView._saliency,
    "integrated_gradients": AttributionView._integrated,
    "grad_cam": AttributionView._grad_cam,
}


def score_of(model: "nn.Module", target: int) -> Score:
    """Return inputs (B, …) → what the network gives for class ``target``, (B,): of two classes it may give one number.

    A single output speaks for class 1, and its opposite for class 0.
    """

    def score(x: "Tensor") -> "Tensor":
        outputs = model(x)
        if outputs.shape[1] > 1:
            return outputs[:, target]
        return outputs[:, 0] if target else -outputs[:, 0]

    return score


def last_convolution(model: "nn.Module", x: "Tensor") -> "tuple[str, nn.Module] | None":
    """Return the last layer that convolves, or the block that does, and gives feature maps; None where there is none.

    Args:
        model: a row of layers.
        x: one input (1, C, H, W).
    """
    import torch
    from torch import nn

    found = None
    with torch.inference_mode():
        for passage in passages(model, x):
            convolves = any(isinstance(module, nn.Conv2d) for module in passage.module.modules())
            if convolves and passage.after.dim() == 4:
                found = passage.name, passage.module
    return found


def _heat(method: Method, values: "Tensor", *, signed: bool, layer: str = "") -> Heat:
    whole = finite(values).cpu()
    drawn = finite(smaller(whole[None], LARGEST_DRAWN)[0])
    scale = drawn.abs().max()
    shares = drawn / scale.clamp(min=1e-30)
    heat = signed_bytes(shares) if signed else share_bytes(shares)
    return Heat(method, heat, signed, scale.item(), finite(whole.sum()).item(), layer)
