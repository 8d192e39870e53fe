"""An experiment in a link: there and back, and what hostile or outdated links do."""

import os
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nets.experiment import Experiment, dump, parse
from nets.link import KIND_PATHS, flatten, from_query, read, to_query, write
from nets.problems import InvalidExperiment
from nets.recipes import recipes
from tests.nets.experiments import pictures, small
from tests.nets.strategies import experiments

EXAMPLES = int(os.environ.get("PLAYGROUND_EXAMPLES", "300"))
many = settings(max_examples=EXAMPLES // 3, suppress_health_check=list(HealthCheck))
RECIPES = {name: recipe.experiment for name, recipe in recipes().items()}
ONE_OF_EACH = {(each.data.kind, each.model.kind, each.train.objective.kind): each for each in RECIPES.values()}
"""A recipe for each sort of data, network and rule: a screen's default may be any."""
DEFAULT = small()


def there_and_back(experiment: Experiment, default: Experiment) -> Experiment:
    """Send an experiment through a real query string."""
    text = urlencode(to_query(experiment, default))
    query = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text)))
    result, notices = from_query(query, default)
    assert notices == []
    return result


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_survives_from_a_default_of_every_sort(name):
    for default in ONE_OF_EACH.values():
        assert there_and_back(RECIPES[name], default) == RECIPES[name]


@many
@given(experiments(), st.sampled_from(sorted(RECIPES)))
def test_random_experiments_survive(raw, default):
    try:
        experiment = parse(raw)
    except InvalidExperiment:
        return
    assert there_and_back(experiment, RECIPES[default]) == experiment
    assert there_and_back(RECIPES[default], experiment) == RECIPES[default]


@pytest.mark.parametrize("name", ["", "none", "null", "true", "5", "1,2", "[1]", '"x"', "a=b&c", "ä ☃ 😀", "  "])
def test_any_name_survives(name):
    named = small({"name": name})
    assert there_and_back(named, DEFAULT) == named
    assert there_and_back(DEFAULT, named) == DEFAULT


def test_a_class_that_is_a_digit_survives():
    hidden = pictures({"data.hidden_class": "3"})
    assert there_and_back(hidden, pictures()) == hidden


@pytest.mark.parametrize(
    "changes",
    [
        {"model.norm": "batch"},
        {"train.clip_norm": 0.5},
        {"train.early_stopping": {}},
        {"train.early_stopping": {"patience": 3, "min_delta": 0.1}},
        {"train.target": {"metric": "test_accuracy", "value": 0.9}},
        {"model.hidden_sizes": []},
        {"model.hidden_sizes": [7]},
        {"model.dropout": [0.1, 0.2]},
        {"data.inputs": ["sin_x1"]},
        {"train.schedule.kind": "step"},
        {"data.name": "digits"},
        {"data": {"kind": "points", "name": "drawn", "points": [[0, 0, 0], [1.5, -2, 1]]}},
    ],
    ids=str,
)
def test_there_and_away_again(changes):
    other = small(changes)
    assert there_and_back(other, DEFAULT) == other
    assert there_and_back(DEFAULT, other) == DEFAULT


def test_only_what_differs_is_in_the_link():
    assert to_query(DEFAULT, DEFAULT) == {}
    other = small({"train.optimizer.learning_rate": 0.3, "model.hidden_sizes": [4, 2], "data.name": "xor"})
    assert to_query(other, DEFAULT) == {
        "data.name": "xor",
        "model.hidden_sizes": "4,2",
        "train.optimizer.learning_rate": "0.3",
    }


def test_links_can_be_read_and_typed():
    query = {"data.name": "spiral", "model.hidden_sizes": "8,8", "train.optimizer.kind": "adam", "train.l2": "1e-3"}
    experiment, notices = from_query(query, DEFAULT)
    assert notices == []
    assert experiment.data.name == "spiral"
    assert experiment.model.model_dump()["hidden_sizes"] == (8, 8)
    assert experiment.train.optimizer.kind == "adam"
    assert experiment.train.optimizer.learning_rate == 0.001
    assert experiment.train.l2 == 0.001


def test_what_both_kinds_have_stays():
    query = {"data.name": "xor"}
    assert from_query(query, small({"data.noise": 0.3}))[0].data.model_dump()["noise"] == 0.3


@pytest.mark.parametrize(
    "value", [None, True, 3, -0.5, 1e-7, 1e30, "spiral", "none", [], [1], [4, 2], [[0.5, 1, 0]], {"a": 1}]
)
def test_a_value_survives_as_text(value):
    assert read(write(value)) == value


BAD_VALUES = [
    ("train.batch_size", "0", "at least 1"),
    ("train.batch_size", "1e400", "finite"),
    ("train.optimizer.learning_rate", "-1", "more than 0"),
    ("train.optimizer.learning_rate", "NaN", "finite"),
    ("train.seed", "9" * 5000, "got"),
    ("data.noise", "0.9", "at most 0.5"),
    ("data.name", "spirale", "choose from"),
    ("data.name", "1,2", "choose from"),
    ("data.name", "", "choose from"),
    ("model.kind", "perceptron", "choose from"),
    ("model.kind", "{}", "choose from"),
    ("train.optimizer.kind", "null", "choose from"),
    ("train.optimizer.kind", "sgd,adam", "choose from"),
    ("model.kind", "cnn", "pick mlp"),
    ("model.hidden_sizes", "4,x", "got 'x'"),
    ("model.hidden_sizes", "[[[", "got"),
    ("model.hidden_sizes.0", "3", "leads into hidden_sizes, which has no fields"),
    ("train.loss", "mean", "choose from"),
    ("train.lr", "1", "no field"),
    ("train.", "1", "no path"),
    ("train..l1", "1", "no path"),
    ("train.l1.x", "1", "leads into l1"),
    ("data", "{}", "is missing"),
    ("model", "[]", "got"),
    ("name", "x" * 300, "at most 200"),
    ("name", "\ud800", "got"),
]


@pytest.mark.parametrize(
    ("path", "text", "words"), BAD_VALUES, ids=lambda value: str(value.encode("ascii", "replace"))[:20]
)
def test_what_can_not_be_taken_falls_back_with_a_notice(path, text, words):
    experiment, notices = from_query({path: text, "train.l2": "0.5"}, DEFAULT)
    assert experiment == small({"train.l2": 0.5})
    assert len(notices) == 1
    assert notices[0].startswith(f"The link's {path} was not taken: ")
    assert words in notices[0]
    assert "\n" not in notices[0]
    assert len(notices[0]) < 600


def test_several_faults_make_several_notices_and_the_rest_is_taken():
    query = {"train.l1": "-1", "train.seed": "x", "data.noise": "0.25", "model.activation": "sine"}
    experiment, notices = from_query(query, DEFAULT)
    assert experiment == small({"data.noise": 0.25})
    assert len(notices) == 3


def test_a_pair_that_makes_no_sense_falls_back():
    experiment, notices = from_query({"data.name": "plane", "train.loss": "hinge"}, DEFAULT)
    assert experiment == small({"data.name": "plane"})
    assert len(notices) == 1
    assert "train.loss was not taken" in notices[0]


def test_a_whole_part_replaced_by_nonsense_falls_back():
    experiment, notices = from_query({"train": "5"}, DEFAULT)
    assert experiment == DEFAULT
    assert len(notices) == 1
    assert notices[0].startswith("The link's train was not taken: got 5; it must be a group of fields")


def test_parameters_of_others_are_left_alone():
    query = {"run": "abc", "utm_source": "x", "embed": "true", "": "", "database": "x", "models": "5"}
    assert from_query(query, DEFAULT) == (DEFAULT, [])


@pytest.mark.parametrize("depth", range(100, 1300, 40))
@pytest.mark.parametrize("brackets", ["[]", ('{"a":', "}")], ids=["lists", "objects"])
def test_deeply_nested_values_never_raise(depth, brackets):
    text = brackets[0] * depth + ("1" if brackets != "[]" else "") + brackets[1] * depth
    for path in ("train.batch_size", "model", "data.name", "train.optimizer.kind"):
        experiment, notices = from_query({path: text}, DEFAULT)
        assert experiment == DEFAULT
        assert len(notices) == 1


PATHS = sorted({*flatten(dump(DEFAULT)), *flatten(dump(pictures())), *KIND_PATHS, "data", "model", "train", "name"})
HOSTILE = st.text(max_size=30) | st.sampled_from(
    [
        "",
        "null",
        "none",
        "NaN",
        "-1",
        "1e999",
        "[",
        "{}",
        "[]",
        "true",
        "4,,2",
        ",",
        "\x00",
        "1" * 5000,
        "cnn",
        "digits",
        "plane",
        "adam",
        "nll",
        "batch",
        '{"kind":"mlp"}',
        "../../etc/passwd",
        "<script>alert(1)</script>",
    ]
)


@many
@given(st.dictionaries(st.sampled_from(PATHS) | st.text(max_size=20).map("train.".__add__), HOSTILE, max_size=8))
def test_hostile_links_never_raise(query):
    experiment, notices = from_query(query, DEFAULT)
    assert parse(dump(experiment)) == experiment
    assert len(notices) <= len(query) + 1
    if experiment == DEFAULT and not notices:
        assert from_query({}, DEFAULT) == (DEFAULT, [])
