"""What the panels of the Text screen are given to draw."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nets.training import Training
from nets.views.attention import AttentionView
from nets.views.motifs import MotifsView
from nets.views.token_attribution import TokenAttributionView
from nets.views.words import WordsView
from nets.views.writing import WritingView
from pages.parts import text_payloads as made
from pages.parts.payloads import pace
from tests.nets.experiments import small
from tests.nets.views.text import CONVOLUTIONS, TRANSFORMER, language_model, over_text
from tests.pages.fakes import unpack


def run_of(experiment: Any, **views: Any) -> Any:
    """A run whose views are those of its untrained network."""
    training = Training(experiment)
    shown = {name: view.look(training) for name, view in views.items()}
    return SimpleNamespace(
        experiment=experiment, views=shown, id="r", version=1, frame=None, status="ready", rewound=None
    )


def test_texts_come_with_a_colour_for_each_token_and_what_is_said_of_them():
    run = run_of(over_text(), examples=TokenAttributionView(count=4))
    meta, arrays = unpack(made.texts_payload(run, "examples", pickable=True))
    assert len(meta["items"]) == len(arrays["values"]) == 4
    for item in meta["items"]:
        assert len(item["tokens"]) == len(item["known"]) <= arrays["values"].shape[1]
        assert item["said"] in ("negative", "positive")
        assert (item["tone"] == "right") == (item["truth"] == "")
        assert item["bars"] == []
    assert (meta["less"], meta["more"]) == ("speaks for negative", "speaks for positive")
    assert meta["spaced"]
    assert meta["pickable"]


def test_a_typed_text_has_bars_and_no_truth():
    run = run_of(over_text("names"), typed=TokenAttributionView(text="Zürich"))
    meta, _ = unpack(made.texts_payload(run, "typed", bars=True))
    (item,) = meta["items"]
    assert len(item["bars"]) == 5
    assert (item["truth"], item["tone"], item["index"]) == ("", "", -1)
    assert meta["less"] == "against it"
    assert not meta["spaced"]


def test_what_is_not_there_yet_is_said():
    run = run_of(over_text())
    for payload in (
        made.texts_payload(run, "examples"),
        made.attention_payload(run),
        made.words_payload(run, ""),
        made.motifs_payload(run),
        made.writing_payload(run),
    ):
        assert unpack(payload)[0]["empty"]


def test_attention_words_motifs_and_writing_have_what_is_drawn():
    run = run_of(over_text(model=TRANSFORMER), attention=AttentionView(), words=WordsView(word="the"))
    meta, arrays = unpack(made.attention_payload(run))
    assert arrays["maps"].shape == (2, 2, len(meta["tokens"]), len(meta["tokens"]))
    meta, arrays = unpack(made.words_payload(run, "the"))
    assert meta["word"] == "the"
    assert len(meta["near"]) == 10
    assert arrays["xy"].shape == (len(meta["tokens"]), 2)
    assert (
        "does not have “xyzzy”"
        in unpack(made.words_payload(run_of(over_text(), words=WordsView()), "xyzzy"))[0]["facts"]
    )
    meta, _ = unpack(made.motifs_payload(run_of(over_text("dna", CONVOLUTIONS), motifs=MotifsView())))
    assert [len(item["places"]) for item in meta["items"]] == [6] * 5
    stack = [token["bits"] for token in meta["items"][0]["places"][0]]
    assert stack == sorted(stack)
    meta, _ = unpack(made.writing_payload(run_of(language_model(), writing=WritingView(prompt="The ", length=9))))
    assert [len(piece) for piece in meta["pieces"]] == [9, 9]
    assert 0 < sum(token["share"] for token in meta["next"]) <= 1.0001


@pytest.mark.parametrize("name", ["reviews", "names"])
def test_a_box_belongs_to_its_data(name):
    meta, arrays = unpack(made.typing_payload(run_of(over_text(name)), "so", label="Your text", placeholder=""))
    assert meta["text"] == "so"
    assert name in meta["of"]
    assert not arrays
    assert np.isfinite(meta["most"])


def test_of_texts_the_pace_is_in_tokens():
    training = Training(over_text())
    x = training.parts.train.x
    assert training.batches.tokens == pytest.approx(float((x != 0).sum(dim=1).float().mean()))
    assert Training(small()).batches.tokens == 0
    run = run_of(over_text())
    run.frame = SimpleNamespace(
        step=1, steps_per_second=10.0, tokens_per_step=320.0, device="cpu", parameters=5, tier="eager"
    )
    assert pace(run).startswith("3,200 tokens/s")
    run.frame.tokens_per_step = 0.0
    assert pace(run).startswith("10 steps/s")
