"""One component by itself in Chromium: what Streamlit would mount, without a server, in a page of our own."""

import base64
import runpy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import streamlit as st
from playwright.sync_api import Browser, Locator, Page

from pages.parts.components.registration import FOLDER

COLORS = {
    "--st-background-color": "#F6F8FA",
    "--st-secondary-background-color": "#FFFFFF",
    "--st-text-color": "#17202B",
    "--st-border-color": "#DDE4EB",
    "--st-primary-color": "#0072B2",
    "--st-blue-color": "#0072B2",
    "--st-orange-color": "#E69F00",
    "--st-font": "sans-serif",
    "--st-chart-categorical-colors": "#0072B2,#E69F00,#009E73,#CC79A7,#56B4E9,#D55E00,#8C6BB1,#66758A",
}
MOUNT = """
async ({ html, css, js, colors }) => {
  const host = document.querySelector("#host");
  for (const [name, value] of Object.entries(colors)) host.style.setProperty(name, value);
  const root = host.attachShadow({ mode: "open" });
  root.innerHTML = `<style>${css}</style>${html}`;
  const code = await import(URL.createObjectURL(new Blob([js], { type: "text/javascript" })));
  Object.assign(window, { fired: [], frames: [] });
  window.addEventListener("playground:frame", ({ detail }) => window.frames.push(detail));
  const setTriggerValue = (name, value) => window.fired.push([name, value]);
  window.show = (text) => {
    const data = bytes(text);
    const [panel] = globalThis.playgroundPanels?.values() ?? [];
    if (panel) panel.show(data);
    else window.draw(text);
  };
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  window.draw = (text) => code.default({ data: bytes(text), parentElement: root, setTriggerValue });
  window.bring = (name, text) => {
    (globalThis.playgroundFrames ??= new Map()).set(name, bytes(text));
    globalThis.playgroundPanels?.get(name)?.show(bytes(text));
  };
}
"""


class Mounted:
    """A component in a page.

    Args:
        page: an empty page of Playwright.
        name: the component's file, without its ending.
        payload: what it draws first.
    """

    def __init__(self, page: Page, name: str, payload: bytes) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.set_content(f'<div class="st-key-{name}"><div id="host"></div></div>')
        page.evaluate(MOUNT, {**sources(name), "colors": COLORS})
        self.show(payload)

    def show(self, payload: bytes) -> "Mounted":
        """Bring a payload: the first as the page does, the others as frames do."""
        self.page.evaluate("(text) => window.show(text)", base64.b64encode(payload).decode())
        assert not self.errors, self.errors
        return self

    def part(self, selector: str) -> Locator:
        """Elements of the component."""
        return self.page.locator(f"#host {selector}")

    @property
    def fired(self) -> list[Any]:
        """The triggers fired so far, [name, value] each."""
        found: list[Any] = self.page.evaluate("window.fired")
        return found

    def pixels(self, selector: str = "canvas") -> str:
        """What a canvas shows, to be compared with what it shows later."""
        return str(self.part(selector).first.evaluate("(canvas) => canvas.toDataURL()"))


def sources(name: str) -> dict[str, str]:
    """Return html, css and js of a component, as it registers them."""
    made: dict[str, str] = {}

    def component(_: str, **parts: str) -> None:
        made.update(parts)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(st.components.v2, "component", component)
        runpy.run_path(str(FOLDER / f"{name}.py"))
    return made


@contextmanager
def mounted(
    browser: Browser, name: str, payload: bytes, *, width: int = 700, motion: str = "reduce"
) -> Iterator[Mounted]:
    """Give a component that shows ``payload``, in a page ``width`` pixels wide; at the end nothing may have failed."""
    reduced: Any = motion
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion=reduced)
    context.set_default_timeout(15_000)
    panel = Mounted(context.new_page(), name, payload)
    yield panel
    context.close()
    assert not panel.errors, panel.errors
