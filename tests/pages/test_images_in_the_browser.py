"""The Images screen, and both screens on a phone and in the dark."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.pages.visit import PATIENCE, Visit

HUNDREDS = re.compile(r"^(8[5-9]|9\d|100)\.\d %$")


def test_digits_are_learnt(page: Page):
    visit = Visit(page).images()
    pictures = visit.panel("pictures").get_by_role("button")
    expect(pictures).to_have_count(64)
    visit.press("train").expect_status("completed")
    expect(visit.number("test accuracy")).to_have_text(HUNDREDS)
    captions = visit.panel("pictures").locator(".caption:not(.truth)")
    for caption in captions.all_inner_texts():
        assert re.fullmatch(r"(✓ \d ·|✗ \d≠\d) \d{1,3} %", caption)
    visit.choose("order", "Only wrong")
    expect(pictures.filter(has_text="✓")).to_have_count(0, timeout=PATIENCE)
    expect(pictures.filter(has_text="✗").first).to_be_visible()
    visit.healthy()


def test_convolutions_can_be_chosen_and_learn(page: Page):
    visit = Visit(page).images()
    visit.choose("architecture", "Convolutions (CNN)")
    visit.expect_link(model__kind="cnn").settled()
    visit.press("train", "training").expect_progress("pictures", frames=2)
    visit.healthy().press("stop", "stopped")
    assert visit.step("pictures") > 0


@pytest.mark.parametrize("screen", ["points", "images"])
def test_a_phone_in_the_dark(page: Page, screen):
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    visit = Visit(page)
    if screen == "images":
        visit.images()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(visit.button("train")).to_be_in_viewport()
    visit.press("train").expect_progress("meters", frames=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    visit.healthy()
