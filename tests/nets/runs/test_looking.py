"""How often views look, and what becomes of one that can't."""

import dataclasses

import pytest

from nets.runs.looking import SHARE, Looking
from nets.training import Controls, Training
from nets.views.base import View
from tests.nets.experiments import small


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test moves."""
    now = [100.0]
    monkeypatch.setattr("nets.runs.looking.time.perf_counter", lambda: now[0])
    return now


@dataclasses.dataclass(frozen=True)
class Seen:
    step: int


class Paced(View):
    pause: float = 0.0
    shown: int = 0

    @property
    def every_seconds(self) -> float:
        return self.pause

    def look(self, training):
        return Seen(training.step)


class Broken(View):
    def look(self, training):
        raise ValueError("no such picture\nand more")


def training_after(steps):
    training = Training(small())
    for _ in training.events(Controls()):
        if training.step == steps:
            return training
    raise AssertionError


def test_a_view_without_a_pace_comes_with_every_frame_that_has_news(clock):
    watched, training = Looking(), training_after(1)
    watched.watch({"a": Paced()})
    assert watched.look(training, running=True) == {"a": Seen(1)}
    assert watched.look(training, running=True) == {}
    assert watched.look(training_after(2), running=True) == {"a": Seen(2)}


def test_a_view_with_a_pace_waits_for_its_turn_while_the_network_trains(clock):
    watched = Looking()
    watched.watch({"a": Paced(pause=1.0)})
    training = training_after(1)
    assert watched.look(training, running=True)
    training.step = 2
    clock[0] += 0.5
    assert not watched.look(training, running=True)
    clock[0] += 0.6
    assert watched.look(training, running=True) == {"a": Seen(2)}


def test_when_training_stands_still_it_looks_at_once_and_only_once(clock):
    watched = Looking()
    watched.watch({"a": Paced(pause=9.0)})
    training = training_after(1)
    assert watched.look(training, running=True)
    training.step = 2
    assert watched.look(training, running=False) == {"a": Seen(2)}
    assert not watched.look(training, running=False)


def test_what_costs_more_than_its_pace_allows_looks_less_often(clock):
    class Slow(Paced):
        def look(self, training):
            clock[0] += 1.2
            return Seen(training.step)

    watched, training = Looking(), training_after(1)
    watched.watch({"a": Slow(pause=0.1)})
    assert watched.look(training, running=True)
    assert watched.cost == 0
    training.step = 2
    clock[0] += 1.2 / SHARE - 0.1
    assert not watched.look(training, running=True)
    clock[0] += 0.2
    assert watched.look(training, running=True)


def test_another_setting_is_looked_at_at_once(clock):
    watched, training = Looking(), training_after(1)
    watched.watch({"a": Paced(pause=9.0)})
    assert watched.look(training, running=True)
    watched.watch({"a": Paced(pause=9.0, shown=1)})
    assert watched.look(training, running=True)


def test_after_a_change_by_hand_everything_is_looked_at_anew(clock):
    watched, training = Looking(), training_after(1)
    watched.watch({"a": Paced()})
    assert watched.look(training, running=False)
    watched.forget()
    assert watched.look(training, running=False)


def test_a_view_that_fails_is_left_out_and_said(clock):
    watched, training = Looking(), training_after(1)
    watched.watch({"bad": Broken(), "good": Paced()})
    assert watched.look(training, running=True) == {"good": Seen(1)}
    assert watched.problem == "The view bad can't be shown: no such picture"
    assert set(watched.views) == {"good"}


def test_what_imports_before_it_looks_lets_one_frame_go_first(clock):
    class Importing(Paced):
        def prepare(self):
            clock[0] += 4.0

    watched, training = Looking(), training_after(1)
    watched.watch({"slow": Importing(), "a": Paced()})
    owed = []
    for expected in ({"a": Seen(1)}, {"slow": Seen(1)}):
        assert watched.look(training, running=False) == expected
        owed.append((watched.owes, clock[0]))
    assert owed == [(True, 100.0), (False, 104.0)]
    watched.forget()
    assert set(watched.look(training, running=True)) == {"slow", "a"}
