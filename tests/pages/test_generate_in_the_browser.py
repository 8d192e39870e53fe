"""The Generate screen as a person uses it: the game over points, and a VAE whose codes are walked through."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.pages.visit import PATIENCE, Visit


@pytest.fixture
def visit(page: Page) -> Visit:
    """The Generate screen as it greets a newcomer."""
    visit = Visit(page)
    page.get_by_role("link", name="Generate").click()
    expect(visit.panel("game").locator(".over")).to_be_visible(timeout=PATIENCE)
    return visit.settled()


def look(visit: Visit, name: str) -> None:
    visit.page.locator(".st-key-making_of").get_by_text(name, exact=True).click()


def test_the_game_is_played_live_and_in_slow_motion(visit: Visit):
    visit.press("train", "training").expect_progress("game", frames=5).press("pause", "paused")
    expect(visit.panel("game").locator(".facts")).to_contain_text("of 3 modes covered")
    look(visit, "Slow motion")
    stage = visit.panel("game").locator("h4")
    expect(stage).to_have_text("Real points", timeout=PATIENCE)
    sentence = visit.panel("game").locator(".told p")
    before = sentence.inner_text()
    visit.panel("game").locator(".stages li").last.click()
    expect(stage).to_have_text("The generator moves")
    visit.panel("game").locator(".on").click()
    expect(stage).to_have_text("Real points", timeout=PATIENCE)
    expect(sentence).not_to_have_text(before)
    visit.button("step_discriminator").click()
    visit.expect_status("paused")
    visit.healthy()


def test_a_drag_through_the_codes_is_answered_while_it_lasts(visit: Visit):
    visit.page.locator(".st-key-sort").get_by_text("Pictures", exact=True).click()
    picture = visit.panel("latent").locator(".picture")
    expect(picture).to_be_visible(timeout=PATIENCE)
    visit.choose("generate-data-size", "8").expect_link(data__size="8").settled()
    visit.press("train", "training").expect_progress("latent", frames=3).press("pause", "paused")
    pixels = "(canvas) => canvas.toDataURL()"
    before = picture.evaluate(pixels)
    box = visit.panel("latent").locator(".over").bounding_box()
    assert box is not None
    visit.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    visit.page.mouse.down()
    visit.page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.2, steps=5)
    handle = visit.panel("latent").locator(".picture").element_handle()
    visit.page.wait_for_function("([canvas, before]) => canvas.toDataURL() !== before", arg=[handle, before])
    visit.page.mouse.up()
    look(visit, "Samples")
    expect(visit.panel("samples").get_by_role("button").first).to_be_visible(timeout=PATIENCE)
    visit.panel("samples").get_by_role("button").nth(4).click()
    expect(visit.panel("nearest")).to_contain_text(re.compile("New|Close|Memorised"), timeout=PATIENCE)
    visit.healthy()
