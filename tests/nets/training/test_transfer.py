"""Networks that begin with what another has learnt."""

import pytest
import torch
from safetensors.torch import save_file

from nets.problems import InvalidExperiment
from nets.recipes import recipes
from nets.runs.checkpoints import save
from nets.runs.trunks import recipe_file, trunk_of, trunk_of_recipe
from nets.training import Controls, Training
from nets.training.state import capture, restore
from tests.nets.experiments import SMALL_PICTURES, exhaust, pictures, problems_of, settings, trained
from tests.nets.export.scripts import finished, numbers, python, text_of

OTHERS = {"data.classes": ["5", "6", "7"]}
HEAD = {"output.weight", "output.bias"}


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path))
    return tmp_path


def kept(home, run_id="first1", changes=None):
    """Train a run and keep its last checkpoint."""
    source = trained(pictures({"model.norm": "batch", **(changes or {})}))
    save(source, home / "runs" / run_id)
    return source


def transferred(freeze, **changes):
    experiment = pictures(
        {"model.norm": "batch", **OTHERS, "train.transfer": {"source": "first1", "freeze": freeze}, **changes}
    )
    return Training(experiment, trunk=trunk_of(experiment))


def same(one, other):
    return {name for name in one if torch.equal(one[name], other[name])} if one.keys() == other.keys() else set()


def test_everything_but_the_head_is_taken_over(home):
    source = kept(home).weights()
    own = transferred(freeze=False).weights()
    shared = {name for name in own if own[name].shape == source[name].shape and torch.equal(own[name], source[name])}
    assert shared == set(own) - HEAD
    assert own["output.weight"].shape == (3, 12)


def test_frozen_nothing_but_the_head_learns(home):
    kept(home)
    training = transferred(freeze=True)
    before = training.weights()
    exhaust(training.events(Controls()))
    assert same(before, training.weights()) == set(before) - HEAD


def test_unfrozen_everything_learns(home):
    kept(home)
    training = transferred(freeze=False)
    before = training.weights()
    exhaust(training.events(Controls()))
    assert not {name for name in same(before, training.weights()) if name.endswith("weight")}


@pytest.mark.parametrize("freeze", [True, False])
def test_it_goes_on_from_a_checkpoint_bit_for_bit(home, freeze):
    kept(home)
    whole = transferred(freeze, **{"train.l2": 0.01})
    exhaust(whole.events(Controls()))
    half = transferred(freeze, **{"train.l2": 0.01})
    for event in half.events(Controls()):
        if getattr(event, "epoch", 0) == 1 and half.step and half.batches.cursor == 0:
            break
    again = restore(*capture(half))
    exhaust(again.events(Controls()))
    assert again.metrics == whole.metrics


def test_a_recipe_is_trained_first_and_kept(home):
    source = pictures({"train.max_epochs": 1})
    expected = trained(source).weights()
    first = trunk_of_recipe(source)
    assert same(first, expected) == set(expected)
    tensors = {name: value.contiguous() for name, value in expected.items()}
    save_file({**tensors, "output.bias": torch.ones(10)}, recipe_file(source))
    assert torch.equal(trunk_of_recipe(source)["output.bias"], torch.ones(10))


TRANSFERRED = [recipe.name for recipe in recipes() if recipe.experiment.train.transfer is not None]


@pytest.mark.parametrize("name", TRANSFERRED)
def test_a_recipe_takes_over_all_but_the_head_of_the_recipe_it_begins_with(name):
    experiment = recipes().get(name).experiment
    assert experiment.train.transfer is not None
    source = {
        key: value + 1
        for key, value in Training(recipes().get(experiment.train.transfer.source).experiment).weights().items()
    }
    own = Training(experiment, trunk=source).weights()
    assert same(own, source) == set(own) - HEAD


def test_what_is_not_here_is_refused_by_name(home):
    for source in ("nothing1", "../../etc", "x" * 90):
        with pytest.raises(InvalidExperiment, match=r"train\.transfer\.source: of the run or recipe"):
            trunk_of(pictures({"train.transfer": {"source": source}}))


def test_a_network_of_another_kind_gives_nothing(home):
    save(trained(pictures({"model": {"kind": "mlp", "hidden_sizes": [7]}})), home / "runs" / "first1")
    experiment = pictures({"train.transfer": {"source": "first1"}})
    with pytest.raises(InvalidExperiment, match="no layer there has the name and shape"):
        Training(experiment, trunk=trunk_of(experiment))


def test_to_begin_with_nothing_is_refused():
    problems = problems_of(settings({"train.transfer": {"source": ""}}, SMALL_PICTURES))
    assert list(problems) == ["train.transfer.source"]


@pytest.mark.parametrize("freeze", [True, False])
def test_the_script_ends_alike_beside_the_weights(home, tmp_path, freeze):
    source = kept(home)
    changes = {"model.norm": "batch", "model.dropout": 0.1, **OTHERS, "train.l2": 0.001}
    experiment = pictures({**changes, "train.transfer": {"source": "first1", "freeze": freeze}})
    run = finished(experiment)
    (tmp_path / "script.py").write_text(text_of(run), encoding="utf-8")
    save_file({name: value.contiguous() for name, value in source.weights().items()}, tmp_path / "first1.safetensors")
    *_, last = python("script.py", folder=tmp_path).splitlines()
    assert numbers(last) == run.metrics
