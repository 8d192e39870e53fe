"""Of what the page says and what a frame brings, a panel shows the later."""

import base64

from playwright.sync_api import Browser

from pages.parts.components.packing import pack
from tests.pages.mounted import Mounted, mounted


def payload(version: int) -> bytes:
    return pack({"run": "a", "version": version, "step": version, "empty": f"version {version}"})


def text(version: int) -> str:
    return base64.b64encode(payload(version)).decode()


def bring(panel: Mounted, version: int) -> None:
    panel.page.evaluate("([name, text]) => window.bring(name, text)", ["confusion", text(version)])


def draw(panel: Mounted, version: int) -> list[int]:
    """Draw the page; return the steps that the panel has drawn so far."""
    panel.page.evaluate("(text) => window.draw(text)", text(version))
    steps: list[int] = panel.page.evaluate("window.frames.map(({ step }) => step)")
    return steps


def test_a_panel_does_not_go_back_to_what_the_page_knew(browser: Browser):
    with mounted(browser, "confusion", payload(1)) as panel:
        bring(panel, 2)
        assert draw(panel, 1) == [1, 2]
        assert draw(panel, 3) == [1, 2, 3]


def test_a_frame_that_came_before_its_panel_is_kept_for_it(browser: Browser):
    with mounted(browser, "confusion", payload(1)) as panel:
        panel.page.evaluate("globalThis.playgroundPanels.clear()")
        bring(panel, 2)
        assert draw(panel, 1)[-1] == 2
