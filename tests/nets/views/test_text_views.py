"""What views of texts show is what the network does with them."""

import numpy as np
import pytest
import torch

from nets.experiment import Experiment
from nets.modules.sequences import SequenceNetwork
from nets.training import Training
from nets.views.attention import AttentionView
from nets.views.motifs import MotifsView
from nets.views.token_attribution import TokenAttributionView
from nets.views.words import WordsView
from nets.views.writing import WritingView
from tests.nets.experiments import small, trained
from tests.nets.views.text import CONVOLUTIONS, TRANSFORMER, language_model, over_text


def network(training: Training) -> SequenceNetwork:
    assert isinstance(training.model, SequenceNetwork)
    return training.model


def words_with_a_side() -> Experiment:
    """A bag of words without hidden layers: what a word speaks for is its weight alone."""
    return over_text(model={"kind": "mlp", "hidden_sizes": [], "embedding_dim": 4}, data={"max_length": 30})


def test_of_a_linear_network_a_token_speaks_for_what_its_embedding_gives():
    training = Training(words_with_a_side())
    shown = TokenAttributionView(count=3).look(training)
    model = network(training)
    with torch.no_grad():
        each = model.output(model.embedded(training.parts.test.x[:3]))[..., 0] - model.output.bias
    expected = each.numpy()[:, : shown.values.shape[1]]
    expected = expected / np.abs(expected).max(axis=1, keepdims=True)
    lengths = [len(tokens) for tokens in shown.tokens]
    for row, length in enumerate(lengths):
        assert shown.values[row, :length] == pytest.approx(expected[row, :length], abs=1e-4)
        assert not shown.values[row, length:].any()


def test_a_typed_text_is_read_as_the_test_texts_are():
    training = Training(words_with_a_side())
    first = TokenAttributionView(count=1).look(training)
    text = " ".join(first.tokens[0])
    again = TokenAttributionView(text=text).look(training)
    assert again.tokens == first.tokens
    assert again.top_shares == pytest.approx(first.top_shares, abs=1e-6)
    assert again.indices.tolist() == again.actual.tolist() == [-1]
    unknown = TokenAttributionView(text="xyzzy " + text).look(training)
    assert unknown.known[0][0] is False


def test_only_the_wrong_ones_are_wrong_and_the_hardest_come_first():
    training = Training(over_text("names"))
    wrong = TokenAttributionView(order="wrong").look(training)
    assert (wrong.top_classes[:, 0] != wrong.actual).all()
    first = TokenAttributionView(order="hardest", count=1).look(training)
    part = training.parts.test
    with torch.no_grad():
        shares = training.objective.shares(training.predict(part.x))
    assert first.indices[0] == shares[torch.arange(len(part)), part.labels].argmin()
    of_cell = TokenAttributionView(actual=3).look(training)
    assert set(of_cell.actual) <= {3}


def test_attention_is_what_the_network_attends_to():
    training = Training(over_text(model=TRANSFORMER))
    shown = AttentionView(index=2).look(training)
    assert shown.maps.shape == (2, 2, len(shown.tokens), len(shown.tokens))
    assert shown.maps.sum(axis=3) / 255 == pytest.approx(1, abs=0.05)
    with pytest.raises(ValueError, match="attends to nothing"):
        AttentionView().look(Training(over_text()))
    with pytest.raises(ValueError, match="no test text 99"):
        AttentionView(index=99).look(training)


def test_a_causal_network_attends_to_nothing_that_follows():
    training = Training(language_model({**TRANSFORMER, "causal": True}))
    maps = AttentionView().look(training).maps
    assert not np.triu(maps, 1).any()


def test_the_nearest_words_are_those_whose_embeddings_point_alike():
    training = Training(over_text())
    weight = network(training).embedding.weight  # type: ignore[union-attr]
    words = training.experiment.data.vocabulary(0)
    with torch.no_grad():
        weight[words.index("was") + 2] = 2 * weight[words.index("the") + 2]  # type: ignore[index,operator]
    shown = WordsView(word="The").look(training)
    assert (shown.word, shown.neighbours[0]) == ("the", "was")
    assert shown.similarity[0] == pytest.approx(1)
    assert WordsView(word="xyzzy").look(training).word == ""


def test_a_filter_becomes_the_planted_motif():
    learning = {"optimizer": {"kind": "adam", "learning_rate": 0.02}, "max_epochs": 6, "batch_size": 32}
    data = {"num_examples": 600, "mutation": 0.0, "max_length": 40, "motif": "TGACGTCA"}
    training = trained(over_text("dna", {**CONVOLUTIONS, "channels": [6], "kernel": 8}, data, **learning))
    shown = MotifsView(count=2).look(training)
    spelled = "".join(shown.tokens[place] for place in shown.shares[0].argmax(axis=1))
    assert any(spelled.find("TGACGTCA"[start : start + 5]) >= 0 for start in range(4))
    assert shown.bits[0].max() > 1


def test_the_coldest_text_is_the_likeliest_token_at_each_step():
    training = Training(language_model())
    shown = WritingView(prompt="the ", temperature=0, length=6, count=1).look(training)
    words = training.experiment.data.vocabulary(0)
    ids = [words.index(letter) + 2 for letter in "the "]
    for letter in shown.texts[0]:
        with torch.no_grad():
            scores = network(training)(torch.tensor([ids]))[0, -1, 2 : len(words) + 2]
        assert words[scores.argmax()] == letter
        ids.append(words.index(letter) + 2)


def test_the_same_draws_write_the_same_and_others_write_otherwise():
    training = Training(language_model())
    one, again, other = (WritingView(draw=draw, temperature=1, length=30).look(training).texts for draw in (0, 0, 1))
    assert one == again != other
    assert len(one[0]) == 30
    assert WritingView(top_k=1, temperature=1).look(training).texts == WritingView(temperature=0).look(training).texts


def test_what_has_no_tokens_is_refused_in_a_sentence():
    training = Training(small())
    for view in (TokenAttributionView(), AttentionView(), WordsView(), MotifsView(), WritingView()):
        with pytest.raises(ValueError, match=r"\w+ \w+"):
            view.look(training)
