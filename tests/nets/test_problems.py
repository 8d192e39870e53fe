"""Bad experiments, and the sentences people read: the field, what it got, what it may be."""

import pytest

from nets.experiment import Target, parse, parse_json, switch_kind
from nets.problems import InvalidExperiment, Problem
from tests.nets.experiments import SMALL, SMALL_PICTURES, problems_of, settings

ARCHITECTURES = "autoencoder, cnn"
LOSSES = ("auto", "mse", "l1", "huber", "cross_entropy", "bce", "hinge", "nll")

ONE_FAULT = [
    ("train.threads", 0, "train.threads", ["got 0", "at least 1", "or auto"]),
    ("train.threads", "many", "train.threads", ["whole number", "or auto"]),
    # path that is set, value, path of the problem, words the message must hold
    ("train.batch_size", 0, "train.batch_size", ["got 0", "at least 1"]),
    ("train.batch_size", 10**9, "train.batch_size", ["got 1000000000", "at most 65,536"]),
    ("train.batch_size", "ten", "train.batch_size", ["got 'ten'", "integer"]),
    ("train.batch_size", 2.5, "train.batch_size", ["got 2.5", "integer"]),
    ("train.batch_size", None, "train.batch_size", ["got None", "integer"]),
    ("train.batch_size", [1], "train.batch_size", ["got [1]", "integer"]),
    ("train.max_epochs", -3, "train.max_epochs", ["got -3", "at least 1"]),
    ("train.seed", -1, "train.seed", ["got -1", "at least 0"]),
    ("train.seed", 2**31, "train.seed", ["at most 2,147,483,647"]),
    ("train.l1", float("nan"), "train.l1", ["got nan", "finite"]),
    ("train.l2", float("inf"), "train.l2", ["got inf", "finite"]),
    ("train.clip_norm", 0, "train.clip_norm", ["got 0", "more than 0"]),
    ("train.optimizer.learning_rate", 0, "train.optimizer.learning_rate", ["got 0", "more than 0"]),
    ("train.optimizer.learning_rate", float("nan"), "train.optimizer.learning_rate", ["finite"]),
    ("train.optimizer.learning_rate", 1e12, "train.optimizer.learning_rate", ["at most 1"]),
    ("train.optimizer.momentum", 1, "train.optimizer.momentum", ["got 1", "less than 1"]),
    ("train.optimizer.beta1", 0.9, "train.optimizer.beta1", ["is no field here"]),
    ("train.optimizer", {"kind": "adamm"}, "train.optimizer", ["'adamm' is not known", "choose from sgd, adam, adamw"]),
    ("train.optimizer", {}, "train.optimizer", ["kind is missing", "choose from sgd, adam"]),
    ("train.optimizer", "sgd", "train.optimizer", ["got 'sgd'"]),
    ("train.schedule", {"kind": "cosinus"}, "train.schedule", ["choose from constant, step, cosine"]),
    ("train.schedule", {"kind": "step", "every": 0}, "train.schedule.every", ["got 0", "at least 1"]),
    ("train.loss", "mean", "train.loss", ["got mean", "choose from", *LOSSES]),
    ("train.device", "gpu", "train.device", ["got gpu", "choose from", "auto", "cpu", "cuda"]),
    ("train.target", {"metric": "speed"}, "train.target.metric", ["got speed", "test_accuracy"]),
    ("train.early_stopping", {"patience": 0}, "train.early_stopping.patience", ["at least 1"]),
    ("train.epochs", 5, "train.epochs", ["is no field here"]),
    ("train", 5, "train", ["got 5"]),
    ("data.noise", 0.7, "data.noise", ["got 0.7", "at most 0.5"]),
    ("data.num_points", 1, "data.num_points", ["got 1", "at least 2"]),
    ("data.train_share", 1.0, "data.train_share", ["got 1.0", "at most 0.9"]),
    ("data.inputs", [], "data.inputs", ["has 0 entries", "at least 1"]),
    ("data.inputs", ["x1", "x1"], "data.inputs", ["names an input twice"]),
    ("data.inputs", ["x3"], "data.inputs.0", ["got x3", "choose from x1, x2"]),
    ("data.inputs", "x1", "data.inputs", ["got 'x1'"]),
    ("data.name", "circel", "data", ["name 'circel' is not known", "choose from", "circle", "digits"]),
    ("data.kind", "images", "data.kind", ["got images", "choose from points"]),
    ("model.kind", "mpl", "model", ["kind 'mpl' is not known", f"choose from {ARCHITECTURES}"]),
    ("model", {"kind": ["mlp"]}, "model", [f"choose from {ARCHITECTURES}"]),
    ("model.hidden_sizes", [4, 0], "model.hidden_sizes.1", ["got 0", "at least 1"]),
    ("model.hidden_sizes", [5000], "model.hidden_sizes.0", ["got 5000", "at most 4,096"]),
    ("model.hidden_sizes", [1] * 13, "model.hidden_sizes", ["has 13 entries", "at most 12"]),
    ("model.hidden_sizes", 4, "model.hidden_sizes", ["got 4"]),
    ("model.activation", "rellu", "model.activation", ["no activation 'rellu'", "choose from identity, relu"]),
    ("model.activation", 3, "model.activation", ["got 3", "string"]),
    ("model.initializer", "he", "model.initializer", ["choose from default, xavier_uniform"]),
    ("model.norm", "group", "model.norm", ["got group", "choose from none, batch or layer"]),
    ("model.dropout", 1, "model.dropout", ["got 1", "at most 0.95"]),
    ("model.dropout", "much", "model.dropout", ["got 'much'"]),
    ("model.dropout", [0.5, 2], "model.dropout.1", ["got 2", "at most 0.95"]),
    ("model.blocks", [], "model.blocks", ["is no field here"]),
    ("model.output_activation", "arctan", "model.output_activation", ["got arctan", "choose from auto"]),
    ("version", 2, "version", ["got 2", "choose from 1"]),
    ("name", "x" * 201, "name", ["at most 200 characters"]),
    ("name", 7, "name", ["got 7", "string"]),
    ("banana", 1, "banana", ["is no field here"]),
]


@pytest.mark.parametrize(("set_path", "value", "path", "words"), ONE_FAULT, ids=lambda value: str(value)[:30])
def test_one_fault_is_named_alone(set_path, value, path, words):
    raw = with_value_as_it_is(set_path, value)
    problems = problems_of(raw)
    assert list(problems) == [path]
    for word in words:
        assert word in problems[path]
    assert "pydantic" not in problems[path]
    assert len(problems[path]) < 1000  # it lists what may stand there, and that grows


def with_value_as_it_is(path, value):
    """Settings with a value set without regard to kinds."""
    raw = settings()
    part = raw
    *parents, last = path.split(".")
    for key in parents:
        part[key] = dict(part[key])
        part = part[key]
    part[last] = value
    return raw


@pytest.mark.parametrize(
    ("path", "value", "where", "words"),
    [
        ("model.blocks", [], "model.blocks", "at least 1"),
        ("model.blocks", [{"channels": 0}], "model.blocks.0.channels", "at least 1"),
        ("model.blocks", [{}, {"kernel": 99}], "model.blocks.1.kernel", "at most 11"),
        ("model.blocks", [{"pool": "mean"}], "model.blocks.0.pool", "choose from none, max or average"),
        ("model.blocks", [{"channel": 3}], "model.blocks.0.channel", "is no field here"),
        ("model.dense_sizes", [1] * 5, "model.dense_sizes", "at most 4"),
        ("data.size", 9, "data.size", "choose from 8, 16, 28 or 32"),
    ],
    ids=str,
)
def test_faults_inside_a_convolutional_network_are_named(path, value, where, words):
    problems = problems_of(settings({path: value}, SMALL_PICTURES))
    assert list(problems) == [where]
    assert words in problems[where]


@pytest.mark.parametrize("missing", ["data", "model"])
def test_what_is_missing_is_named(missing):
    assert problems_of({key: value for key, value in SMALL.items() if key != missing}) == {missing: "is missing"}


@pytest.mark.parametrize("raw", [None, 5, "mlp", [], [SMALL], True])
def test_what_is_no_experiment_at_all_is_refused(raw):
    problems = problems_of(raw)
    assert list(problems) == [""]
    assert problems[""].startswith(f"got {str(raw)[:3]}" if raw != "mlp" else "got 'mlp'")


def test_every_fault_is_found_at_once():
    problems = problems_of(
        {
            "data": {"kind": "points", "name": "circle", "noise": 9},
            "model": {"kind": "mlp", "hidden_sizes": [0]},
            "train": {"batch_size": "x", "l1": -1},
        }
    )
    assert set(problems) == {"data.noise", "model.hidden_sizes.0", "train.batch_size", "train.l1"}


def test_pairs_that_make_no_sense_are_all_found_at_once():
    problems = problems_of(settings({"data.name": "plane", "model.kind": "cnn", "train.loss": "nll"}))
    assert set(problems) == {"train.loss", "model.kind"}


def test_points_drawn_with_a_class_that_is_not_there():
    problems = problems_of({**SMALL, "data": {"kind": "points", "name": "drawn", "points": [[0, 0, 0], [1, 1, 3]]}})
    assert problems == {"data": "point (1.0, 1.0) has class 3; classes go from 0 to 1"}


def test_points_drawn_off_the_plane():
    problems = problems_of({**SMALL, "data": {"kind": "points", "name": "drawn", "points": [[0, 0, 0], [1, 9, 1]]}})
    assert list(problems) == ["data.points.1.1"]
    assert "at most 6" in problems["data.points.1.1"]


@pytest.mark.parametrize(
    "text", ["", "{", "nonsense", "[" * 100_000, '{"a": 1} 2', b"\xff\xfe"], ids=lambda t: str(t)[:9]
)
def test_what_is_no_json_is_said_to_be_none(text):
    with pytest.raises(InvalidExperiment, match="this is no JSON"):
        parse_json(text)


def test_values_nested_deep_are_refused_like_any_other():
    deep: list = []
    for _ in range(800):
        deep = [deep]
    assert list(problems_of(settings({"train.batch_size": deep}))) == ["train.batch_size"]
    assert list(problems_of(deep)) == [""]


@pytest.mark.parametrize(
    "path",
    [
        "name",
        "data.name",
        "data.kind",
        "data.noise",
        "data.inputs",
        "model.kind",
        "model.activation",
        "model.norm",
        "train.optimizer",
        "train.loss",
        "train.seed",
        "train.\ud800",
        "\ud800",
    ],
)
def test_half_a_character_is_refused_like_any_other_value(path):
    for value in ("\ud800", ["\ud800"], {"\ud800": 1}, {"kind": "\ud800"}):
        for problem in problems_of(with_value_as_it_is(path, value)).items():
            assert "".join(problem).encode()


def test_a_long_value_is_shortened():
    message = problems_of(settings({"train.seed": "x" * 10_000}))["train.seed"]
    assert len(message) < 200
    assert "…" in message


def test_an_experiment_is_not_changed_by_reading_it():
    raw = settings()
    copy = settings()
    assert parse(raw) == parse(raw)
    assert raw == copy


def test_a_problem_reads_as_a_sentence():
    assert str(Problem("train.seed", "got -1; it must be at least 0")) == "train.seed: got -1; it must be at least 0"
    assert str(Problem("", "this is no JSON")) == "this is no JSON"
    error = InvalidExperiment([Problem("a", "is missing"), Problem("b", "is missing")])
    assert str(error) == "a: is missing\nb: is missing"
    assert isinstance(error, ValueError)


def test_a_target_that_the_data_can_not_reach_is_refused_and_goes_with_other_data():
    wanted = settings({"train.target": {"metric": "test_accuracy", "value": 0.9}})
    assert parse(wanted).train.target == Target(metric="test_accuracy", value=0.9)
    found = problems_of({**wanted, "data": {"kind": "points", "name": "plane"}})
    assert "test_accuracy" in found["train.target.metric"]
    assert "test_r2" in found["train.target.metric"]
    assert parse(switch_kind(wanted, "data", "plane")).train.target is None
    assert parse(switch_kind(wanted, "data", "spiral")).train.target == parse(wanted).train.target
