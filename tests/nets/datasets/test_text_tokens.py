"""Texts as numbers: tokens, vocabularies, rows of ids, windows of a stream."""

import numpy as np
import pytest
import torch

from nets.datasets.text.names import LANGUAGES, Names
from nets.datasets.text.reviews import Reviews
from nets.datasets.text.tokens import encoded, fitted_vocabulary, smallest_integer, tokenized, windows
from nets.datasets.text.topics import Topics
from nets.problems import InvalidExperiment
from nets.training import Training
from nets.training.parts import in_buckets
from tests.nets.experiments import problems_of
from tests.nets.views.text import FEW, over_text


def test_words_keep_their_apostrophes_and_signs_stand_alone():
    assert tokenized("Don't stop, it's GOOD!", "word", True) == ["don't", "stop", ",", "it's", "good", "!"]
    assert tokenized("Ab c", "character", False) == ["A", "b", " ", "c"]


def test_a_vocabulary_has_the_most_frequent_first_and_leaves_the_rare_out():
    texts = [["b", "a", "a"], ["c", "a", "b", "d"]]
    assert fitted_vocabulary(texts, 10, 1) == ("a", "b", "c", "d")
    assert fitted_vocabulary(texts, 10, 2) == ("a", "b")
    assert fitted_vocabulary(texts, 1, 1) == ("a",)


def test_rows_are_cut_and_filled_up_at_their_end():
    rows = encoded([["a", "b", "?"], ["b"], [], ["a"] * 9], ("a", "b"), 4)
    assert rows.tolist() == [[2, 3, 1, 0], [3, 0, 0, 0], [1, 0, 0, 0], [2, 2, 2, 2]]
    assert rows.dtype == np.uint8


@pytest.mark.parametrize(("count", "kind"), [(256, np.uint8), (257, np.int16), (2**15 + 1, np.int32)])
def test_ids_are_the_smallest_integers_that_take_them(count, kind):
    assert smallest_integer(count) is kind


def test_windows_follow_each_other_and_every_step_is_told_the_next():
    x, y = windows(np.arange(8, dtype=np.uint8), 3)
    assert x.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert y.tolist() == [[1, 2, 3], [4, 5, 6]]


def test_the_vocabulary_knows_nothing_of_the_test_part():
    config = Reviews.model_validate({"num_examples": 40, "train_share": 0.1})
    train, _, test, _ = config.texts(3)
    known = set(config.vocabulary(3))
    assert known == {token for text in train for token in tokenized(text, "word", True)}
    unseen = [token for text in test for token in tokenized(text, "word", True) if token not in known]
    assert unseen
    assert (config.load(3).test_x == 1).sum() == len(unseen)


def test_the_vocabulary_of_a_stream_knows_nothing_of_its_end():
    config = Topics.model_validate({"level": "word", "length": 4000, "seq_len": 10, "train_share": 0.3})
    split = config.load(1)
    assert len(set(np.unique(split.train_x)) - {0, 1}) == len(config.vocabulary(1))
    assert (split.test_x == 1).any()
    assert not (split.train_x == 1).any()


def test_a_network_has_room_for_every_token():
    for name in FEW:
        experiment = over_text(name) if name != "topics" else over_text(name, {"kind": "rnn", "readout": "every_step"})
        assert len(experiment.data.vocabulary(0)) + 2 <= experiment.data.info().vocab_size


def test_negation_and_contrast_decide_a_review():
    train, labels, _, _ = Reviews.model_validate({"num_examples": 1000}).texts(0)
    plain = [
        (text, label)
        for text, label in zip(train, labels, strict=True)
        if "but the" in text and " not " not in text and " never " not in text and "hardly" not in text
    ]
    praise = {"good", "great", "wonderful", "superb", "lovely", "excellent"}
    told = [(text, label) for text, label in plain if praise & set(text.partition("but the")[2].split())]
    assert told
    assert all(label == 1 for _, label in told)
    assert 0.35 < labels.mean() < 0.65


def test_names_are_in_fifteen_languages_and_no_name_in_two():
    train, labels, test, others = Names.model_validate({"per_language": 5000}).texts(0)
    assert len(LANGUAGES) == len(set(labels) | set(others)) == 15
    assert len(train) + len(test) > 8000
    assert len({name.lower() for name in (*train, *test)}) >= len(train) + len(test) - 200


def test_a_text_that_is_too_short_for_its_rows_is_refused_when_it_is_cut():
    with pytest.raises(InvalidExperiment, match="too few for a row of 1000"):
        Topics.model_validate({"length": 2000, "seq_len": 1000}).load(0)


def test_what_is_no_motif_is_refused():
    data = {"kind": "text", "name": "dna", "motif": "TGAX"}
    assert "all of them A, C, G or T" in problems_of({"data": data, "model": {"kind": "conv1d"}})["data.motif"]


def test_texts_of_about_the_same_length_share_a_batch_and_none_is_lost():
    generator = torch.Generator().manual_seed(1)
    lengths = torch.randint(1, 30, (203,), generator=generator)
    order = in_buckets(torch.randperm(203, generator=generator), lengths, 10, generator)
    assert sorted(order.tolist()) == list(range(203))
    spreads = [int(lengths[batch].max() - lengths[batch].min()) for batch in order[:200].split(10)]
    assert max(spreads) <= 4
    shortest = [int(lengths[batch].min()) for batch in order[:200].split(10)]
    assert shortest != sorted(shortest)


def test_a_batch_is_as_long_as_its_longest_text_and_padding_changes_nothing():
    training = Training(over_text())
    x = training.parts.test.x[:4]
    longest = int((x != 0).sum(dim=1).max())
    more = torch.nn.functional.pad(x, (0, 5))
    assert training.model.shortest(more).shape == (4, longest)  # type: ignore[operator]
    assert torch.equal(training.model(x), training.model(more))
