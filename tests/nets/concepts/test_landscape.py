"""The loss around a network: directions as long as its filters, a centre that is the network itself, and its path."""

import math

import numpy as np
import pytest
import torch

from nets.concepts.jobs import Workshop, read_job
from nets.concepts.landscape import LandscapeJob, landscape
from nets.concepts.plane import normalized, path_plane, random_plane
from nets.concepts.subject import example, subject_of_experiment, subject_of_run
from nets.problems import InvalidExperiment
from nets.runs import checkpoints
from nets.training import Controls, EpochDone, Training
from tests.nets.experiments import small


@pytest.fixture(scope="module")
def subject():
    return subject_of_experiment(example())


def events_of(subject, **settings):
    found = list(landscape(subject, LandscapeJob(points=9, **settings)))
    *_, plane = (event for event in found if event["event"] == "plane")
    return plane, [event for event in found if event["event"] == "level"], found[-1]


def test_a_coarse_picture_comes_before_the_path_s_own_losses(subject):
    events = [event for event in landscape(subject, LandscapeJob(points=9)) if event["event"] != "progress"]
    assert [event["event"] for event in events] == ["plane", "level", "plane", "level", "finished"]
    ends, whole = (event["path"] for event in events if event["event"] == "plane")
    assert ends == [whole[0], whole[-1]]
    assert len(whole) == len(subject.marks)


def test_each_filter_s_direction_is_as_long_as_the_filter():
    weights = torch.randn(4, 3, 2, 2, generator=torch.Generator().manual_seed(0)) * torch.arange(4.0).view(4, 1, 1, 1)
    direction = normalized(torch.ones(4, 3, 2, 2), weights)
    torch.testing.assert_close(direction.flatten(1).norm(dim=1), weights.flatten(1).norm(dim=1))
    assert not normalized(torch.ones(5), torch.randn(5)).any(), "biases and norms do not move"


def test_its_centre_is_the_run_and_its_path_ends_there(subject):
    about, levels, end = events_of(subject)
    assert [level["points"] for level in levels] == [5, 9]
    last = about["path"][-1]
    assert (last["x"], last["y"], last["epoch"]) == (0, 0, 30)
    for part in ("train", "test"):
        found = subject.training.metrics[f"{part}_loss"]
        assert levels[-1][part][4][4] == found
        assert last[f"{part}_loss"] == found
        assert about["path"][0][f"{part}_loss"] > 5 * found
        assert np.min(levels[-1][part]) > 0
    assert end == {"event": "finished", "reason": ""}
    assert subject.losses(subject.marks[-1].weights)[0] == subject.training.metrics["train_loss"]


def test_a_finer_picture_goes_through_the_coarse_one(subject):
    _, (coarse, fine), _ = events_of(subject)
    assert np.array_equal(np.array(fine["train"])[::2, ::2], coarse["train"])
    assert fine["x"][::2] == coarse["x"]


def test_the_same_seed_gives_the_same_surface(subject):
    _, (*_, first), _ = events_of(subject, seed=3)
    _, (*_, again), _ = events_of(subject, seed=3)
    _, (*_, other), _ = events_of(subject, seed=4)
    assert first == again
    assert first["train"] != other["train"]


def test_a_plane_of_the_path_holds_most_of_it_and_a_random_one_little(subject):
    path = [mark.weights for mark in subject.marks]
    along, across = path_plane(path[-1], path), random_plane(path[-1], path, 0)
    assert along.share > 0.9
    assert across.share < 0.3
    assert along.path[-1] == pytest.approx([0, 0], abs=1e-9)
    lengths = [math.sqrt(sum(float(part.square().sum()) for part in axis)) for axis in (along.first, along.second)]
    assert lengths == pytest.approx([1, 1], rel=1e-4)
    about, (*_, level), _ = events_of(subject, directions="path")
    assert all(level["x"][0] < mark["x"] < level["x"][-1] for mark in about["path"])
    assert all(level["y"][0] < mark["y"] < level["y"][-1] for mark in about["path"])


def test_of_a_straight_path_there_is_no_plane():
    centre = (torch.zeros(2, 2),)
    with pytest.raises(InvalidExperiment, match="too few checkpoints"):
        path_plane(centre, [(torch.ones(2, 2),), centre])


def test_without_patience_it_ends_with_a_coarse_picture(subject):
    *_, end = landscape(subject, LandscapeJob(points=33), patience=-1.0)
    assert "more than" in end["reason"]


def test_a_kept_run_is_opened_with_its_checkpoints(tmp_path):
    training = Training(small())
    for event in training.events(Controls()):
        if isinstance(event, EpochDone):
            checkpoints.save(training, tmp_path)
    found = subject_of_run(tmp_path)
    assert [mark.epoch for mark in found.marks] == [0, 1, 2, 3]
    assert found.losses(found.marks[-1].weights)[1] == training.metrics["test_loss"]


@pytest.mark.parametrize(
    ("job", "says"),
    [
        ('{"kind": "landscape", "run": "nothere"}', "no checkpoint"),
        ('{"kind": "landscape", "run": "../etc"}', "only letters and digits"),
        ('{"kind": "landscape", "points": 8}', "choose from 9, 17, 33"),
        ('{"kind": "landscape", "reach": 0}', "above 0"),
        ('{"kind": "landscape", "reach": "far"}', "reach"),
        ('{"kind": "landscape", "place": 1}', "place"),
        ('{"kind": "finder"}', "experiment"),
        ("[1]", "job"),
        ("{", "is no JSON"),
    ],
)
def test_bad_jobs_are_refused_in_a_sentence(job, says):
    with pytest.raises(InvalidExperiment, match=says):
        next(Workshop().events(read_job(job)))
