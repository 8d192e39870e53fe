"""Links that hand on an experiment, and take controls away."""

import pytest
from safetensors.torch import save

from nets.training import Training
from pages.parts import permissions
from tests.pages.screens import Screen


def keys(screen):
    return {button.key for button in screen.app.button}


def test_hidden_controls_are_left_out():
    screen = Screen("points", {"hide": "recipes,step,train.loss,data"})
    assert "step" not in keys(screen)
    assert {"epoch", "reset"} <= keys(screen)
    labels = {box.label for box in screen.app.selectbox}
    assert "Loss" not in labels
    assert "Optimizer" in labels
    assert not [slider for slider in screen.app.select_slider if slider.label == "Noise"]


def test_locked_controls_are_shown_and_can_not_be_turned():
    screen = Screen("points", {"lock": "train.optimizer,reset"})
    assert screen.app.button("reset").disabled
    assert not screen.app.button("epoch").disabled
    assert screen.widget("selectbox", "train.optimizer.learning_rate").disabled
    assert not screen.widget("selectbox", "model.activation").disabled


def test_what_is_locked_is_refused_by_whatever_way_it_comes():
    screen = Screen("points", {"lock": "data,train.seed"})
    before = screen.experiment
    screen.click("new_seed")
    assert screen.experiment == before
    assert screen.notices == ["Not changed. The link you came by has locked train.seed."]
    screen.put("selectbox", "model.activation", "relu")
    assert screen.experiment.model.activation == "relu"


def test_what_is_taken_away_stays_in_the_link():
    screen = Screen("points", {"lock": "data", "hide": "step"})
    screen.put("selectbox", "model.activation", "relu")
    assert (screen.app.query_params["lock"], screen.app.query_params["hide"]) == ("data", "step")


def test_the_shared_link_carries_the_experiment_and_what_to_take_away():
    screen = Screen("points", {"model.hidden_sizes": [6, 3], "train.optimizer.learning_rate": 0.1})
    screen.app.multiselect("share_lock").set_value(["data", "reset"])
    screen.run()
    (link,) = [code.value for code in screen.app.code]
    query = dict(part.split("=") for part in link.partition("?")[2].split("&"))
    assert set(query["lock"].split(",")) == {"reset", "data"}
    assert "run" not in query
    other = Screen("points", query)
    assert other.experiment == screen.experiment
    assert other.app.button("reset").disabled


@pytest.mark.parametrize("hostile", ["," * 3000, "..", "<script>", "train" * 1000, " , "])
def test_nonsense_takes_nothing_away(hostile):
    screen = Screen("points", {"hide": hostile, "lock": hostile})
    assert {"train", "step", "epoch", "reset"} <= keys(screen)
    assert len(screen.app.session_state["link_hide"]) <= permissions.MOST_CHARACTERS


def metrics_of(screen):
    frame = screen.training.frame
    assert frame is not None
    return frame.metrics


def test_weights_from_a_file_go_into_the_network():
    screen = Screen("points").wait(lambda run: run.frame is not None)
    source = Training(screen.experiment)
    before = metrics_of(screen)
    changed = {name: tensor + 0.5 for name, tensor in source.weights().items()}
    screen.widget("file_uploader", "weights").set_value(("w.safetensors", save(changed), "application/octet-stream"))
    screen.run().wait(lambda run: run.message)
    assert screen.training.message == "6 of 6 tensors loaded"
    assert metrics_of(screen) != before
    screen.widget("file_uploader", "weights").set_value(("w.safetensors", b"\x80\x04cos\nsystem\n", "text/plain"))
    screen.run().wait(lambda run: "no safetensors file" in run.message)
