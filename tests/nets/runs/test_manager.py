"""Runs in worker processes: what a page sees of them, whatever happens to them."""

import itertools
import os
import signal
import threading
import time

import numpy as np
import pytest

from nets.experiment import dump
from nets.runs.manager import RunManager
from nets.runs.slots import Slots
from nets.training import Controls, EpochDone, Finished, Started, Training, fit, threads
from nets.views.network import NetworkView
from nets.views.predictions import PredictionsView
from nets.views.surface import SurfaceView
from tests.nets.experiments import epochs, pictures, small
from tests.nets.runs.conftest import exists, wait_for

LONG = {"train.max_epochs": 1_000_000}
VIEWS = {"map": SurfaceView(size=20), "network": NetworkView()}


def steps_of(run):
    return run.frame.step if run.frame is not None else 0


def is_training(run):
    return run.status == "training" and steps_of(run) > 0


def watched(run, condition):
    """Wait for something on behalf of a page that looks at a run."""

    def look_and_ask():
        run.watch("page", VIEWS)
        return condition()

    wait_for(look_and_ask)


def test_the_untrained_network_is_on_the_screen_before_any_order(manager):
    run = manager.create(small())
    watched(run, lambda: set(run.views) == set(VIEWS))
    assert (run.status, run.frame.step, run.frame.epoch) == ("ready", 0, 0)
    training = Training(small())
    started, untrained = itertools.islice(training.events(Controls()), 2)
    assert isinstance(started, Started)
    assert isinstance(untrained, EpochDone)
    assert run.frame.metrics == untrained.metrics
    assert run.frame.parameters == started.parameters
    assert np.array_equal(run.views["map"].map, SurfaceView(size=20).look(training).map)
    assert manager.get(run.id) is run
    assert run.pid in manager.workers()
    assert run.pid != os.getpid()


def all_look(run):
    for viewer in ("first", "second"):
        run.watch(viewer, {viewer: SurfaceView(size=30), **VIEWS})
    return True


def test_a_run_in_a_worker_has_the_numbers_of_one_in_process_while_many_look(manager, ready):
    experiment = small({"train.max_epochs": 600, "model.dropout": 0.2, "model.norm": "batch"})
    run = ready(experiment)
    for order in ["step", "epoch", "play", "pause"] * 3:
        manager.do(run, order)
        all_look(run)
    manager.do(run, "play")
    wait_for(lambda: all_look(run) and run.status == "completed" and {"first", "second"} <= set(run.views))
    training = Training(experiment)
    events = list(training.events(Controls()))
    expected = [{"epoch": event.epoch, "step": event.step, **event.metrics} for event in epochs(events)]
    assert run.history.rows == expected
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert run.frame.metrics == finished.metrics
    assert (run.reason, run.frame.timing.steps) == (finished.reason, finished.timing.steps)
    shown = NetworkView().look(training)
    watched(run, lambda: np.array_equal(run.views["network"].weights[0], shown.weights[0]))


def test_a_layer_more_shows_in_the_number_of_parameters(manager, ready):
    run = ready(small())
    manager.do(run, "step")
    watched(run, lambda: run.frame.step == 1)
    before = run.frame.parameters
    manager.edit(run, small({"model.hidden_sizes": [5, 3, 3]}))
    watched(run, lambda: run.frame.parameters != before)
    assert run.frame.parameters == before + 3 * 3 + 3


def test_play_pause_step_epoch_stop(manager, ready):
    run = ready(small(LONG))
    manager.do(run, "play")
    assert run.status == "training"
    wait_for(lambda: steps_of(run) > 20)
    manager.do(run, "pause")
    wait_for(lambda: run.status == "paused")
    held = steps_of(run)
    manager.do(run, "step")
    manager.do(run, "step")
    wait_for(lambda: run.status == "paused" and steps_of(run) == held + 2)
    epoch = run.frame.epoch
    manager.do(run, "epoch")
    wait_for(lambda: run.status == "paused" and run.frame.epoch == epoch + 1)
    assert steps_of(run) == (epoch + 1) * 3
    manager.do(run, "stop")
    wait_for(lambda: run.status == "stopped")
    assert run.reason.startswith("Stopped after ")
    assert run.history.last["epoch"] == epoch + 1


def test_a_pause_and_a_stop_are_quick(manager, ready):
    run = ready(small(LONG))
    for order, status in (("pause", "paused"), ("stop", "stopped")):
        manager.do(run, "play")
        watched(run, lambda: is_training(run) and set(run.views) == set(VIEWS))
        began = time.monotonic()
        manager.do(run, order)
        while run.status != status:
            time.sleep(0.001)
        assert time.monotonic() - began < 1.0


def test_after_its_end_a_run_goes_on(manager, ready):
    run = ready(small())
    manager.do(run, "play")
    wait_for(lambda: run.status == "completed")
    assert run.reason == "Completed 3 epochs."
    manager.do(run, "step")
    wait_for(lambda: run.status == "paused" and steps_of(run) == 10)
    assert run.frame.max_epochs == 6
    manager.do(run, "play")
    wait_for(lambda: run.status == "completed")
    assert run.reason == "Completed 6 epochs."


def test_settings_change_while_it_trains(manager, ready):
    run = ready(small(LONG))
    manager.do(run, "play")
    wait_for(lambda: is_training(run))
    changed = small({"train.optimizer.learning_rate": 0.01}, dump(run.experiment))
    assert manager.edit(run, changed) is run
    wait_for(lambda: run.frame.message == "Settings changed")
    wait_for(lambda: run.frame.learning_rate == 0.01)
    assert run.status == "training"
    wider = small({"model.hidden_sizes": [8, 3]}, dump(changed))
    assert manager.edit(run, wider) is run
    wait_for(lambda: run.frame.message.startswith("Network changed: "))
    watched(run, lambda: "network" in run.views and run.views["network"].shown == (8, 3, 1))
    assert steps_of(run) > 0


def test_a_weight_is_set_while_it_is_paused(manager, ready):
    run = ready(small())
    run.set_parameter(0, 1, 0, 0.625)
    watched(run, lambda: "network" in run.views and run.views["network"].weights[0][1, 0] == 0.625)
    assert run.frame.message == "A weight set to 0.625"
    run.set_parameter(7, 0, 0, 1.0)
    wait_for(lambda: run.frame.message.startswith("Not changed"))
    run.set_parameter(0, 0, None, float("nan"))
    wait_for(lambda: "finite" in run.frame.message)
    assert run.status == "ready"


def test_an_edit_that_can_not_be_made_leaves_the_run_as_it_is(manager, ready):
    run = ready(pictures(LONG))
    manager.do(run, "step")
    wait_for(lambda: run.status == "paused")
    huge = pictures(
        {"data.size": 8, "model.blocks": [{"channels": 1024, "pool": "none"}], "model.dense_sizes": [4096], **LONG}
    )
    before = run.experiment
    assert manager.edit(run, huge) is run
    wait_for(lambda: run.frame.message.startswith("Not changed: model: the network would have"))
    wait_for(lambda: run.experiment == before)
    manager.do(run, "step")
    wait_for(lambda: steps_of(run) == 2)


@pytest.mark.parametrize("changes", [{"data.noise": 0.2}, {"train.seed": 5}], ids=str)
def test_other_data_or_another_seed_make_another_run(manager, ready, changes):
    run = ready(small(LONG))
    manager.do(run, "play")
    wait_for(lambda: is_training(run))
    other = manager.edit(run, small(changes, dump(run.experiment)))
    assert other is not run
    wait_for(lambda: run.status == "stopped")
    wait_for(lambda: other.frame is not None)
    assert other.status == "ready"
    assert manager.get(run.id) is run


def test_an_untrained_run_makes_room_for_the_next(manager, ready):
    run = ready(small())
    other = manager.edit(run, small({"model.hidden_sizes": [3]}))
    assert other is not run
    assert manager.get(run.id) is None
    wait_for(lambda: other.frame is not None)
    assert run.pid is not None
    wait_for(lambda: not exists(run.pid or 0), "the old worker's end")


def test_runs_beyond_the_slots_wait_in_line(manager, ready):
    runs = [ready(small({**LONG, "train.seed": seed})) for seed in range(5)]
    for run in runs:
        manager.do(run, "play")
    assert [run.status for run in runs] == ["training"] * 2 + ["queued"] * 3
    assert [manager.place_in_queue(run) for run in runs] == [0, 0, 1, 2, 3]
    wait_for(lambda: is_training(runs[0]) and is_training(runs[1]))
    assert steps_of(runs[2]) == 0
    manager.do(runs[3], "stop")
    assert (runs[3].status, manager.place_in_queue(runs[4])) == ("ready", 2)
    manager.do(runs[0], "pause")
    wait_for(lambda: is_training(runs[2]))
    assert manager.place_in_queue(runs[4]) == 1
    manager.do(runs[1], "stop")
    wait_for(lambda: is_training(runs[4]))
    assert [manager.place_in_queue(run) for run in runs] == [0] * 5
    manager.do(runs[0], "play")
    assert runs[0].status == "queued"
    os.kill(runs[2].pid, signal.SIGKILL)
    wait_for(lambda: runs[0].status == "training", "the place of the killed run")


def test_a_run_that_takes_more_threads_takes_more_room(manager, ready):
    wide, narrow = ready(small({**LONG, "train.threads": 2})), ready(small(LONG))
    manager.do(wide, "play")
    manager.do(narrow, "play")
    assert narrow.status == "queued"
    manager.do(wide, "stop")
    wait_for(lambda: is_training(narrow))
    manager.do(wide, "play")
    assert wide.status == "queued"


def test_a_large_network_takes_several_threads_and_gives_the_numbers_of_so_many(monkeypatch):
    monkeypatch.setattr(threads, "usable_cores", lambda: 4)
    manager = RunManager(slots=Slots(4))
    large = pictures({"model.kind": "cnn", "model.blocks": [{"channels": 64}] * 2, "train.batch_size": 128})
    run = manager.create(large)
    wait_for(lambda: run.frame is not None)
    assert run.frame
    assert (run.threads, run.frame.threads, run.experiment.train.threads) == (2, 2, "auto")
    manager.do(run, "play")
    wait_for(lambda: run.status == "completed")
    played = fit(small({"train.threads": 2}, dump(large)))
    assert [row["test_loss"] for row in run.history.rows] == [event.metrics["test_loss"] for event in epochs(played)]
    manager.edit(run, small({"model.blocks": [{"channels": 2}]}, dump(large)))
    wait_for(lambda: run.threads == 1)
    manager.close()


def test_a_run_replaced_the_moment_it_starts_gives_its_place_back(manager, ready):
    for _ in range(3):
        run = ready(small({**LONG, "train.threads": 2}))
        run.frame = None  # as if its first frame were still on its way
        manager.do(run, "play")
        manager.replace(run, small())
    last = ready(small({**LONG, "train.threads": 2}))
    manager.do(last, "play")
    assert last.status == "training"
    wait_for(lambda: is_training(last))


def test_a_killed_worker_fails_with_a_sentence_and_the_next_run_starts(manager, ready):
    run = ready(small(LONG))
    manager.do(run, "play")
    wait_for(lambda: len(run.history.rows) > 1)
    os.kill(run.pid, signal.SIGKILL)
    wait_for(lambda: run.status == "failed")
    assert run.reason.startswith("The training process was killed (SIGKILL)")
    assert not run.alive
    assert len(run.history.rows) > 1
    following = ready(small())
    manager.do(following, "play")
    wait_for(lambda: following.status == "completed")


def test_a_dead_run_can_not_be_played_and_takes_no_place(manager, ready):
    run = ready(small({**LONG, "train.threads": 2}))
    os.kill(run.pid, signal.SIGKILL)
    wait_for(lambda: run.status == "failed")
    manager.do(run, "play")
    assert run.status == "failed"
    following = ready(small({**LONG, "train.threads": 2}))
    manager.do(following, "play")
    wait_for(lambda: is_training(following))


def test_what_can_not_be_run_fails_with_a_sentence(manager):
    run = manager.create(small({"train.device": "cuda"}))
    wait_for(lambda: run.status in ("failed", "ready") and run.frame is not None)
    if run.status == "ready":
        pytest.skip("this machine has CUDA")
    assert run.reason == "train.device: cuda was asked for and none is here; take auto or cpu"
    wait_for(lambda: not run.alive)


def test_a_network_without_room_fails_with_a_sentence(manager):
    blocks = [{"channels": 1024, "pool": "none"}] * 12
    run = manager.create(pictures({"model.blocks": blocks, "model.dense_sizes": [4096]}))
    wait_for(lambda: run.status == "failed")
    assert run.reason.startswith("model: the network would have ")


def test_a_divergence_is_told(manager, ready):
    run = ready(small({"train.optimizer.learning_rate": 1e6}))
    manager.do(run, "play")
    wait_for(lambda: run.status == "diverged")
    assert "Lower the learning rate" in run.reason


def test_a_view_that_can_not_look_does_not_end_the_run(manager, ready):
    run = ready(small(LONG))
    manager.do(run, "play")
    wait_for(lambda: run.watch("page", {"wrong": PredictionsView(), **VIEWS}) or "map" in run.views)
    epoch = run.frame.epoch
    wait_for(lambda: is_training(run) and run.frame.epoch > epoch)
    assert "wrong" not in run.views
    assert run.status == "training"


def test_a_page_that_looks_no_more_costs_nothing(manager, ready):
    run = ready(small(LONG))
    watched(run, lambda: "map" in run.views)
    run.forget_viewers(time.monotonic() + 10)
    manager.do(run, "play")
    wait_for(lambda: is_training(run))
    shown = run.views["map"]
    epoch = run.frame.epoch
    wait_for(lambda: run.frame.epoch > epoch)
    assert run.views["map"] is shown
    watched(run, lambda: run.views["map"] is not shown)


def test_many_threads_may_steer_at_once(manager, ready):
    run = ready(small(LONG))

    def steer(seed):
        choices = np.random.default_rng(seed)
        for _ in range(40):
            manager.do(run, choices.choice(["play", "pause", "step"]))
            run.watch(str(seed), VIEWS)

    threads = [threading.Thread(target=steer, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    manager.do(run, "pause")
    wait_for(lambda: run.status in ("paused", "ready"))
    manager.do(run, "stop")
    wait_for(lambda: run.status == "stopped")
    assert manager.place_in_queue(run) == 0


def test_every_frame_is_whole(manager):
    run = manager.create(small())
    wait_for(lambda: run.frame is not None)
    names = ("loss", "accuracy", "f1")
    assert set(run.frame.metrics) == {f"{part}_{name}" for part in ("train", "test") for name in names}
    assert [row["epoch"] for row in run.history.rows] == [0]


def test_run_ids_are_short_and_never_the_same(manager):
    from nets.runs.ids import new_run_id

    ids = [new_run_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert all(len(run_id) < 20 and run_id.isalnum() for run_id in ids)
    assert manager.get("nothing") is None


def test_frames_come_at_a_rate_a_page_can_draw(manager, ready):
    run = ready(small(LONG))
    manager.do(run, "play")
    watched(run, lambda: is_training(run))
    first, began = run.version, time.monotonic()
    while time.monotonic() - began < 1.5:
        run.watch("page", VIEWS)
        time.sleep(0.05)
    rate = (run.version - first) / (time.monotonic() - began)
    assert 3 < rate < 14
