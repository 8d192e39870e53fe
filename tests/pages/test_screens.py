"""Whole screens without a browser: whatever a person may pick is taken, or refused with a sentence."""

import pytest

from nets.activations import ACTIVATIONS
from nets.architectures.base import OUTPUT_ACTIVATIONS
from nets.datasets import DATASETS
from nets.datasets.images.downloads import DownloadedConfig
from nets.initializers import INITIALIZERS
from nets.link import to_query
from nets.losses import LOSSES
from nets.optimizers import OPTIMIZERS
from nets.recipes import recipes
from nets.schedules import SCHEDULES
from pages.parts.service import run_manager
from pages.parts.settings import THREADS

PLANE_DATA = [name for name, config in DATASETS.items() if config().kind in ("points", "curve")]
PICTURE_RECIPES = [
    recipe.name for recipe in recipes() if recipe.experiment.data.kind == "images" and recipe.family != "generate"
]
POINT_RECIPES = [recipe.name for recipe in recipes() if recipe.experiment.data.kind in ("points", "curve")]
VIEWS = {"points": {"network", "surface"}, "curve": {"network", "curve"}, "images": {"layers", "predictions"}}
CHOICES = {
    "train.loss": ("auto", *LOSSES.names()),
    "train.optimizer.kind": OPTIMIZERS.names(),
    "train.schedule.kind": SCHEDULES.names(),
    "model.activation": ACTIVATIONS.names(),
    "model.norm": ("none", "batch", "layer"),
    "model.output_activation": OUTPUT_ACTIVATIONS,
    "model.initializer": INITIALIZERS.names(),
    "train.device": ("auto", "cpu", "cuda"),
    "train.threads": ("auto", *THREADS),
}


@pytest.mark.parametrize("name", ["points", "images"])
def test_a_screen_opens(open_screen, name):
    screen = open_screen(name)
    assert screen.notices == []
    assert [button.key for button in screen.app.button][:6] == ["train", "step", "epoch", "stop", "reset", "new_seed"]
    assert screen.app.query_params == {"run": screen.training.id}


@pytest.mark.parametrize("name", PLANE_DATA)
def test_every_data_set_of_points(open_screen, name):
    screen = open_screen("points", {"data.name": name})
    assert screen.experiment.data.name == name
    assert screen.notices == []
    screen.wait(lambda run: run.frame)
    assert screen.notices == []


@pytest.mark.parametrize("problem", ["Surface", "Curve", "Classify"])
def test_every_kind_of_problem(open_screen, problem):
    start = {"data.name": "plane"} if problem == "Classify" else {}
    screen = open_screen("points", start)
    screen.app.segmented_control("problem").set_value(problem)
    screen.run()
    assert screen.notices == []
    assert screen.app.segmented_control("problem").value == problem
    assert screen.experiment.data.info().task == ("binary" if problem == "Classify" else "regression")


@pytest.mark.parametrize("path", CHOICES)
@pytest.mark.parametrize("name", ["points", "images"])
def test_every_choice(open_screen, name, path):
    screen = open_screen(name)
    for option in CHOICES[path]:
        before = screen.value(path)
        screen.put("selectbox", path, option)
        if screen.value(path) != option:
            assert screen.value(path) == before
            assert any(notice.startswith("Not changed. ") for notice in screen.notices)
        assert screen.widget("selectbox", path).value == screen.value(path)


@pytest.mark.parametrize("name", ["points", "images"])
@pytest.mark.parametrize("kind", ["L1", "L2", "L1 + L2", "none"])
def test_every_regularization(open_screen, name, kind):
    start = {"train.l1": 0.01} if kind == "none" else {}
    screen = open_screen(name, start)
    screen.put("selectbox", "regularization", kind)
    assert (screen.value("train.l1") > 0) == ("L1" in kind)
    assert (screen.value("train.l2") > 0) == ("L2" in kind)
    assert screen.widget("selectbox", "regularization").value == kind
    strengths = [box.label for box in screen.app.selectbox if "trength" in box.label]
    assert len(strengths) == {"none": 0, "L1": 1, "L2": 1, "L1 + L2": 2}[kind]


@pytest.mark.parametrize("name", ["points", "images"])
def test_every_number_goes_from_its_least_to_its_most(open_screen, name):
    link = {"train.clip_norm": 1.0, "train.schedule.kind": "one_cycle", "train.optimizer.kind": "adam"}
    screen = open_screen(name, link)
    keys = [box.key for box in screen.app.number_input]
    assert len(keys) > 5
    for key in keys:
        path = key.partition(".")[2]
        box = screen.app.number_input(key)
        for value in (box.min, box.max):
            if value is None:
                continue
            screen.put("number_input", path, value)
            assert screen.value(path) == value or screen.notices
            assert screen.app.number_input(key).value == screen.value(path)


@pytest.mark.parametrize("path", ["train.target", "train.early_stopping", "train.clip_norm"])
@pytest.mark.parametrize("name", ["points", "images"])
def test_what_may_be_absent_is_switched_on_and_off(open_screen, name, path):
    screen = open_screen(name)
    screen.put("toggle", f"{path}?", True)
    assert screen.value(path) is not None
    screen.put("toggle", f"{path}?", False)
    assert screen.value(path) is None
    assert screen.notices == []


def test_a_target_that_the_data_have_not_goes(open_screen):
    screen = open_screen("points", {"train.target": '{"metric":"test_accuracy","value":0.9}'})
    screen.app.segmented_control("problem").set_value("Surface")
    screen.run()
    assert screen.value("data.name") == "plane"
    assert screen.experiment.train.target is None
    assert screen.notices == []


@pytest.mark.parametrize("optimizer", OPTIMIZERS.names())
def test_the_settings_of_every_optimizer(open_screen, optimizer):
    screen = open_screen("points", {"train.optimizer.kind": optimizer})
    for box in [box for box in screen.app.toggle if box.key.startswith("points.train.optimizer.")]:
        path = box.key.partition(".")[2]
        wanted = not screen.value(path)
        screen.put("toggle", path, wanted)
        assert screen.value(path) == wanted or screen.notices


@pytest.mark.parametrize("schedule", SCHEDULES.names())
def test_the_settings_of_every_schedule(open_screen, schedule):
    screen = open_screen("points").put("selectbox", "train.schedule.kind", schedule)
    shown = [box.key for box in screen.app.number_input if box.key.startswith("points.train.schedule.")]
    assert bool(shown) == (schedule != "constant")


@pytest.mark.parametrize("noise", [0.0, 0.25, 0.5])
def test_sliders(open_screen, noise):
    screen = open_screen("points").put("select_slider", "data.noise", noise)
    assert screen.value("data.noise") == noise
    screen.put("select_slider", "data.train_share", 0.9).put("select_slider", "train.batch_size", 65_536)
    assert (screen.value("data.train_share"), screen.value("train.batch_size")) == (0.9, 65_536)
    assert screen.notices == []


def test_a_value_between_a_sliders_places_is_shown_as_it_is(open_screen):
    screen = open_screen("points", {"data.noise": 0.123, "train.batch_size": 77})
    assert screen.widget("select_slider", "data.noise.0.123").value == 0.123
    assert screen.widget("select_slider", "train.batch_size.77").value == 77


def test_new_seed_and_regenerate(open_screen):
    screen = open_screen("points")
    run = screen.training.id
    screen.click("regenerate")
    assert screen.value("data.sample") == 1
    assert screen.training.id != run
    screen.click("new_seed")
    assert screen.app.number_input("points.train.seed").value == screen.value("train.seed")
    assert screen.app.query_params["data.sample"] == "1"


@pytest.mark.parametrize(
    ("name", "recipe"), [*(("images", name) for name in PICTURE_RECIPES), *(("points", name) for name in POINT_RECIPES)]
)
def test_every_recipe_of_a_screen(open_screen, name, recipe):
    screen = open_screen(name)
    screen.app.menu_button("recipes").click(recipe)
    screen.run()
    experiment = recipes().get(recipe).experiment
    assert screen.experiment == experiment
    if not issubclass(DATASETS.get(experiment.data.name), DownloadedConfig):
        screen.wait(lambda run: set(run.views) >= VIEWS[run.experiment.data.kind])
    assert screen.notices == []


@pytest.mark.parametrize("name", POINT_RECIPES)
def test_every_recipe_of_points_by_its_link(open_screen, name):
    experiment = recipes().get(name).experiment
    screen = open_screen("points", to_query(experiment, recipes().get("circle").experiment))
    assert screen.experiment == experiment
    assert screen.notices == []


def test_convolutions_come_and_go(open_screen):
    screen = open_screen("images")
    screen.app.selectbox("architecture").set_value("cnn")
    screen.run()
    assert screen.value("model.kind") == "cnn"
    blocks = len(screen.value("model.blocks"))
    screen.click("add_block")
    assert len(screen.value("model.blocks")) == blocks + 1
    screen.click("remove_block").click("remove_block")
    assert len(screen.value("model.blocks")) == blocks - 1
    screen.put("selectbox", "model.blocks.0.pool", "average").put("number_input", "model.blocks.0.channels", 7)
    assert screen.value("model.blocks")[0]["pool"] == "average"
    assert screen.value("model.blocks")[0]["channels"] == 7
    screen.app.selectbox("architecture").set_value("mlp")
    screen.run()
    assert screen.value("model.kind") == "mlp"


def test_pictures_too_small_for_the_convolutions_are_refused_with_a_reason(open_screen):
    screen = open_screen("images", {"model.kind": "cnn"}).click("add_block").click("add_block")
    assert len(screen.value("model.blocks")) == 4
    screen.put("selectbox", "data.size", 8)
    assert screen.value("data.size") == 28
    assert screen.notices
    assert screen.notices[0].startswith("Not changed. Blocks: ")
    assert screen.widget("selectbox", "data.size").value == 28


def test_fewer_classes_than_are_drawn_are_refused_with_a_reason(open_screen):
    points = [[-1, 0, 0], [1, 0, 1], [0, 1, 2], [0, -1, 2]]
    link = {"data.name": "drawn", "data.num_classes": 3, "data.points": points}
    screen = open_screen("points", link)
    screen.app.segmented_control("tool").set_value(2)
    screen.run().put("number_input", "data.num_classes", 2)
    assert screen.value("data.num_classes") == 3
    assert screen.notices
    assert "class 2" in screen.notices[0]


def test_the_class_to_draw_goes_when_its_class_goes(open_screen):
    screen = open_screen("points", {"data.name": "drawn", "data.num_classes": 4})
    screen.app.segmented_control("tool").set_value(3)
    screen.run().put("number_input", "data.num_classes", 2)
    assert screen.value("data.num_classes") == 2
    assert screen.app.segmented_control("tool").value in (0, 1)


def test_clearing_leaves_a_point_of_each_class(open_screen):
    screen = open_screen("points", {"data.name": "drawn"}).click("clear_points")
    assert {label for _, _, label in screen.experiment.data.points} == {0, 1}
    assert screen.app.button("clear_points").disabled


def test_a_recipe_begins_afresh_with_its_counterpart_while_another_trains(open_screen):
    screen = open_screen("images", {"train.max_epochs": 1_000_000})
    screen.click("train")
    before = screen.training
    screen.app.menu_button("recipes").click("wide-digits-relu-output")
    screen.run()
    recipe = recipes().get("wide-digits-relu-output")
    assert screen.experiment == recipe.experiment
    assert screen.training is not before
    assert screen.training.status == "ready"
    screen.put("selectbox", "data.size", 28).click("train")
    bench = screen.app.session_state["images_bench"]
    beside = run_manager().get(bench.beside_id)
    assert beside is not None
    assert beside.experiment == recipe.beside
    assert beside.status in ("training", "queued")


def test_the_screen_s_own_network_comes_back_as_it_was(open_screen):
    screen = open_screen("images")
    sizes = screen.value("model.hidden_sizes")
    for kind in ("cnn", "mlp"):
        screen.app.selectbox("architecture").set_value(kind)
        screen.run()
    assert screen.value("model.hidden_sizes") == sizes


def test_what_machine_code_does_not_take_is_said_at_the_switch(open_screen):
    screen = open_screen("points", {"data.name": "circle", "train.optimizer.kind": "nadam"})
    screen.click("train").wait(lambda run: run.frame and run.frame.tier_problem)
    said = [caption.value for caption in screen.run().app.caption]
    assert any(line.startswith("This one stays with PyTorch: ") for line in said), said
    screen.put("toggle", "train.compile", False)
    assert not any("stays with PyTorch" in caption.value for caption in screen.app.caption)


def test_a_screen_without_machine_code_has_no_switch_for_it(open_screen):
    assert "generate.train.compile" not in {toggle.key for toggle in open_screen("generate").app.toggle}


ONE_OF_A_KIND = {config().kind: name for name, config in DATASETS.items() if not name.startswith("own")}


@pytest.mark.parametrize("screen", ["points", "images", "series", "text", "tables", "generate"])
def test_a_link_with_data_of_another_kind_is_no_dead_end(open_screen, screen):
    for name in ONE_OF_A_KIND.values():
        opened = open_screen(screen, {"data.name": name})
        assert opened.experiment.data.name == name or opened.notices
