"""Fixtures that every test may use: a home of its own, the running app, and a page in Chromium.

A test that asks for ``app`` or ``page`` is marked ``browser`` by itself.
"""

import os
import re
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from xdist.remote import Producer  # type: ignore[import-untyped]

from tests import chromium, schedule
from tests.server import AppServer, free_port

ROOT = Path(__file__).resolve().parent.parent
ARTIFACTS = ROOT / "test-artifacts"
BROWSER_FIXTURES = {"app", "browser", "page"}
CALL_FAILED = pytest.StashKey[bool]()
FLAGS = ["--disable-gpu", "--disable-background-networking", "--disable-component-update"]

# The same examples on every machine, and no deadline: a first call that imports torch takes seconds.
settings.register_profile("playground", deadline=None, derandomize=True, database=None)
settings.load_profile("playground")

# Test processes side by side share the cores; torch would otherwise start a thread a core in each of them.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark whatever uses the app or a page as ``browser``, before ``-m`` selects; what takes long comes first."""
    for item in items:
        if BROWSER_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: schedule.rank(item.nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> schedule.InUnits:
    """Share tests out among processes side by side, in an order of our own."""
    config.option.loadscopereorder = False
    return schedule.InUnits(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep the outcome of the test itself, so that ``page`` knows whether to take a screenshot."""
    report = yield
    if report.when == "call":
        item.stash[CALL_FAILED] = report.failed
    return report


@pytest.fixture(scope="session", autouse=True)
def playground_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty PLAYGROUND_HOME for this session, so that no test sees or changes real runs."""
    home = tmp_path_factory.mktemp("playground-home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYGROUND_HOME", str(home))
        yield home


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, served for this session from a PLAYGROUND_HOME of its own."""
    home = tmp_path_factory.mktemp("app-home")
    server = AppServer(root=ROOT, home=home, port=free_port(), log=home.with_suffix(".log"))
    server.start()
    try:
        yield server.url
    finally:
        leftovers = server.stop()
    assert not leftovers, f"The app left processes behind when it was asked to end: {leftovers}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole session."""
    path = chromium.find()
    if path is None:
        pytest.fail("There is no Chromium for the browser tests: run `make browser`.")
    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield instance
        instance.close()


@pytest.fixture
def page(app: str, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh page, 1440 × 900, in a context whose ``goto("/")`` is the app.

    The test fails if the page logs an error, throws, or asks any other host for something. After a failure a picture
    of the page lies in ``test-artifacts``.
    """
    context = browser.new_context(base_url=app, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    problems = _watch(page, app)
    yield page
    if problems or request.node.stash.get(CALL_FAILED, True):
        _take_picture(page, request.node.nodeid)
    context.close()
    assert not problems, "The page had problems:\n" + "\n".join(problems)


def _watch(page: Page, app: str) -> list[str]:
    """Return a list that grows by one sentence for whatever a healthy page never does."""
    problems: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            problems.append(f"console error: {message.text} ({message.location.get('url', '')})")

    def on_request(asked: Request) -> None:
        if asked.url.startswith(("http:", "https:")) and not asked.url.startswith(f"{app}/"):
            problems.append(f"request to another host: {asked.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: problems.append(f"uncaught error: {error}"))
    page.on("request", on_request)
    return problems


def _take_picture(page: Page, test_name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{re.sub(r'[^A-Za-z0-9]+', '-', test_name).strip('-')}.png")
