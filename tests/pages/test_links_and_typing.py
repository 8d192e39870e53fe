"""Links that other people made and values that people type: what can't be taken is said in a sentence, never more."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nets.experiment import dump
from nets.link import flatten
from nets.recipes import recipes

DEFAULTS = {"points": recipes().get("circle").experiment, "images": recipes().get("mlp-digits").experiment}
HOSTILE = {
    "train.batch_size": "-5",
    "train.max_epochs": "1e12",
    "train.optimizer.learning_rate": "NaN",
    "train.optimizer.kind": "sledgehammer",
    "train.schedule.kind": "",
    "train.loss": "<script>alert(1)</script>",
    "train.seed": "0.5",
    "train.l1": "-0",
    "train.target": "5",
    "train.early_stopping": "[]",
    "train": "null",
    "model": "{}",
    "model.hidden_sizes": "0,99999",
    "model.activation": "relu'; DROP TABLE runs",
    "model.kind": "transformer",
    "model.dropout": "1",
    "data": "[[[[",
    "data.name": "nope",
    "data.noise": "9",
    "data.inputs": "x1,x1",
    "data.train_share": "Infinity",
    "data..": "1",
    "data.points": "[" * 5000,
    "name": "x" * 5000,
    "run": "../../etc/passwd",
    "version": "2",
    "embed": "true",
}
ANY_TEXT = st.one_of(
    st.text(max_size=12), st.sampled_from(["1e400", "-1", "[]", "{}", "null", "true", ",", "٣", "0x10"])
)
RATE = "train.optimizer.learning_rate"
BAD_RATES = ["abc", "-1", "1e99", "", "0,03", "NaN", "Infinity", "none", "[0.1]", "{}", "9" * 400]
GOOD_RATES = {"0.05": 0.05, "1e-4": 1e-4, " 3 ": 3.0, "0.0123456789": 0.0123456789}
BAD_SIZES = ["4,x", "0", "-3", "1.5", "99999", "4;2", "relu", "1," * 13, "{}", "[[4]]", "1e3,inf"]
GOOD_SIZES = {"7": [7], "8, 4,2": [8, 4, 2], "": [], " 3 ,": [3], "[6,5]": [6, 5]}


@pytest.mark.parametrize("path", HOSTILE)
@pytest.mark.parametrize("name", ["points", "images"])
def test_one_hostile_parameter_leaves_everything_as_usual(open_screen, name, path):
    screen = open_screen(name, {path: HOSTILE[path]})
    assert screen.experiment == DEFAULTS[name]
    if path not in ("version", "embed", "train.l1"):
        assert screen.notices
        assert all("Traceback" not in notice and len(notice) < 600 for notice in screen.notices)


@pytest.mark.parametrize("name", ["points", "images"])
def test_all_hostile_parameters_at_once(open_screen, name):
    screen = open_screen(name, HOSTILE)
    assert screen.experiment == DEFAULTS[name]
    assert len(screen.notices) >= len(HOSTILE) - 10


def test_what_is_right_in_a_hostile_link_is_taken(open_screen):
    screen = open_screen("points", {"data.name": "spiral", "data.noise": "9", "model.hidden_sizes": "8,8"})
    assert screen.experiment.data.name == "spiral"
    assert screen.experiment.data.noise == 0.0
    assert screen.experiment.model.hidden_sizes == (8, 8)
    assert screen.notices == ["The link's data.noise was not taken: got 9; it must be at most 0.5."]


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("points", {"data.name": "digits"}),
        ("points", {"model.kind": "cnn"}),
        ("images", {"data.name": "spiral"}),
        ("points", {"data.name": "constant_target"}),
    ],
    ids=str,
)
def test_a_link_of_another_screen(open_screen, name, link):
    screen = open_screen(name, link)
    assert screen.experiment == DEFAULTS[name]
    assert len(screen.notices) == 1


def test_a_run_that_is_gone(open_screen):
    assert "no longer here" in open_screen("points", {"run": "0123456789"}).notices[0]
    screen = open_screen("points", {"run": "0123456789", "data.name": "xor"})
    assert screen.experiment.data.name == "xor"
    assert screen.training.id != "0123456789"


def test_a_notice_stays_until_something_is_done(open_screen):
    screen = open_screen("points", {"data.noise": "9"})
    assert len(screen.notices) == 1
    assert len(screen.run().notices) == 1, "the page draws itself again when a network comes"
    assert screen.put("select_slider", "data.noise", 0.1).notices == []


def test_a_link_that_was_replaced_just_now_is_an_echo(open_screen):
    screen = open_screen("points", {"data.name": "xor"})
    before = dict(screen.app.query_params)
    screen.put("select_slider", "data.noise", 0.2)
    after = dict(screen.app.query_params)
    screen.app.query_params = dict(before)
    screen.run()
    assert screen.value("data.noise") == 0.2
    assert screen.app.query_params == after


def test_a_link_that_comes_back_later_is_followed(open_screen, monkeypatch):
    monkeypatch.setattr("pages.parts.bench.ECHO_SECONDS", 0.0)
    screen = open_screen("points", {"data.name": "xor"})
    before = dict(screen.app.query_params)
    screen.put("select_slider", "data.noise", 0.2)
    screen.app.query_params = dict(before)
    screen.run()
    assert screen.value("data.noise") == 0.0
    assert screen.value("data.name") == "xor"


@given(st.dictionaries(st.sampled_from(sorted(flatten(dump(DEFAULTS["points"])))), ANY_TEXT, min_size=1, max_size=4))
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_at_any_field(open_screen, link):
    screen = open_screen("points", link)
    assert screen.experiment == DEFAULTS["points"] or len(set(screen.app.query_params) - {"run"}) > 0
    assert all(notice.startswith("The link's ") for notice in screen.notices)


@pytest.mark.parametrize("name", ["points", "images"])
def test_the_link_of_a_screen_opens_the_same_experiment_and_run(open_screen, name):
    first = open_screen(name)
    first.type_rate("train.optimizer.learning_rate", "0.123").put("selectbox", "model.activation", "gelu")
    first.put("number_input", "train.seed", 77).put("text_input", "model.hidden_sizes", "6, 5, 4")
    assert first.notices == []
    second = open_screen(name, dict(first.app.query_params))
    assert second.experiment == first.experiment
    assert second.training is first.training
    link = {path: value for path, value in first.app.query_params.items() if path != "run"}
    third = open_screen(name, link)
    assert third.experiment == first.experiment
    assert third.training is not first.training


def test_the_link_holds_points_drawn_by_hand(open_screen):
    points = [[-1.25, 0.5, 0], [1, 2, 1], [3, -6, 2]]
    first = open_screen("points", {"data.name": "drawn", "data.num_classes": 3, "data.points": points})
    assert first.notices == []
    link = {path: value for path, value in first.app.query_params.items() if path != "run"}
    assert open_screen("points", link).experiment == first.experiment


def test_a_link_with_too_many_points_leaves_them_out(open_screen):
    points = [[place / 100, -place / 100, place % 2] for place in range(500)]
    screen = open_screen("points", {"data.name": "drawn", "data.points": points})
    assert len(screen.experiment.data.points) == 500
    assert "data.points" not in screen.app.query_params
    assert open_screen("points", dict(screen.app.query_params)).experiment == screen.experiment


@pytest.mark.parametrize("typed", BAD_RATES)
@pytest.mark.parametrize("name", ["points", "images"])
def test_a_bad_learning_rate(open_screen, name, typed):
    screen = open_screen(name)
    before = screen.experiment
    screen.type_rate(RATE, typed)
    assert screen.experiment == before
    assert len(screen.notices) == 1
    assert screen.notices[0].startswith("Not changed. Learning rate: got ")
    assert len(screen.notices[0]) < 300
    assert float(screen.widget("selectbox", RATE).value) == before.train.optimizer.learning_rate


@pytest.mark.parametrize(("typed", "rate"), GOOD_RATES.items())
def test_a_good_learning_rate(open_screen, typed, rate):
    screen = open_screen("points").type_rate(RATE, typed)
    assert screen.value(RATE) == rate
    assert screen.notices == []
    assert screen.run().value(RATE) == rate


@pytest.mark.parametrize("typed", BAD_SIZES)
def test_bad_hidden_layers(open_screen, typed):
    screen = open_screen("points").put("text_input", "model.hidden_sizes", typed)
    assert screen.value("model.hidden_sizes") == [4, 2]
    assert screen.notices
    assert all(notice.startswith("Not changed. Neurons of each hidden layer: ") for notice in screen.notices)
    assert screen.widget("text_input", "model.hidden_sizes").value == "4,2"


@pytest.mark.parametrize(("typed", "sizes"), GOOD_SIZES.items())
def test_good_hidden_layers(open_screen, typed, sizes):
    screen = open_screen("points").put("text_input", "model.hidden_sizes", typed)
    assert screen.notices == []
    assert screen.value("model.hidden_sizes") == sizes
    shown = screen.widget("text_input", "model.hidden_sizes").value
    assert shown == ",".join(map(str, sizes))


@pytest.mark.parametrize(("typed", "dropout"), [("0.2", 0.2), ("0.2, 0.1", [0.2, 0.1]), ("0", 0.0)])
def test_a_good_dropout(open_screen, typed, dropout):
    assert open_screen("points").put("text_input", "model.dropout", typed).value("model.dropout") == dropout


@pytest.mark.parametrize("typed", ["1", "-0.1", "0.1,0.2,0.3", "half", "0.1,x", ""])
def test_a_bad_dropout(open_screen, typed):
    screen = open_screen("points").put("text_input", "model.dropout", typed)
    assert screen.value("model.dropout") == 0.0
    assert screen.notices
    assert all("dropout" in notice.lower() for notice in screen.notices)


@pytest.mark.parametrize("typed", ["64,x", "0", "1e9"])
def test_bad_dense_layers_of_a_convolutional_network(open_screen, typed):
    screen = open_screen("images", {"model.kind": "cnn"})
    before = screen.value("model.dense_sizes")
    screen.put("text_input", "model.dense_sizes", typed)
    assert screen.value("model.dense_sizes") == before
    assert screen.notices[0].startswith("Not changed. Dense layers: ")
