"""Backpropagation stepped through, and expressions typed into the autograd concept."""

import pytest

from pages.parts import fields
from pages.parts.concepts.autograd import EXAMPLES
from pages.parts.concepts.backpropagation_words import STEPS
from pages.parts.concepts.catalogue import CONCEPTS


def test_next_and_back_step_through_the_two_passes(open_screen):
    screen = open_screen("concepts", {"concept": "backpropagation"})
    formulas = [[text.value for text in screen.app.latex]]
    for step in STEPS[1:]:
        screen.app.button(key="backpropagation_next").click()
        screen.run()
        assert screen.app.select_slider(key="backpropagation_step").value == step
        formulas.append([text.value for text in screen.app.latex])
    assert len({" ".join(step) for step in formulas}) == len(STEPS)
    assert screen.app.button(key="backpropagation_next").disabled
    screen.app.button(key="backpropagation_back").click()
    screen.run()
    assert screen.app.select_slider(key="backpropagation_step").value == STEPS[-2]


def test_going_on_takes_the_new_weights(open_screen):
    screen = open_screen("concepts", {"concept": "backpropagation"})
    weight = r"backpropagation_W^{(2)}_1"
    before = screen.app.number_input(key=weight).value
    screen.app.select_slider(key="backpropagation_step").set_value("update")
    screen.run()
    screen.app.button(key="backpropagation_on").click()
    screen.run()
    assert screen.app.select_slider(key="backpropagation_step").value == STEPS[0]
    assert screen.app.number_input(key=weight).value == pytest.approx(before + 0.0096804, abs=1e-6)


def test_every_example_comes_to_something_and_what_can_t_be_is_refused(open_screen):
    screen = open_screen("concepts", {"concept": "autograd"})
    for example in EXAMPLES:
        screen.app.button_group(key="autograd_example").set_value(example)
        screen.run()
        assert screen.app.text_input(key="autograd_expression").value == EXAMPLES[example][0]
        assert not screen.notices
    screen.app.text_input(key="autograd_expression").set_value("__import__('os')")
    screen.run()
    (refusal,) = screen.notices
    assert "There is no" in refusal
    assert screen.app.button_group(key="autograd_example").value is None


def test_the_help_of_a_choice_links_to_a_concept_that_there_is(open_screen):
    assert {*fields.CONCEPTS.values()} <= {*CONCEPTS}
    boxes = {box.label: box.help for box in open_screen("points", {"data.name": "spiral"}).app.selectbox}
    for label, concept in (("Loss", "losses"), ("Optimizer", "descent"), ("Activation", "activations")):
        assert f"](concepts?concept={concept})" in boxes[label]
    assert "](concepts" not in boxes["Schedule"]
