"""What is drawn by hand is centred and scaled as the training pictures are."""

import numpy as np
import pytest

from nets.datasets.images.digits import Digits
from nets.datasets.images.shapes import Shapes
from nets.training import Training
from nets.views.augmented import AugmentedView
from nets.views.gallery import GalleryView
from nets.views.placement import Placement, PlacementView, placed, placement_of
from tests.nets.experiments import pictures

INK = Placement((1, 28, 28), is_ink=True, extent=0.75, center=(0.5, 0.5))


def drawn(top, left, height, width, side=112):
    sheet = np.zeros((side, side), np.uint8)
    sheet[top : top + height, left : left + width] = 255
    return sheet


def box(picture):
    rows, columns = np.flatnonzero(picture.max(axis=1) > 64), np.flatnonzero(picture.max(axis=0) > 64)
    return rows[0], rows[-1] + 1, columns[0], columns[-1] + 1


@pytest.mark.parametrize("place", [(0, 0), (60, 70), (20, 90)])
def test_wherever_it_is_drawn_it_comes_to_the_middle_at_the_usual_size(place):
    found = placed(drawn(place[0], place[1], 40, 20), INK)
    assert found.shape == (1, 28, 28)
    top, bottom, left, right = box(found[0])
    assert bottom - top == 21
    assert abs((top + bottom) / 2 - 14) <= 1
    assert abs((left + right) / 2 - 14) <= 1


def test_dark_ink_on_light_paper_is_turned_round():
    light = placed(drawn(10, 10, 40, 20), INK)
    dark = placed(235 - (drawn(10, 10, 40, 20) * (200 / 255)).astype(np.uint8), INK)
    assert np.abs(light.astype(int) - dark.astype(int)).max() <= 3


@pytest.mark.parametrize("level", [0, 90, 255])
def test_an_empty_sheet_is_an_empty_picture(level):
    assert not placed(np.full((50, 50), level, np.uint8), INK).any()


def test_colour_pictures_are_cut_square_and_resized():
    wide = np.zeros((40, 80, 3), np.uint8)
    wide[:, 20:60] = (10, 200, 30)
    found = placed(wide, Placement((3, 32, 32), is_ink=False, extent=1.0, center=(0.5, 0.5)))
    assert found.shape == (3, 32, 32)
    assert found.reshape(3, -1).mean(axis=1).round().tolist() == [10, 200, 30]


@pytest.mark.parametrize("size", [8, 16, 28, 32])
def test_digits_are_ink_that_fills_most_of_the_picture(size):
    found = placement_of(Digits(size=size).load(0).train_x[:300])
    assert found.is_ink
    assert 0.85 <= found.extent <= 1
    assert found.center == pytest.approx((0.5, 0.5), abs=0.06)


def test_coloured_shapes_are_no_ink():
    assert not placement_of(Shapes(num_pictures=200).load(0).train_x).is_ink


def test_a_picture_of_the_set_stays_about_as_it_is():
    split = Digits(size=28).load(0)
    placement = placement_of(split.train_x[:500])
    large = np.kron(split.test_x[3, 0], np.ones((4, 4), np.uint8))
    assert np.abs(placed(large, placement)[0].astype(int) - split.test_x[3, 0]).mean() < 40


def test_views_of_the_pictures_themselves():
    training = Training(pictures())
    assert PlacementView().look(training) == placement_of(training.split.train_x[:500])
    assert np.array_equal(GalleryView(count=7).look(training).pictures, training.split.test_x[:7])


def test_augmented_pictures_beside_those_they_come_from():
    plain = AugmentedView(count=4, times=2).look(Training(pictures()))
    assert plain.pictures.shape == (3, 4, 1, 8, 8)
    assert np.array_equal(plain.pictures[0], plain.pictures[1])
    turned = AugmentedView(count=4, times=2).look(Training(pictures({"data.augment": {"rotate": 90}})))
    assert np.array_equal(turned.pictures[0], plain.pictures[0])
    assert not np.array_equal(turned.pictures[0], turned.pictures[1])
    assert not np.array_equal(turned.pictures[1], turned.pictures[2])
