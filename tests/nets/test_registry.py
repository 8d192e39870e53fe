"""Registries: what is in them, and that nothing gets lost or doubled."""

import sys
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ValidationError

from nets.activations import ACTIVATIONS
from nets.architectures import ARCHITECTURES
from nets.datasets import DATASETS
from nets.initializers import INITIALIZERS
from nets.losses import LOSSES
from nets.objectives import OBJECTIVES
from nets.optimizers import OPTIMIZERS
from nets.recipes import recipes
from nets.registry import Registry, config_registrar, import_submodules, one_of, union_of
from nets.schedules import SCHEDULES
from nets.views import VIEWS

PROMISED: dict[str, tuple[Registry[Any], str]] = {
    "architecture": (ARCHITECTURES, "mlp cnn"),
    "activation": (
        ACTIVATIONS,
        "identity relu leaky_relu elu selu gelu silu tanh sigmoid softplus hardtanh mish",
    ),
    "loss": (LOSSES, "mse l1 huber cross_entropy bce hinge nll"),
    "optimizer": (OPTIMIZERS, "sgd adam adamw rmsprop adagrad adadelta nadam radam lbfgs"),
    "initializer": (
        INITIALIZERS,
        "xavier_uniform xavier_normal kaiming_uniform kaiming_normal orthogonal normal uniform zeros default",
    ),
    "schedule": (SCHEDULES, "constant step cosine one_cycle plateau warm_up"),
    "objective": (OBJECTIVES, "supervised"),
    "view": (VIEWS, "surface network predictions curve layers"),
    "recipe": (
        recipes(),
        "mlp-digits linear-digits wide-digits cnn-digits cnn-digits-sgd constant-target line-regression "
        "circle xor gauss spiral",
    ),
}


@pytest.mark.parametrize("kind", PROMISED)
def test_what_was_promised_is_registered(kind):
    registry, names = PROMISED[kind]
    assert set(names.split()) <= set(registry.names())


@pytest.mark.parametrize(
    "registry", [ACTIVATIONS, ARCHITECTURES, DATASETS, INITIALIZERS, LOSSES, OPTIMIZERS, SCHEDULES, recipes()]
)
def test_every_item_has_a_line_about_it(registry):
    for name, item in registry.items():
        assert item.help.strip(), name
        assert "\n" not in item.help, name


@pytest.mark.parametrize(("registry", "tag"), [(ARCHITECTURES, "kind"), (OPTIMIZERS, "kind"), (SCHEDULES, "kind")])
def test_every_config_carries_its_own_name_and_survives_json(registry, tag):
    for name, config in registry.items():
        made = config()
        assert getattr(made, tag) == name
        assert config.model_validate_json(made.model_dump_json()) == made


def test_a_name_can_be_taken_once():
    registry: Registry[int] = Registry("number")
    assert registry.add("one", 1) == 1
    with pytest.raises(ValueError, match="number 'one' is registered twice"):
        registry.add("one", 2)
    assert registry.get("one") == 1


def test_what_is_not_there_is_answered_with_what_is():
    registry: Registry[int] = Registry("number")
    registry.add("one", 1)
    registry.add("two", 2)
    with pytest.raises(ValueError, match="there is no number 'three'; choose from one, two"):
        registry.get("three")
    assert registry.names() == ("one", "two")
    assert registry.items() == (("one", 1), ("two", 2))
    assert list(registry) == [1, 2]
    assert len(registry) == 2
    assert "one" in registry
    assert "three" not in registry


def test_a_union_grows_with_its_registry():
    registry: Registry[type[BaseModel]] = Registry("shape")
    register = config_registrar(registry, "kind")

    @register
    class Round(BaseModel):
        kind: Literal["round"] = "round"

    assert union_of(registry, "kind") is Round

    @register
    class Square(BaseModel):
        kind: Literal["square"] = "square"

    class Drawing(BaseModel):
        shape: union_of(registry, "kind")  # type: ignore[valid-type]

    assert isinstance(Drawing.model_validate({"shape": {"kind": "square"}}).shape, Square)
    with pytest.raises(ValidationError):
        Drawing.model_validate({"shape": {"kind": "oval"}})


def test_a_name_is_checked_against_its_registry():
    class Layer(BaseModel):
        activation: one_of(ACTIVATIONS)  # type: ignore[valid-type]

    assert Layer(activation="relu").activation == "relu"
    with pytest.raises(ValidationError, match="choose from identity, relu"):
        Layer(activation="rule")


def test_a_broken_plug_in_fails_loudly(tmp_path, monkeypatch):
    package = tmp_path / "plug_ins_of_a_test"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "broken.py").write_text("raise RuntimeError('broken plug-in')")
    monkeypatch.syspath_prepend(tmp_path)
    import plug_ins_of_a_test  # type: ignore[import-not-found]

    with pytest.raises(RuntimeError, match="broken plug-in"):
        import_submodules(plug_ins_of_a_test)
    monkeypatch.delitem(sys.modules, "plug_ins_of_a_test")
