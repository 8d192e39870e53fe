"""Processes that die or must not outlive their server; and workers where processes can't fork."""

import os
import signal
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest

from nets.runs.launcher import ForkLauncher, SpawnLauncher, start_fork_server
from nets.runs.manager import RunManager
from nets.runs.slots import Slots
from tests.nets.experiments import small, trained
from tests.nets.runs.conftest import children_of, exists, wait_for

ROOT = Path(__file__).resolve().parents[3]
LONG = {"train.max_epochs": 1_000_000}


@pytest.fixture(scope="module")
def own_manager():
    """A manager that a test may treat badly."""
    manager = RunManager(slots=Slots(2))
    yield manager
    manager.close()


def fork_server(manager):
    return manager._launcher._process


def test_a_killed_fork_server_takes_its_runs_along_and_is_replaced(own_manager):
    run = own_manager.create(small(LONG))
    wait_for(lambda: run.frame is not None)
    own_manager.do(run, "play")
    wait_for(lambda: run.frame.step > 0)
    old = fork_server(own_manager)
    os.kill(old.pid, signal.SIGKILL)
    old.wait()
    wait_for(lambda: run.status == "failed")
    assert run.reason.startswith("The training process ")
    assert not exists(run.pid)
    following = own_manager.create(small())
    own_manager.do(following, "play")
    wait_for(lambda: following.status == "completed")
    assert fork_server(own_manager).pid != old.pid


def test_a_worker_that_was_asked_for_comes_even_if_the_fork_server_dies_first(own_manager):
    first = own_manager.create(small())
    wait_for(lambda: first.frame is not None)
    old = fork_server(own_manager)
    os.kill(old.pid, signal.SIGSTOP)
    run = own_manager.create(small())
    os.kill(old.pid, signal.SIGKILL)
    wait_for(lambda: run.frame is not None)
    assert run.status == "ready"


def test_a_manager_made_in_a_passing_thread_works_and_leaves_no_process_behind():
    made: list[RunManager] = []
    thread = threading.Thread(target=lambda: made.append(RunManager(slots=Slots(2))))
    thread.start()
    thread.join()
    manager = made[0]
    runs = [manager.create(small(LONG)) for _ in range(3)]
    wait_for(lambda: all(run.frame is not None for run in runs))
    for run in runs:
        manager.do(run, "play")
    server = fork_server(manager).pid
    processes = {server, *children_of(server)}
    assert {run.pid for run in runs} <= processes
    manager.close()
    wait_for(lambda: not any(exists(pid) for pid in processes))
    manager.close()


SERVER = """
import sys, time
from nets.runs.launcher import ForkLauncher, SpawnLauncher
from nets.runs.manager import RunManager
from nets.runs.slots import Slots
from tests.nets.experiments import small

if __name__ == "__main__":
    manager = RunManager(slots=Slots(2), launch=ForkLauncher if sys.argv[1] == "fork" else SpawnLauncher)
    run = manager.create(small({"train.max_epochs": 1_000_000}))
    manager.do(run, "play")
    while run.frame is None or run.frame.step == 0:
        time.sleep(0.01)
    print("training", flush=True)
    if sys.argv[2] == "wait":
        time.sleep(600)
"""


@pytest.mark.parametrize(("how", "end"), [("fork", "killed"), ("fork", "over"), ("spawn", "killed")])
def test_no_worker_outlives_its_server(tmp_path, how, end):
    script = tmp_path / "server.py"
    script.write_text(SERVER)
    command = [sys.executable, str(script), how, "wait" if end == "killed" else "end"]
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE)
    assert server.stdout is not None
    with server, server.stdout:
        descendants = set()
        while not (line := server.stdout.readline()):
            assert server.poll() is None
        assert line == b"training\n"
        for child in children_of(server.pid):
            descendants |= {child, *children_of(child)}
        if end == "killed":
            assert len(descendants) >= 2
            server.kill()
        server.wait()
    wait_for(lambda: not any(exists(pid) for pid in descendants), "the workers' end")


@pytest.fixture(scope="module")
def spawning():
    """A manager as it is where processes can't fork."""
    manager = RunManager(slots=Slots(2), launch=SpawnLauncher)
    yield manager
    manager.close()
    launcher = manager._launcher
    assert isinstance(launcher, SpawnLauncher)
    wait_for(lambda: not any(exists(process.pid) for process in launcher._processes.values()))


def test_without_fork_a_run_trains_too_with_the_same_numbers(spawning):
    run = spawning.create(small())
    spawning.do(run, "play")
    wait_for(lambda: run.status == "completed")
    assert run.frame.metrics == trained(small()).metrics


def test_a_warm_spare_is_kept_until_it_is_taken(spawning):
    wait_for(lambda: spawning._spares, "the spare's call")
    spare = next(iter(spawning._spares.values())).pid
    run = spawning.create(small())
    wait_for(lambda: run.frame is not None)
    assert run.pid == spare
    spawning.do(run, "play")
    wait_for(lambda: run.status == "completed")


def test_without_fork_a_killed_worker_fails_with_a_sentence_and_a_killed_spare_is_replaced(spawning):
    run = spawning.create(small(LONG))
    wait_for(lambda: run.frame is not None)
    os.kill(run.pid, signal.SIGKILL)
    wait_for(lambda: run.status == "failed")
    assert run.reason.startswith("The training process ")
    wait_for(lambda: spawning._spares, "the spare's call")
    spare = next(iter(spawning._spares.values())).pid
    os.kill(spare, signal.SIGKILL)
    wait_for(lambda: not spawning._spares)
    following = spawning.create(small())
    spawning.do(following, "play")
    wait_for(lambda: following.status == "completed")


def test_without_fork_a_spare_that_has_hung_up_but_is_not_dead_yet_is_replaced(spawning):
    wait_for(lambda: spawning._spares, "the spare's call")
    with spawning._lock:
        _, spare = spawning._spares.popitem()
        spawning._connections.pop(spare.connection)
    run = spawning.create(small())
    os.kill(spare.pid, signal.SIGKILL)
    spawning.do(run, "play")
    wait_for(lambda: run.status == "completed")
    assert run.pid != spare.pid
    assert run.frame.metrics == trained(small()).metrics


@pytest.mark.parametrize("launch", [ForkLauncher, SpawnLauncher])
def test_a_run_fails_with_a_sentence_where_no_process_can_be_started(monkeypatch, launch):
    monkeypatch.setattr("nets.runs.launcher.sys.executable", "/bin/false")
    manager = RunManager(launch=launch)
    run = manager.create(small())
    wait_for(lambda: run.status == "failed")
    assert run.reason == "No training process could be started; the server's log says why."
    manager.close()


def test_a_fork_server_that_has_been_started_ahead_is_taken():
    process = start_fork_server()
    manager = RunManager(launch=partial(ForkLauncher, process=process))
    run = manager.create(small())
    wait_for(lambda: run.frame is not None)
    assert fork_server(manager) is process
    manager.close()


def test_a_fork_server_that_nobody_takes_ends_with_who_has_started_it():
    process = start_fork_server()
    assert process.stdin
    process.stdin.close()
    assert process.wait(timeout=60) == 0
