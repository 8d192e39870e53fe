"""What clicks in the network diagram ask of the bench."""

import pytest

from pages.parts.diagram import LARGEST_WEIGHT, edit_diagram
from tests.nets.experiments import small
from tests.pages.fakes import fake_bench


@pytest.fixture(autouse=True)
def redrawn(monkeypatch):
    """How often the page was to be drawn again."""
    calls: list[None] = []
    monkeypatch.setattr("streamlit.rerun", lambda: calls.append(None))
    return calls


def changes(edit, **settings):
    """What the edit changes in a network of 5 and 3 neurons with the inputs x1 and x2."""
    bench = fake_bench(small({path.replace("__", "."): value for path, value in settings.items()}))
    edit_diagram(bench, edit)
    return bench.changes


@pytest.mark.parametrize(
    ("edit", "sizes"),
    [
        ({"op": "add_layer"}, [5, 3, 2]),
        ({"op": "remove_layer"}, [5]),
        ({"op": "add_neuron", "layer": 0}, [6, 3]),
        ({"op": "add_neuron", "layer": 1}, [5, 4]),
        ({"op": "remove_neuron", "layer": 0}, [4, 3]),
        ({"op": "remove_neuron", "layer": 1}, [5, 2]),
        ({"op": "add_neuron", "layer": 7}, [5, 3]),
        ({"op": "remove_neuron", "layer": 2}, [5, 3]),
    ],
    ids=str,
)
def test_layers_and_neurons(edit, sizes):
    assert changes(edit) == {"model.hidden_sizes": sizes}


def test_there_is_nothing_to_remove_from_a_linear_model():
    assert changes({"op": "remove_layer"}, model__hidden_sizes=[]) == {"model.hidden_sizes": []}


@pytest.mark.parametrize(("edit", "count"), [({"op": "add_layer"}, 3), ({"op": "remove_layer"}, 1)], ids=str)
def test_a_dropout_of_each_layer_becomes_one_for_all_when_layers_come_and_go(edit, count):
    asked = changes(edit, model__dropout=[0.2, 0.4])
    assert len(asked["model.hidden_sizes"]) == count
    assert asked["model.dropout"] == 0.2


def test_a_dropout_of_each_layer_stays_when_a_neuron_comes():
    assert "model.dropout" not in changes({"op": "add_neuron", "layer": 0}, model__dropout=[0.2, 0.4])


@pytest.mark.parametrize(
    ("name", "inputs"),
    [("x1_squared", ["x1", "x2", "x1_squared"]), ("x1", ["x2"]), ("sin_x2", ["x1", "x2", "sin_x2"])],
)
def test_inputs_are_switched_on_and_off(name, inputs):
    assert changes({"op": "toggle_input", "name": name}) == {"data.inputs": inputs}


def test_the_last_input_stays():
    bench = fake_bench(small({"data.inputs": ["x2"]}))
    edit_diagram(bench, {"op": "toggle_input", "name": "x2"})
    assert bench.changes == {}
    assert bench.refusals == ["The network needs at least one input."]


def test_an_input_that_does_not_exist_changes_nothing():
    assert changes({"op": "toggle_input", "name": "x9"}).get("data.inputs") in (None, ["x1", "x2"])


@pytest.mark.parametrize(
    ("edit", "parameter"),
    [
        ({"op": "set_weight", "layer": 1, "to": 2, "from": 0, "value": 0.5}, (1, 2, 0, 0.5)),
        ({"op": "set_bias", "layer": 0, "to": 4, "value": -1}, (0, 4, None, -1.0)),
        ({"op": "set_bias", "layer": 0, "to": 4, "value": 1e9}, (0, 4, None, LARGEST_WEIGHT)),
        ({"op": "set_weight", "layer": 0, "to": 0, "from": 1, "value": -1e9}, (0, 0, 1, -LARGEST_WEIGHT)),
    ],
    ids=str,
)
def test_a_weight_is_set_within_reason(edit, parameter):
    bench = fake_bench(small())
    edit_diagram(bench, edit)
    assert bench.run.set == [parameter]


@pytest.mark.parametrize("edit", [None, {}, {"op": "explode"}], ids=str)
def test_what_is_no_edit_does_nothing(edit):
    bench = fake_bench(small())
    edit_diagram(bench, edit)
    assert (bench.changes, bench.run.set, bench.refusals) == ({}, [], [])


def test_every_edit_draws_the_page_again(redrawn):
    edit_diagram(fake_bench(small()), {"op": "add_layer"})
    assert len(redrawn) == 1
