"""Every recipe's script, run alone, ends with the run's numbers to the last digit."""

from typing import Any

import pytest
from safetensors.torch import save_file

from nets.experiment import dump
from nets.recipes import recipes
from nets.runs.trunks import trunk_of
from tests.nets.experiments import small
from tests.nets.export.scripts import finished, numbers, python, text_of

LESS: dict[str, dict[str, Any]] = {
    "cnn-digits": {"train.max_epochs": 1, "data.size": 8},
    "cnn-digits-sgd": {"train.max_epochs": 1, "data.size": 8},
    "mlp-digits": {"train.max_epochs": 5},
    "wide-digits": {"train.max_epochs": 3},
    "wide-digits-relu-output": {"train.max_epochs": 3},
    "trunk-digits": {"train.max_epochs": 2},
    "circle": {"train.max_epochs": 40},
    "gauss": {"train.max_epochs": 40},
    "xor": {"train.max_epochs": 40},
    "spiral": {"train.max_epochs": 40},
    "line-regression": {"train.max_epochs": 40},
    "lenet-shapes": {"train.max_epochs": 2, "data.num_pictures": 500},
    "resnet-shapes": {"train.max_epochs": 2, "data.num_pictures": 300},
    "plain-vs-residual": {"train.max_epochs": 1, "data.size": 8},
    "vit-digits": {"train.max_epochs": 2, "data.size": 8},
    "transfer-digits": {"train.max_epochs": 1},
}
"""What is taken of recipes that take long as a whole."""


@pytest.mark.parametrize("name", recipes().names())
def test_a_recipe_run_as_a_script_ends_alike(name, tmp_path, beside):
    experiment = small(LESS.get(name, {}), dump(recipes().get(name).experiment))
    source = finished(experiment)
    if trunk := trunk_of(experiment):
        assert experiment.train.transfer is not None
        tensors = {key: value.contiguous() for key, value in trunk.items()}
        save_file(tensors, tmp_path / f"{experiment.train.transfer.source}.safetensors")
    beside.link(tmp_path)
    (tmp_path / "script.py").write_text(beside.before + "\n" + text_of(source), encoding="utf-8")
    *by_epoch, last = python("script.py", folder=tmp_path).splitlines()
    assert numbers(last) == source.metrics
    epochs = experiment.train.max_epochs
    assert len(by_epoch) == epochs
    final = source.rows[-1]
    assert by_epoch[-1].startswith(f"epoch {epochs}: train_loss={final['train_loss']:.4f} ")
