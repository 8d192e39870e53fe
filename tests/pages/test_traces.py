"""Bands and strips of the concepts' figures."""

import pytest

from pages.parts.concepts.traces import above_strips, bands


def test_two_colours_shade_the_whole_height_and_three_get_strips_that_do_not_overlap():
    assert {(shape["y0"], shape["y1"]) for shape in bands([("#111", [(0, 1), (2, 3)]), ("#222", [(0, 1)])])} == {(0, 1)}
    strips = bands([("#111", [(0, 1)]), ("#222", []), ("#111", [(4, 5)])])
    assert [(shape["x0"], shape["x1"]) for shape in strips] == [(0, 1), (4, 5)]
    assert strips[0]["y1"] < strips[1]["y0"]


def test_strips_lie_below_what_is_drawn():
    assert above_strips(-1.0, 1.0, 2) == [-1.0, 1.0]
    low, high = above_strips(-1.0, 1.0, 10)
    assert (-1.0 - low) / (high - low) == pytest.approx(0.3)
