"""The start page as a newcomer uses it: search, open, train, back."""

import re

from playwright.sync_api import Page, expect

from tests.pages.visit import PATIENCE, Visit


def test_a_recipe_is_found_and_opened_and_left_again(page: Page):
    page.goto("/")
    gallery = page.locator(".st-key-gallery")
    shown = gallery.locator(".card:not([hidden])")
    expect(shown.first).to_be_visible(timeout=PATIENCE)
    picture = shown.first.locator("img")
    page.wait_for_function("(img) => img.complete && img.naturalWidth > 0", arg=picture.element_handle())
    gallery.get_by_role("button", name="Points", exact=True).click()
    gallery.get_by_role("searchbox").fill("two layers")
    expect(shown).to_have_count(1)
    expect(gallery.locator(".count")).to_have_text(re.compile("^1 of "))
    gallery.get_by_role("searchbox").fill("no such thing")
    gallery.get_by_role("button", name="Show all").click()
    gallery.get_by_role("searchbox").fill("xor")
    page.keyboard.press("Tab")
    shown.first.locator(".open").press("Enter")
    visit = Visit.__new__(Visit)
    visit.page = page
    visit.settled().expect_link(data__name="xor").press("train", "training").press("stop", "stopped").healthy()
    page.go_back()
    expect(shown.first).to_be_visible(timeout=PATIENCE)
