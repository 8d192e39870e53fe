"""The Runs page as a person uses it: two runs are trained, compared, saved, deleted, brought back and opened again."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.pages.visit import PATIENCE, Visit

HEADER, ROW = 33, 30
"""Heights in pixels."""


class RunsPage:
    """The Runs page in Chromium, reached by its link at the top."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.get_by_role("link", name="Runs").click()
        expect(self.grid).to_be_visible(timeout=PATIENCE)

    @property
    def grid(self) -> Locator:
        return self.page.locator(".st-key-runs_table canvas").first

    def cell(self, row: int, column: int) -> Locator:
        return self.page.locator(f".st-key-runs_table [data-testid='glide-cell-{column}-{row}']")

    def find(self, run: str) -> None:
        """Search for a run, so that it alone is in the table."""
        box = self.page.get_by_label("Search", exact=True)
        box.fill(run)
        box.press("Enter")
        expect(self.page.locator(".st-key-runs_table [data-testid^='glide-cell-1-']")).to_have_count(1)

    def tick(self, row: int) -> None:
        # The canvas lies under a transparent scroller that takes the click.
        self.grid.click(position={"x": 16, "y": HEADER + ROW * row + ROW // 2}, force=True)

    def expect_selected(self, words: str) -> None:
        expect(self.page.locator(".st-key-selection_bar").get_by_text(words)).to_be_visible(timeout=PATIENCE)

    def save(self, entry: str, key: str, folder: Path) -> Path:
        """Choose a format, wait for its file, save it."""
        self.page.locator(".st-key-export button").first.click()
        self.page.get_by_text(entry, exact=True).click()
        button = self.page.locator(f".st-key-save_{key} button")
        expect(button).to_be_visible(timeout=PATIENCE)
        with self.page.expect_download() as download:
            button.click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path


def trained(page: Page, **settings: object) -> str:
    """Train a run to its end; return its id."""
    link = {name.replace("__", "."): value for name, value in settings.items()}
    visit = Visit(page, {"train.max_epochs": 3, **link}).press("train", "completed")
    return visit.run


def test_two_runs_are_compared_saved_deleted_brought_back_and_opened(page: Page, tmp_path: Path):
    first = trained(page, name="first try", data__name="gauss")
    second = trained(page, name="second try", data__name="gauss", train__batch_size=20)
    runs = RunsPage(page)
    expect(runs.cell(0, 1)).to_have_text("second try", timeout=PATIENCE)
    expect(runs.cell(1, 1)).to_have_text("first try")
    runs.tick(0)
    runs.expect_selected("1 run selected")
    runs.tick(1)
    runs.expect_selected("2 runs selected")
    page.wait_for_url(re.compile(rf"\?runs={second}(,|%2C){first}$"))
    expect(page.locator(".st-key-run_curves .legend button")).to_have_count(2)
    expect(page.locator(".st-key-run_curves .legend .value").first).to_have_text(re.compile(r"^\d.* / \d.*$"))
    differences = page.locator(".st-key-card_settings [role=gridcell]")
    expect(differences.filter(has_text="train.batch_size")).to_have_count(1)

    page.locator(".st-key-delete button").click()
    expect(page.get_by_text("Deleted 2 runs.")).to_be_visible(timeout=PATIENCE)
    expect(runs.grid.get_by_text("second try")).to_have_count(0)
    page.locator(".st-key-undo button").click()
    runs.expect_selected("2 runs selected")

    runs.tick(1)
    runs.expect_selected("1 run selected")
    assert runs.save("Script of plain PyTorch", "script", tmp_path).read_text().startswith('"""second try')
    file = runs.save("Run file, for another Playground", "run", tmp_path)
    page.locator(".st-key-upload button").first.click()
    page.locator("[class*=st-key-upload_] input[type=file]").set_input_files(file)
    expect(runs.grid.get_by_text("uploaded")).to_have_count(1, timeout=PATIENCE)
    runs.expect_selected("1 run selected")
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_kept_run_opens_on_its_screen(page: Page):
    run = trained(page, data__name="xor")
    runs = RunsPage(page)
    runs.find(run)
    runs.tick(0)
    runs.expect_selected("1 run selected")
    page.get_by_role("link", name="Open").click()
    page.wait_for_url(re.compile(rf"[?&]run={run}"), timeout=PATIENCE)
    expect(page.locator(".st-key-meters .pill b")).to_have_text("completed", timeout=PATIENCE)
    expect(page.locator(".st-key-dataset").get_by_role("radio", name=re.compile("^xor:"))).to_be_checked()
