"""What one picture is taken for."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from nets.training.parts import Part
from nets.views.base import View, view
from nets.views.passages import shares_of
from nets.views.subject import Subject

if TYPE_CHECKING:
    from nets.training import Training


@dataclass(frozen=True)
class TopClasses:
    """The likeliest ``classes`` (k,) int64 with their ``shares`` (k,) float32, the largest first.

    ``actual`` is the true class, None for given pixels; ``picture`` (H, W) or (H, W, 3) uint8, at most 96 pixels.
    """

    classes: np.ndarray
    shares: np.ndarray
    actual: int | None
    picture: np.ndarray


@view
class TopClassesView(View):
    """The likeliest classes of one picture."""

    kind: Literal["top_classes"] = "top_classes"
    subject: Subject = Subject()
    """Which picture."""
    count: Annotated[int, Field(ge=1, le=100)] = 5
    """Classes shown, at most."""

    def look(self, training: "Training") -> TopClasses:
        """Return the classes.

        Raises:
            ValueError: if there is no such picture, or the data have no classes.
        """
        picture, test = self.subject.picture(training), training.parts.test
        shares = shares_of(training, Part(picture, test.labels[:1], test.targets[:1]))[0]
        largest, classes = shares.topk(min(self.count, len(shares)))
        return TopClasses(
            classes.numpy(), largest.numpy(), self.subject.label(training), self.subject.drawable(training)
        )
