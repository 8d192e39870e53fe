"""Random experiments, drawn from what is registered: a new plug-in is tested as soon as it is there.

``sensible`` ones keep to the schema of each config, though their parts need not go together; with ``slips`` now and
then a value is replaced by nonsense, left out, or joined by a field that does not exist.
"""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from pydantic import TypeAdapter

from nets.activations import ACTIVATIONS
from nets.architectures import ARCHITECTURES, CannotBuild
from nets.datasets import DATASETS
from nets.experiment import TrainConfig
from nets.initializers import INITIALIZERS
from nets.kinds import FAMILIES
from nets.objectives import OBJECTIVES
from nets.registry import Registry
from tests.nets.datasets.tiny import ANIMALS, own_series, own_settings, uploads

Draw = Callable[[st.SearchStrategy[Any]], Any]

NAMED: dict[str, Registry[Any]] = {"activation": ACTIVATIONS, "initializer": INITIALIZERS}
NONSENSE: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        "",
        "banana",
        "\U0001f600",
        "9" * 400,
        "\ud800",
        -1,
        0,
        1.5,
        -0.5,
        1e30,
        10**30,
        float("nan"),
        float("inf"),
        True,
        [],
        {},
        [1, 2],
        ["x1", "x1"],
        {"kind": "mlp"},
        [[[]]],
    ]
)
SMALL_BOUNDS = {
    "num_points": (2, 60),
    "num_examples": (2, 60),
    "num_pictures": (200, 260),
    "num_features": (1, 30),
    "channels": (1, 6),
    "max_iter": (1, 4),
    "num_steps": (50, 150),
    "window": (1, 14),
    "horizon": (1, 4),
    "length": (2, 14),
    "hidden_size": (1, 12),
    "feedforward_size": (1, 16),
    "embedding_dim": (1, 8),
    "seq_len": (2, 12),
    "max_length": (1, 14),
    "threads": (1, 2),
}
"""Narrower bounds than the schema's, so that thousands of examples take minutes."""


def widths() -> st.SearchStrategy[int]:
    """Layers of a few neurons, rarely the widest there are."""
    return st.integers(0, 300).map(lambda draw: 4096 if draw == 300 else draw % 12 + 1)


SPECIAL: dict[str, st.SearchStrategy[Any]] = {
    "hidden_sizes": st.lists(widths(), max_size=4),
    "dense_sizes": st.lists(widths(), max_size=2),
    "dropout": st.floats(0, 0.95) | st.floats(0, 0.95) | st.lists(st.floats(0, 0.95), max_size=3),
    "size": st.sampled_from([8, 8, 8, 8, 16]),
    "learning_rate": st.floats(1e-5, 3.0) | st.sampled_from([1e6, 1e9]),
    "inputs": st.lists(st.sampled_from(["x1", "x2", "x1_x2", "sin_x1"]), min_size=1, max_size=4, unique=True),
    "upload": st.sampled_from([own_settings()["upload"], own_series().digest, "", "0" * 64]),
    "class_names": st.sampled_from([list(ANIMALS), list(ANIMALS), [*ANIMALS, "emu"]]),
    "columns": st.sampled_from([["price"], ["price", "volume"], ["rain"]]),
    "class_weights": st.just([]) | st.lists(st.floats(0.1, 9), max_size=4),
    "layout": st.just(uploads()["own_table"]["layout"]),
    "ignore": st.lists(st.sampled_from(["b", "day", "size", "year", "hue"]), max_size=2, unique=True),
    "group": st.sampled_from(["", "", "letter", "day", "country"]),
    "time": st.sampled_from(["", "", "day", "year", "total_bill"]),
    "folds": st.sampled_from([0, 0, 2, 3]),
    "fold": st.sampled_from([0, 0, 1, 2]),
    "classes": st.lists(st.sampled_from(["0", "3", "7", "circle", "star", "T-shirt/top"]), max_size=3),
    "device": st.sampled_from(["auto", "cpu", "cpu", "cuda"]),
    "depths": st.lists(st.integers(1, 3), min_size=1, max_size=4),
    "width": st.integers(4, 10),
    "variant": st.sampled_from(["resnet18", "resnet18", "resnet18", "resnet50"]),
    "pretrained": st.just(False),
    "patch": st.sampled_from([1, 2, 4, 4, 8, 3]),
    "d_model": st.sampled_from([4, 6, 8, 12, 13]),
    "num_heads": st.sampled_from([1, 2, 3, 4]),
    "num_layers": st.integers(1, 3),
    "hidden_class": st.sampled_from(["", "", "", "3", "circle"]),
    "latent_dim": st.integers(1, 8),
    "channels": st.lists(st.integers(1, 4), min_size=1, max_size=3) | st.integers(1, 6),
    "generator_sizes": st.lists(widths(), max_size=3),
    "discriminator_sizes": st.lists(widths(), max_size=3),
    "decoder_sizes": st.none() | st.lists(widths(), max_size=2),
}


@st.composite
def experiments(draw: Draw, *, slips: bool = False) -> Any:
    """Draw the JSON settings of an experiment."""
    chance = draw(st.sampled_from([0, 0, 1, 4])) if slips else 0
    data, others = draw(st.sampled_from(DATASETS.names())), draw(st.integers(0, 9)) == 9
    models = [name for name in ARCHITECTURES.names() if others or _suits(name, data)]
    model = draw(st.sampled_from(models))
    rules = OBJECTIVES.names() if others else ARCHITECTURES.get(model).objectives
    settings: dict[str, Any] = {
        "data": _config(draw, "data", data, chance),
        "model": _config(draw, "model", model, chance),
        "train": _values(
            draw, TypeAdapter(TrainConfig).json_schema(), chance, leave_out=("objective", "optimizer", "schedule")
        ),
    }
    settings["train"]["objective"] = _config(draw, "train.objective", draw(st.sampled_from(rules)), chance)
    for path in ("train.optimizer", "train.schedule"):
        if draw(st.booleans()):
            name = draw(st.sampled_from(FAMILIES[path][0].names()))
            settings["train"][path.removeprefix("train.")] = _config(draw, path, name, chance)
    if draw(st.booleans()):
        settings["name"] = draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
    return _slip(draw, settings, chance)


def _suits(architecture: str, data: str) -> bool:
    try:
        info = DATASETS.get(data)().info()
        ARCHITECTURES.get(architecture)().fitted(info).check(info)
    except CannotBuild:
        return False
    return True


def _config(draw: Draw, path: str, name: str, chance: int) -> Any:
    """Draw the settings of a registered config."""
    registry, tag = FAMILIES[path]
    config = registry.get(name)
    values = _values(draw, TypeAdapter(config).json_schema(), chance)
    fixed = {name: config.model_fields[name].default for name in {tag, "kind"} & set(config.model_fields)}
    return _slip(draw, {**values, **fixed}, chance)


def _values(draw: Draw, schema: dict[str, Any], chance: int, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    """Draw some of the fields of a schema; the others keep their defaults."""
    values = {}
    for name, field in schema["properties"].items():
        if name in leave_out or name in ("kind", "name", "version") or not draw(st.booleans()):
            continue
        strategy = SPECIAL[name] if name in SPECIAL else _of_schema(name, field, schema.get("$defs", {}))
        value = draw(strategy)
        values[name] = _slip(draw, value, chance)
    return values


def _slip(draw: Draw, value: Any, chance: int) -> Any:
    """Replace a value by nonsense with a chance in fifty; a field that does not exist may join a group of them."""
    if not chance or draw(st.integers(0, 49)) < 50 - chance:
        return value
    if isinstance(value, dict) and draw(st.booleans()):
        return {**value, draw(st.sampled_from(["banana", "", "epochs", "learning_rate"])): 1}
    return draw(NONSENSE)


def _of_schema(name: str, schema: dict[str, Any], defs: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return values that keep to a JSON schema, as far as pydantic writes them for configs."""
    if "$ref" in schema:
        return _of_schema(name, defs[schema["$ref"].rpartition("/")[2]], defs)
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return st.one_of([_of_schema(name, option, defs) for option in options])
    if "enum_of" in schema:
        return st.sampled_from(NAMED[schema["enum_of"]].names())
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "const" in schema:
        return st.just(schema["const"])
    match schema["type"]:
        case "null":
            return st.none()
        case "boolean":
            return st.booleans()
        case "string":
            return st.just(schema.get("default", ""))  # what may stand there is for SPECIAL to say
        case "integer" | "number":
            return _number(name, schema)
        case "array":
            return _array(name, schema, defs)
        case "object":
            return st.fixed_dictionaries(
                {}, optional={key: _of_schema(key, value, defs) for key, value in schema["properties"].items()}
            )
    raise NotImplementedError(f"a schema of {name}: {schema}")


def _number(name: str, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    low = schema.get("minimum", schema.get("exclusiveMinimum", -1000))
    high = schema.get("maximum", schema.get("exclusiveMaximum", 1000))
    low, high = SMALL_BOUNDS.get(name, (low, high))
    if schema["type"] == "integer":
        return st.integers(low, high) | st.integers(low, min(high, low + 20))
    return st.floats(
        low, high, exclude_min="exclusiveMinimum" in schema, exclude_max="exclusiveMaximum" in schema, width=64
    )


def _array(name: str, schema: dict[str, Any], defs: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "prefixItems" in schema:
        return st.tuples(*(_of_schema(name, item, defs) for item in schema["prefixItems"])).map(list)
    least, most = schema.get("minItems", 0), min(schema.get("maxItems", 6), 6)
    return st.lists(_of_schema(name, schema["items"], defs), min_size=least, max_size=max(least, most))
