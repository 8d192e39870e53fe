"""The test pictures themselves, small."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from nets.views.base import View, smaller, view

if TYPE_CHECKING:
    from nets.training import Training


@dataclass(frozen=True)
class Gallery:
    """``pictures`` (N, C, h, w) uint8: the first test pictures."""

    pictures: np.ndarray


@view
class GalleryView(View):
    """The first test pictures, made smaller where they are large."""

    changes_with_weights: ClassVar[bool] = False
    kind: Literal["gallery"] = "gallery"
    count: Annotated[int, Field(ge=1, le=2000)] = 500
    """Pictures, at most."""
    size: Annotated[int, Field(ge=4, le=64)] = 32
    """Rows and columns, at most."""

    def look(self, training: "Training") -> Gallery:
        """Return the pictures."""
        return Gallery(smaller(training.parts.test.first(self.count).x, self.size).cpu().numpy())
