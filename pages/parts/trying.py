"""A picture that somebody draws, uploads or films: from what the pad says to what the network sees."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from nets.experiment import Experiment
from nets.runs.run import Run
from nets.views.placement import Placement, placed
from nets.views.subject import pixels_of
from pages.parts.components.packing import pack
from pages.parts.payloads import moment

GREY, COLOUR = 1, 2
LARGEST_SIDE = 512


@dataclass
class Choice:
    """What a visitor has chosen to look at on the Images screen; it lasts as long as the browser session.

    ``index`` is a test picture, ``pixels`` a picture of the visitor's own, ``cell`` of the confusion matrix, ``value``
    an output value to take apart, ``sheet`` the test pictures as one image, with what they were made of.
    """

    index: int = 0
    pixels: str = ""
    cell: dict[str, int] | None = None
    value: dict[str, Any] | None = None
    data: object = None
    model: object = None
    sheet: tuple[Any, Any] | None = None

    def belong_to(self, experiment: Experiment) -> None:
        """Start anew where the data are others than those that were chosen from; another network has other layers."""
        if experiment.data != self.data:
            self.index, self.pixels, self.cell, self.data = 0, "", None, experiment.data
        if experiment.model != self.model:
            self.value, self.model = None, experiment.model


def picture_said(message: bytes) -> np.ndarray | None:
    """Return the picture in what a pad says, (H, W) or (H, W, 3) uint8; None where it is empty again.

    Raises:
        ValueError: if it is none of its messages: the sender may be anybody.
    """
    kind, pixels = message[0], np.frombuffer(message, np.uint8, offset=1)
    if kind == 0:
        return None
    channels = {GREY: 1, COLOUR: 3}.get(kind, 0)
    side = math.isqrt(pixels.size // channels) if channels else 0
    if not 0 < side <= LARGEST_SIDE or side * side * channels != pixels.size:
        raise ValueError("a pad says a square picture, in grey or in colour")
    return pixels.reshape((side, side) if channels == 1 else (side, side, 3))


def hear(choice: Choice, run: Run, message: bytes) -> None:
    """Take what a pad says as the visitor's own picture, placed as the training pictures are."""
    placement: Placement | None = run.views.get("placement")
    picture = picture_said(message)
    if placement is None or picture is None:
        choice.pixels = ""
        return
    choice.pixels = pixels_of(placed(picture, placement))


def pad_payload(run: Run) -> bytes:
    """Return what the pad must know; other data get an empty sheet."""
    placement: Placement | None = run.views.get("placement")
    has_colors = placement is not None and not placement.is_ink
    return pack({**moment(run), "colors": has_colors, "sheet": run.experiment.data.model_dump_json()})
