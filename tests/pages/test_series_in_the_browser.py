"""The Series screen as a person uses it: forecasts that grow better, states and gates read off a map, a file."""

import re

from playwright.sync_api import Page, expect

from tests.pages.visit import PATIENCE, Visit


def test_a_series_is_forecast_live_its_states_are_read_and_a_file_takes_its_place(page: Page):
    visit = Visit(page)
    page.get_by_role("link", name="Series").click()
    legend = visit.panel("forecast").locator(".legend")
    expect(legend).to_contain_text("running free", timeout=PATIENCE)
    visit.settled().press("train", "training").expect_progress("curves", frames=3).press("pause", "paused")
    page.get_by_text("Memory", exact=True).click()
    strips = visit.panel("memory").locator(".strip")
    expect(strips).to_have_count(5, timeout=PATIENCE)
    reading = visit.panel("memory").locator(".reading")
    expect(reading).to_have_text(re.compile("^It says"))
    visit.panel("memory").locator(".heat").focus()
    page.keyboard.press("ArrowDown")
    expect(reading).to_have_text(re.compile("^state, unit 1, step 1: "))
    page.keyboard.press("Escape")
    page.get_by_text("Gradient", exact=True).click()
    expect(visit.panel("gradient").locator(".legend")).to_contain_text("gradient by state", timeout=PATIENCE)
    page.get_by_text("your own", exact=True).click()
    rows = "\n".join(["day,level", *(f"{n},{n % 7}" for n in range(120))])
    file = {"name": "level.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    visit.expect_link(data__name="own_series")
    expect(page.get_by_text("120 rows.")).to_be_visible(timeout=PATIENCE)
    visit.healthy()
