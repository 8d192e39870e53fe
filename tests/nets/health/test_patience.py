"""What lies near a threshold is told calmly: it comes after two looks, and goes when it has been gone for a while."""

from collections.abc import Iterable, Iterator

import pytest

from nets.health import Insides, Layer, Patience, Vitals
from nets.health.patience import CALM_SECONDS, ENOUGH_MISSED, ENOUGH_SEEN
from tests.nets.experiments import small

SICK = Layer("hidden1", 0.1, units=4, answers=64, dead=(0, 1, 2))
WELL = Layer("hidden1", 0.1, units=4, answers=64)
SOON, LATE = 0.5, CALM_SECONDS


def look(step: int, layer: Layer, status: str = "training") -> Vitals:
    return Vitals(small(), [{"epoch": step, "train_loss": 1.0}], step, status, Insides(step, 64, (layer,)))


def told(looks: Iterable[Layer], pause: float = LATE) -> list[bool]:
    """Is anything told after each look, ``pause`` seconds one after the other?"""
    times: Iterator[float] = iter(place * pause for place in range(1000))
    patience = Patience(lambda: next(times))
    return [bool(patience.findings("a", look(60 + place, layer))) for place, layer in enumerate(looks)]


def test_a_single_look_says_nothing():
    assert told([SICK, WELL, SICK, WELL, WELL]) == [False] * 5


def test_what_stays_is_told_from_the_second_look_on():
    assert told([SICK] * 6) == [False] * (ENOUGH_SEEN - 1) + [True] * (7 - ENOUGH_SEEN)


def test_what_is_found_now_and_then_does_not_flicker():
    assert all(told([SICK, SICK, *([WELL, WELL, WELL, SICK] * 20)])[1:])


@pytest.mark.parametrize(("pause", "looks"), [(LATE, ENOUGH_MISSED), (SOON, 1 + round(CALM_SECONDS / SOON))])
def test_what_is_mended_goes_after_enough_looks_and_enough_time(pause, looks):
    seen = told([SICK, SICK, *[WELL] * 40], pause)
    assert seen.index(False, 2) == 1 + looks
    assert not any(seen[1 + looks :])


def test_the_same_look_twice_counts_once():
    patience = Patience()
    vitals = look(60, SICK)
    assert not any(patience.findings("a", vitals) for _ in range(5))
    assert patience.findings("a", look(61, SICK))


@pytest.mark.parametrize(("run", "step"), [("b", 62), ("a", 3)])
def test_another_run_or_one_from_the_start_begins_anew(run, step):
    patience = Patience()
    for place in (60, 61):
        patience.findings("a", look(place, SICK))
    assert not patience.findings(run, look(step, WELL))


@pytest.mark.parametrize("status", ["paused", "completed"])
def test_a_run_that_stands_still_is_judged_as_it_is(status):
    patience = Patience()
    assert patience.findings("a", look(60, SICK, status))
    assert not patience.findings("a", look(61, WELL, status))


def test_the_figure_is_the_newest():
    patience = Patience()
    worse = Layer("hidden1", 0.1, units=4, answers=64, dead=(0, 1, 2, 3))
    for place, layer in enumerate([SICK, SICK, worse]):
        findings = patience.findings("a", look(60 + place, layer))
    assert findings[0].sees.startswith("4 of 4 units")
