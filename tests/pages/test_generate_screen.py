"""The Generate screen without a browser: what it offers, and what its buttons and fields do."""

import pytest

from nets.experiment import dump
from nets.link import to_query
from nets.recipes import recipes
from nets.runs.run import Run
from pages.parts.screens import screen_of
from tests.nets.views.making import making, playing
from tests.pages.screens import Screen

SMALL_VAE = {"data.name": "digits", "data.size": 8, "data.train_share": 0.1, "model.kind": "vae"}


@pytest.fixture
def points(open_screen) -> Screen:
    return open_screen("generate")


@pytest.fixture
def pictures(open_screen) -> Screen:
    return open_screen("generate", SMALL_VAE)


def taken(run: Run) -> int:
    """How many steps a run has taken."""
    return run.frame.step if run.frame else 0


def test_it_begins_with_a_game_over_points(points: Screen):
    assert points.value("data.name") == "gaussians"
    assert points.value("train.objective.kind") == "adversarial"
    points.wait(lambda run: "game" in run.views)
    assert not points.notices


def test_a_step_can_be_one_players_own(points: Screen):
    points.wait(lambda run: run.frame)
    points.click("step_discriminator").wait(lambda run: taken(run) == 1)
    points.click("step_generator").wait(lambda run: taken(run) == 2)
    assert not points.notices


def test_noise_of_one_number_makes_a_thread(points: Screen):
    points.put("number_input", "model.latent_dim", 1)
    assert points.value("model.latent_dim") == 1
    points.wait(lambda run: (found := run.views.get("game")) and found.mesh.shape[0] == 1)


def test_a_critic_gets_its_penalty_and_loses_it_again(points: Screen):
    points.put("selectbox", "train.objective.loss", "wasserstein")
    assert points.value("train.objective.gradient_penalty") == 10
    points.put("selectbox", "train.objective.loss", "least_squares")
    assert points.value("train.objective.gradient_penalty") == 0
    assert not points.notices


def test_both_optimizers_are_set_apart(points: Screen):
    points.type_rate("train.objective.optimizer.learning_rate", "0.0123")
    assert points.value("train.objective.optimizer.learning_rate") == 0.0123
    assert points.value("train.optimizer.learning_rate") != 0.0123


def test_pictures_bring_their_networks(points: Screen):
    points.app.segmented_control("sort").set_value("pictures")
    points.run()
    assert points.value("data.kind") == "images"
    assert points.value("model.kind") == "vae"


def test_what_a_browser_still_says_of_the_old_network_is_no_wish(points: Screen):
    before = points.value("model.kind")
    points.app.segmented_control("sort").set_value("pictures")
    points.run()
    points.app.selectbox("architecture").set_value(before)
    points.run()
    assert points.value("model.kind") == "vae"
    points.app.segmented_control("sort").set_value("points")
    points.run()
    assert points.value("data.kind") == "distribution"


@pytest.mark.parametrize("kind", ["autoencoder", "gan", "vae"])
def test_another_network_learns_by_its_own_rule(pictures: Screen, kind: str):
    pictures.app.selectbox("architecture").set_value(kind)
    pictures.run()
    assert pictures.value("model.kind") == kind
    assert not pictures.notices
    assert not any(option == "mlp" for option in pictures.app.selectbox("architecture").options)


@pytest.mark.parametrize(
    ("look", "view"),
    [
        ("latent", "latent_plane"),
        ("again", "reconstructions"),
        ("samples", "samples"),
        ("way", "interpolation"),
        ("odd", "anomalies"),
    ],
)
def test_every_look_has_its_view(pictures: Screen, look: str, view: str):
    pictures.app.segmented_control("making_of").set_value(look)
    pictures.run()
    pictures.wait(lambda run: view in run.views)
    assert view in pictures.training.views


def test_the_link_says_how_it_is_looked_at_and_not_what_is_usual(pictures: Screen):
    assert "making" not in pictures.app.query_params
    pictures.app.segmented_control("making_of").set_value("odd")
    pictures.app.segmented_control("chart_of").set_value("Error")
    pictures.run()
    link = {name: pictures.app.query_params[name] for name in ("making", "chart")}
    assert link == {"making": "odd", "chart": "Error"}
    pictures.app.segmented_control("sort").set_value("points")
    pictures.run()
    pictures.run()
    assert "making" not in pictures.app.query_params


def test_a_class_is_kept_from_training(pictures: Screen):
    pictures.app.segmented_control("making_of").set_value("odd")
    pictures.run()
    pictures.app.selectbox("odd").set_value(3)
    pictures.run()
    pictures.app.toggle("odd_hidden").set_value(True)
    pictures.run()
    assert pictures.value("data.hidden_class") == "3"
    pictures.wait(lambda run: (found := run.views.get("anomalies")) and found.odd_classes == (3,))
    pictures.app.toggle("odd_hidden").set_value(False)
    pictures.run()
    assert pictures.value("data.hidden_class") == ""


def test_the_ends_of_a_way_are_chosen(pictures: Screen):
    pictures.app.segmented_control("making_of").set_value("way")
    pictures.run()
    pictures.wait(lambda run: run.frame)
    pictures.click("second_after").click("first_before")
    last = pictures.training.frame.test_examples - 1 if pictures.training.frame else 0
    choice = pictures.app.session_state["generate_choice"]
    assert (choice.first, choice.second) == (last, 2)


@pytest.mark.parametrize(
    "experiment", [playing("grid"), making("autoencoder"), making("gan")], ids=["gan", "ae", "pictures"]
)
def test_a_link_leads_to_its_experiment(open_screen, experiment):
    screen = open_screen("generate", dict(to_query(experiment, recipes().get("gan-gaussians").experiment)))
    assert screen.experiment == experiment
    assert not screen.notices


def test_what_learns_from_answers_belongs_elsewhere(open_screen):
    screen = open_screen("generate", {"data.name": "digits", "model.kind": "mlp"})
    assert "belong on another screen" in screen.notices[0]


def test_a_locked_link_locks_the_players(open_screen):
    screen = open_screen("generate", {"lock": "step"})
    assert screen.app.button("step_generator").disabled


OWN_RECIPES = [recipe.name for recipe in recipes() if screen_of(dump(recipe.experiment)) == "generate"]


@pytest.mark.parametrize("name", OWN_RECIPES)
def test_every_recipe_opens_with_something_to_see(points: Screen, name: str):
    points.app.menu_button("recipes").click(name)
    points.run()
    assert points.experiment == recipes().get(name).experiment
    points.wait(lambda run: run.views)
    assert points.notices == []


@pytest.mark.parametrize(
    ("link", "metric"),
    [({}, "test_js"), (SMALL_VAE, "test_error"), ({**SMALL_VAE, "data.hidden_class": "3"}, "test_auc")],
)
def test_a_training_can_end_by_what_is_measured(open_screen, link, metric):
    screen = open_screen("generate", link).put("toggle", "train.target?", True)
    assert screen.value("train.target.metric") == metric
    for option in screen.widget("selectbox", "train.target.metric").options:
        screen.put("selectbox", "train.target.metric", option.replace(" ", "_"))
        assert not screen.notices


def test_a_game_has_no_validation_loss_to_wait_for(points: Screen, pictures: Screen):
    keys = [[toggle.key for toggle in screen.app.toggle] for screen in (points, pictures)]
    assert ["generate.train.early_stopping?" in known for known in keys] == [False, True]
