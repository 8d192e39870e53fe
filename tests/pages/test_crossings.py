"""What a browser still says of fields that were changed for it is not taken for a person's wish."""

import pytest

from pages.parts.crossings import SECONDS, Overtaken
from tests.nets.experiments import pictures, small


@pytest.fixture
def clock(monkeypatch):
    now = [50.0]
    monkeypatch.setattr("pages.parts.crossings.time.monotonic", lambda: now[0])
    return now


def test_old_values_of_a_recipe_are_stale_for_a_moment(clock):
    overtaken = Overtaken()
    overtaken.note(pictures({"data.size": 16}), pictures({"data.size": 8, "train.batch_size": 9}))
    assert overtaken.has({"data.size": 16})
    assert overtaken.has({"train.batch_size": 32})
    assert not overtaken.has({"data.size": 28})
    assert not overtaken.has({"train.max_epochs": 2})
    clock[0] += SECONDS
    assert not overtaken.has({"data.size": 16})


def test_what_a_person_changed_may_be_changed_back_at_once(clock):
    overtaken = Overtaken()
    overtaken.note(small(), small({"train.batch_size": 11}), asked=("train.batch_size",))
    assert not overtaken.has({"train.batch_size": 10})


def test_a_field_that_is_gone_says_nothing_any_more(clock):
    overtaken = Overtaken()
    overtaken.note(pictures(), small(), asked=("data.name",))
    assert overtaken.has({"data.size": 8})
    assert not overtaken.has({"data.name": "digits"})
