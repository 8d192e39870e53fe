"""Runs that a manager keeps: taken up again after any death, looked back on, forked."""

import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
from functools import partial
from pathlib import Path

import pytest

from nets.experiment import dump
from nets.runs.checkpoints import checkpoints
from nets.runs.keeper import Keeper
from nets.runs.manager import RunManager
from nets.runs.problems import StoreProblem
from nets.runs.recorder import is_held
from nets.runs.run import Run
from nets.runs.slots import Slots
from nets.runs.store import Store
from nets.training import EpochDone, fit
from tests.nets.experiments import small
from tests.nets.runs.conftest import wait_for

ROOT = Path(__file__).resolve().parents[3]
CRASHES = int(os.environ.get("PLAYGROUND_CRASHES", "2"))
EPOCHS = 1500
"""So many that a run is still at work when it is killed."""
LONG = small({"train.max_epochs": EPOCHS, "model.dropout": 0.1, "train.compile": False})
SHORT = small({"train.max_epochs": 500, "model.dropout": 0.1})
"""For runs that nobody kills."""


@pytest.fixture(scope="module")
def manager(tmp_path_factory):
    manager = RunManager(slots=Slots(2), keeper=Keeper(tmp_path_factory.mktemp("home")))
    yield manager
    manager.close()


@pytest.fixture(scope="module")
def expected():
    return rows_of(LONG)


def rows_of(experiment):
    return [
        {"epoch": event.epoch, "step": event.step, **event.metrics}
        for event in fit(experiment)
        if isinstance(event, EpochDone)
    ]


def started(manager, experiment):
    run = manager.create(experiment)
    wait_for(lambda: run.frame is not None)
    return run


def played(manager, run):
    manager.do(run, "play")
    wait_for(lambda: run.status == "completed")


def kept_rows(store, run_id):
    return [{name: value for name, value in row.items() if name != "seconds"} for row in store.rows(run_id)]


def test_a_run_that_never_trained_leaves_nothing(manager):
    run = started(manager, SHORT)
    manager.keeper.flush()
    assert manager.keeper.store.get(run.id) is None
    assert not manager.keeper.store.folder(run.id).exists()


def test_a_killed_worker_is_resumed_to_the_same_numbers(manager, expected):
    run = started(manager, LONG)
    manager.do(run, "play")
    wait_for(lambda: run.frame.epoch > 20)
    manager.do(run, "pause")  # it is kept as it is then, however long that takes
    wait_for(lambda: run.status == "paused" and len(checkpoints(Path(manager.folder_of(run.id)))) > 1)
    manager.do(run, "play")
    wait_for(lambda: run.status == "training")
    os.kill(run.pid, signal.SIGKILL)
    wait_for(lambda: run.status == "failed")
    again = manager.open(run.id)
    assert again.id == run.id
    wait_for(lambda: again.frame is not None)
    assert again.frame.epoch > 0
    assert again.history.last["epoch"] >= run.frame.epoch
    played(manager, again)
    assert again.history.rows == expected
    manager.keeper.flush()
    assert kept_rows(manager.keeper.store, run.id) == expected
    assert manager.keeper.store.get(run.id).status == "completed"


def test_an_earlier_epoch_is_looked_at_and_forked(manager):
    expected = rows_of(SHORT)
    run = started(manager, SHORT)
    played(manager, run)
    kept = manager.keeper.store.checkpoints(run.id)
    checkpoint = kept[(len(kept) - 1) // 2]
    run.travel(checkpoint, is_last=False)
    wait_for(lambda: run.frame.step == checkpoint.step)
    assert run.frame.metrics["test_loss"] == expected[checkpoint.epoch]["test_loss"]
    assert run.frame.steps_per_second >= 0
    child = manager.fork(run, SHORT)
    wait_for(lambda: child.frame is not None)
    assert (child.parent, child.frame.step) == ((run.id, checkpoint.step), checkpoint.step)
    assert child.history.rows == expected[: checkpoint.epoch + 1]
    played(manager, child)
    assert child.history.rows == expected
    manager.keeper.flush()
    stored = manager.keeper.store.get(child.id)
    assert (stored.parent, stored.parent_step) == (run.id, checkpoint.step)
    run.travel(kept[-1], is_last=True)
    wait_for(lambda: run.frame.epoch == SHORT.train.max_epochs)
    assert run.rewound is None


def test_other_settings_from_an_earlier_epoch_make_another_run(manager):
    run = started(manager, SHORT)
    played(manager, run)
    kept = manager.keeper.store.checkpoints(run.id)
    checkpoint = kept[(len(kept) - 1) // 2]  # how many there are depends on what they cost
    run.travel(checkpoint, is_last=False)
    wait_for(lambda: run.frame.step == checkpoint.step)
    child = manager.edit(run, small({"train.optimizer.kind": "adam"}, dump(SHORT)))
    wait_for(lambda: child.frame is not None)
    assert child.id != run.id
    assert child.frame.step == checkpoint.step
    assert child.experiment.train.optimizer.kind == "adam"


def test_who_sees_news_of_a_run_finds_them_in_the_store(tmp_path, monkeypatch):
    keeper = Keeper(tmp_path)
    manager = RunManager(slots=Slots(1), keeper=keeper)
    kept: list[tuple[str, int]] = []
    takes = Run.take

    def look():
        keeper.flush()
        stored = keeper.store.get(run.id)
        assert stored
        kept.append((stored.status, stored.epochs))

    def take(run, frame):
        keeper._runs.clear()  # all earlier news are written down
        takes(run, frame)
        if frame.status == "completed":
            looker.start()
            looker.join(0.2)  # it has time to come too early

    looker = threading.Thread(target=look)
    monkeypatch.setattr(Run, "take", take)
    run = started(manager, small())
    manager.do(run, "play")
    wait_for(lambda: kept)
    assert kept == [("completed", small().train.max_epochs)]
    manager.close()


def test_what_the_store_refuses_is_written_when_it_takes_it_again(tmp_path, monkeypatch):
    keeper = Keeper(tmp_path)
    manager = RunManager(slots=Slots(1), keeper=keeper)
    store = keeper.store
    begin, note = store.begin, store.note

    def refuse(*_, **__):
        raise StoreProblem("The runs can't be written: database is locked")

    monkeypatch.setattr(store, "begin", refuse)
    monkeypatch.setattr(store, "note", refuse)
    run = started(manager, small())
    played(manager, run)
    wait_for(lambda: "locked" in keeper.problem)
    monkeypatch.setattr(store, "begin", begin)
    monkeypatch.setattr(store, "note", note)
    wait_for(lambda: [kept.status for kept in store.runs()] == ["completed"])
    assert kept_rows(store, run.id) == run.history.rows
    assert keeper.problem == ""
    manager.close()


SERVER = """
    import sys, time
    from pathlib import Path
    from nets.runs.keeper import Keeper
    from nets.runs.manager import RunManager
    from tests.nets.runs.test_keeping import LONG

    if __name__ == "__main__":
        manager = RunManager(keeper=Keeper(Path(sys.argv[1])))
        run = manager.open(sys.argv[2]) if len(sys.argv) > 2 else manager.create(LONG)
        while run.frame is None:
            time.sleep(0.005)
        manager.do(run, "play")
        while True:
            frame = run.frame
            print(run.id, frame.epoch, frame.status, flush=True)
            if frame.status == "completed":
                break
            time.sleep(0.005)
        manager.close()
"""


def test_a_server_killed_at_any_moment_loses_no_finished_epoch(tmp_path, expected):
    script = tmp_path / "server.py"
    script.write_text(textwrap.dedent(SERVER))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    rng = random.Random(0)
    known: list[str] = []
    for _ in range(CRASHES):
        command = [sys.executable, str(script), str(tmp_path), *known]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
            seen = run_until(server, updates=rng.randint(1, 20))
            server.kill()
            rest = server.communicate()[0].splitlines()
        run_id, epoch, status = (rest or [seen])[-1].split() if (rest or [seen])[-1].count(" ") == 2 else seen.split()
        known = [run_id]
        store = Store(tmp_path)
        wait_for(partial(is_over, store, run_id))
        rows = kept_rows(store, run_id)
        assert rows == expected[: len(rows)]
        assert len(rows) > int(epoch)
        assert store.checkpoints(run_id)
        store.close()
        if status == "completed":
            known = []
    subprocess.run([sys.executable, str(script), str(tmp_path), *known], env=environment, check=True)
    store = Store(tmp_path)
    (last, *_) = store.runs()
    assert kept_rows(store, last.id) == expected
    assert last.status == "completed"
    store.close()


def is_over(store, run_id):
    """Has every process of the run ended, and is what it left in the store?"""
    if is_held(store.folder(run_id)):
        return False
    store.recover()
    return store.get(run_id).status in ("interrupted", "completed")


def run_until(server, updates):
    """Read what a server says until the run has trained and so many updates came; return the last."""
    line = ""
    while updates > 0:
        line = server.stdout.readline()
        assert line, "the server ended by itself"
        updates -= int(line.split()[1]) > 0
        if line.split()[2] == "completed":
            break
    return line
