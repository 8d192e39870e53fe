"""Generated shapes: what they look like, and that they are the same wherever they are drawn."""

import time

import numpy as np
import pytest

from nets.datasets.images.downloads import INSTEAD
from nets.datasets.images.outlines import NAMES, OUTLINES
from nets.datasets.images.shapes import SIDE, Shapes, coverage, paint
from tests.nets.experiments import problems_of, small, trained


def field(name: str, side: int = 400) -> np.ndarray:
    """Distances from an outline on a fine grid between -1.5 and 1.5, y upwards."""
    places = np.linspace(-1.5, 1.5, side)
    return OUTLINES[name](*np.meshgrid(places, -places))


@pytest.mark.parametrize("name", NAMES)
def test_an_outline_is_a_distance_at_its_edge(name):
    """Its slope is 1 there, and a shape fits into the circle that it is placed by."""
    far = field(name)
    step = 3 / (len(far) - 1)
    slopes = np.hypot(*np.gradient(far, step))
    assert np.median(slopes[np.abs(far) < 0.02]) == pytest.approx(1, abs=0.02)
    places = np.linspace(-1.5, 1.5, len(far))
    reach = np.hypot(*np.meshgrid(places, places))[far < 0].max()
    assert 0.6 < reach < 1.1
    assert 0.1 < (far < 0).mean() * 9 / np.pi < 0.95


def test_no_two_outlines_are_alike():
    inside = {name: field(name) < 0 for name in NAMES}
    for one in NAMES:
        for other in NAMES[: NAMES.index(one)]:
            both, either = (inside[one] & inside[other]).sum(), (inside[one] | inside[other]).sum()
            assert both / either < 0.85, (one, other)


def test_edges_are_one_pixel_soft():
    assert coverage(np.array([-1.0, 0, 1.0])).tolist() == [1, 0.5, 0]
    assert coverage(np.array([0.25 * 2 / SIDE]))[0] == pytest.approx(0.25)


def test_every_kind_is_as_frequent_in_each_part():
    split = Shapes(num_pictures=1000).load(seed=0)
    assert np.bincount(split.train_y).tolist() == [80] * 10
    assert np.bincount(split.test_y).tolist() == [20] * 10
    assert split.train_y[:10].tolist() != list(range(10))


def test_a_shape_is_brighter_than_its_ground():
    for kind in range(len(NAMES)):
        (picture,) = paint(np.random.default_rng(kind), np.array([kind]), noise=0, clutter=0)
        brightest = picture.max(axis=0)
        assert (brightest > 240).mean() > 0.02
        assert np.median(brightest) < 200


def test_noise_and_clutter_change_pictures_and_nothing_else():
    calm = Shapes(num_pictures=200, noise=0, clutter=0).load(seed=0)
    for other in (Shapes(num_pictures=200, noise=0.5, clutter=0), Shapes(num_pictures=200, noise=0, clutter=1)):
        loud = other.load(seed=0)
        assert np.array_equal(calm.train_y, loud.train_y)
        assert not np.array_equal(calm.train_x, loud.train_x)
        differs = np.abs(calm.train_x[0].astype(int) - loud.train_x[0])
        assert 0 < np.median(differs) < 60 if other.noise else (differs == 0).mean() > 0.2
    assert sum(len(np.unique(picture)) for picture in calm.train_x[:20]) < 20 * 256


@pytest.mark.parametrize(
    ("field_name", "value", "says"),
    [
        ("num_pictures", 199, "at least 200"),
        ("num_pictures", 50_001, "at most 50,000"),
        ("noise", 1.1, "at most 1"),
        ("clutter", -0.1, "at least 0"),
        ("classes", ["star", "comet"], "classes names comet"),
        ("classes", ["star"], "one class alone"),
    ],
)
def test_settings_out_of_bounds_are_named(field_name, value, says):
    found = problems_of({"data": {"kind": "images", "name": "shapes", field_name: value}, "model": {"kind": "mlp"}})
    assert any(says in message for message in found.values())


def test_they_are_drawn_quickly():
    Shapes(num_pictures=200).load(seed=0)
    began = time.process_time()
    Shapes().load(seed=0)
    assert time.process_time() - began < 1.5


def test_a_network_learns_them():
    """Two kinds, small and clean, as a quick sign that labels and pictures belong together."""
    data = {"data.name": "shapes", "data.classes": ["ring", "square"], "data.num_pictures": 1000, "data.noise": 0.0}
    network = {"model.kind": "cnn", "train.batch_size": 16, "train.max_epochs": 4}
    training = trained(small({**data, **network, "train.optimizer.kind": "adam"}))
    assert training.metrics["test_accuracy"] > 0.85


def test_the_sets_that_need_no_download_are_there():
    assert "shapes" in INSTEAD
