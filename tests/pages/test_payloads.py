"""What the panels draw: every payload, for every data set of its screen, before and after the network's first frame."""

import math

import numpy as np
import pytest

from nets.datasets import DATASETS
from nets.datasets.curves.base import CurveConfig
from nets.datasets.points.base import INPUTS, PointsConfig
from nets.experiment import Experiment
from nets.losses import LOSSES
from nets.problems import InvalidExperiment
from nets.runs.checkpoints import Checkpoint
from nets.runs.protocol import Begin
from nets.runs.run import Run
from nets.views.curve import CurveView
from nets.views.network import NetworkView
from nets.views.predictions import PredictionsView
from nets.views.surface import SurfaceView
from pages.parts import payloads, point_payloads
from pages.parts.components.packing import pack
from pages.parts.point_data import PROBLEMS, names_for, problem_of
from tests.nets.experiments import pictures, small
from tests.pages.fakes import run_of, unpack

PLANES = [name for name, config in DATASETS.items() if issubclass(config, PointsConfig)]
CURVES = [name for name, config in DATASETS.items() if issubclass(config, CurveConfig)]
LOSS_SERIES = [("train_loss", "train loss"), ("test_loss", "test loss"), ("test_accuracy", "test accuracy")]
KILOBYTE = 1024


def started(experiment: Experiment, *, framed: bool, steps: int = 0) -> Run:
    """A run with the views of its screen, or one whose worker has not answered yet."""
    if not framed:
        return Run("run-of-a-test", Begin(experiment))
    is_curve = isinstance(experiment.data, CurveConfig)
    views = {"network": NetworkView(), **({"curve": CurveView()} if is_curve else {"surface": SurfaceView()})}
    return run_of(experiment, views, steps=steps)


@pytest.mark.parametrize("framed", [False, True], ids=["before a frame", "after a frame"])
@pytest.mark.parametrize("name", PLANES)
def test_the_decision_map(name, framed):
    run = started(small({"data.name": name}), framed=framed)
    payload = point_payloads.plane_payload(run, discretize=False, show_test=True)
    meta, arrays = unpack(payload)
    assert ("map" in arrays) == framed
    assert meta["palette"] == ("classes" if run.experiment.data.info().task == "multiclass" else "diverging")
    if framed:
        assert arrays["map"].shape == (100, 100)
        assert ("confidence" in arrays) == (meta["palette"] == "classes")
    if meta["palette"] == "classes":
        assert set(np.unique(arrays["train"][:, 2])) <= set(range(len(meta["classes"])))
        assert not framed or arrays["map"].max() < len(meta["classes"])
    else:
        assert np.abs(arrays["train"][:, 2]).max() <= 1 + 2 * run.experiment.data.noise
    assert len(payload) < 40 * KILOBYTE


@pytest.mark.parametrize("framed", [False, True], ids=["before a frame", "after a frame"])
@pytest.mark.parametrize("name", PLANES + CURVES)
def test_the_diagram(name, framed):
    assert_diagram_is_whole(started(small({"data.name": name}), framed=framed), framed=framed)


@pytest.mark.parametrize("loss", LOSSES.names())
@pytest.mark.parametrize("name", ["circle", "blobs", "plane"])
def test_the_diagram_and_the_map_for_every_loss(name, loss):
    try:
        experiment = small({"data.name": name, "train.loss": loss})
    except InvalidExperiment:
        pytest.skip("this loss and these data don't go together")
    run = started(experiment, framed=True)
    assert_diagram_is_whole(run, framed=True)
    meta, arrays = unpack(point_payloads.plane_payload(run, discretize=False, show_test=False))
    assert meta["palette"] == "diverging" or arrays["map"].max() < len(meta["classes"])


@pytest.mark.parametrize("sizes", [[], [1], [16] * 8, [4096], [17, 300]], ids=str)
def test_the_diagram_of_networks_of_any_shape(sizes):
    assert_diagram_is_whole(started(small({"model.hidden_sizes": sizes}), framed=True), framed=True)


@pytest.mark.parametrize("extra", [{"model.norm": "layer"}, {"model.norm": "batch"}, {"model.dropout": 0.5}], ids=str)
def test_the_diagram_of_networks_with_more_than_weights(extra):
    assert_diagram_is_whole(started(small(extra), framed=True), framed=True)


@pytest.mark.parametrize("inputs", [["x2"], ["sin_x1", "x1"], list(INPUTS)], ids=len)
def test_the_diagram_shows_every_input_and_has_weights_for_those_in_use(inputs):
    run = started(small({"data.inputs": inputs}), framed=True)
    meta, arrays = assert_diagram_is_whole(run, framed=True)
    assert [entry["name"] for entry in meta["inputs"]] == list(INPUTS)
    assert arrays["weights_0"].shape == (5, len(inputs))


def test_a_frame_with_the_largest_diagram_keeps_to_the_budget():
    run = started(small({"data.inputs": list(INPUTS), "model.hidden_sizes": [16] * 8}), framed=True)
    assert_diagram_is_whole(run, framed=True)
    plane = point_payloads.plane_payload(run, discretize=False, show_test=False)
    assert len(point_payloads.network_payload(run) + plane) <= 40_000


@pytest.mark.parametrize("classes", [3, 6])
def test_many_classes(classes):
    run = started(small({"data.name": "spirals", "data.num_classes": classes}), framed=True)
    meta, _ = assert_diagram_is_whole(run, framed=True)
    assert meta["output"]["labels"] == [str(index) for index in range(classes)]


def test_a_diagram_that_is_not_of_this_network_is_left_out():
    run = started(small(), framed=True)
    run.experiment = small({"model.hidden_sizes": [5, 3, 2]})
    meta, arrays = unpack(point_payloads.network_payload(run))
    assert len(meta["layers"]) == 3
    assert set(arrays) == {"maps"}


def assert_diagram_is_whole(run, *, framed):
    """Every node has its map, every layer weights and biases of its shape."""
    payload = point_payloads.network_payload(run)
    meta, arrays = unpack(payload)
    inputs = len(meta["inputs"])
    hidden = [layer["shown"] for layer in meta["layers"]]
    assert max(hidden, default=0) <= point_payloads.MOST_NEURONS
    assert [layer["size"] for layer in meta["layers"]] == list(run.experiment.model.hidden_sizes)
    outputs = meta["output"]["size"]
    assert len(meta["output"]["labels"]) == outputs
    if not framed:
        assert arrays["maps"].shape[0] == inputs
        return meta, arrays
    assert arrays["maps"].shape[0] == inputs + sum(hidden) + outputs
    used = sum(entry["on"] for entry in meta["inputs"])
    for place, (to, source) in enumerate(zip([*hidden, outputs], [used, *hidden], strict=True)):
        assert arrays[f"weights_{place}"].shape == (to, source)
        assert arrays[f"biases_{place}"].shape == (to,)
    assert len(payload) < 100 * KILOBYTE
    return meta, arrays


@pytest.mark.parametrize("framed", [False, True], ids=["before a frame", "after a frame"])
@pytest.mark.parametrize("name", CURVES)
def test_the_fit(name, framed):
    run = started(small({"data.name": name}), framed=framed)
    meta, arrays = unpack(point_payloads.fit_payload(run, show_test=False))
    assert ("line_y" in arrays) == framed
    assert np.all(np.diff(arrays["line_x"]) > 0)
    assert arrays["truth_y"].shape == arrays["line_x"].shape
    assert arrays["train"].shape[1] == arrays["test"].shape[1] == 2
    assert not meta["show_test"]


def test_points_drawn_are_bounded():
    run = Run("run-of-a-test", Begin(small({"data.num_points": 20_000})))
    _, arrays = unpack(point_payloads.plane_payload(run, discretize=True, show_test=True))
    assert len(arrays["train"]) == len(arrays["test"]) == point_payloads.MOST_POINTS


@pytest.mark.parametrize("problem", PROBLEMS)
def test_the_picker_shows_every_data_set_of_a_problem(problem):
    names = names_for(problem)
    assert all(problem_of(name) == problem for name in names)
    meta, arrays = unpack(point_payloads.choices_payload(names, names[-1], 3))
    assert [item["name"] for item in meta["items"]] == list(names)
    assert all(item["help"] for item in meta["items"])
    for place, item in enumerate(meta["items"]):
        points = arrays[f"points_{place}"]
        assert len(points)
        assert points.shape[1] == (2 if item["palette"] == "curve" else 3)
        assert np.isfinite(points).all()


def test_no_data_set_of_the_screen_is_left_out_of_the_picker():
    assert sorted(name for problem in PROBLEMS for name in names_for(problem)) == sorted(PLANES + CURVES)


@pytest.mark.parametrize("steps", [0, 1])
@pytest.mark.parametrize("order", ["all", "wrong", "hardest"])
def test_the_pictures(order, steps):
    run = run_of(pictures(), {"predictions": PredictionsView(count=48, order=order)}, steps=steps)
    payload = payloads.predictions_payload(run, empty="nothing")
    meta, arrays = unpack(payload)
    assert len(meta["items"]) == len(arrays["images"]) == 48
    for item in meta["items"]:
        assert item["right"] == (item["predicted"] == item["actual"])
        assert 0.1 <= item["confidence"] <= 1
    if order == "wrong":
        assert not any(item["right"] for item in meta["items"])
    assert len(payload) < 80 * KILOBYTE


def test_the_pictures_before_a_frame():
    meta, arrays = unpack(payloads.predictions_payload(Run("run-of-a-test", Begin(pictures())), empty="nothing yet"))
    assert meta["items"] == []
    assert meta["empty"] == "nothing yet"
    assert len(arrays["images"]) == 0


def test_the_curves_wait_for_a_line_to_draw():
    run = run_of(small())
    meta, arrays = unpack(payloads.curves_payload(run, LOSS_SERIES, y_label="loss", log=False))
    assert meta["empty"] == "Press Train to draw the curves"
    assert len(arrays["x"]) == 0


def test_the_curves_after_two_epochs():
    run = run_of(small(), steps=6)
    meta, arrays = unpack(payloads.curves_payload(run, LOSS_SERIES, y_label="loss", log=True))
    assert meta["log"]
    assert not meta["empty"]
    np.testing.assert_array_equal(arrays["x"], [0, 1, 2])
    assert np.isfinite(arrays["y0"]).all()
    assert [series["dash"] for series in meta["series"]] == [False, True, True]
    assert [series["scale"] for series in meta["series"]] == ["y", "y", "percent"]


def test_the_curves_of_a_run_looked_at_as_it_was_end_there(tmp_path):
    run = run_of(small({"train.max_epochs": 5}), steps=15)
    whole = unpack(payloads.curves_payload(run, [("test_loss", "test loss")], y_label="loss", log=False))[1]
    run.travel(Checkpoint(6, 2, tmp_path), is_last=False)
    rewound = unpack(payloads.curves_payload(run, [("test_loss", "test loss")], y_label="loss", log=False))[1]
    assert list(whole["x"]) == [0, 1, 2, 3, 4, 5]
    assert list(rewound["x"]) == [0, 1, 2]
    assert list(rewound["y0"]) == list(whole["y0"][:3])


def test_a_metric_that_was_not_measured_is_a_gap():
    run = run_of(small({"data.name": "plane"}), steps=3)
    _, arrays = unpack(payloads.curves_payload(run, LOSS_SERIES, y_label="loss", log=False))
    assert np.isnan(arrays["y2"]).all()


def test_the_numbers_before_a_frame():
    run = Run("run-of-a-test", Begin(small()))
    meta, _ = unpack(payloads.meters_payload(run, 0, metric=("test_accuracy", "test accuracy")))
    assert meta["status"] == "starting"
    assert [item["value"] for item in meta["items"]] == ["0 / 3", "–", "–", "–"]
    assert "seed 0" in meta["note"]


def test_a_run_that_fails_before_its_first_frame_says_so():
    run = Run("run-of-a-test", Begin(small()))
    run.lost("The training process was killed.")
    meta, _ = unpack(payloads.meters_payload(run, 0, metric=None))
    assert meta["status"] == "failed"
    assert meta["tone"] == "bad"
    assert meta["message"] == "The training process was killed."


def test_the_numbers_of_a_run():
    run = run_of(small(), steps=4)
    meta, _ = unpack(payloads.meters_payload(run, 0, metric=("test_accuracy", "test accuracy")))
    values = {item["label"]: item["value"] for item in meta["items"]}
    assert meta["step"] == 4
    assert meta["status"] == "paused"
    assert meta["message"] is None
    assert values["epoch"] == "1 / 3"
    assert values["test accuracy"].endswith(" %")
    assert float(values["train loss"]) > 0


def test_a_run_in_the_queue_says_at_which_place():
    run = run_of(small())
    run.show("queued")
    assert unpack(payloads.meters_payload(run, 2, metric=None))[0]["status"] == "queued, place 2"


@pytest.mark.parametrize("status", ["diverged", "failed"])
def test_a_run_that_went_wrong_says_why(status):
    run = run_of(small())
    run.show(status, "Lower the learning rate.")
    meta, _ = unpack(payloads.meters_payload(run, 0, metric=None))
    assert (meta["message"], meta["tone"]) == ("Lower the learning rate.", "bad")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "–"),
        (0.0, "0.0000"),
        (0.12345, "0.1235"),
        (-3.5, "-3.5000"),
        (123.4, "123"),
        (54_321.0, "54,321"),
        (-1e6, "-1.0e+06"),
        (3.2e9, "3.2e+09"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "–"),
    ],
)
def test_numbers_in_words(value, words):
    assert payloads.number(value) == words


def test_shares_in_words():
    assert payloads.percent(None) == "–"
    assert payloads.percent(0.98765) == "98.8 %"


def test_the_summary_names_every_layer():
    experiment = small({"model.hidden_sizes": [1024, 3], "data.inputs": ["x1", "x2", "x1_x2"]})
    assert payloads.summary(experiment, Run("run-of-a-test", Begin(experiment))) == "3 → 1,024 → 3 → 1"
    run = run_of(small())
    assert payloads.summary(run.experiment, run) == "2 → 5 → 3 → 1 · 37 parameters"


def test_every_payload_is_what_pack_makes():
    assert unpack(pack({"step": 3}))[0] == {"step": 3}
