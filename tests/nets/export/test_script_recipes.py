"""Every recipe's script, run alone, ends with the run's numbers to the last digit."""

import pytest

from nets.recipes import recipes
from tests.nets.experiments import small
from tests.nets.export.scripts import finished, numbers, python, text_of

EPOCHS = {"cnn-digits": 2, "cnn-digits-sgd": 2, "wide-digits": 5, "circle": 200, "xor": 200, "spiral": 200}
"""Fewer than the recipe has, where the whole would take long."""


@pytest.mark.parametrize("name", recipes().names())
def test_a_recipe_run_as_a_script_ends_alike(name, tmp_path):
    experiment = recipes().get(name).experiment
    epochs = EPOCHS.get(name, experiment.train.max_epochs)
    source = finished(small({"train.max_epochs": epochs}, experiment.model_dump(mode="json")))
    (tmp_path / "script.py").write_text(text_of(source), encoding="utf-8")
    *by_epoch, last = python("script.py", folder=tmp_path).splitlines()
    assert numbers(last) == source.metrics
    assert len(by_epoch) == epochs
    final = source.rows[-1]
    assert by_epoch[-1].startswith(f"epoch {epochs}: train_loss={final['train_loss']:.4f} ")
