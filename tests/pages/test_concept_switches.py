"""What the contract over all concepts does not press: switches, buttons and fields of the later concepts."""

import time

import pytest

from nets.concepts.overfitting import REMEDIES, Settings, experiment
from nets.concepts.recurrence import KINDS
from nets.link import from_query
from nets.recipes import recipes
from pages.parts.concepts.opening import whole_link
from tests.pages.screens import LOOK_AGAIN, PATIENCE


def formulas(screen):
    return [formula.value for formula in screen.app.latex]


def learnt(screen):
    """Look on until what is computed beside the server has come."""
    deadline = time.monotonic() + PATIENCE
    while any(button.key.endswith("_stop") for button in screen.app.button):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(LOOK_AGAIN)
        screen.run()
    return screen


def pictures(screen):
    return [chart.proto.spec for chart in screen.app.get("plotly_chart")]


def test_every_cell_and_unit_writes_its_own_step(open_screen):
    screen = open_screen("concepts", {"concept": "recurrence"})
    seen = set()
    for kind in KINDS:
        screen.app.button_group(key="recurrence_kind").set_value(kind)
        for unit in (1, 2):
            screen.app.button_group(key="recurrence_unit").set_value(unit)
            screen.run()
            seen.add(formulas(screen)[-1])
    assert len(seen) == 2 * len(KINDS)
    screen.app.button(key="recurrence_new").click()
    screen.run()
    assert formulas(screen)[-1] not in seen


def test_a_series_or_a_sentence_that_is_none_is_said_to_be_none(open_screen):
    screen = open_screen("concepts", {"concept": "recurrence"})
    screen.app.text_input(key="recurrence_series").set_value("1 two")
    screen.run()
    assert "'two' is no number" in screen.app.info[0].value
    screen = open_screen("concepts", {"concept": "attention"})
    screen.app.text_input(key="attention_sentence").set_value("alone")
    screen.run()
    assert "2 to 6" in screen.app.info[0].value


def test_every_switch_of_attention_changes_what_comes_out(open_screen):
    screen = open_screen("concepts", {"concept": "attention"})
    seen = [formulas(screen)[-1]]
    for key in ("attention_positions", "attention_scaled", "attention_causal"):
        toggle = screen.app.toggle(key=key)
        toggle.set_value(not toggle.value)
        screen.run()
        seen.append(formulas(screen)[-1])
    screen.app.button(key="attention_new").click()
    screen.run()
    seen.append(formulas(screen)[-1])
    assert len(set(seen)) == len(seen)


def test_each_remedy_comes_into_the_table(open_screen):
    screen = learnt(open_screen("concepts", {"concept": "overfitting"}))
    screen.app.button(key="overfitting_each").click()
    learnt(screen.run())
    assert set(screen.app.dataframe[0].value["Helped by"]) == {"nothing", *REMEDIES.values()}
    plain = screen.app.metric[1].value
    screen.app.button_group(key="overfitting_remedies").set_value(["l2"])
    learnt(screen.run())
    assert screen.app.metric[1].value < plain
    assert screen.app.dataframe[0].value["Helped by"][0] == REMEDIES["l2"]
    screen.app.button(key="overfitting_clear").click()
    screen.run()
    assert list(screen.app.dataframe[0].value["Helped by"]) == [REMEDIES["l2"]]


def test_an_earlier_epoch_can_be_looked_at(open_screen):
    screen = learnt(open_screen("concepts", {"concept": "overfitting"}))
    before = pictures(screen)
    slider = next(one for one in screen.app.select_slider if one.label == "Look at epoch")
    assert slider.value == 150
    slider.set_value(0)
    screen.run()
    assert all(old != new for old, new in zip(before, pictures(screen), strict=True))


@pytest.mark.parametrize("usual", ["circle", "spiral", "multilabel-mlp"])
def test_a_link_means_the_same_experiment_whatever_a_screen_begins_with(usual):
    wished = experiment(Settings(remedies=tuple(REMEDIES)))
    assert from_query(whole_link(wished), recipes().get(usual).experiment) == (wished, [])
