"""Numbers of every epoch, kept short enough to draw."""

import itertools
import math

import pytest

from nets.training import History


def rows(count, first=0):
    return [{"epoch": epoch, "loss": 1 / (1 + epoch)} for epoch in range(first, first + count)]


def test_few_rows_stay_as_they_are():
    history = History(limit=10)
    history.extend(rows(7))
    assert history.rows == rows(7)
    assert history.last == rows(7)[-1]


def test_nothing_has_no_last_row():
    assert History().last is None
    assert History().column("loss") == []


@pytest.mark.parametrize("limit", [4, 10, 11])
@pytest.mark.parametrize("count", [11, 50, 1000])
def test_many_rows_are_thinned_evenly(limit, count):
    history = History(limit=limit)
    for row in rows(count):
        history.extend([row])
        assert len(history.rows) <= limit + 1
        assert history.last == row
    epochs = history.column("epoch")
    assert epochs[0] == 0
    assert epochs[-1] == count - 1
    assert epochs == sorted(set(epochs))
    gaps = [after - before for before, after in itertools.pairwise(epochs[:-1])]
    assert len(set(gaps)) == 1
    assert len(epochs) > limit / 2


def test_all_at_once_is_the_same_as_one_by_one():
    one, other = History(limit=8), History(limit=8)
    one.extend(rows(100))
    for row in rows(100):
        other.extend([row])
    assert one.rows == other.rows


def test_a_value_that_a_row_lacks_is_nan():
    history = History()
    history.extend([{"epoch": 0}, {"epoch": 1, "loss": 0.5}])
    column = history.column("loss")
    assert math.isnan(column[0])
    assert column[1] == 0.5
