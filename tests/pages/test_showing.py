"""Fields show what the experiment says, and tell the browser no more often than it needs to know."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import showing


def page():
    import streamlit as st

    from pages.parts.showing import among, drawn, shown

    st.selectbox("Network", **among(("mlp", "cnn"), st.session_state["wanted"], "network"))
    st.number_input("Epochs", min_value=1, **shown("epochs", st.session_state["epochs_wanted"]))
    if not st.session_state.get("is_interrupted"):
        drawn()


@pytest.fixture
def drawn_page(monkeypatch):
    monkeypatch.setattr(showing, "SECONDS", 0.0)
    test = AppTest.from_function(page)
    test.session_state["wanted"], test.session_state["epochs_wanted"] = "cnn", 7
    return test.run()


def told(test):
    return [field.proto.set_value for field in (test.selectbox(key="network"), test.number_input(key="epochs"))]


def test_a_new_field_stands_at_its_value_without_being_told(drawn_page):
    assert told(drawn_page) == [False, False]
    assert drawn_page.selectbox(key="network").proto.default == 1
    assert drawn_page.number_input(key="epochs").proto.default == 7


def test_what_somebody_has_picked_is_not_overwritten(drawn_page):
    drawn_page.selectbox(key="network").select("mlp")
    drawn_page.session_state["wanted"] = "mlp"
    assert told(drawn_page.run()) == [False, False]


def test_what_has_changed_or_was_refused_is_told(drawn_page):
    drawn_page.session_state["epochs_wanted"] = 9
    assert told(drawn_page.run()) == [False, True]
    assert drawn_page.number_input(key="epochs").value == 9
    assert told(drawn_page.run()) == [False, False]
    drawn_page.selectbox(key="network").select("mlp")
    assert told(drawn_page.run()) == [True, False]
    assert drawn_page.selectbox(key="network").value == "cnn"


def test_a_drawing_that_was_interrupted_is_told_again(drawn_page):
    drawn_page.session_state["wanted"] = "mlp"
    drawn_page.session_state["is_interrupted"] = True
    assert told(drawn_page.run()) == [True, False]
    assert told(drawn_page.run()) == [True, False]
    drawn_page.session_state["is_interrupted"] = False
    assert told(drawn_page.run()) == [True, False]
    assert told(drawn_page.run()) == [False, False]


def test_a_value_that_is_no_option_joins_them(drawn_page):
    drawn_page.session_state["wanted"] = "own"
    assert drawn_page.run().selectbox(key="network").options == ["mlp", "cnn", "own"]
