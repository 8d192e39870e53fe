"""What a drawing pad says, and what of it is believed."""

import base64
from typing import Any

import numpy as np
import pytest

from nets.runs.protocol import Begin
from nets.runs.run import Run
from nets.views.placement import Placement
from pages.parts.trying import Choice, hear, picture_said
from tests.nets.experiments import pictures, small


def run_with(placement: Placement | None) -> Run:
    """A run that only has been asked for its pictures' placement."""
    run = Run("run1", Begin(small()))
    run.views = {} if placement is None else {"placement": placement}
    return run


GREY = Placement((1, 8, 8), is_ink=True, extent=0.8, center=(0.5, 0.5))


def said(kind, picture):
    return bytes([kind]) + picture.astype(np.uint8).tobytes()


def listed(message: bytes) -> Any:
    picture = picture_said(message)
    assert picture is not None
    return picture.tolist()


def test_a_grey_and_a_colour_picture():
    grey = np.arange(16).reshape(4, 4)
    assert listed(said(1, grey)) == grey.tolist()
    colour = np.arange(48).reshape(4, 4, 3)
    assert listed(said(2, colour)) == colour.tolist()
    assert picture_said(b"\0\0") is None


@pytest.mark.parametrize("message", [b"\1\1\1", b"\2" + bytes(16), b"\3" + bytes(16), b"\1", b"\1" + bytes(600 * 600)])
def test_anything_else_is_refused(message):
    with pytest.raises(ValueError, match="square picture"):
        picture_said(message)


def test_it_becomes_the_visitors_picture_as_the_training_set_has_its_own():
    choice = Choice()
    sheet = np.zeros((64, 64))
    sheet[5:30, 8:20] = 255
    hear(choice, run_with(GREY), said(1, sheet))
    seen = np.frombuffer(base64.b64decode(choice.pixels), np.uint8)
    assert seen.size == 64
    assert seen.max() > 200
    hear(choice, run_with(GREY), b"\0\0")
    assert choice.pixels == ""


def test_before_the_network_is_there_nothing_is_taken():
    choice = Choice()
    hear(choice, run_with(None), said(1, np.full((8, 8), 255)))
    assert choice.pixels == ""


def test_other_data_start_anew():
    choice = Choice(index=7, pixels="AA==", cell={"actual": 1, "predicted": 2}, value={"layer": "conv1"})
    choice.belong_to(pictures())
    assert (choice.index, choice.pixels, choice.cell, choice.value) == (0, "", None, None)
    choice.index = 5
    choice.belong_to(pictures({"train.max_epochs": 9}))
    assert choice.index == 5


def test_another_network_keeps_the_picture_and_forgets_the_layer():
    choice = Choice()
    choice.belong_to(pictures())
    choice.index, choice.value = 4, {"layer": "conv2"}
    choice.belong_to(pictures({"model.dense_sizes": []}))
    assert choice.index == 4
    assert not choice.value
