"""Jobs in a process of their own: done, stopped, replaced by newer ones, and refused or broken off in a sentence."""

import time

import pytest

from nets.concepts.laboratory import Laboratory
from nets.concepts.landscape import LandscapeJob

PATIENCE = 60.0


@pytest.fixture(scope="module")
def laboratory():
    found = Laboratory()
    yield found
    found.close()


def settled(answer):
    deadline = time.monotonic() + PATIENCE
    while not answer.is_over:
        assert time.monotonic() < deadline, f"waited in vain; it is {answer.status}"
        answer.look()
        time.sleep(0.02)
    return answer


def test_a_job_is_done_once_for_all(laboratory):
    first = laboratory.ask("one", LandscapeJob(points=9))
    assert laboratory.ask("another", LandscapeJob(points=9)) is first
    laboratory.ask("one", LandscapeJob(points=17))
    settled(first)
    assert (first.status, first.reason) == ("finished", "")
    assert first.level["points"] == 9
    assert first.plane["path"]
    assert laboratory.ask("other", LandscapeJob(points=9)) is first


def test_a_newer_job_takes_the_older_one_s_place(laboratory):
    older = laboratory.ask("one", LandscapeJob(points=33, seed=1))
    assert laboratory.ask("one", LandscapeJob(points=33, seed=1)) is older
    newer = laboratory.ask("one", LandscapeJob(points=9, seed=1))
    assert settled(older).status == "stopped"
    assert settled(newer).status == "finished"


def test_a_job_is_stopped_by_hand(laboratory):
    answer = laboratory.ask("one", LandscapeJob(points=33, seed=2))
    laboratory.stop(answer)
    assert settled(answer).status == "stopped"


def test_a_refusal_is_a_sentence(laboratory):
    answer = settled(laboratory.ask("one", LandscapeJob(run="nothere")))
    assert answer.status == "failed"
    assert answer.reason == "It has no checkpoint: train it a little, or take another run."


def test_a_process_that_dies_is_told_of(laboratory):
    answer = laboratory.ask("one", LandscapeJob(points=33, seed=3))
    while answer.status == "waiting":
        time.sleep(0.01)
    laboratory._process._process.kill()
    assert settled(answer).status == "failed"
    assert "was killed (signal 9)" in answer.reason
