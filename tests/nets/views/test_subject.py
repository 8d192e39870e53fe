"""The picture that is looked at is the one that was asked for."""

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from nets.training import Training
from nets.views.subject import Subject, pixels_of
from tests.nets.experiments import pictures, small
from tests.nets.views.vision import COLOUR, on_pictures


@pytest.fixture(scope="module")
def digits() -> Training:
    return Training(pictures())


@pytest.fixture(scope="module")
def colours() -> Training:
    return Training(on_pictures("mlp", COLOUR))


def test_an_index_is_a_place_in_the_test_part(digits):
    subject = Subject(index=7)
    assert np.array_equal(subject.picture(digits)[0].numpy(), digits.split.test_x[7])
    assert subject.label(digits) == digits.split.test_y[7]


def test_given_pixels_are_the_picture_whatever_the_index(colours):
    picture = np.random.default_rng(0).integers(0, 256, (3, 32, 32), dtype=np.uint8)
    subject = Subject(index=9999, pixels=pixels_of(picture))
    assert subject.picture(colours).dtype == torch.uint8
    assert np.array_equal(subject.picture(colours)[0].numpy(), picture)
    assert subject.label(colours) is None
    assert Subject.model_validate_json(subject.model_dump_json()) == subject


def test_the_network_sees_given_pixels_as_it_sees_test_pictures(colours):
    of_test = Subject(index=3)
    given = Subject(pixels=pixels_of(colours.split.test_x[3]))
    assert torch.equal(given.inputs(colours), of_test.inputs(colours))
    assert torch.equal(of_test.inputs(colours), colours.inputs(colours.parts.test.x[3:4]))


def test_there_is_no_picture_after_the_last(digits):
    count = len(digits.parts.test)
    assert Subject(index=count - 1).picture(digits).shape == (1, 1, 8, 8)
    for ask in (Subject(index=count).picture, Subject(index=count).label):
        with pytest.raises(ValueError, match=f"there is no test picture {count:,}; the last of {count:,} is"):
            ask(digits)


def test_pixels_of_another_shape_are_refused(digits):
    with pytest.raises(ValueError, match="has 63 bytes; 1 × 8 × 8 = 64 are needed"):
        Subject(pixels=pixels_of(np.zeros((1, 7, 9), np.uint8))).picture(digits)


@pytest.mark.parametrize("text", ["é", "abc", "a b=", "####"])
def test_what_is_no_base64_is_refused(text):
    with pytest.raises(ValidationError, match="is no base64"):
        Subject(pixels=text)


@pytest.mark.parametrize("fields", [{"index": -1}, {"index": 1.5}, {"pixels": "A" * 2_000_000}])
def test_bounds_are_checked(fields):
    with pytest.raises(ValidationError):
        Subject(**fields)


def test_points_are_no_pictures():
    with pytest.raises(ValueError, match="no pictures"):
        Subject().picture(Training(small()))
