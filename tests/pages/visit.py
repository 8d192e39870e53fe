"""A person at a screen in Chromium: presses, reads, and waits for what the panels show."""

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlparse

from playwright.sync_api import Locator, Page, expect

PATIENCE = 60_000
"""Milliseconds to wait; the first network after a server's start waits for torch."""
RECORD_FRAMES = """
window.framesSeen = [];
window.addEventListener("playground:frame", ({ detail }) => window.framesSeen.push({ ...detail }));
"""
LATEST_STEP = "(panel) => window.framesSeen.filter((frame) => frame.panel === panel).at(-1)?.step ?? -1"


class Visit:
    """One page on one screen.

    Args:
        page: of Playwright, with the app as its base.
        link: query parameters; without any the root would lead to the recipes. Unless they say otherwise, torch alone
            takes the steps, so that a training lasts while buttons are tried.
    """

    def __init__(self, page: Page, link: dict[str, Any] | None = None) -> None:
        self.page = page
        page.add_init_script(RECORD_FRAMES)
        self.go("/?" + urlencode({"train.compile": False, **(link or {"data.name": "circle"})}))

    def go(self, address: str) -> "Visit":
        """Open an address of the app and wait until its network is on the screen."""
        self.page.goto(address)
        return self.settled()

    def settled(self) -> "Visit":
        """Wait until a network is there."""
        expect(self.pill).not_to_have_text(re.compile("^(starting)?$"), timeout=PATIENCE)
        return self

    def images(self) -> "Visit":
        """Go to Images as a person does: by the link at the top, on a phone behind a button."""
        link, menu = self.page.get_by_role("link", name="Images"), self.page.get_by_test_id("stExpandSidebarButton")
        on_phone = menu.is_visible()
        if on_phone:
            menu.click()
        link.click()
        if on_phone:
            expect(menu).to_be_visible()
        expect(self.panel("pictures").get_by_role("button").first).to_be_visible(timeout=PATIENCE)
        return self.settled()

    # What there is

    def panel(self, key: str) -> Locator:
        """A component, by its key."""
        return self.page.locator(f".st-key-{key}")

    def button(self, key: str) -> Locator:
        """A button, by its key."""
        return self.page.locator(f".st-key-{key} button").first

    @property
    def pill(self) -> Locator:
        """What the run is doing."""
        return self.panel("meters").locator(".pill b")

    @property
    def message(self) -> Locator:
        """Why a run went wrong."""
        return self.panel("meters").locator(".message")

    @property
    def notices(self) -> Locator:
        """What the page had to say."""
        return self.page.get_by_test_id("stAlert")

    def number(self, label: str) -> Locator:
        """A value of the numbers strip."""
        return self.panel("meters").locator("dl > div").filter(has_text=label).locator("dd")

    @property
    def link(self) -> dict[str, str]:
        """The address bar's query parameters."""
        return {path: values[0] for path, values in parse_qs(urlparse(self.page.url).query).items()}

    @property
    def run(self) -> str:
        """The id of the run."""
        return self.link["run"]

    def step(self, panel: str = "plane") -> int:
        """The step that a panel has drawn last."""
        return int(self.page.evaluate(LATEST_STEP, panel))

    # What is done

    def press(self, key: str, status: str | None = None) -> "Visit":
        """Press a button, and wait for what the run then does."""
        self.button(key).click()
        return self.expect_status(status) if status else self

    def expect_status(self, status: str) -> "Visit":
        """Wait until the run does ``status``."""
        expect(self.pill).to_have_text(status, timeout=PATIENCE)
        return self

    def expect_step(self, step: int, panel: str = "plane") -> "Visit":
        """Wait until a panel has drawn exactly this step last."""
        condition = f"([panel, step]) => ({LATEST_STEP})(panel) === step"
        self.page.wait_for_function(condition, arg=[panel, step], timeout=PATIENCE)
        return self

    def expect_progress(self, panel: str = "plane", frames: int = 3, *, of_last_run: bool = False) -> "Visit":
        """Wait until a panel has drawn this many frames more, each of a later step than the one before.

        ``of_last_run``: other runs may still take turns; only what comes after the last start counts.
        """
        self.page.evaluate("window.framesSeen.length = 0")
        condition = """([panel, count, ofLastRun]) => {
            const steps = window.framesSeen.filter((frame) => frame.panel === panel).map(({ step }) => step);
            const start = ofLastRun ? steps.findLastIndex((step, i) => i && step < steps[i - 1]) : 0;
            const counted = steps.slice(Math.max(0, start));
            return new Set(counted).size > count && counted.every((step, i) => !i || step >= counted[i - 1]);
        }"""
        self.page.wait_for_function(condition, arg=[panel, frames, of_last_run], timeout=PATIENCE)
        return self

    def expect_link(self, **settings: str | None) -> "Visit":
        """Wait until the address bar holds these settings (``data__name`` for data.name); None: is not in it."""
        wanted = {path.replace("__", "."): value for path, value in settings.items()}
        condition = """(wanted) => {
            const query = new URLSearchParams(location.search);
            return Object.entries(JSON.parse(wanted)).every(([path, value]) => query.get(path) === value);
        }"""
        self.page.wait_for_function(condition, arg=json.dumps(wanted), timeout=PATIENCE)
        return self

    def pick_data(self, name: str) -> "Visit":
        """Pick a data set by its picture."""
        self.panel("dataset").get_by_role("radio", name=re.compile(f"^{name}:")).click()
        return self.expect_link(data__name=name)

    def choose(self, key: str, option: str) -> "Visit":
        """Pick an option of the select box with this key."""
        self.page.locator(f".st-key-{key}").get_by_role("combobox").click()
        self.page.get_by_role("option", name=option, exact=True).click()
        return self

    def healthy(self) -> "Visit":
        """Nothing on the page speaks of an error in the program."""
        expect(self.page.get_by_test_id("stException")).to_have_count(0)
        expect(self.page.get_by_text("Traceback")).to_have_count(0)
        return self
