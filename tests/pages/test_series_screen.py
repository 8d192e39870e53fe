"""The Series screen without a browser: what it offers, what its fields do, and what its panels are given."""

import io
import json
from functools import partial

import pytest

from nets.datasets.series.own import keep_series
from nets.datasets.series.own_reading import read_series
from nets.runs.protocol import Begin
from nets.runs.run import Run
from pages.parts.sequence_network import sequence_networks
from pages.parts.series_data import names, series_payload
from pages.parts.series_looks import looks_for
from pages.parts.series_payloads import forecast_payload, horizons_payload, memory_payload, vanishing_payload
from tests.nets.views.series import over_series
from tests.pages.screens import Screen

SHORT = {"data.num_steps": 100, "data.window": 6, "model.hidden_size": 5}


@pytest.fixture
def series(open_screen) -> Screen:
    return open_screen("series", SHORT)


def shows(view: str, run: Run) -> bool:
    """Has a view of this name come?"""
    return view in run.views


def header(payload: bytes) -> dict:
    """What a packed payload says of itself."""
    length = int.from_bytes(payload[:4], "little")
    return json.loads(payload[4 : 4 + length])


def test_it_begins_with_forecasts_of_the_untrained_network(series: Screen):
    series.wait(lambda run: {"forecast", "horizons"} <= set(run.views))
    assert series.value("model.cell") == "lstm"
    assert not series.notices
    shown = header(forecast_payload(series.training))
    assert [line["label"] for line in shown["meta"]["series"]] == ["true", "one step ahead", "running free"]
    assert shown["meta"]["mark"] == {"x": 70, "label": "test"}
    assert shown["arrays"]["x"]["shape"] == shown["arrays"]["y2"]["shape"] == [90]
    assert "same as last" in {line["label"] for line in header(horizons_payload(series.training))["meta"]["series"]}


def test_it_learns_and_every_look_has_something_to_show(series: Screen):
    series.wait(lambda run: run.frame)
    series.click("epoch").wait(lambda run: run.frame and run.frame.epoch == 1)
    for look, view in (("memory", "memory"), ("gradient", "vanishing")):
        series.app.segmented_control("series_look_of").set_value(look)
        series.run().wait(partial(shows, view))
    memory = header(memory_payload(series.training))["meta"]
    assert [strip["label"] for strip in memory["strips"]] == [
        "input",
        "state",
        "input gate",
        "forget gate",
        "output gate",
    ]
    assert memory["note"].startswith("It says")
    assert header(vanishing_payload(series.training))["meta"]["series"][0]["label"] == "lstm: gradient by state"
    assert not series.notices


def test_the_gradients_of_two_cells_lie_over_each_other(series: Screen):
    series.wait(lambda run: run.frame)
    aside = series.training
    series.click("set_aside").put("selectbox", "model.cell", "gru")
    series.app.segmented_control("series_look_of").set_value("gradient")
    series.run().wait(lambda run: shows("vanishing", run) and shows("vanishing", aside))
    shown = header(vanishing_payload(series.training, aside))["meta"]["series"]
    assert [line["label"] for line in shown] == ["gru: gradient by state", "lstm: gradient by state"]


def test_classes_bring_their_own_looks_and_loss_along(series: Screen):
    series.app.session_state["series_look"] = "forecast"
    series.run()
    bench = series.app.session_state["series_bench"]
    assert looks_for(bench.experiment)[0] == "forecast"
    link = {"data.name": "first_symbol", "data.num_examples": 60}
    symbols = Screen("series", link).wait(lambda run: "memory" in run.views)
    assert looks_for(symbols.experiment) == ("memory", "mistakes")
    assert symbols.value("train.loss") == "auto"
    assert not symbols.notices


def test_every_network_that_takes_series_is_offered_and_can_be_picked(series: Screen):
    assert sequence_networks(series.experiment.data.info())[:4] == ("rnn", "transformer", "conv1d", "mlp")
    for kind in ("transformer", "conv1d", "mlp"):
        series.app.selectbox("architecture").set_value(kind)
        series.run()
        assert series.value("model.kind") == kind
        assert not series.notices


def test_an_upload_is_trained_on_and_its_columns_can_be_chosen(series: Screen):
    rows = [f"{n % 7},{n % 5}" for n in range(80)]
    own = read_series(io.BytesIO("\n".join(["a,b", *rows]).encode()))
    keep_series(own)
    link = {**SHORT, "data.name": "own_series", "data.upload": own.digest, "data.columns": ["a"]}
    del link["data.num_steps"]
    visit = Screen("series", link).wait(lambda run: "forecast" in run.views)
    visit.app.multiselect("series.data.drivers").set_value(["b"])
    visit.run()
    assert visit.value("data.drivers") == ["b"]
    visit.app.multiselect("series.data.columns").set_value(["a", "b"])
    visit.run()
    assert visit.value("data.columns") == ["a", "b"]
    assert visit.value("data.drivers") == []  # what is told ahead is no driver any more
    assert visit.experiment.data.info().input_shape == (6, 2)
    assert not visit.notices


def test_a_link_never_opens_a_file(open_screen):
    screen = open_screen("series", {"data.name": "own_series", "data.path": "/etc/passwd"})
    assert any("data.path" in notice for notice in screen.notices)


def test_the_picker_has_a_thumbnail_of_every_series():
    payload = header(series_payload(names(), "sines"))
    assert [item["name"] for item in payload["meta"]["items"]] == list(names())
    assert len(payload["arrays"]) == len(names()) == 11


def test_before_there_is_a_network_panels_say_so():
    run = Run("x", Begin(over_series()))
    for payload in (forecast_payload(run), horizons_payload(run), memory_payload(run), vanishing_payload(run)):
        meta = header(payload)["meta"]
        assert meta["empty"]
        assert not meta.get("strips")
