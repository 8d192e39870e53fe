"""The Points screen's own controls: the diagram, drawing, curves, surfaces, classes, and the zoom of the loss curve."""

import re

import pytest
from playwright.sync_api import Page, Position, expect

from tests.pages.visit import PATIENCE, Visit


def test_layers_and_neurons_come_and_go_while_it_trains(page: Page):
    visit = Visit(page, {"train.max_epochs": 100000}).press("train", "training").expect_progress("network")
    run, diagram = visit.run, visit.panel("network")
    for label, sizes in [
        ("Add a neuron in hidden layer 1", "5,2"),
        ("Add a hidden layer", "5,2,2"),
        ("Remove a neuron in hidden layer 2", "5,1,2"),
        ("Remove a hidden layer", "5,1"),
    ]:
        step = visit.step("network")
        diagram.get_by_role("button", name=label).click()
        visit.expect_link(model__hidden_sizes=sizes).expect_progress("network")
        nodes = sum(int(size) for size in sizes.split(","))
        expect(diagram.locator(".column[data-kind=hidden] .node")).to_have_count(nodes)
        assert visit.step("network") > step
        assert visit.run == run
    visit.expect_status("training").healthy().press("stop", "stopped")


def test_an_input_is_switched_on_and_off(page: Page):
    visit = Visit(page)
    square = visit.panel("network").get_by_role("button", name="input x₁²")
    expect(square).to_have_attribute("aria-pressed", "false")
    square.click()
    visit.expect_link(data__inputs="x1,x2,x1_squared")
    expect(square).to_have_attribute("aria-pressed", "true")
    square.click()
    visit.expect_link(data__inputs=None)
    expect(square).to_have_attribute("aria-pressed", "false")
    visit.healthy()


def test_a_weight_is_set_by_hand(page: Page):
    visit = Visit(page)
    diagram = visit.panel("network")
    loss = visit.number("test loss").inner_text()
    diagram.get_by_role("button", name="neuron 1, hidden layer 1").click()
    diagram.get_by_role("button", name="Edit a weight").click()
    diagram.locator(".card .weights button").first.click()
    editor = diagram.get_by_role("dialog", name=re.compile("^Weight x₁ → neuron 1"))
    editor.get_by_role("spinbutton").fill("3.5")
    editor.get_by_role("spinbutton").press("Enter")
    expect(visit.number("test loss")).not_to_have_text(loss, timeout=PATIENCE)
    diagram.get_by_role("button", name="neuron 1, hidden layer 1").click()
    diagram.get_by_role("button", name="Edit a weight").click()
    expect(diagram.locator(".card .weights button").first).to_contain_text("3.5", timeout=PATIENCE)
    visit.healthy()


def test_points_are_drawn_and_erased(page: Page):
    visit = Visit(page, {"data.name": "drawn"})
    page.get_by_role("radio", name="Class 0").or_(page.get_by_role("button", name="Class 0")).first.click()
    plane = visit.panel("plane").locator("canvas.over")
    expect(plane).to_have_attribute("aria-label", re.compile("adds a point of class 0"), timeout=PATIENCE)
    box = plane.bounding_box()
    assert box
    corner: Position = {"x": box["width"] * 0.9, "y": box["height"] * 0.1}
    plane.click(position=corner)
    page.wait_for_function(COUNT_IN_LINK, arg=11, timeout=PATIENCE)
    page.get_by_role("radio", name="Erase").or_(page.get_by_role("button", name="Erase")).first.click()
    expect(plane).to_have_attribute("aria-label", re.compile("erases points"), timeout=PATIENCE)
    plane.click(position=corner)
    visit.expect_link(data__points=None)
    visit.healthy()


COUNT_IN_LINK = """(count) => {
    const points = new URLSearchParams(location.search).get("data.points");
    return points !== null && JSON.parse(points).length === count;
}"""


@pytest.mark.parametrize(("problem", "panel"), [("Curve", "fit"), ("Surface", "plane")])
def test_values_are_learnt_as_well_as_classes(page: Page, problem, panel):
    visit = Visit(page)
    page.get_by_role("radio", name=problem).or_(page.get_by_role("button", name=problem)).first.click()
    expect(visit.number("test R²")).to_be_visible(timeout=PATIENCE)
    visit.press("train", "training").expect_progress(panel)
    expect(visit.panel(panel).locator("canvas").first).to_be_visible()
    visit.healthy().press("stop", "stopped")


def test_four_classes(page: Page):
    visit = Visit(page).pick_data("blobs")
    expect(visit.panel("plane").locator(".legend .swatch")).to_have_count(4, timeout=PATIENCE)
    expect(visit.panel("network").locator(".column[data-kind=output] .node")).to_have_count(4)
    visit.press("train", "training").expect_progress()
    visit.healthy().press("stop", "stopped")


def test_the_zoom_of_the_loss_curve_survives_new_points(page: Page):
    visit = Visit(page, {"train.max_epochs": 100000}).press("train", "training").expect_progress("curves")
    plot = visit.panel("curves").locator(".plot")
    whole = visit.panel("curves").get_by_role("button", name="whole run")
    expect(whole).to_be_hidden()
    plot.focus()
    page.keyboard.press("+")
    expect(whole).to_be_visible()
    visit.expect_progress("curves", frames=5)
    expect(whole).to_be_visible()
    page.keyboard.press("Escape")
    expect(whole).to_be_hidden()
    visit.healthy().press("stop", "stopped")
