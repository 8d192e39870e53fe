"""The Text screen without a browser: what it offers, and what its fields and boxes do."""

import json

import pytest

from nets.experiment import Experiment, dump
from nets.link import to_query
from nets.recipes import recipes
from pages.parts.text_choice import Choice, hear
from pages.parts.text_looks import looks_for
from pages.parts.text_network import networks
from tests.nets.views.text import CONVOLUTIONS, TRANSFORMER, language_model, over_text
from tests.pages.screens import Screen

DEFAULT = recipes().get("reviews-bag-of-words").experiment


def link_to(experiment: Experiment) -> dict[str, str]:
    return to_query(experiment, DEFAULT)


def test_it_begins_with_reviews_and_what_an_untrained_network_makes_of_them(open_screen):
    screen: Screen = open_screen("text", {"data.num_examples": 60})
    screen.wait(lambda run: "examples" in run.views)
    assert (screen.value("data.name"), screen.value("model.kind")) == ("reviews", "mlp")
    assert not screen.notices
    screen.app.segmented_control("reading_of").set_value("try")
    screen.run().wait(lambda run: "typed" in run.views)
    assert screen.training.views["typed"].tokens[0][:3] == ("the", "food", "was")
    screen.put("selectbox", "data.level", "character")
    assert screen.value("data.max_length") == 192
    screen.put("selectbox", "data.level", "word")
    assert screen.value("data.max_length") == 32
    screen.app.selectbox("architecture").set_value("transformer")
    screen.run()
    assert screen.value("model") == dump(recipes().get("reviews-transformer").experiment)["model"]
    assert any("Attention" in option for option in screen.app.segmented_control("reading_of").options)


def test_another_set_of_texts_brings_a_network_that_reads_it(open_screen):
    screen: Screen = open_screen("text", {"data.num_examples": 60})
    screen.app.selectbox("data_name").set_value("topics")
    screen.run()
    assert (screen.value("model.kind"), screen.value("model.readout")) == ("rnn", "every_step")
    assert screen.app.selectbox("architecture").options == [
        "Recurrent (RNN, LSTM, GRU)",
        "Transformer",
        "Convolutions (1-D)",
    ]
    screen.app.selectbox("data_name").set_value("own_text")
    screen.run()
    assert screen.value("data.name") == "topics"  # until there is a file
    screen.app.selectbox("data_name").set_value("dna")
    screen.run()
    assert screen.value("model.kind") == "conv1d"
    assert not screen.notices


def test_a_prompt_is_continued(open_screen):
    screen: Screen = open_screen("text", link_to(language_model()))
    screen.wait(lambda run: "writing" in run.views)
    screen.app.select_slider("temperature").set_value(0.0)
    screen.run().wait(lambda run: (found := run.views.get("writing")) and found.texts[0] == found.texts[1])
    assert not screen.notices


def test_a_link_with_a_path_is_not_followed(open_screen):
    screen: Screen = open_screen("text", {"data.path": "/etc/passwd", "data.num_examples": 60})
    assert "data.path" in screen.notices[0]
    assert screen.value("data.name") == "reviews"


@pytest.mark.parametrize(
    ("experiment", "looks"),
    [
        (over_text(), ("examples", "try", "mistakes", "words")),
        (over_text(model=TRANSFORMER), ("examples", "try", "mistakes", "attention", "words")),
        (over_text("dna", CONVOLUTIONS), ("examples", "try", "mistakes", "motif")),
        (language_model(), ("samples", "words")),
    ],
)
def test_a_network_can_be_looked_at_in_the_ways_that_it_has(experiment, looks):
    assert looks_for(experiment) == looks


def test_what_answers_once_does_not_continue_a_text():
    assert networks(language_model()) == ("rnn", "transformer", "conv1d")
    assert networks(over_text())[:4] == ("mlp", "rnn", "transformer", "conv1d")


def test_a_box_says_its_text_and_nothing_else_is_heard():
    choice = Choice()
    hear(choice, json.dumps({"say": "text", "text": "so fine"}).encode())
    assert choice.text == "so fine"
    too_long = json.dumps({"say": "text", "text": "x" * 5000}).encode()
    for message in (b"[]", b'{"say": "code"}', b'{"say": "text", "text": 3}', too_long):
        with pytest.raises(ValueError, match="text"):
            hear(choice, message)
    assert choice.text == "so fine"
