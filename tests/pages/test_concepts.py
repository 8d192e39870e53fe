"""Every concept opens by its link, can be moved, and says whose formula it shows."""

import pytest

from pages.parts.concepts.catalogue import CONCEPTS


@pytest.mark.parametrize("name", CONCEPTS)
def test_it_opens_by_its_link(open_screen, name):
    screen = open_screen("concepts", {"concept": name})
    assert screen.app.session_state["concept"] == name
    assert any(CONCEPTS[name].lead in text.value for text in screen.app.markdown)


@pytest.mark.parametrize("name", CONCEPTS)
def test_every_slider_goes_from_one_end_to_the_other(open_screen, name):
    screen = open_screen("concepts", {"concept": name})
    for key in [slider.key for slider in screen.app.slider]:
        for end in ("min", "max"):
            slider = screen.app.slider(key=key)
            slider.set_value(getattr(slider, end))
            screen.run()
        assert not screen.app.warning, key


@pytest.mark.parametrize("name", CONCEPTS)
def test_every_choice(open_screen, name):
    screen = open_screen("concepts", {"concept": name})
    for key in [box.key for box in screen.app.selectbox]:
        for place in range(len(screen.app.selectbox(key=key).options)):
            chosen = screen.app.selectbox(key=key).options[place]
            screen.app.selectbox(key=key).set_value(chosen)
            screen.run()
            assert screen.app.selectbox(key=key).options[screen.app.selectbox(key=key).index] == chosen
            assert screen.notices == []


@pytest.mark.parametrize("concept", CONCEPTS.values(), ids=CONCEPTS)
def test_it_is_named_and_has_a_source(concept):
    assert CONCEPTS[concept.name] is concept
    assert concept.source
    assert concept.lead.endswith(".")
    assert concept.icon.startswith(":material/")


def test_a_link_to_what_is_no_concept_opens_the_first(open_screen):
    screen = open_screen("concepts", {"concept": "../../etc"})
    assert screen.app.session_state["concept"] == next(iter(CONCEPTS))


def test_the_choice_goes_into_the_link(open_screen):
    last = list(CONCEPTS)[-1]
    screen = open_screen("concepts")
    screen.app.button_group(key="concept").set_value(last)
    screen.run()
    assert screen.app.query_params["concept"] == last
