"""What clicks on the map do to points drawn by hand."""

import pytest

from pages.parts.drawing import ERASER_RADIUS, place_point
from tests.nets.experiments import small
from tests.pages.fakes import fake_bench

POINTS = [[-2.0, 0.0, 0], [2.0, 0.0, 1], [2.0, 0.5, 1]]


@pytest.fixture(autouse=True)
def _no_page(monkeypatch):
    monkeypatch.setattr("streamlit.rerun", lambda: None)


@pytest.fixture
def bench():
    return fake_bench(small({"data.name": "drawn", "data.points": POINTS}))


def click(bench, x1, x2, action="add", label=1):
    place_point(bench, {"x1": x1, "x2": x2, "action": action, "label": label})
    return bench.changes.get("data.points")


def test_a_click_adds_a_point(bench):
    assert click(bench, 1.234, -0.006) == [*POINTS, [1.23, -0.01, 1]]


def test_a_point_outside_comes_to_the_edge(bench):
    assert click(bench, -7, 99, label=0) == [*POINTS, [-6.0, 6.0, 0]]


def test_the_same_place_may_be_clicked_twice(bench):
    assert click(bench, 2.0, 0.0, label=0) == [*POINTS, [2.0, 0.0, 0]]


def test_the_eraser_takes_what_it_reaches_and_no_more(bench):
    assert click(bench, 2.0, 0.25, "erase") == POINTS[:1]
    assert click(bench, 2.0, ERASER_RADIUS + 0.01, "erase") == POINTS[:2]
    assert click(bench, 2.0, 5.0, "erase") == POINTS


@pytest.mark.parametrize("point", [None, {}])
def test_no_click_changes_nothing(bench, point):
    place_point(bench, point)
    assert bench.changes == {}


def test_data_of_another_kind_take_no_points():
    bench = fake_bench(small())
    assert click(bench, 0, 0) is None
