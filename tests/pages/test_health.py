"""The line on the network's health: what it says, where it leads, and that it is silent where it should be."""

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from nets.experiment import Experiment
from nets.health import DETECTORS, Finding, Insides, Layer, Patience, RareClass, Vitals
from nets.health.words import figure, percent, spoken
from nets.runs.run import Run
from nets.views.health import HealthView
from pages.parts import health
from pages.parts.components.packing import pack
from pages.parts.concepts.catalogue import CONCEPTS
from tests.nets.experiments import pictures, small
from tests.nets.views.making import making
from tests.pages.fakes import run_of, unpack
from tests.pages.mounted import mounted
from tests.pages.visit import PATIENCE, Visit

DEAD = Layer("hidden2", 0.1, units=3, answers=64, dead=(0, 2))


def run_with(experiment: Experiment, *layers: Layer, status: str = "paused") -> Run:
    """A run of 60 steps inside of which this has been found."""
    run = run_of(experiment, steps=60)
    run.views["health"] = Insides(60, 64, layers)
    run.status = status  # type: ignore[assignment]
    return run


def items(run: Run, **options: bool) -> list[dict[str, Any]]:
    """What the payload says."""
    return list(unpack(health.health_payload(run, Patience(), **options))[0]["items"])


def test_a_finding_says_what_where_and_why():
    (item,) = items(run_with(small({"data.num_points": 200}), DEAD), has_diagram=True)
    assert item["sees"] == "2 of 3 units of hidden layer 2 never answer."
    assert (item["layer"], item["units"], item["place"]) == (1, [0, 2], "hidden layer 2")
    assert (item["concept"], item["about"]) == ("activations", "See activations")


def test_a_layer_is_shown_where_there_is_a_diagram_alone():
    experiment = small({"data.num_points": 200})
    assert items(run_with(experiment, DEAD))[0]["layer"] is None
    assert items(run_with(pictures(), DEAD), has_diagram=True)[0]["layer"] is None
    output = Layer("output", 0.1, units=4, answers=64, dead=(1,))
    assert items(run_with(experiment, output), has_diagram=True)[0]["layer"] == 2


def test_at_most_two_findings_the_gravest_first():
    broken = Layer("hidden1", float("nan"))
    full = Layer("hidden2", 0.1, units=8, answers=64, dead=tuple(range(8)))
    run = run_with(small({"data.num_points": 200}), broken, full, Layer("output", 0.1))
    run.history.rows = [{"epoch": epoch, "step": 30, "train_loss": 9.0, "test_loss": 9.0} for epoch in range(1, 30)]
    found = [item["kind"] for item in items(run)]
    assert found[0] == "exploding"
    assert len(found) == 2


@pytest.mark.parametrize("status", ["ready", "queued", "failed", "diverged"])
def test_nothing_is_added_to_what_the_bar_says(status):
    assert not items(run_with(small({"data.num_points": 200}), DEAD, status=status))


def test_nothing_is_said_of_networks_that_make_things():
    run = run_of(making("autoencoder"), steps=1)
    run.views["health"] = Insides(60, 64, (DEAD,))
    assert not items(run)


def test_a_run_that_is_looked_at_as_it_was_is_judged_by_its_epochs_until_then():
    run = run_of(small(), steps=6)
    run.history.rows = [{"epoch": epoch, "step": epoch, "train_loss": 1.0} for epoch in range(9)]
    run.rewound = type("Then", (), {"epoch": 4})()
    assert [row["epoch"] for row in health.vitals_of(run).rows] == [0, 1, 2, 3, 4]


def test_a_look_fits_a_frame():
    insides: Insides = run_of(small(), {"health": HealthView()}, steps=6).views["health"]
    assert [layer.name for layer in insides.layers] == ["hidden1", "hidden2", "output"]
    assert insides.guess == pytest.approx(np.log(2), abs=0.05)


def test_every_finding_leads_to_a_concept_that_there_is():
    named = {finding.concept for finding in every_finding()}
    assert named == set(health.ABOUT)
    assert named <= set(CONCEPTS)


def every_finding() -> list[Finding]:
    """What each detector has to say of vitals with every fault."""
    experiment = small()
    layers = (Layer("hidden1", 0.0), Layer("hidden2", 1.0, units=8, answers=64, saturated=1.0), Layer("output", 1.0))
    rows = [
        {"epoch": epoch, "step": 9 * epoch, "train_loss": loss, "test_loss": 1.0 + epoch / 10, "train_accuracy": 0.5}
        for epoch, loss in enumerate([1.0] * 30)
    ]
    rare = (RareClass("1", 0.05, 0.0, 9),)
    alike = Vitals(experiment, rows, 300, "training", Insides(300, 64, layers, 1.0, 0.5, 2, rare))
    falling = [{**row, "train_loss": 1 / (1 + row["epoch"])} for row in rows]
    others = [
        Vitals(experiment, rows, 300, "diverged"),
        Vitals(experiment, falling, 300),
        Vitals(experiment, rows, 300, "training", Insides(300, 64, (DEAD,))),
        Vitals(experiment, rows, 300, "training", Insides(300, 64, (Layer("output", 1.0, step_size=9.0),))),
    ]
    found = [finding for vitals in (alike, *others) for detector in DETECTORS if (finding := detector(vitals))]
    assert len({finding.kind for finding in found}) == len(DETECTORS)
    return found


def test_words():
    assert [figure(value) for value in (0.5, 1234.0, 1.63e6, 3e9, 2e-7)] == [
        "0.5",
        "1,234",
        "1.63 million",
        "3 billion",
        "2.0e-7",
    ]
    assert [percent(share) for share in (0.05, 0.003, 0.0, 1.0)] == ["5 %", "0.3 %", "0 %", "100 %"]
    names = ["hidden2", "conv1", "block2_1.conv1", "block3.inner", "core.layers.0", "output", "stem"]
    said = [
        "hidden layer 2",
        "convolution 1",
        "block 2.1",
        "block 3",
        "recurrent layer 1",
        "the output layer",
        "layer stem",
    ]
    assert [spoken(name) for name in names] == said


ITEM = {"kind": "dying", "sees": "2 of 3 units of hidden layer 2 never answer.", "advice": "Take elu.", "units": [0]}
LINE = ITEM | {"concept": "activations", "about": "Activations", "layer": 1, "place": "hidden layer 2"}


def test_the_line_opens_and_can_be_told_to_be_silent(browser: Browser):
    other = LINE | {"kind": "overfitting", "sees": "Test loss 3.", "layer": None, "concept": ""}
    with mounted(browser, "health", pack({"step": 1, "run": "a", "items": []})) as panel:
        expect(panel.part(".health")).to_be_hidden()
        panel.show(pack({"step": 2, "run": "a", "items": [LINE, other]}))
        expect(panel.part(".line")).to_have_text("2 of 3 units of hidden layer 2 never answer.  Test loss 3.")
        expect(panel.part(".more")).to_be_hidden()
        panel.part(".line").click()
        expect(panel.part("a")).to_have_attribute("href", "concepts?concept=activations")
        expect(panel.part(".more")).to_contain_text("Take elu.")
        panel.show(pack({"step": 3, "run": "a", "items": [LINE | {"sees": "3 of 3 units."}, other]}))
        expect(panel.part(".more b").first).to_have_text("3 of 3 units.")
        panel.part("[data-kind=dying] button").last.click()
        expect(panel.part(".more")).not_to_contain_text("3 of 3 units.")
        panel.page.keyboard.press("Escape")
        panel.show(pack({"step": 4, "run": "a", "items": [LINE]}))
        expect(panel.part(".health")).to_be_hidden()
        panel.show(pack({"step": 1, "run": "b", "items": [LINE]}))
        expect(panel.part(".health")).to_be_visible()


def test_vanishing_gradients_are_told_on_the_screen_and_shown_in_the_diagram(page: Page):
    deep = {"model.hidden_sizes": "4,4,4,4,4,4,4,4,4,4", "model.activation": "sigmoid", "train.max_epochs": 100000}
    visit = Visit(page, deep | {"data.num_points": 100})
    place = visit.panel("card_curves").bounding_box()
    visit.press("train", "training")
    line = visit.panel("health").locator(".line")
    expect(line).to_contain_text("times smaller than that of", timeout=PATIENCE)
    assert visit.panel("card_curves").bounding_box() == place, "the line has moved the page"
    line.click()
    marked = visit.panel("network").locator(".face[data-column='1']")
    assert marked.evaluate_all("(faces) => faces.every((face) => face.getAnimations().length)")
    others = visit.panel("network").locator(".face[data-column='2']")
    assert others.evaluate_all("(faces) => faces.every((face) => !face.getAnimations().length)")
    visit.healthy().press("stop", "stopped")
