"""Every recipe's script, run alone, ends with the run's numbers to the last digit."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from safetensors.torch import save_file

from nets.experiment import Experiment, dump
from nets.recipes import recipes
from nets.runs.trunks import trunk_of
from tests.nets.experiments import small
from tests.nets.export.scripts import Beside, finished, numbers, text_of

FEW: dict[str, dict[str, Any]] = {
    "digits": {"data.train_share": 0.1},
    "shapes": {"data.num_pictures": 200},
    "reviews": {"data.num_examples": 60},
    "names": {"data.per_language": 10},
    "dna": {"data.num_examples": 60},
    "topics": {"data.length": 2000},
    "first_symbol": {"data.num_examples": 80},
}
SMALLER = ("cnn-digits", "cnn-digits-sgd", "plain-vs-residual", "vit-digits")
"""Those of digits that take long even for a few pictures of 28 by 28."""


def short(experiment: Experiment) -> Experiment:
    """Two epochs of a recipe, on few examples."""
    less = {"train.max_epochs": 2, **FEW.get(experiment.data.name, {})}
    if experiment.name in SMALLER:
        less["data.size"] = 8
    if "num_steps" in type(experiment.data).model_fields:
        less["data.num_steps"] = 160
    return small(less, dump(experiment))


def test_every_recipe_run_as_a_script_ends_alike(elsewhere, tmp_path, beside):
    experiments = {recipe.name: short(recipe.experiment) for recipe in recipes()}
    sources = {name: finished(experiment) for name, experiment in experiments.items()}
    files = {**beside.data, **{path.name: path for path in trunks(experiments.values(), tmp_path)}}
    texts = {name: text_of(source) for name, source in sources.items()}
    for name, lines in elsewhere.printed_by(texts, Beside(files, beside.before)).items():
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
