"""How far a run is, as the numbers strip says it: an epoch that takes long moves."""

import math
from dataclasses import replace

import pytest

from nets.training import Timing
from pages.parts.payloads import epochs_done, share_of_epoch
from tests.nets.experiments import small
from tests.pages.fakes import run_of

BATCH = 7


@pytest.mark.parametrize(("seconds", "shown"), [(0.1, "1"), (5.0, "1.4"), (60.0, "1.42")])
def test_an_epoch_that_takes_long_moves(seconds, shown):
    run = run_of(small({"data.num_points": 1000, "train.batch_size": BATCH}))
    first = run.frame
    assert first is not None
    steps = math.ceil(first.train_examples / BATCH)
    done = Timing(steps, 1, seconds)
    rows = ({**run.history.rows[0], "epoch": 1, "step": steps},)
    now = steps + round(0.425 * first.train_examples / BATCH)
    run.take(replace(first, epoch=1, step=now, rows=rows, timing=done))
    assert epochs_done(run) == shown
    run.take(replace(first, epoch=1, step=now + steps, rows=(), timing=done))
    assert share_of_epoch(run) == 0.99
    run.take(replace(first, epoch=first.max_epochs, step=now, rows=(), timing=done))
    assert epochs_done(run) == f"{first.max_epochs}"
