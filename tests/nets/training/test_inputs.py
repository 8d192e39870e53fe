"""From bytes to what a network sees: normalization, augmentation, other numbers."""

from typing import Any

import numpy as np
import pytest
import torch

from nets.datasets.base import Normalization, Split
from nets.datasets.images.base import Augment, mean_and_spread
from nets.datasets.images.digits import Digits
from nets.datasets.points.circle import Circle
from nets.training import Controls, Training
from nets.training.inputs import GROUPS, Inputs
from tests.nets.experiments import history, pictures, trained

CPU = torch.device("cpu")
EVERYTHING = {"flip": True, "shift": 0.1, "rotate": 15, "crop": 2, "erase": 0.5}


def test_pictures_stay_bytes_and_become_numbers_between_minus_one_and_one():
    training = Training(pictures())
    x = training.parts.train.x
    assert x.dtype == torch.uint8
    assert torch.equal(training.inputs(x), (x.float() / 255 - 0.5) / 0.5)
    with torch.no_grad():
        assert torch.equal(training.predict(x[:5]), training.model(training.inputs(x[:5])))


@pytest.mark.parametrize(("normalize", "low", "high"), [("half", -1.0, 1.0), ("unit", 0.0, 1.0)])
def test_the_range_of_the_inputs(normalize, low, high):
    training = Training(pictures({"data.normalize": normalize}))
    x = training.inputs(training.parts.train.x)
    assert (x.min().item(), x.max().item()) == (low, high)


def test_standard_inputs_have_mean_zero_and_spread_one_in_each_channel():
    rng = np.random.default_rng(0)
    x = np.stack([rng.integers(0, 100, (50, 8, 8)), rng.integers(50, 256, (50, 8, 8))], axis=1).astype(np.uint8)
    found = mean_and_spread(x)
    assert found.mean == pytest.approx(tuple(x.mean(axis=(0, 2, 3)) / 255), abs=1e-4)
    assert found.spread == pytest.approx(tuple(x.std(axis=(0, 2, 3)) / 255), abs=1e-4)
    training = Training(pictures({"data.normalize": "standard"}))
    inputs = training.inputs(training.parts.train.x)
    assert inputs.mean().item() == pytest.approx(0, abs=1e-2)
    assert inputs.std().item() == pytest.approx(1, abs=1e-2)


def inputs_of(**changes):
    data = Digits(size=16, augment=Augment(**changes))
    split = data.load(0)
    return Inputs(data, split, CPU), torch.from_numpy(split.train_x[:32])


def augmented(seed, **changes):
    inputs, x = inputs_of(**changes)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return x, inputs.augmented(x)


@pytest.mark.parametrize("kind", EVERYTHING)
def test_each_augmentation_changes_pictures_and_keeps_their_shape(kind):
    x, seen = augmented(1, **{kind: EVERYTHING[kind]})
    assert seen.shape == x.shape
    assert seen.dtype == torch.uint8
    changed = (seen != x).flatten(1).any(dim=1)
    assert changed.any()
    assert torch.equal(augmented(1, **{kind: EVERYTHING[kind]})[1], seen)
    assert not torch.equal(augmented(2, **{kind: EVERYTHING[kind]})[1], seen)


def test_without_augmentation_pictures_are_seen_as_they_are():
    inputs, x = inputs_of()
    assert inputs.augment is None
    assert inputs.augmented(x) is x


def test_groups_of_a_batch_are_treated_each_in_its_own_way():
    x, seen = augmented(0, rotate=45)
    alike = torch.stack([x[0]] * len(x))
    inputs, _ = inputs_of(rotate=45)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        turned = inputs.augmented(alike)
    assert len({picture.numpy().tobytes() for picture in turned}) == GROUPS
    assert not torch.equal(seen, x)


def test_test_pictures_are_never_augmented():
    plain, changed = trained(pictures({"train.max_epochs": 1})), Training(pictures({"data.augment": EVERYTHING}))
    changed.restore(plain.weights())
    assert changed.measure() == plain.metrics


def test_the_same_seed_augments_alike():
    experiment = pictures({"data.augment": EVERYTHING, "train.max_epochs": 2})
    first, second = (history(Training(experiment).events(Controls())) for _ in range(2))
    assert first == second
    other = history(Training(pictures({"train.max_epochs": 2})).events(Controls()))
    assert first != other


def test_wrong_labels_are_as_many_as_asked_for_and_only_in_training():
    plain, noisy = Digits(size=8).load(3), Digits(size=8, label_noise=0.25).load(3)
    assert (plain.train_y != noisy.train_y).mean() == pytest.approx(0.25, abs=0.001)
    assert np.array_equal(plain.test_y, noisy.test_y)
    assert set(noisy.train_y) == set(range(10))


def test_some_classes_alone_few_of_each():
    data = Digits(size=8, classes=("7", "3"), per_class=20)
    split = data.load(0)
    assert data.info().class_names == ("7", "3")
    assert np.bincount(split.train_y).tolist() == [20, 20]
    whole = Digits(size=8).load(0)
    assert np.array_equal(split.test_x[split.test_y == 0], whole.test_x[whole.test_y == 7])
    assert np.array_equal(split.test_x[split.test_y == 1], whole.test_x[whole.test_y == 3])


def test_a_fraction_of_the_training_pictures():
    assert len(Digits(size=8, fraction=0.1).load(0).train_x) == round(0.1 * len(Digits(size=8).load(0).train_x))


@pytest.mark.parametrize("classes", [("1", "1"), ("1",), ("1", "x")])
def test_classes_that_make_no_sense_are_refused(classes):
    with pytest.raises(ValueError, match="class"):
        Digits(classes=classes)


def test_bfloat16_learns_nearly_alike_and_not_the_same():
    exact, rough = trained(pictures()), trained(pictures({"train.precision": "bfloat16"}))
    assert rough.metrics["train_loss"] == pytest.approx(exact.metrics["train_loss"], rel=0.05)
    assert rough.metrics != exact.metrics
    assert all(parameter.dtype == torch.float32 for parameter in rough.model.parameters())


def test_scripts_end_with_the_same_numbers(elsewhere):
    changes: dict[str, dict[str, Any]] = {
        "augmented": {"data.augment": EVERYTHING, "model.dropout": 0.2},
        "selected": {
            "data.classes": ["1", "7"],
            "data.fraction": 0.9,
            "data.per_class": 30,
            "data.label_noise": 0.1,
            "data.normalize": "standard",
        },
        "bfloat16": {"train.precision": "bfloat16"},
        "lbfgs": {"data.augment": {"shift": 0.1}, "train.optimizer": {"kind": "lbfgs"}},
    }
    elsewhere.assert_alike({name: pictures(change) for name, change in changes.items()})


def test_only_pictures_are_normalized():
    split = Split(*(np.zeros((2, 1), np.float32) for _ in range(4)))
    assert isinstance(Digits().normalization(Digits(size=8).load(0)), Normalization)
    assert Circle().normalization(split) is None
