"""What the panels of the Generate screen are told."""

import json

import numpy as np
import pytest

from nets.runs.protocol import Begin
from nets.runs.run import Run
from nets.views import View
from nets.views.anomalies import AnomaliesView
from nets.views.decoded import DecodedView
from nets.views.game import GameView
from nets.views.interpolation import InterpolationView
from nets.views.latent_plane import LatentPlaneView
from nets.views.nearest import Nearest, NearestView
from nets.views.quality import Judged
from nets.views.reconstructions import ReconstructionsView
from nets.views.samples import SamplesView
from nets.views.turn import TurnView
from pages.parts import generate_payloads as made
from pages.parts.generate_choice import Choice, hear, said
from pages.parts.generate_curves import charts_for
from pages.parts.generate_data import distributions_payload, names
from pages.parts.generate_drawing import ERASER_RADIUS, after
from pages.parts.generate_judge import judge_payload, judged_payload
from pages.parts.generate_looks import looks_for
from pages.parts.generate_network import changes_for, networks
from pages.parts.generate_plane import LONGEST_ARROW, advice_payload, arrows_of, game_payload
from pages.parts.generate_walk import walk_payload
from tests.nets.views.making import making, playing
from tests.pages.fakes import run_of, unpack

PAYLOADS = {
    "samples": (made.samples_payload, SamplesView(count=6)),
    "nearest": (made.nearest_payload, NearestView(count=4)),
    "reconstructions": (made.reconstructions_payload, ReconstructionsView(count=5)),
    "interpolation": (made.interpolation_payload, InterpolationView(steps=4)),
    "anomalies": (made.errors_payload, AnomaliesView(odd=3)),
    "latent_plane": (made.latent_payload, LatentPlaneView(grid=3)),
}


@pytest.fixture(scope="module")
def pictures() -> Run:
    """An autoencoder that cleans pictures, with every view of it."""
    views: dict[str, View] = {name: view for name, (_, view) in PAYLOADS.items()}
    views["decoded"] = DecodedView(z=(1.0,))
    return run_of(making("autoencoder", rule={"noise": "gaussian"}, latent_dim=4), views, steps=2)


@pytest.fixture(scope="module")
def points() -> Run:
    """Two networks that play over points."""
    return run_of(playing(), {"game": GameView(count=50), "turn": TurnView()}, steps=2)


@pytest.mark.parametrize("name", PAYLOADS)
def test_without_a_network_a_panel_says_so(name):
    payload, _ = PAYLOADS[name]
    meta, arrays = unpack(payload(Run("run-of-a-test", Begin(making("autoencoder")))))
    assert meta["empty"] == "The network is being built"
    assert not arrays


@pytest.mark.parametrize("name", [name for name in PAYLOADS if name not in ("anomalies", "latent_plane")])
def test_every_tile_has_its_pictures_and_a_title(pictures: Run, name):
    meta, arrays = unpack(PAYLOADS[name][0](pictures))
    assert arrays["images"].dtype == np.uint8
    assert len(arrays["images"]) == len(meta["items"]) > 0
    assert all(item["title"] for item in meta["items"])
    assert meta["alt"]
    assert (meta["run"], meta["step"]) == ("run-of-a-test", 2)


def test_a_cleaned_picture_stands_below_the_noisy_one(pictures: Run):
    meta, arrays = unpack(made.reconstructions_payload(pictures))
    found = pictures.views["reconstructions"]
    assert meta["rows"] == ["the picture", "with noise", "made again"]
    assert np.array_equal(arrays["images"][:, 1], found.noisy)
    assert meta["items"][0]["caption"] == f"{found.errors[0]:.3f}"


def test_the_plane_brings_its_codes_and_the_picture_of_one(pictures: Run):
    meta, arrays = unpack(made.latent_payload(pictures))
    assert arrays["basis"].shape == (2, 4)
    assert arrays["z"].tolist() == [1, 0, 0, 0]
    assert arrays["grid"].shape == (9, 8, 8)
    assert meta["cells"] == 3
    assert "of their variance" in meta["meaning"]
    assert len(arrays["xy"]) == len(arrays["labels"])


def test_errors_of_the_odd_class_are_told_apart(pictures: Run):
    meta, arrays = unpack(made.errors_payload(pictures))
    assert arrays["odd"].sum() == pictures.views["anomalies"].odd.sum() > 0
    assert meta["odd"] == "pictures of 3"
    assert 0 <= meta["auc"] <= 1


@pytest.mark.parametrize(("away", "verdict"), [(0.01, "Memorised"), (0.09, "Close to"), (0.3, "New")])
def test_a_verdict_goes_by_how_far_strangers_are(away, verdict):
    nothing = np.zeros(0)
    found = Nearest(nothing, nothing, np.array([away]), nothing, nothing, usual=0.2, closest=0.1, searched=1234)
    assert made.verdict_on(found).startswith(verdict)
    assert "1,234" in made.verdict_on(found)


def test_the_game_brings_its_layers(points: Run):
    meta, arrays = unpack(game_payload(points, tool={"action": "add", "radius": 0.1}))
    assert set(arrays) == {"surface", "real", "fake", "arrows", "mesh", "modes"}
    assert meta["scale"] == ["made", "real"]
    assert "of 3 modes covered" in meta["facts"]
    assert meta["tool"]["action"] == "add"


def test_strokes_are_taken_before_the_network_is_there():
    tool = {"action": "add", "radius": 0.1}
    meta, arrays = unpack(game_payload(Run("run-of-a-test", Begin(playing())), tool=tool))
    assert meta["tool"] == tool
    assert meta["empty"]
    assert not arrays


def test_arrows_keep_their_proportions_and_fit():
    pull = np.array([[3.0, 4.0], [0.3, 0.4]])
    arrows = arrows_of(pull)
    longest = np.linalg.norm(arrows, axis=1)
    assert longest[0] == pytest.approx(10 * longest[1], rel=1e-5)
    assert LONGEST_ARROW / 1.25 - 1e-6 <= longest[0] <= LONGEST_ARROW + 1e-6
    assert arrows_of(np.zeros((2, 2))).tolist() == [[0, 0], [0, 0]]


def test_slow_motion_tells_one_update_in_order(points: Run):
    turn = points.views["turn"]
    meta, arrays = unpack(walk_payload(points, turn))
    stages = meta["walk"]["stages"]
    assert [stage["name"] for stage in stages][:3] == ["Real points", "Made points", "The discriminator judges"]
    assert stages[-1]["name"] == "The generator moves"
    layers = {layer for stage in stages for layer in stage["layers"]} - {"scores", "scores_after"}
    assert layers <= set(arrays)
    assert np.array_equal(arrays["fake_after"], turn.turn.generator.fake_after)
    assert unpack(walk_payload(points, None))[0]["empty"]


def test_the_generator_waits_for_its_turn():
    run = run_of(playing(rule={"discriminator_steps": 3}), {"turn": TurnView()})
    stages = unpack(walk_payload(run, run.views["turn"]))[0]["walk"]["stages"]
    assert stages[-1]["name"] == "The generator waits"


def test_a_verdict_counts_classes_and_names_them():
    run = run_of(making("gan"))
    pictures = np.zeros((2, 8, 8), np.uint8)
    run.views["quality"] = Judged("learning", pictures=pictures)
    meta, arrays = unpack(judge_payload(run))
    assert meta["waits"]
    assert "learns the same data first" in meta["empty"]
    assert "shares" not in arrays
    assert len(unpack(judged_payload(run))[0]["items"]) == 2
    shares = np.full(10, 0.1, np.float32)
    taken, sure = np.array([3, 7]), np.array([0.9, 0.5], np.float32)
    run.views["quality"] = Judged("ready", 12.3, 4.5, shares, 1.0, 10, 0.7, pictures, taken, sure)
    meta, arrays = unpack(judge_payload(run))
    assert not meta["waits"]
    assert [item["value"] for item in meta["items"]] == ["12.3", "4.5", "10 of 10", "1.00", "70%"]
    assert np.array_equal(arrays["shares"], shares)
    assert [item["caption"] for item in unpack(judged_payload(run))[0]["items"]] == ["3 90%", "7 50%"]


def test_advice_follows_the_metrics():
    run = run_of(playing())
    assert unpack(advice_payload(run))[0]["items"] == []
    won = {"test_real_accuracy": 1.0, "test_fake_accuracy": 1.0}
    run.history.extend([{"epoch": epoch, "step": epoch, **won} for epoch in range(1, 7)])
    (item,) = unpack(advice_payload(run))[0]["items"]
    assert "discriminator" in item["sees"]
    assert item["advice"]


# What panels say


def test_a_code_is_heard():
    choice = Choice()
    assert not hear(choice, json.dumps({"say": "code", "z": [0.5, -1], "label": 3}).encode())
    assert (choice.z, choice.label) == ((0.5, -1.0), 3)
    assert choice.decoded() == DecodedView(z=(0.5, -1.0), label=3)
    assert hear(choice, b'{"say": "update"}')
    assert not hear(choice, b'{"say": "again"}')
    assert choice.judged().attempt == 1


@pytest.mark.parametrize(
    "message",
    [
        b"\x01\x02",
        b"[]",
        b'{"say": "anything"}',
        b'{"say": "code", "z": "1", "label": 0}',
        b'{"say": "code", "z": [NaN], "label": 0}',
        b'{"say": "code", "z": [true], "label": 0}',
        b'{"say": "code", "z": [1e300], "label": 0}',
        b'{"say": "code", "z": [1], "label": -1}',
        b'{"say": "code", "z": [1]}',
        json.dumps({"say": "code", "z": [0] * 2000, "label": 0}).encode(),
    ],
)
def test_what_is_no_message_is_refused(message):
    with pytest.raises(ValueError, match=r".+"):
        said(message)


def test_choices_belong_to_what_they_were_chosen_from():
    choice = Choice()
    choice.belong_to(making("vae"))
    choice.z, choice.first, choice.odd = (1.0,), 5, 2
    chosen = [(choice.z, choice.first, choice.odd)]
    others = (
        making("vae", {"hidden_class": "2"}),
        making("vae", {"hidden_class": "2"}, latent_dim=9),
        playing(),
    )
    for other in others:
        choice.belong_to(other)
        chosen.append((choice.z, choice.first, choice.odd))
    assert chosen == [((1.0,), 5, 2), ((1.0,), 5, 2), ((), 5, 2), ((), 0, None)]


# What is offered


def test_looks_are_those_that_the_network_has():
    assert looks_for(playing()) == ("plane", "walk")
    assert looks_for(making("gan")) == ("samples", "judge", "latent", "way")
    assert looks_for(making("vae", latent_dim=2))[0] == "latent"
    assert looks_for(making("autoencoder"))[0] == "again"


@pytest.mark.parametrize(
    "experiment", [playing(), playing("ring"), making("vae"), making("autoencoder"), making("gan")]
)
def test_charts_draw_what_is_measured(experiment):
    known = experiment.train.objective.metrics(experiment, experiment.data.info())
    drawn = {name.partition("_")[2] for chart in charts_for(experiment) for name, _ in chart.series}
    assert drawn <= set(known)
    assert all(set(chart.looks) <= {name for name, _ in chart.series} for chart in charts_for(experiment))


def test_every_distribution_has_a_thumbnail():
    meta, arrays = unpack(distributions_payload(names(), "ring"))
    assert [item["name"] for item in meta["items"]][-1] == "drawn_shape"
    assert len(arrays) == len(names()) >= 7
    assert all(np.abs(points[:, :2]).max() <= 9 for points in arrays.values())


@pytest.mark.parametrize("kind", networks())
def test_every_network_comes_with_a_rule_that_fits(kind):
    changes = changes_for(making("vae"), kind)
    assert changes["model"]["kind"] == kind
    assert changes["train.objective"]["kind"] in ("adversarial", "variational", "reconstruction")


def test_a_stroke_adds_points_inside_and_erases_near_ones():
    drawn = after(((0.0, 0.0),), "add", [(0.5, 0.5), (7.0, -7.0)])
    assert drawn == [(0.0, 0.0), (0.5, 0.5), (1.0, -1.0)]
    assert after(tuple(drawn), "erase", [(0.5, 0.5 + ERASER_RADIUS / 2)]) == [(0.0, 0.0), (1.0, -1.0)]
    assert len(after(((0.0, 0.0),), "add", [(0.1, 0.1)] * 3000)) == 2000
