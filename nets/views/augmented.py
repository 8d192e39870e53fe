"""Training pictures as augmentation shows them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, smaller, view

if TYPE_CHECKING:
    from nets.training import Training

LARGEST = 64


@dataclass(frozen=True)
class Augmented:
    """``pictures`` (times + 1, N, C, h, w) uint8: N training pictures as they are, then each time they are seen."""

    pictures: np.ndarray


@view
class AugmentedView(View):
    """Some training pictures, as they are and as they could be seen."""

    changes_with_weights: ClassVar[bool] = False
    kind: Literal["augmented"] = "augmented"
    count: Annotated[int, Field(ge=1, le=32)] = 8
    """Pictures."""
    times: Annotated[int, Field(ge=1, le=8)] = 3
    """How often each is seen."""

    def prepare(self) -> None:
        """Import torchvision's transforms."""
        from torchvision.transforms import v2  # noqa: F401 - half a second, no part of a look

    def look(self, training: "Training") -> Augmented:
        """Return the pictures; what is drawn by chance is no part of the training's own."""
        import torch

        pictures = training.parts.train.first(self.count).x
        devices = [training.device] if training.device.type == "cuda" else []
        with torch.random.fork_rng(devices=devices):
            torch.manual_seed(0)
            seen = [
                torch.cat([training.inputs.augmented(picture[None]) for picture in pictures]) for _ in range(self.times)
            ]
        return Augmented(np.stack([smaller(each, LARGEST).contiguous().cpu().numpy() for each in (pictures, *seen)]))
