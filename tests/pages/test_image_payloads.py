"""What the panels draw that show a network from inside: every payload, before and after a frame."""

import io
import math

import numpy as np
import pytest
from PIL import Image

from nets.runs.protocol import Begin
from nets.runs.run import Run
from nets.views import View
from nets.views.arithmetic import ArithmeticView
from nets.views.attribution import AttributionView
from nets.views.confusion import Confusion, ConfusionView
from nets.views.embedding import EmbeddingView
from nets.views.feature_maps import FeatureMapsView
from nets.views.filters import FiltersView
from nets.views.top_classes import TopClassesView
from pages.parts import image_inside_payloads, image_payloads
from tests.nets.experiments import pictures
from tests.pages.fakes import run_of, unpack

KILOBYTE = 1024
NETWORKS = ["mlp", "cnn", "resnet", "vit"]
INSIDE: dict[str, View] = {
    "top_classes": TopClassesView(),
    "attribution": AttributionView(),
    "feature_maps": FeatureMapsView(),
    "filters": FiltersView(),
}


def inside(model: str = "cnn", **views: View) -> Run:
    """A run with the views of the panel, and some more."""
    return run_of(pictures({"model.kind": model}), INSIDE | views)


@pytest.mark.parametrize(
    "payload",
    [image_payloads.confusion_payload, image_payloads.scatter_payload, image_inside_payloads.inside_payload],
)
def test_before_a_frame_there_is_a_hint(payload):
    meta, arrays = unpack(payload(Run("run-of-a-test", Begin(pictures()))))
    assert meta["empty"] == "The network is being built"
    assert meta["run"] == "run-of-a-test"
    assert not arrays


def test_the_confusion_matrix():
    run = run_of(pictures(), {"confusion": ConfusionView(count=500)}, steps=3)
    found: Confusion = run.views["confusion"]
    meta, arrays = unpack(image_payloads.confusion_payload(run, chosen={"actual": 1, "predicted": 2}))
    np.testing.assert_array_equal(arrays["counts"], found.counts)
    np.testing.assert_allclose(arrays["scores"], np.stack([found.precision, found.recall, found.f1], axis=1), atol=1e-6)
    assert arrays["counts"].sum() == meta["looked_at"] == 500
    assert meta["available"] > 500
    assert meta["accuracy"] == pytest.approx(np.trace(found.counts) / 500)
    assert meta["mean"][2] == pytest.approx(found.macro_f1)
    assert meta["chosen"] == {"actual": 1, "predicted": 2}
    assert meta["names"] == [str(digit) for digit in range(10)]
    assert found.f1[meta["worst"]] == found.f1.min()


def confusion_of(counts: list[list[int]], f1: list[float]) -> Confusion:
    array = np.array(counts, dtype=np.int32)
    scores = np.array(f1)
    return Confusion(array, scores, scores, scores, array.sum(axis=1), 0.5, 0.5, int(array.sum()), int(array.sum()))


def test_the_worst_class_is_one_that_occurs():
    assert image_payloads.worst_class(confusion_of([[3, 1, 0], [0, 0, 0], [1, 0, 5]], [0.8, 0.0, 0.9])) == 0


def test_where_all_is_right_no_class_is_the_worst():
    assert image_payloads.worst_class(confusion_of([[3, 0], [0, 2]], [1.0, 1.0])) is None


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_the_map(method):
    run = run_of(pictures(), {"embedding": EmbeddingView(count=60, method=method)})
    found = run.views["embedding"]
    payload = image_payloads.scatter_payload(run, chosen=7)
    meta, arrays = unpack(payload)
    np.testing.assert_array_equal(arrays["xy"], found.xy)
    for name in ("labels", "predicted", "indices"):
        np.testing.assert_array_equal(arrays[name], getattr(found, name))
    wrong = int((found.labels != found.predicted).sum())
    assert run.frame is not None
    assert meta["facts"] == f"The first 60 of {run.frame.test_examples:,} test pictures, {wrong} wrong"
    assert (meta["method"], meta["chosen"]) == ({"pca": "PCA", "tsne": "t-SNE"}[method], 7)
    assert ("%" in meta["meaning"]) == (method == "pca")
    assert "12 numbers that output gets" in meta["meaning"]
    assert "sheet" not in meta
    assert len(payload) < 4 * KILOBYTE


@pytest.mark.parametrize("shape", [(50, 1, 28, 28), (500, 1, 28, 28), (500, 3, 32, 32), (7, 3, 20, 64), (1, 1, 8, 8)])
def test_a_sheet_has_every_picture_at_its_place(shape):
    pictures_ = np.zeros(shape, np.uint8)
    pictures_[:] = (np.arange(shape[0]) * 37 % 256).astype(np.uint8)[:, None, None, None]
    sheet = image_payloads.sheet_of(pictures_)
    assert len(sheet.image) <= image_payloads.SHEET_BYTES
    assert sheet.is_grey == (shape[1] == 1)
    whole = np.asarray(Image.open(io.BytesIO(sheet.image)).convert("L")).astype(int)
    assert whole.shape == (math.ceil(shape[0] / sheet.columns) * sheet.height, sheet.columns * sheet.width)
    for index in range(shape[0]):
        top, left = index // sheet.columns * sheet.height, index % sheet.columns * sheet.width
        seen = whole[top : top + sheet.height, left : left + sheet.width].mean()
        assert abs(seen - pictures_[index].mean()) < 12


def test_a_sheet_of_noise_takes_smaller_pictures_to_fit():
    noise = np.random.default_rng(0).integers(0, 256, (500, 3, 32, 32)).astype(np.uint8)
    sheet = image_payloads.sheet_of(noise)
    assert max(sheet.height, sheet.width) < 32


@pytest.mark.parametrize("shape", [(0, 1, 8, 8), (4, 2, 8, 8), (4, 8, 8)])
def test_what_is_no_row_of_pictures_is_refused(shape):
    with pytest.raises(ValueError, match="a sheet takes pictures"):
        image_payloads.sheet_of(np.zeros(shape, np.uint8))


def test_the_map_with_pictures():
    run = run_of(pictures(), {"embedding": EmbeddingView(count=60)})
    sheet = image_payloads.sheet_of(run.experiment.data.load(0).test_x[:60])
    meta, arrays = unpack(image_payloads.scatter_payload(run, sheet=sheet))
    assert arrays["sheet"].tobytes() == sheet.image
    assert meta["sheet"] == {"columns": 8, "height": 8, "width": 8, "is_grey": True}


@pytest.mark.parametrize("model", NETWORKS)
def test_every_network_from_inside(model):
    run = inside(model)
    payload = image_inside_payloads.inside_payload(run)
    meta, arrays = unpack(payload)
    assert arrays["picture"].shape == (8, 8)
    assert [entry["class"] for entry in meta["top"]] == run.views["top_classes"].classes.tolist()
    assert meta["sum"] is None
    found = run.views["feature_maps"].layers
    assert [layer["name"] for layer in meta["layers"]] == [layer.name for layer in found]
    for place, layer in enumerate(meta["layers"]):
        maps = arrays[f"maps_{place}"]
        assert len(maps) == len(arrays[f"scales_{place}"])
        if layer["role"] == "values":
            assert maps.shape == (min(256, layer["shape"][0]), 1, 1)
    assert len(meta["heats"]) == 3
    there = [heat for place, heat in enumerate(meta["heats"]) if f"heat_{place}" in arrays]
    assert all(bool(heat["why_not"]) != (heat in there) for heat in meta["heats"])
    assert len(payload) < 80 * KILOBYTE


def test_layers_in_plain_words():
    changes = {"model.blocks": [{"channels": 3, "kernel": 5, "padding": 2, "pool_size": 3}], "model.norm": "batch"}
    run = run_of(pictures(changes), INSIDE)
    words = {layer["name"]: layer["words"] for layer in unpack(image_inside_payloads.inside_payload(run))[0]["layers"]}
    assert words["conv1"] == "convolution 5×5"
    assert words["conv_norm1"] == "batch norm"
    assert words["conv_act1"] == "ReLU"
    assert words["pool1"] == "max pool 3×3"
    assert words["output"] == "dense"


def test_the_network_before_its_layers_are_looked_at():
    run = run_of(pictures(), {"top_classes": TopClassesView()})
    meta, arrays = unpack(image_inside_payloads.inside_payload(run))
    assert set(arrays) == {"picture"}
    assert (meta["layers"], meta["heats"], meta["filters"], meta["sum"]) == ([], [], None, None)


@pytest.mark.parametrize(
    ("layer", "source"), [("conv1", -1), ("pool1", "conv_act1"), ("conv2", "pool1"), ("hidden1", "pool2")]
)
def test_a_sum_knows_what_it_is_made_of(layer, source):
    run = inside(sum=ArithmeticView(layer=layer, channel=2))
    run.views["arithmetic"] = run.views["sum"]
    meta, arrays = unpack(image_inside_payloads.inside_payload(run))
    names = [each["name"] for each in meta["layers"]]
    told = meta["sum"]
    assert told["source"] == (source if source == -1 else names.index(source))
    assert (told["layer"], told["channel"]) == (layer, 2)
    assert sum(told["sums"]) + told["rest"] + told["bias"] == pytest.approx(run.views["sum"].total, abs=1e-5)
    assert len(told["channels"]) == len(told["sums"]) == len(arrays["patch"])
    assert arrays["patch"].shape == arrays["kernel"].shape == arrays["products"].shape
    assert arrays["padded"].shape == arrays["patch"].shape[1:]


def test_a_sum_of_many_says_what_the_others_add():
    run = inside("mlp", arithmetic=ArithmeticView(layer="hidden2", channel=1, most=4))
    told = unpack(image_inside_payloads.inside_payload(run))[0]["sum"]
    found = run.views["arithmetic"]
    assert told["others"] == len(found.channels) - 4
    assert told["rest"] == pytest.approx(float(found.sums[4:].sum()), abs=1e-6)
    assert told["window"] == [0, 0, 1, 1]
