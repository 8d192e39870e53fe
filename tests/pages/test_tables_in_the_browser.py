"""The Tables screen in Chromium: a table is learnt, a threshold moved, a table uploaded."""

import re

from playwright.sync_api import Page, expect

from tests.nets.datasets.tiny import ANIMALS
from tests.pages.visit import PATIENCE, Visit


def tables(page: Page) -> Visit:
    visit = Visit(page)
    page.get_by_role("link", name="Tables").click()
    expect(visit.panel("confusion").locator(".matrix")).to_be_visible(timeout=PATIENCE)
    return visit.settled()


def test_irises_are_learnt_and_a_threshold_is_moved(page: Page):
    visit = tables(page)
    visit.press("train").expect_status("completed")
    expect(visit.number("test accuracy")).to_have_text(re.compile(r"^(9[3-9]|100)\.\d %$"))
    expect(visit.panel("compared")).to_contain_text("logistic regression")
    page.get_by_role("radio", name="Threshold").or_(page.get_by_role("button", name="Threshold")).first.click()
    found = visit.panel("scores").locator(".verdict span").first
    expect(found).to_have_text("found 10 of 10", timeout=PATIENCE)
    visit.panel("scores").locator("input").fill("1000")
    expect(found).to_have_text("found 0 of 10")
    visit.healthy()


def test_a_table_is_uploaded_and_predicted(page: Page):
    visit = tables(page)
    page.get_by_role("combobox", name=re.compile("^(Selected .*)?Table")).or_(
        page.locator(".st-key-table_name input")
    ).first.click()
    page.get_by_role("option", name="Your own table").click()
    rows = "\n".join(f"{n};{n * n % 7},5;{ANIMALS[n % 3]}" for n in range(60))
    page.locator(".st-key-own_table input[type=file]").set_input_files(
        {"name": "animals.csv", "mimeType": "text/csv", "buffer": f"a;b;animal\n{rows}\n".encode()}
    )
    expect(visit.panel("card_data")).to_contain_text("decimal comma", timeout=PATIENCE)
    visit.settled()
    expect(visit.panel("confusion")).to_contain_text("owl", timeout=PATIENCE)
    visit.healthy()
