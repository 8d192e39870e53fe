"""The Text screen as a person uses it: a file is uploaded, learnt from, and typed to."""

import re

from playwright.sync_api import FilePayload, Page, expect

from tests.pages.visit import PATIENCE, Visit

TSV = "\n".join(f"it was {('dull', 'fine')[n % 2]} number {n}\t{n % 2}" for n in range(200)).encode()


def test_an_uploaded_file_is_learnt_from_and_typing_is_answered(page: Page):
    visit = Visit(page)
    page.get_by_role("link", name="Text").click()
    expect(visit.panel("examples").get_by_role("listitem").first).to_be_visible(timeout=PATIENCE)
    page.locator(".st-key-data_name").get_by_role("combobox").click()
    page.get_by_role("option", name="Your own texts with labels").click()
    file: FilePayload = {"name": "train.tsv", "mimeType": "text/tab-separated-values", "buffer": TSV}
    page.locator(".st-key-own_texts input[type=file]").set_input_files(file)
    visit.expect_link(data__name="own_text").settled()
    visit.press("train", "completed")
    page.locator(".st-key-reading_of").get_by_text("Try it").click()
    verdict = visit.panel("typed").locator(".verdict b")
    page.get_by_label("Your text").fill("it was fine")
    expect(verdict).to_have_text("1", timeout=PATIENCE)
    page.get_by_label("Your text").fill("it was dull")
    expect(verdict).to_have_text("0", timeout=PATIENCE)
    expect(visit.panel("typed").locator(".text span").last).to_have_css("background-color", re.compile("rgba"))
    visit.healthy()
