"""Training as a person sees it: Train, Pause, Step, Epoch, Stop and Reset, and runs that go wrong."""

import os
import re
import signal

import pytest
from playwright.sync_api import Page, expect

from nets.tiers.compiler import find_compiler
from pages.parts.frames import redraw
from tests.pages.processes import command, descendants, newest_worker
from tests.pages.visit import PATIENCE, Visit


def test_a_network_and_its_map_are_there_before_any_click(page: Page):
    visit = Visit(page).expect_status("ready").expect_step(0)
    neurons = visit.panel("network").locator(".column[data-kind=hidden] .node")
    expect(neurons).to_have_count(6)
    expect(visit.panel("network").locator(".node.blank")).to_have_count(0)
    shades = page.evaluate(COLOURS_OF_THE_MAP)
    assert shades > 20, "the map is one colour"
    expect(visit.number("test loss")).to_have_text(re.compile(r"^\d\.\d{4}$"))
    visit.healthy()


COLOURS_OF_THE_MAP = """() => {
    const inside = [...document.querySelectorAll(".st-key-plane *")];
    const roots = inside.map((element) => element.shadowRoot).filter(Boolean);
    const canvas = [document, ...roots].map((root) => root.querySelector("canvas.ground")).find(Boolean);
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set();
    for (let i = 0; i < data.length; i += 4 * 97) colours.add(`${data[i]} ${data[i + 1]} ${data[i + 2]}`);
    return colours.size;
}"""


def test_a_persons_way_through_the_buttons(page: Page):
    visit = Visit(page).expect_status("ready")
    loss_at_first = visit.number("test loss").inner_text()
    visit.press("train", "training").expect_progress("plane").expect_progress("network")
    run = visit.run
    visit.press("pause", "paused")
    stands_at = paused_step(visit)
    visit.press("step").expect_step(stands_at + 1).expect_status("paused")
    visit.press("epoch")
    after_epoch = (stands_at + 1) // 25 * 25 + 25
    visit.expect_step(after_epoch).expect_status("paused")
    visit.press("train", "training").expect_progress()
    visit.press("stop", "stopped")
    stopped_at = paused_step(visit)
    assert stopped_at > after_epoch
    visit.press("train", "training").expect_progress()
    assert visit.run == run
    assert visit.step() > stopped_at
    visit.press("reset", "ready").expect_step(0)
    expect(visit.number("test loss")).to_have_text(loss_at_first, timeout=PATIENCE)
    assert visit.run != run
    visit.healthy()


def paused_step(visit: Visit) -> int:
    """The step at which all panels have come to rest."""
    condition = """() => {
        const last = (panel) => window.framesSeen.filter((frame) => frame.panel === panel).at(-1)?.step;
        const [step, ...others] = ["plane", "network", "meters", "curves"].map(last);
        return step !== undefined && others.every((other) => other === step);
    }"""
    visit.page.wait_for_function(condition, timeout=PATIENCE)
    return visit.step()


def test_no_button_moves_when_train_becomes_pause(page: Page):
    visit = Visit(page, {"train.max_epochs": 100000}).expect_status("ready")
    page.evaluate(NOTE_PLACES)
    for _ in range(3):
        visit.press("train", "training").expect_progress().press("pause", "paused").button("step").click()
        expect(visit.button("step")).to_be_enabled()
    assert len(page.evaluate("window.places")) == 1
    visit.healthy()


NOTE_PLACES = """() => {
    window.places = [];
    const note = () => {
        const { left } = document.querySelector(".st-key-stop button").getBoundingClientRect();
        if (!window.places.includes(Math.round(left))) window.places.push(Math.round(left));
        requestAnimationFrame(note);
    };
    note();
}"""


def test_an_epoch_of_the_circle_is_25_steps(page: Page):
    visit = Visit(page, {"train.seed": 1})
    visit.press("epoch").expect_step(25).expect_status("paused")
    expect(visit.number("epoch")).to_have_text("1 / 1,000")
    visit.press("step").expect_step(26)
    visit.healthy()


def test_a_killed_worker_is_a_sentence_and_train_goes_on_from_what_is_kept(page: Page, app: str):
    visit = Visit(page, {"train.seed": 2}).press("train", "training").expect_progress()
    run = visit.run
    os.kill(worker_of_the_latest_run(app), signal.SIGKILL)
    visit.expect_status("failed")
    expect(visit.message).to_contain_text("The training process was killed (SIGKILL)")
    visit.healthy().press("train", "training").expect_progress()
    assert visit.run == run
    assert visit.step() > 0
    expect(visit.message).to_be_hidden()
    visit.healthy().press("stop", "stopped")


def worker_of_the_latest_run(app: str) -> int:
    """The process that the server at this address has started last."""
    port = app.rpartition(":")[2]
    servers = [pid for pid in descendants(os.getpid()) if f"--server.port {port}" in command(pid)]
    worker = newest_worker(servers[0]) if servers else None
    if worker is None:
        pytest.skip("there is no /proc to find the worker in")
    return worker


@pytest.mark.skipif(find_compiler() is None, reason="needs a C compiler")
def test_a_small_network_goes_over_to_machine_code_and_its_pictures_go_on(page: Page):
    visit = Visit(page, {"train.max_epochs": 200_000, "train.compile": True}).press("train", "training")
    expect(visit.panel("meters")).to_contain_text("compiled", timeout=PATIENCE)
    visit.expect_progress().expect_progress("network").expect_progress("curves")
    visit.healthy().press("stop", "stopped")


def test_a_learning_rate_far_too_high_says_what_to_lower(page: Page):
    visit = Visit(
        page, {"train.optimizer.learning_rate": 1e6, "model.activation": "relu", "model.output_activation": "identity"}
    )
    visit.press("train", "diverged")
    expect(visit.message).to_contain_text("Lower the learning rate")
    visit.healthy()


def test_a_run_that_comes_to_its_end(page: Page):
    visit = Visit(page, {"train.max_epochs": 3}).press("train", "completed").expect_step(75)
    expect(visit.number("epoch")).to_have_text("3 / 3")
    expect(visit.button("train")).to_be_enabled()
    visit.healthy()


def test_quick_clicks_on_new_seed_go_on_training(page: Page):
    visit = Visit(page, {"train.max_epochs": 100000}).press("train", "training").expect_progress()
    run = visit.run
    for _ in range(4):
        visit.button("new_seed").click(no_wait_after=True)
    page.wait_for_function("(run) => !location.search.includes(run)", arg=run, timeout=PATIENCE)
    visit.expect_status("training").expect_progress(of_last_run=True)
    assert visit.run != run
    visit.healthy().press("stop", "stopped")


LATE = 1_000_000
"""A drawing of the page after all others."""
ASKED = """(frame) => {
    const stream = window.playgroundStream;
    window.redrawn = 0;
    stream.redraw = () => (window.redrawn += 1);
    if (frame.touch === "press") document.body.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
    if (frame.touch === "back") window.dispatchEvent(new PopStateEvent("popstate"));
    stream.socket.onmessage({ data: Uint8Array.from(frame.bytes).buffer });
    return window.redrawn;
}"""


@pytest.mark.parametrize("touch", ["press", "back"])
def test_the_page_is_not_drawn_anew_under_a_click(page: Page, touch: str):
    visit = Visit(page).expect_status("ready").expect_step(0)
    frame = {"bytes": list(redraw(LATE)), "touch": ""}
    page.wait_for_function(f"(frame) => ({ASKED})(frame) === 1", arg=frame, timeout=PATIENCE)
    assert page.evaluate(ASKED, {**frame, "touch": touch}) == 0
    if touch == "press":  # a way back has the page drawn anew by itself
        page.wait_for_function("window.redrawn === 1", timeout=PATIENCE)
    visit.healthy()
