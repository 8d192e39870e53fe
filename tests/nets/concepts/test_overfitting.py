"""The overfitting concept's trainings: they overfit, remedies help, and they are the engine's own."""

from functools import cache

import numpy as np
import pytest

from nets.concepts.jobs import Workshop, read_job
from nets.concepts.overfitting import (
    EPOCHS,
    MAP_SIZE,
    REMEDIES,
    Lesson,
    LessonsJob,
    Settings,
    experiment,
    learn,
    lesson_of,
    places,
)
from nets.problems import InvalidExperiment
from nets.training import EpochDone, fit


@cache
def taught(*remedies: str) -> Lesson:
    return learn(Settings(remedies=remedies))


def test_few_noisy_points_are_learnt_by_heart():
    plain = taught()
    assert plain.final["train_loss"] < 0.01
    assert plain.gap > 0.5
    assert plain.test_loss[plain.best_epoch] < plain.final["test_loss"] / 2
    assert 0 < plain.best_epoch < plain.epochs[-1]


@pytest.mark.parametrize("remedy", REMEDIES)
def test_each_remedy_narrows_the_gap(remedy):
    assert taught(remedy).gap < taught().gap / 1.5


def test_early_stopping_goes_back_to_an_earlier_network():
    stopped = taught("early_stopping")
    assert stopped.kept_epoch < stopped.epochs[-1] < taught().epochs[-1]
    assert stopped.final["test_loss"] == pytest.approx(stopped.test_loss[stopped.kept_epoch], rel=1e-3)
    assert all(epoch < stopped.epochs[-1] for epoch in stopped.maps)


def test_it_is_the_training_that_everybody_else_gets():
    plain = taught()
    losses = [event.metrics["test_loss"] for event in fit(experiment(Settings())) if isinstance(event, EpochDone)]
    assert plain.test_loss.tolist() == losses


def test_a_map_is_the_way_up_that_its_places_say():
    plain = taught()
    train = plain.train
    rows = np.abs(places()[:, None] - train[:, 1]).argmin(axis=0)
    columns = np.abs(places()[:, None] - train[:, 0]).argmin(axis=0)
    assert plain.final_map.shape == (MAP_SIZE, MAP_SIZE)
    said = plain.final_map[rows, columns] > 0
    assert (said == (train[:, 2] == 1)).mean() > 0.95
    assert np.abs(plain.maps[0]).max() < 1


@pytest.mark.parametrize("examples", [10, 40, 160])
def test_as_many_points_as_were_asked_for(examples):
    data = experiment(Settings(examples=examples)).data.load(0)
    assert len(data.train_x) == examples
    assert len(experiment(Settings(examples=examples, remedies=("more_data",))).data.load(0).train_x) == 4 * examples


def test_a_setting_out_of_range_is_refused():
    with pytest.raises(InvalidExperiment, match="noise"):
        experiment(Settings(noise=0.9))


def test_several_lessons_come_one_after_the_other():
    short = [Settings(units=1, examples=10, remedies=(name,)) for name in ("l2", "early_stopping")]
    events = list(Workshop().events(read_job(LessonsJob(settings=tuple(short)).model_dump_json())))
    assert [event["event"] for event in events if event["event"] != "step"] == ["lesson", "lesson", "finished"]
    steps = [event for event in events if event["event"] == "step"]
    assert [event["step"] for event in steps] == sorted(event["step"] for event in steps)
    first = lesson_of(short[0], next(event for event in events if event["event"] == "lesson"), steps[: EPOCHS + 1])
    alone = learn(short[0])
    assert first.final == alone.final
    assert np.array_equal(first.final_map, alone.final_map)
    assert first.test_loss.tolist() == alone.test_loss.tolist()
