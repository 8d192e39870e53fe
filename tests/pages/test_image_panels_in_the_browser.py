"""The panels that show a network from inside, each by itself in Chromium: what is drawn, pointed at, and fired."""

import dataclasses
import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from nets.runs.protocol import Begin
from nets.runs.run import Run
from nets.views.arithmetic import ArithmeticView
from nets.views.confusion import Confusion, ConfusionView
from nets.views.embedding import EmbeddingView
from nets.views.feature_maps import FeatureMapsView
from nets.views.filters import FiltersView
from nets.views.top_classes import TopClassesView
from pages.parts.image_inside_payloads import inside_payload
from pages.parts.image_payloads import confusion_payload, scatter_payload, sheet_of
from tests.nets.experiments import pictures
from tests.pages.fakes import run_of
from tests.pages.mounted import Mounted, mounted

COUNT_GLIDES = """() => {
  const ask = window.requestAnimationFrame;
  window.asked = 0;
  window.requestAnimationFrame = (draw) => { window.asked += 1; return ask(draw); };
}"""
COUNT_FILLS = """() => {
  const { fill } = CanvasRenderingContext2D.prototype;
  window.fills = 0;
  CanvasRenderingContext2D.prototype.fill = function () { window.fills += 1; return fill.call(this); };
}"""
PAYLOADS: dict[str, Callable[[Run], bytes]] = {
    "confusion": confusion_payload,
    "scatter": scatter_payload,
    "inside": inside_payload,
}


@pytest.fixture(scope="module")
def trained() -> Run:
    """A network that has learnt a little, with every view of the panels."""
    views = {
        "confusion": ConfusionView(),
        "embedding": EmbeddingView(count=80),
        "top_classes": TopClassesView(),
        "feature_maps": FeatureMapsView(),
        "filters": FiltersView(),
    }
    return run_of(pictures(), views, steps=12)


def other(run: Run, **views: object) -> Run:
    """The same run with some other views."""
    copy = Run(run.id, Begin(run.experiment))
    copy.views, copy.frame = run.views | views, run.frame
    return copy


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_panel_without_a_network_says_so(browser: Browser, trained: Run, name):
    payload = PAYLOADS[name]
    nothing = Run("run-of-a-test", Begin(pictures()))
    with mounted(browser, name, payload(nothing)) as panel:
        expect(panel.part(".hint")).to_have_text("The network is being built")
        panel.show(payload(trained))
        expect(panel.part(".hint")).to_be_hidden()
        assert panel.page.evaluate("window.frames.at(-1)") == {"panel": name, "step": 12}


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_panel_fits_a_phone(browser: Browser, trained: Run, name):
    with mounted(browser, name, PAYLOADS[name](trained), width=360) as panel:
        assert panel.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_cell_of_the_matrix_is_chosen_by_a_click(browser: Browser, trained: Run):
    with mounted(browser, "confusion", confusion_payload(trained)) as panel:
        column, row = centre_of_cell(panel, 2, 1)
        panel.part(".matrix canvas").click(position={"x": column, "y": row})
        assert panel.fired == [["cell", {"actual": 1, "predicted": 2}]]
        counts = trained.views["confusion"].counts
        expect(panel.part(".reading")).to_contain_text(f"True 1, taken for 2: {counts[1, 2]} of {counts[1].sum()}")
        expect(panel.part(".mark.chosen")).to_be_visible()
        panel.show(confusion_payload(trained, chosen={"actual": 1, "predicted": 2}))
        panel.part(".matrix canvas").click(position={"x": column, "y": row})
        assert panel.fired[1] == ["cell", None]
        expect(panel.part(".mark.chosen")).to_be_hidden()


def centre_of_cell(panel: Mounted, column: int, row: int) -> tuple[float, float]:
    """Where a cell is, from how far its row's outline goes when its class is pointed at."""
    panel.part("tbody tr").nth(row).hover()
    box = panel.part(".mark.row").bounding_box()
    canvas = panel.part(".matrix canvas").bounding_box()
    assert box
    assert canvas
    return box["x"] - canvas["x"] + (column + 0.5) * box["width"] / 10, box["y"] - canvas["y"] + box["height"] / 2


def test_the_matrix_works_from_the_keyboard(browser: Browser, trained: Run):
    with mounted(browser, "confusion", confusion_payload(trained)) as panel:
        panel.part(".matrix").focus()
        for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowLeft", "ArrowRight", "Enter"):
            panel.page.keyboard.press(key)
        assert panel.fired == [["cell", {"actual": 2, "predicted": 1}]]
        for _ in range(12):
            panel.page.keyboard.press("ArrowDown")
        expect(panel.part(".reading")).to_contain_text("True 9, taken for 1")


def test_the_table_has_every_score_and_sorts_by_them(browser: Browser, trained: Run):
    found: Confusion = trained.views["confusion"]
    with mounted(browser, "confusion", confusion_payload(trained)) as panel:
        rows = panel.part("tbody tr")
        expect(rows).to_have_count(10)
        texts = [row.split() for row in rows.all_inner_texts()]
        assert [row[0] for row in texts] == list("0123456789")
        for scores, place in ((found.precision, 1), (found.recall, 2), (found.f1, 3)):
            np.testing.assert_allclose([float(row[place]) for row in texts], 100 * scores, atol=0.051)
        assert [int(row[4]) for row in texts] == found.support.tolist()
        expect(panel.part(".worst")).to_have_count(1)
        panel.part("thead button").nth(3).click()
        sorted_f1 = [float(row.split()[3]) for row in rows.all_inner_texts()]
        assert sorted_f1 == sorted(sorted_f1)
        expect(rows.first).to_have_class("worst")


def test_new_counts_are_painted_and_the_same_are_not(browser: Browser, trained: Run):
    found: Confusion = trained.views["confusion"]
    turned = dataclasses.replace(found, counts=np.ascontiguousarray(found.counts[::-1]))
    with mounted(browser, "confusion", confusion_payload(trained)) as panel:
        before = panel.pixels()
        panel.page.evaluate(COUNT_FILLS)
        panel.show(confusion_payload(other(trained)))
        assert panel.page.evaluate("window.fills") == 0
        panel.show(confusion_payload(other(trained, confusion=turned)))
        assert 0 < panel.page.evaluate("window.fills") <= 100
        assert panel.pixels() != before


def test_points_are_pointed_at_and_picked(browser: Browser, trained: Run):
    found = trained.views["embedding"]
    sheet = sheet_of(trained.experiment.data.load(0).test_x[:80])
    with mounted(browser, "scatter", scatter_payload(trained, sheet=sheet)) as panel:
        panel.part(".plot").focus()
        for key in ("ArrowLeft", "ArrowRight", "ArrowDown", "Enter"):
            panel.page.keyboard.press(key)
        ((name, value),) = panel.fired
        assert name == "pick"
        place = found.indices.tolist().index(value["index"])
        expect(panel.part(".tip p")).to_contain_text(f"picture {value['index'] + 1}")
        expect(panel.part(".tip p")).to_contain_text(str(found.labels[place]))
        expect(panel.part(".tip canvas")).to_be_visible()
        panel.show(scatter_payload(other(trained)))  # a frame brings no pictures: those of the page stay
        expect(panel.part(".tip canvas")).to_be_visible()


def test_a_class_of_the_legend_is_marked_while_it_is_pointed_at(browser: Browser, trained: Run):
    with mounted(browser, "scatter", scatter_payload(trained)) as panel:
        before = panel.pixels(".plot canvas")
        buttons = panel.part(".legend button")
        expect(buttons).to_have_count(10)
        buttons.nth(3).hover()
        marked = panel.pixels(".plot canvas")
        assert marked != before
        buttons.nth(3).click()
        expect(buttons.nth(3)).to_have_attribute("aria-pressed", "true")
        panel.part(".meaning").hover()
        buttons.nth(3).blur()
        assert panel.pixels(".plot canvas") == marked


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_points_glide_unless_less_motion_is_preferred(browser: Browser, trained: Run, motion):
    found = trained.views["embedding"]
    moved = dataclasses.replace(found, xy=np.ascontiguousarray(found.xy[:, ::-1]))
    with mounted(browser, "scatter", scatter_payload(trained), motion=motion) as panel:
        panel.page.evaluate(COUNT_GLIDES)
        before = panel.pixels(".plot canvas")
        panel.show(scatter_payload(other(trained, embedding=moved)))
        asked = panel.page.evaluate("window.asked")
        assert (asked > 0) == (motion == "no-preference")
        if motion == "reduce":
            assert panel.pixels(".plot canvas") != before


def test_every_layer_has_a_row(browser: Browser, trained: Run):
    layers = trained.views["feature_maps"].layers
    with mounted(browser, "inside", inside_payload(trained)) as panel:
        assert panel.part("section header b").all_inner_texts() == [layer.name for layer in layers]
        expect(panel.part("section .shape").first).to_have_text("4 × 8 × 8")
        expect(panel.part(".strip.filters")).to_have_count(1)
        expect(panel.part(".top li").first).to_contain_text(re.compile(r"^\d\s*\d+\.\d %$"))
        expect(panel.part(".truth")).to_have_text(f"true {trained.views['top_classes'].actual}")


def test_a_place_of_a_map_asks_for_its_sum(browser: Browser, trained: Run):
    with mounted(browser, "inside", inside_payload(trained)) as panel:
        conv2 = panel.part(".strip.maps").nth(3)
        conv2.focus()
        for key in ("ArrowRight", "ArrowRight", "Shift+ArrowUp", "Shift+ArrowUp", "Shift+ArrowLeft"):
            panel.page.keyboard.press(key)
        expect(panel.part(".tip")).to_contain_text("map 2")
        expect(panel.part(".tip")).to_contain_text("row 1, column 2")
        panel.page.keyboard.press("Enter")
        assert panel.fired == [["value", {"layer": "conv2", "channel": 1, "row": 0, "column": 1}]]
        expect(panel.part(".sum")).to_contain_text("Looking")
        look = ArithmeticView(layer="conv2", channel=1, row=0, column=1)
        panel.show(inside_payload(with_sum(trained, look, steps=12)))
        expect(panel.part(".sum .title")).to_have_text("conv2, map 2, row 1, column 2")
        first = panel.part(".equation").inner_text()
        panel.show(inside_payload(with_sum(trained, look, steps=6)))
        expect(panel.part(".equation")).not_to_have_text(first)
        expect(panel.part(".mark.window").first).to_be_visible()
        panel.part(".close").click()
        expect(panel.part(".sum")).to_be_hidden()
        assert panel.fired[1] == ["value", None]
        panel.show(inside_payload(with_sum(trained, look, steps=6)))  # a frame that does not know of it yet
        expect(panel.part(".sum")).to_be_hidden()


def with_sum(run: Run, look: ArithmeticView, steps: int) -> Run:
    """The run with a sum after so many steps of the same training."""
    return other(run, arithmetic=run_of(pictures(), {"sum": look}, steps=steps).views["sum"])


def test_the_equation_adds_up(browser: Browser, trained: Run):
    run = with_sum(trained, ArithmeticView(layer="hidden1", channel=3), steps=12)
    found = run.views["arithmetic"]
    with mounted(browser, "inside", inside_payload(run)) as panel:
        numbers = re.findall(r"−?\d+\.\d+", panel.part(".equation").inner_text())
        products, bias, output = (float(number.replace("−", "-")) for number in numbers)
        assert output == pytest.approx(found.output, abs=1e-3)
        assert products + bias == pytest.approx(output, abs=2e-3)
        shown = panel.part(".lines .total").count()
        panel.part(".all").click()
        expect(panel.part(".lines .total")).to_have_count(6)
        assert shown < 6


def test_a_layer_that_is_no_sum_fires_nothing(browser: Browser, trained: Run):
    with mounted(browser, "inside", inside_payload(trained)) as panel:
        panel.part(".strip.maps").nth(1).locator("canvas").click(position={"x": 5, "y": 5})
        assert panel.fired == []
        expect(panel.part(".tip")).to_contain_text("map 1")
