"""Every recipe's script, run alone, ends with the run's numbers to the last digit."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from safetensors.torch import save_file

from nets.experiment import Experiment, dump
from nets.recipes import recipes
from nets.runs.trunks import trunk_of
from tests.nets.experiments import small
from tests.nets.export.scripts import Beside, finished, numbers, printed_by, text_of

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


def test_every_recipe_run_as_a_script_ends_alike(tmp_path, beside):
    experiments = {recipe.name: small(LESS.get(recipe.name, {}), dump(recipe.experiment)) for recipe in recipes()}
    sources = {name: finished(experiment) for name, experiment in experiments.items()}
    files = {**beside.data, **{path.name: path for path in trunks(experiments.values(), tmp_path)}}
    texts = {name: text_of(source) for name, source in sources.items()}
    for name, lines in printed_by(texts, tmp_path, Beside(files, beside.before)).items():
        *by_epoch, last = lines
        source, epochs = sources[name], experiments[name].train.max_epochs
        assert numbers(last) == source.metrics, name
        assert len(by_epoch) == epochs, name
        final = source.rows[-1]
        assert by_epoch[-1].startswith(f"epoch {epochs}: train_loss={final['train_loss']:.4f} "), name


def trunks(experiments: Iterable[Experiment], folder: Path) -> list[Path]:
    """Write the weights that experiments begin with as files that their scripts look for."""
    files = []
    for experiment in experiments:
        if trunk := trunk_of(experiment):
            assert experiment.train.transfer is not None
            files.append(folder / f"{experiment.train.transfer.source}.safetensors")
            save_file({key: value.contiguous() for key, value in trunk.items()}, files[-1])
    return files
