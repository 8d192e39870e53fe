"""Whatever is registered gives a script that ends with the run's numbers, to the last digit."""

from typing import Any

import pytest

from nets.activations import ACTIVATIONS
from nets.architectures import ARCHITECTURES
from nets.architectures.base import OUTPUT_ACTIVATIONS
from nets.architectures.sequence import SequenceConfig
from nets.architectures.table import TableNetworkConfig
from nets.compatibility import incompatibilities
from nets.datasets import DATASETS
from nets.initializers import INITIALIZERS
from nets.losses import LOSSES
from nets.optimizers import OPTIMIZERS
from nets.schedules import SCHEDULES
from tests.nets.datasets.tiny import uploads
from tests.nets.experiments import DATA_OF_TASK, pictures, small
from tests.nets.views.text import over_text

TWO: dict[str, Any] = {"train.max_epochs": 2}
LESS: dict[str, dict[str, Any]] = {
    "digits": {"data.size": 8, "data.train_share": 0.1},
    "shapes": {"data.num_pictures": 300},
    **{name: {f"data.{field}": value for field, value in settings.items()} for name, settings in uploads().items()},
}


def test_every_dataset(beside, elsewhere):
    experiments = {}
    for name, config in DATASETS.items():
        unlabelled = {"model.kind": "autoencoder"} if config().info().num_targets < 2 else {}
        unlabelled |= {"model.kind": "rnn"} if config().info().per_step else {}
        is_regression = config().info().task == "regression"
        experiments[name] = small(
            {"data.name": name, **LESS.get(name, {}), **({} if is_regression else unlabelled), **TWO}
        )
    elsewhere.assert_alike(experiments, beside)


CHOICES: dict[str, dict[str, Any]] = {
    "classes": {"data.name": "shapes", "data.classes": ["star", "ring", "moon"]},
    "fraction": {"data.name": "mnist", "data.fraction": 0.5, "data.sample": 3},
    "per-class": {"data.name": "cifar10", "data.per_class": 3, "data.classes": ["dog", "cat"]},
    "wrong-labels": {"data.name": "emnist", "data.label_noise": 0.3},
    "wrong-labels-of-some": {"data.name": "gtsrb", "data.label_noise": 0.3, "data.classes": ["stop", "yield"]},
    "grey": {"data.name": "own", **LESS["own"], "data.size": 16, "data.colour": "grey", "data.train_share": 0.5},
}


def test_every_choice_of_pictures(beside, elsewhere):
    experiments = {name: small({**TWO, **changes}) for name, changes in CHOICES.items()}
    elsewhere.assert_alike(experiments, beside)


@pytest.mark.parametrize("size", [16, 28, 32])
def test_pictures_of_every_size(size, elsewhere):
    changes = {"data.size": size, "train.max_epochs": 1}
    elsewhere.assert_alike({"cnn": pictures(changes), "mlp": pictures({**changes, "model.kind": "mlp"})})


def test_every_architecture(elsewhere):
    dna = {"data.name": "dna", "data.num_examples": 150}
    experiments = {}
    for name, config in ARCHITECTURES.items():
        changes = {"model.kind": name, **TWO}
        if issubclass(config, SequenceConfig):
            experiments[name] = small({**dna, **changes})
        elif issubclass(config, TableNetworkConfig):
            experiments[name] = small({"data.name": "tips", "data.prepare.categories": "embedding", **changes})
        else:
            experiments[name] = pictures(changes)
    elsewhere.assert_alike(experiments)


def test_every_loss_for_every_task(elsewhere):
    experiments = {}
    for data in DATA_OF_TASK.values():
        usual = small({"data.name": data, **TWO})
        for loss in LOSSES.names():
            experiment = usual.model_copy(update={"train": usual.train.model_copy(update={"loss": loss})})
            if not incompatibilities(experiment):
                experiments[f"{data}-{loss}"] = experiment
    assert len(experiments) >= len(LOSSES)
    elsewhere.assert_alike(experiments)


def test_every_optimizer(elsewhere):
    kinds = OPTIMIZERS.names()
    experiments = {kind: small({"train.optimizer.kind": kind, **TWO}) for kind in kinds}
    experiments |= {f"pictures-{kind}": pictures({"train.optimizer.kind": kind}) for kind in kinds}
    elsewhere.assert_alike(experiments)


def test_every_activation_inside_and_at_the_end(elsewhere):
    experiments = {name: small({"model.activation": name, **TWO}) for name in ACTIVATIONS.names()}
    for name in OUTPUT_ACTIVATIONS:
        changes = {"data.name": "blobs", "train.loss": "mse", "model.output_activation": name, **TWO}
        experiments[f"output-{name}"] = small(changes)
    elsewhere.assert_alike(experiments)


def test_every_initializer(elsewhere):
    names = INITIALIZERS.names()
    experiments = {name: small({"model.initializer": name, **TWO}) for name in names}
    experiments |= {f"pictures-{name}": pictures({"model.initializer": name, "train.max_epochs": 1}) for name in names}
    elsewhere.assert_alike(experiments)


def test_every_schedule(elsewhere):
    names = SCHEDULES.names()
    experiments = {name: small({"train.schedule.kind": name, "train.max_epochs": 12}) for name in names}
    lively = {"train.optimizer": {"kind": "adam", "learning_rate": 0.5}, "train.max_epochs": 30}
    experiments["drops"] = small({"train.schedule": {"kind": "plateau", "patience": 1, "gamma": 0.3}, **lively})
    elsewhere.assert_alike(experiments)


SETTINGS = {
    "batch-norm": small({"model.norm": "batch"}),
    "layer-norm": small({"model.norm": "layer"}),
    "batch-norm-and-one-left": small({"model.norm": "batch", "data.num_points": 62}),
    "batch-norm-and-one-batch": small({"model.norm": "batch", "data.num_points": 62, "train.batch_size": 30}),
    "rate-by-step-and-one-left": small({"model.norm": "batch", "data.num_points": 62, "train.schedule.kind": "cosine"}),
    "all-in-one-batch": small({"train.batch_size": 500, "train.schedule.kind": "one_cycle", "model.norm": "batch"}),
    "more-than-are-measured": small({"data.num_points": 6000, "train.batch_size": 300}),
    "dropout": small({"model.dropout": [0.1, 0.5], "train.max_epochs": 5}),
    "penalties": small({"train.l1": 0.01, "train.l2": 0.02, "train.clip_norm": 0.5}),
    "l1": small({"train.l1": 0.01}),
    "l2-in-a-closure": small({"train.l2": 0.01, "train.optimizer.kind": "lbfgs", "train.schedule.kind": "warm_up"}),
    "early-stopping": small(
        {
            "train.early_stopping": {"patience": 2},
            "train.max_epochs": 60,
            "train.optimizer": {"kind": "adam", "learning_rate": 0.3},
        }
    ),
    "early-stopping-and-plateau": small(
        {
            "train.early_stopping": {"patience": 3, "min_delta": 0.01},
            "train.max_epochs": 60,
            "train.schedule": {"kind": "plateau", "patience": 1},
        }
    ),
    "target": small({"train.target": {"metric": "test_accuracy", "value": 0.6}, "train.max_epochs": 60}),
    "target-of-values": small(
        {"data.name": "plane", "train.target": {"metric": "test_r2", "value": 0.1}, "train.max_epochs": 60}
    ),
    "no-hidden-layer": small({"model.hidden_sizes": []}),
    "two-threads": small({"train.threads": 2}),
    "seed": small({"train.seed": 2**31 - 1, "data.sample": 7}),
    "all-inputs": small(
        {"data.inputs": ["sin_x2", "x1", "x2", "x1_squared", "x2_squared", "x1_x2", "sin_x1"], "data.noise": 0.2}
    ),
    "picture-blocks": pictures(
        {
            "model.norm": "layer",
            "model.dropout": 0.2,
            "model.blocks": [
                {"channels": 4, "dropout": 0.2, "pool": "none", "kernel": 5, "padding": 2},
                {"channels": 3, "pool": "average", "pool_size": 3, "stride": 2, "kernel": 2},
            ],
        }
    ),
    "texts-of-a-length": over_text(data={"length_buckets": True}, max_epochs=2),
    "picture-penalties": pictures({"model.norm": "batch", "train.l1": 0.001, "train.clip_norm": 0.5}),
}


def test_every_other_setting(elsewhere):
    elsewhere.assert_alike(SETTINGS)
