"""How a screen is drawn goes into its link and comes back from there."""

import pytest

from tests.pages.screens import Screen

ODD = {"look": "nonsense", "order": "", "method": "on", "log_axis": "map"}


@pytest.mark.parametrize(
    "chosen",
    [{"look": "map", "method": "tsne"}, {"order": "wrong", "log_axis": "on"}, {"look": "mistakes"}],
    ids=lambda chosen: " ".join(chosen.values()),
)
def test_it_comes_back_from_the_link(chosen):
    screen = Screen("images", chosen)
    assert {key: screen.app.query_params.get(key) for key in chosen} == chosen
    assert {key: screen.app.session_state[key] for key in chosen if key != "log_axis"} == {
        key: value for key, value in chosen.items() if key != "log_axis"
    }
    assert not screen.notices


def test_what_a_link_does_not_know_is_drawn_as_usual():
    screen = Screen("images", ODD)
    assert not set(ODD) & set(screen.app.query_params)
    assert (screen.app.session_state["look"], screen.app.session_state["method"]) == ("predictions", "pca")


def test_another_look_is_in_the_link():
    screen = Screen("images")
    screen.app.session_state["look"] = "inside"
    assert screen.run().app.query_params["look"] == "inside"
