"""The attention concept against PyTorch's own attention and the engine's."""

import numpy as np
import pytest
import torch

from nets.concepts.attention import attend, embedded, evenness, parse_words, random_weights
from nets.modules.attention import Attention

WORDS = ("the", "cat", "saw", "the", "dog")


@pytest.mark.parametrize("scaled", [True, False])
@pytest.mark.parametrize("causal", [True, False])
def test_it_is_pytorch_s_attention(scaled, causal):
    x, weights = embedded(WORDS, 0, positions=True), random_weights(0, 1.5)
    attended = attend(x, weights, scaled=scaled, causal=causal)
    q, k, v = (torch.from_numpy(x) @ torch.from_numpy(weights[name]) for name in "qkv")
    scale = None if scaled else 1.0
    expected = torch.nn.functional.scaled_dot_product_attention(
        q[None], k[None], v[None], is_causal=causal, scale=scale
    )
    assert attended.outputs == pytest.approx(expected[0].numpy(), abs=1e-12)


@pytest.mark.parametrize("causal", [True, False])
def test_its_weights_are_those_of_the_engine_s_module(causal):
    x, weights = embedded(WORDS, 2, positions=False), random_weights(2, 1.0)
    module = Attention(4, 1, causal=causal).double()
    with torch.no_grad():
        for layer, name in ((module.query, "q"), (module.key, "k")):
            layer.weight.copy_(torch.from_numpy(weights[name]).T)
            layer.bias.zero_()
        maps = module.maps(torch.from_numpy(x)[None])[0, 0].numpy()
    assert attend(x, weights, causal=causal).weights == pytest.approx(maps, abs=1e-12)


def test_a_masked_word_sees_none_after_it():
    attended = attend(embedded(WORDS, 0, positions=True), random_weights(0, 1.0), causal=True)
    assert np.isneginf(attended.scores[np.triu_indices(5, 1)]).all()
    assert attended.weights[0].tolist() == [1, 0, 0, 0, 0]
    assert attended.weights.sum(axis=1) == pytest.approx([1] * 5)


def test_positions_tell_two_equal_words_apart():
    without, with_them = embedded(WORDS, 0, positions=False), embedded(WORDS, 0, positions=True)
    assert without[0].tolist() == without[3].tolist()
    assert with_them[0].tolist() != with_them[3].tolist()
    assert without[1].tolist() == embedded(("cat", "purrs"), 0, positions=False)[0].tolist()


def test_dividing_spreads_the_weights():
    x, weights = embedded(WORDS, 0, positions=True), random_weights(0, 2.0)
    narrow = evenness(attend(x, weights, scaled=False).weights)
    wide = evenness(attend(x, weights).weights)
    assert (wide >= narrow - 1e-9).all()
    assert wide.mean() > narrow.mean() + 0.1
    assert evenness(np.array([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]])) == pytest.approx([2, 1])


def test_words_are_small_letters_without_marks():
    assert parse_words(" The cat, (sat)! ") == ("the", "cat", "sat")


@pytest.mark.parametrize(
    ("sentence", "said"),
    [("", "has 0 words"), ("one", "has 1 words"), ("a " * 7, "2 to 6"), ("x " + "y" * 40, "letters")],
)
def test_what_is_no_sentence_is_refused_in_one(sentence, said):
    with pytest.raises(ValueError, match=said):
        parse_words(sentence)
