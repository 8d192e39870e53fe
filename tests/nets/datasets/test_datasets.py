"""What every dataset promises, and what the pictures of single ones look like."""

import json

import numpy as np
import pytest

from nets.datasets import DATASETS
from nets.datasets.base import EmptyPart, split_indices
from nets.datasets.images.digits import Digits
from nets.datasets.points.base import INPUTS, PointsConfig, features
from nets.datasets.points.circle import Circle
from nets.datasets.points.drawn import Drawn
from nets.datasets.points.gauss import Gauss
from nets.datasets.points.multi_gauss import MultiGauss
from nets.datasets.points.plane import Plane
from nets.datasets.points.spiral import Spiral
from nets.datasets.points.xor import Xor
from nets.datasets.series.base import SeriesConfig
from tests.nets.datasets.tiny import DOWNLOADED, example

pytestmark = pytest.mark.usefixtures("tiny_sets")

GIVEN = ("eeg", "own_series")
"""A record of what was: nothing in it is drawn."""
POINTS = {name: config for name, config in DATASETS.items() if issubclass(config, PointsConfig)}


def arrays(split):
    return [split.train_x, split.train_y, split.test_x, split.test_y]


def test_every_dataset_that_was_promised_is_there():
    promised = {"circle", "xor", "gauss", "spiral", "plane", "multi_gauss", "spirals", "blobs", "moons", "checkerboard"}
    promised |= {"drawn", "line", "sine", "step", "polynomial", "digits", "constant_target", "shapes", "own"}
    promised |= {"mnist", "fashion_mnist", "kmnist", "emnist", "cifar10", "gtsrb"}
    assert promised <= set(DATASETS.names())


@pytest.mark.parametrize("name", DATASETS.names())
def test_its_defaults_survive_json(name):
    config = DATASETS.get(name)()
    assert DATASETS.get(name).model_validate_json(config.model_dump_json()) == config
    assert json.loads(config.model_dump_json())["name"] == name
    assert config.help


@pytest.mark.parametrize("name", DATASETS.names())
def test_it_loads_what_it_announces(name):
    config = example(name)
    info, split = config.info(), config.load(seed=3)
    assert split.train_x.shape[1:] == split.test_x.shape[1:] == info.input_shape
    assert split.train_x.dtype == split.test_x.dtype
    if info.vocab_size:
        assert split.train_x.dtype in (np.uint8, np.int16, np.int32)
        assert max(split.train_x.max(), split.test_x.max()) < info.vocab_size
    else:
        assert split.train_x.dtype == (np.uint8 if config.normalization(split) else np.float32)
    assert len(split.train_x) == len(split.train_y) > 0
    assert len(split.test_x) == len(split.test_y) > 0
    assert all(np.isfinite(array).all() for array in arrays(split))
    labels = np.concatenate([split.train_y, split.test_y])
    if info.task == "regression":
        assert labels.dtype == np.float32
        assert labels.shape[1:] == (info.num_targets,)
    elif info.task == "multilabel":
        assert labels.dtype == np.float32
        assert labels.shape[1:] == (len(info.class_names),) == (info.num_targets,)
        assert set(np.unique(labels)) == {0, 1}
    elif info.per_step:
        assert labels.dtype == np.int64
        assert labels.shape[1:] == info.input_shape[:1]
        assert -100 <= labels.min() <= labels.max() < info.num_targets
    else:
        assert labels.dtype == np.int64
        assert set(labels) == set(range(info.num_targets))
        assert len(info.class_names) == info.num_targets
        assert (info.num_targets == 2) == (info.task == "binary")
    assert not info.input_names or len(info.input_names) == info.input_shape[-1]


@pytest.mark.parametrize("name", DATASETS.names())
def test_the_same_seed_gives_the_same_arrays_and_any_other_others(name):
    changes = {"fraction": 0.5} if name in DOWNLOADED else {}  # their parts are given; a share of them is drawn
    first = arrays(example(name, **changes).load(seed=5))
    assert all(np.array_equal(a, b) for a, b in zip(first, arrays(example(name, **changes).load(seed=5)), strict=True))
    if name in GIVEN:
        return
    for other in (example(name, **changes).load(seed=6), example(name, sample=1, **changes).load(seed=5)):
        assert not np.array_equal(first[0], other.train_x)


@pytest.mark.parametrize("name", DATASETS.names())
def test_no_random_state_outside_changes_or_is_changed(name):
    np.random.seed(1)
    first = arrays(example(name).load(seed=5))
    drawn = np.random.random()
    np.random.seed(1)
    assert np.random.random() == drawn
    assert all(np.array_equal(a, b) for a, b in zip(first, arrays(example(name).load(seed=5)), strict=True))


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, kind in DATASETS.items()
        if "train_share" in kind.model_fields and not issubclass(kind, SeriesConfig)
    ],
)
@pytest.mark.parametrize("share", [0.2, 0.35, 0.8])
def test_the_training_share_is_kept(name, share):
    split = example(name, train_share=share).load(seed=0)
    count = len(split.train_x) + len(split.test_x)
    assert len(split.train_x) == round(count * share)


@pytest.mark.parametrize("name", POINTS)
def test_noise_moves_points_or_labels(name):
    calm, noisy = POINTS[name](noise=0).plane(1)[0], POINTS[name](noise=0.5).plane(1)[0]
    assert not np.array_equal(calm, noisy)


@pytest.mark.parametrize("name", POINTS)
@pytest.mark.parametrize("count", [2, 3, 7])
def test_a_handful_of_points_is_enough(name, count):
    if name == "drawn":
        pytest.skip("its points are counted by the one who draws")
    train, test = POINTS[name](num_points=count).plane(0)
    assert len(train) + len(test) == count
    assert np.isfinite(train).all()


@pytest.mark.parametrize("name", [name for name in POINTS if name not in ("gauss", "blobs", "moons")])
def test_without_noise_points_lie_on_the_map(name):
    assert np.abs(np.concatenate(POINTS[name]().plane(2))[:, :2]).max() <= 6


def test_every_point_is_either_trained_or_tested_on():
    train, test = split_indices(101, 0.35, seed=4)
    assert sorted([*train, *test]) == list(range(101))
    assert list(train) != sorted(train)


@pytest.mark.parametrize(("count", "share", "part"), [(4, 0.1, "training"), (2, 0.9, "test"), (1, 0.5, "training")])
def test_a_part_without_an_example_is_refused(count, share, part):
    with pytest.raises(EmptyPart, match=f"no {part} example"):
        split_indices(count, share, seed=0)


def test_labels_follow_the_rules_of_tensorflow_playground():
    for x1, x2, label in np.concatenate(Circle().plane(0)):
        assert (np.hypot(x1, x2) < 2.5) == label
    for x1, x2, label in np.concatenate(Xor().plane(0)):
        assert (x1 * x2 > 0) == label
        assert min(abs(x1), abs(x2)) >= 0.3
    gauss = np.concatenate(Gauss(num_points=2000).plane(0))
    assert np.allclose(gauss[gauss[:, 2] == 1, :2].mean(axis=0), 2, atol=0.1)
    assert np.allclose(gauss[gauss[:, 2] == 0, :2].mean(axis=0), -2, atol=0.1)
    assert np.isclose(gauss[gauss[:, 2] == 1, 0].var(), 0.5, atol=0.06)
    for x1, x2, value in np.concatenate(Plane().plane(0)):
        assert value == pytest.approx((x1 + x2) / 10, abs=1e-6)


def test_a_spiral_makes_a_turn_and_three_quarters():
    table = np.concatenate(Spiral().plane(0))
    arm = table[table[:, 2] == 1]
    arm = arm[np.argsort(np.hypot(arm[:, 0], arm[:, 1]))]
    turns = np.unwrap(np.arctan2(arm[:, 0], arm[:, 1])[5:])
    assert abs(turns[-1] - turns[0]) / (2 * np.pi) == pytest.approx(1.75, abs=0.1)


def test_the_hills_of_multi_gauss_are_where_they_should_be():
    near = {(-4, 2.5): 1, (0, 2.5): -1, (4, 2.5): 1, (-4, -2.5): -1, (0, -2.5): 1, (4, -2.5): -1}
    table = np.concatenate(MultiGauss(num_points=5000).plane(0))
    for centre, sign in near.items():
        inside = table[np.linalg.norm(table[:, :2] - centre, axis=1) < 0.3]
        assert np.all(inside[:, 2] * sign > 0.8)
    assert np.abs(table[:, 2]).max() <= 1


def test_inputs_are_the_functions_their_names_say():
    x1, x2 = 1.5, -2.0
    expected = [x1, x2, x1**2, x2**2, x1 * x2, np.sin(x1), np.sin(x2)]
    assert np.allclose(features(np.array([[x1, x2]]), tuple(INPUTS)), [expected])
    assert np.allclose(features(np.array([[x1, x2]]), ("sin_x2", "x1")), [[np.sin(x2), x1]])


def test_inputs_change_what_the_network_sees_and_not_the_points():
    plain, rich = Circle(), Circle(inputs=("x1", "x2", "x1_x2"))
    assert np.array_equal(plain.plane(0)[0], rich.plane(0)[0])
    split = rich.load(0)
    assert np.array_equal(split.train_x[:, :2], plain.load(0).train_x)
    assert np.allclose(split.train_x[:, 2], split.train_x[:, 0] * split.train_x[:, 1], atol=1e-5)


def test_drawn_points_come_back_as_drawn():
    points = ((-1.0, 2.0, 0), (3.0, 4.0, 2), (0.5, -6.0, 1), (1.0, 1.0, 2))
    table = np.concatenate(Drawn(points=points, num_classes=3).plane(0))
    assert sorted(map(tuple, table.tolist())) == sorted(points)


@pytest.mark.parametrize("size", [8, 16, 28, 32])
def test_digits_keep_their_look_at_every_size(size):
    split = Digits(size=size).load(seed=0)
    assert len(split.train_x) + len(split.test_x) == 1797
    assert split.test_x.dtype == np.uint8
    assert split.test_x.shape == (len(split.test_y), 1, size, size)
    assert (split.train_x.min(), split.train_x.max()) == (0, 255)
    ink = Digits(size=8).load(seed=0).test_x
    assert np.allclose(split.test_x.mean(axis=(2, 3)), ink.mean(axis=(2, 3)), atol=6)
