"""The recipes' gallery: every recipe has a card, a picture of its data and a screen; a click leads there."""

import xml.etree.ElementTree as ElementTree

import pytest
from starlette.requests import Request
from streamlit.testing.v1 import AppTest

from nets.experiment import dump
from nets.recipes import recipes
from pages.parts import data_pictures, gallery
from pages.parts.screens import screen_of
from pages.parts.service import run_manager
from tests.pages.fakes import unpack
from tests.pages.screens import PATIENCE, PLAYGROUND, Screen


@pytest.mark.parametrize("recipe", recipes(), ids=lambda recipe: recipe.name)
def test_a_recipe_has_a_picture_and_a_screen(recipe):
    picture = ElementTree.fromstring(data_pictures.picture_of(recipe.name))
    assert len(picture) > 0
    assert (PLAYGROUND.parent / "pages" / f"{screen_of(dump(recipe.experiment))}.py").is_file()


@pytest.mark.parametrize("recipe", recipes(), ids=lambda recipe: recipe.name)
def test_what_a_recipe_is_compared_with_is_on_the_same_screen(recipe):
    for name, line in recipe.compare.items():
        assert screen_of(dump(recipes().get(name).experiment)) == screen_of(dump(recipe.experiment))
        assert name != recipe.name
        assert line.strip()


def test_pictures_are_served_by_name_alone():
    def ask(name):
        return data_pictures.serve(Request({"type": "http", "path_params": {"name": name}}))

    assert ask("xor").media_type == "image/svg+xml"
    assert ask("xor").body.decode() == data_pictures.picture_of("xor")
    for hostile in ("nope", "../../etc/passwd", "xor.json", ""):
        assert ask(hostile).status_code == 404


def test_a_card_says_what_a_recipe_takes():
    meta, _ = unpack(gallery.payload(recipes(), {"circle": 3.2}))
    cards = {item["name"]: item for item in meta["items"]}
    assert set(cards) == set(recipes().names())
    assert cards["circle"]["takes"] == "about 3 s"
    assert cards["vae-digits"]["family"] == "Generate"
    assert {item["family"] for item in meta["items"]} == set(meta["families"])


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, ""),
        (0.4, "a moment"),
        (4.4, "about 4 s"),
        (38.0, "about 40 s"),
        (89.0, "about 90 s"),
        (200.0, "about 3 min"),
    ],
)
def test_durations(seconds, words):
    assert gallery.duration(seconds) == words


def test_only_whole_runs_of_the_same_settings_tell_how_long_a_recipe_takes(open_screen):
    screen = open_screen("points", {"train.max_epochs": 2, "name": "circle"}).click("train")
    screen.wait(lambda run: run.status == "completed")
    assert "circle" not in gallery.took_here()


def test_a_click_opens_a_recipe_beside_another(open_screen):
    start = Screen("start")
    start.app.session_state["gallery_wish"] = {"name": "wide-digits-relu-output", "beside": ""}
    start.run()
    assert set(start.app.query_params) >= {"run", "beside"}
    assert start.app.session_state["images_bench"].experiment == recipes().get("wide-digits-relu-output").experiment


def test_two_recipes_of_points_stand_side_by_side_until_one_is_removed(open_screen):
    screen = open_screen("points", {"run": opened("circle-linear"), "beside": opened("circle")})
    captions = [caption.value for caption in screen.app.caption]
    assert "Beside: activation tanh" in captions
    assert "Beside: activation tanh · ready" in captions
    screen.click("clear_beside")
    assert not [caption for caption in screen.app.caption if "Beside" in caption.value]
    screen.click("set_aside")
    assert "Beside: the same settings" in [caption.value for caption in screen.app.caption]


def opened(recipe):
    return run_manager().create(recipes().get(recipe).experiment).id


@pytest.mark.parametrize("wish", [{"name": "nope"}, "circle", {"name": ["circle"]}, {}, None])
def test_a_wish_that_makes_no_sense_leads_nowhere(open_screen, wish):
    start = Screen("start")
    start.app.session_state["gallery_wish"] = wish
    start.run()
    assert "run" not in start.app.query_params


def test_the_root_leads_a_newcomer_to_the_recipes_and_a_link_to_points(open_screen):
    app = AppTest.from_file(PLAYGROUND, default_timeout=PATIENCE).run()
    assert "points_bench" not in app.session_state
    app = AppTest.from_file(PLAYGROUND, default_timeout=PATIENCE)
    app.query_params["data.name"] = "spiral"
    assert app.run().session_state["points_bench"].experiment.data.name == "spiral"
