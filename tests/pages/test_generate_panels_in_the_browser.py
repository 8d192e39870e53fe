"""The panels of the Generate screen, each by itself in Chromium: what is drawn, pointed at, dragged, and said."""

import json
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from nets.runs.protocol import Begin
from nets.runs.run import Run
from nets.views.anomalies import AnomaliesView
from nets.views.decoded import DecodedView
from nets.views.game import GameView
from nets.views.latent_plane import LatentPlaneView
from nets.views.samples import SamplesView
from nets.views.turn import TurnView
from pages.parts import generate_payloads as made
from pages.parts.components.packing import pack
from pages.parts.generate_choice import said
from pages.parts.generate_plane import game_payload
from pages.parts.generate_walk import walk_payload
from tests.nets.views.making import making, playing
from tests.pages.fakes import run_of
from tests.pages.mounted import Mounted, mounted

LISTEN = """() => {
  window.heard = [];
  globalThis.playgroundSay = (bytes) => window.heard.push(JSON.parse(new TextDecoder().decode(bytes)));
}"""
PAYLOADS: dict[str, Callable[[Run], bytes]] = {
    "game": game_payload,
    "mosaic": made.samples_payload,
    "latent": made.latent_payload,
    "errors": made.errors_payload,
}


@pytest.fixture(scope="module")
def runs() -> dict[str, Run]:
    """A run for each panel, with its views."""
    views = {"latent_plane": LatentPlaneView(grid=4), "decoded": DecodedView(), "anomalies": AnomaliesView(odd=3)}
    encoder = run_of(making("vae", latent_dim=2), {**views, "samples": SamplesView(count=12)}, steps=3)
    game = run_of(playing(), {"game": GameView(count=40), "turn": TurnView()}, steps=3)
    return {"game": game, "mosaic": encoder, "latent": encoder, "errors": encoder}


def last_said(panel: Mounted) -> dict[str, object]:
    panel.page.wait_for_function("window.heard.length > 0")
    found: dict[str, object] = panel.page.evaluate("window.heard.at(-1)")
    return found


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_panel_without_a_network_says_so_and_fits_a_phone(browser: Browser, runs, name):
    payload, nothing = PAYLOADS[name], Run("run-of-a-test", Begin(making("vae")))
    with mounted(browser, name, payload(nothing), width=360) as panel:
        expect(panel.part(".hint")).to_have_text("The network is being built")
        panel.show(payload(runs[name]))
        expect(panel.part(".hint")).to_be_hidden()
        assert panel.page.evaluate("window.frames.at(-1)") == {"panel": name, "step": 3}
        assert panel.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_layers_of_the_game_are_switched_off_and_on(browser: Browser, runs):
    with mounted(browser, "game", game_payload(runs["game"])) as panel:
        whole = panel.pixels(".over")
        made_points = panel.part(
            ".legend button",
        ).filter(has_text="Made")
        made_points.click()
        assert panel.pixels(".over") != whole
        expect(made_points).to_have_attribute("aria-pressed", "false")
        made_points.click()
        assert panel.pixels(".over") == whole


def test_the_game_is_read_by_keyboard(browser: Browser, runs):
    with mounted(browser, "game", game_payload(runs["game"])) as panel:
        panel.part(".over").focus()
        for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
            panel.page.keyboard.press(key)
        expect(panel.part(".spoken")).to_contain_text("x₁ 0.06, x₂ 0.06, real")


def test_a_stroke_draws_points(browser: Browser, runs):
    tool = {"action": "add", "radius": 0.1}
    with mounted(browser, "game", game_payload(runs["game"], tool=tool)) as panel:
        box = panel.part(".over").bounding_box()
        assert box is not None
        mouse = panel.page.mouse
        mouse.move(box["x"] + 150, box["y"] + 200)
        mouse.down()
        mouse.move(box["x"] + 300, box["y"] + 200, steps=12)
        mouse.up()
        ((name, stroke),) = panel.fired
        assert (name, stroke["action"]) == ("points", "add")
        assert len(stroke["points"]) > 5
        assert len({y for _, y in stroke["points"]}) == 1
        panel.part(".over").focus()
        panel.page.keyboard.press("ArrowLeft")
        panel.page.keyboard.press("Enter")
        assert len(panel.fired[1][1]["points"]) == 1


def test_slow_motion_goes_from_stage_to_stage_and_asks_for_the_next_update(browser: Browser, runs):
    run = runs["game"]
    with mounted(browser, "game", walk_payload(run, run.views["turn"])) as panel:
        panel.page.evaluate(LISTEN)
        expect(panel.part("h4")).to_have_text("Real points")
        first = panel.pixels(".over")
        panel.part(".on").click()
        expect(panel.part("h4")).to_have_text("Made points")
        assert panel.pixels(".over") != first
        panel.part(".stages li").filter(has_text="The generator moves").click()
        expect(panel.part("[aria-current]")).to_have_text("The generator moves")
        panel.part(".on").click()
        assert last_said(panel) == {"say": "update"}
        panel.part(".back").click(force=True)


def test_a_code_follows_the_pointer_the_keys_and_the_sliders(browser: Browser, runs):
    with mounted(browser, "latent", made.latent_payload(runs["latent"])) as panel:
        panel.page.evaluate(LISTEN)
        extent = runs["latent"].views["latent_plane"].extent
        box = panel.part(".over").bounding_box()
        assert box is not None
        panel.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        panel.page.mouse.down()
        panel.page.mouse.move(box["x"] + box["width"] * 3 / 4, box["y"] + box["height"] / 4, steps=4)
        panel.page.mouse.up()
        panel.page.wait_for_function(f"window.heard.at(-1)?.z[0] > {0.45 * extent}")
        assert last_said(panel)["z"] == pytest.approx([extent / 2, extent / 2], abs=0.05 * extent)
        panel.part(".over").focus()
        panel.page.keyboard.press("Shift+ArrowDown")
        panel.page.wait_for_function(f"window.heard.at(-1)?.z[1] < {0.4 * extent}")
        panel.part("input").first.fill("0")
        panel.page.wait_for_function("window.heard.at(-1)?.z[0] === 0")
        expect(panel.part(".code")).to_contain_text("z = (0.00,")
        panel.show(made.latent_payload(runs["latent"]))  # a frame leaves the point where it is
        expect(panel.part(".code")).to_contain_text("z = (0.00,")
        assert "0.00)" not in panel.part(".code").inner_text()


def test_a_tile_is_picked_by_keyboard(browser: Browser, runs):
    with mounted(browser, "mosaic", made.samples_payload(runs["mosaic"], chosen=2)) as panel:
        expect(panel.part("button")).to_have_count(12)
        expect(panel.part('[aria-pressed="true"]')).to_have_attribute("title", "Sample 3")
        panel.part("button").first.focus()
        panel.page.keyboard.press("ArrowRight")
        panel.page.keyboard.press("Enter")
        assert panel.fired == [["pick", {"index": 1}]]


def test_the_threshold_counts_hits_and_false_alarms(browser: Browser, runs):
    run = runs["errors"]
    found = run.views["anomalies"]
    with mounted(browser, "errors", made.errors_payload(run)) as panel:
        expect(panel.part(".area")).to_have_text(f"Area under it (AUC): {found.auc:.3f}")
        roc = panel.pixels(".roc canvas")
        panel.part("input").fill("0")
        odd, ordinary = int(found.odd.sum()), int((~found.odd).sum())
        expect(panel.part(".verdict")).to_contain_text(f"{odd} of {odd} (100 %) pictures of 3")
        expect(panel.part(".verdict")).to_contain_text(f"{ordinary:,} of {ordinary:,} (100 %) ordinary")
        assert panel.pixels(".roc canvas") != roc
        panel.show(made.errors_payload(run))
        expect(panel.part(".verdict")).to_contain_text("(100 %) ordinary")


def test_a_panel_without_a_judge_asks_again(browser: Browser):
    header = {"step": 1, "empty": "A judge learns", "waits": True}
    names = {"names": ["0", "1"], "alt": "Shares", "items": [{"label": "balance", "value": "1.00", "help": ""}]}
    with mounted(browser, "judge", pack(header)) as panel:
        panel.page.evaluate(LISTEN)
        expect(panel.part(".hint")).to_have_text("A judge learns")
        assert last_said(panel) == {"say": "again"}
        panel.show(pack({"step": 1, "waits": False, **names}, {"shares": np.array([0.25, 0.75], np.float32)}))
        expect(panel.part("dd")).to_have_text("1.00")
        expect(panel.part(".bars")).to_have_attribute("aria-label", "Shares: 0 25 %, 1 75 %")


def test_advice_is_said_once_and_goes(browser: Browser):
    warning = {"sees": "Modes have collapsed.", "advice": "Try another game."}
    with mounted(browser, "advice", pack({"step": 1, "items": [warning]})) as panel:
        expect(panel.part("p")).to_have_text("Modes have collapsed. Try another game.")
        panel.show(pack({"step": 2, "items": []}))
        expect(panel.part("p")).to_have_count(0)


def test_the_page_hears_what_the_plane_says(browser: Browser, runs):
    with mounted(browser, "latent", made.latent_payload(runs["latent"])) as panel:
        panel.page.evaluate(LISTEN)
        panel.part(".chance").click()
        heard = said(json.dumps(last_said(panel)).encode())
        assert (heard["say"], len(heard["z"]), heard["label"]) == ("code", 2, 0)
        assert heard["z"] != (0.0, 0.0)
