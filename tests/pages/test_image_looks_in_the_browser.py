"""The five ways to look at pictures on the Images screen, and a second run beside the first."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.pages.visit import PATIENCE, Visit

SHARE = re.compile(r"\d+\.\d %")


@pytest.fixture
def visit(page: Page) -> Visit:
    """The Images screen with a small convolutional network."""
    visit = Visit(page).images()
    visit.choose("images-data-size", "8").expect_link(data__size="8")
    visit.choose("architecture", "Convolutions (CNN)").expect_link(model__kind="cnn")
    return visit.settled()


def look(visit: Visit, name: str) -> None:
    visit.page.locator(".st-key-look").get_by_text(name, exact=True).click()


def shares(visit: Visit) -> Locator:
    return visit.panel("inside").get_by_text(SHARE)


def test_a_picture_leads_inside_and_a_map_to_its_sum(visit):
    visit.panel("pictures").get_by_role("button").nth(2).click()
    expect(visit.panel("inside").get_by_text("conv1", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(visit.page.get_by_text("Picture 3", exact=True)).to_be_visible()
    visit.panel("inside").locator(".strip.maps canvas").first.click(position={"x": 9, "y": 9})
    expect(visit.panel("inside").locator(".sum")).to_contain_text("bias", timeout=PATIENCE)
    visit.press("train", "training").expect_progress("inside", frames=2).press("stop", "stopped")
    visit.button("next").click()
    expect(visit.page.get_by_text("Picture 4", exact=True)).to_be_visible()
    visit.healthy()


def test_a_cell_of_mistakes_shows_its_pictures(visit):
    visit.press("train").expect_status("completed")
    look(visit, "Mistakes")
    expect(visit.panel("confusion")).to_contain_text("right", timeout=PATIENCE)
    visit.panel("confusion").locator(".matrix").click(position={"x": 52, "y": 58})  # its first cell
    expect(visit.panel("pictures").get_by_role("button").first).to_contain_text("✓ 0", timeout=PATIENCE)
    visit.healthy()


def test_the_map_draws_every_picture_and_changes_its_method(visit):
    look(visit, "Map")
    expect(visit.panel("scatter")).to_contain_text("PCA", timeout=PATIENCE)
    visit.page.locator(".st-key-method").get_by_text("t-SNE", exact=True).click()
    expect(visit.panel("scatter")).to_contain_text("Neighbours in", timeout=PATIENCE)
    visit.healthy()


def test_a_drawing_is_answered_while_it_is_drawn(visit):
    visit.press("train").expect_status("completed")
    look(visit, "Try it")
    sheet = visit.panel("pad").locator("canvas")
    expect(visit.panel("inside")).to_contain_text("Draw, upload or film", timeout=PATIENCE)
    sheet.focus()
    for key in ("Space", *["ArrowDown"] * 8, "Space"):
        visit.page.keyboard.press(key)
    expect(shares(visit).first).to_be_visible(timeout=PATIENCE)
    expect(visit.panel("inside")).to_contain_text("your picture")
    visit.page.get_by_role("button", name="Clear").click()
    expect(visit.panel("inside")).to_contain_text("Draw, upload or film", timeout=PATIENCE)
    visit.healthy()


def test_a_run_set_aside_stays_in_the_picture(visit):
    visit.press("train").expect_status("completed")
    first = visit.run
    visit.button("set_aside").click()
    visit.expect_link(beside=first)
    assert visit.run != first
    expect(visit.panel("curves")).to_contain_text("beside: test accuracy", timeout=PATIENCE)
    visit.choose("architecture", "Dense layers")
    expect(visit.page.get_by_text("Beside: kind cnn")).to_be_visible(timeout=PATIENCE)
    visit.button("clear_beside").click()
    visit.expect_link(beside=None)
    visit.healthy()
