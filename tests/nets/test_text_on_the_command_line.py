"""``python -m nets train … --set data.kind=text --set data.path=…``: a file on this computer is learnt from."""

import json

import pytest

from nets.__main__ import main
from nets.experiment import parse
from nets.home import VARIABLE
from nets.link import from_query
from nets.recipes import recipes
from nets.runs import checkpoints
from nets.training import Controls, StepDone, Training, fit
from tests.nets.experiments import SMALL, epochs
from tests.nets.on_the_command_line import finished, refusal
from tests.nets.views.text import language_model, over_text

ADAM = {"kind": "adam", "learning_rate": 0.02}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A folder of its own for runs and uploads."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "home"))


@pytest.fixture
def experiment(tmp_path):
    path = tmp_path / "experiment.json"
    settings = {**SMALL, "train": {**SMALL["train"], "optimizer": ADAM, "max_epochs": 4}}  # type: ignore[dict-item]
    path.write_text(json.dumps(settings))
    return str(path)


@pytest.fixture
def texts(tmp_path):
    path = tmp_path / "train.tsv"
    rows = [f"it is {('dull', 'fine')[n % 2]} number {n}\t{n % 2}" for n in range(80)]
    path.write_text("\n".join(rows))
    return path


def test_a_file_of_sentences_and_labels_is_learnt_from(capsys, experiment, texts):
    metrics = finished(capsys, experiment, "--set", "data.kind=text", "--set", f"data.path={texts}")
    assert metrics["test_accuracy"] > 0.9


def test_a_long_text_is_learnt_from_too(capsys, experiment, tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("to be or not to be\n" * 60)
    chosen = ["data.name=own_corpus", f"data.path={path}", "model.kind=rnn", "train.batch_size=64"]
    metrics = finished(capsys, experiment, *(word for one in chosen for word in ("--set", one)))
    assert metrics["test_bits"] < metrics["test_perplexity"]


def test_a_file_that_is_none_and_a_kind_that_is_none_are_refused(capsys, experiment, tmp_path):
    assert "no such file" in refusal(capsys, experiment, "--set", "data.kind=text", "--set", "data.path=/nowhere.tsv")
    (tmp_path / "one.csv").write_text("just\nsome\nwords\n")
    said = refusal(capsys, experiment, "--set", "data.kind=text", "--set", f"data.path={tmp_path / 'one.csv'}")
    assert said.startswith("data.path: The file has one column")
    assert "choose from" in refusal(capsys, experiment, "--set", "data.kind=sound")


def test_word_vectors_begin_the_embedding_and_their_words_are_counted(capsys, experiment, tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text("the 1 2 3\nwas 4 5 6\n")
    chosen = ["data.name=reviews", f"data.vectors.path={path}", "model.embedding_dim=3", "train.max_epochs=1"]
    arguments = [word for one in chosen for word in ("--set", one)]
    assert main(["train", experiment, *arguments, "--json"]) == 0
    assert "Word vectors: 2 of 97 words have one; 95 are missing" in capsys.readouterr().err
    said = refusal(capsys, experiment, *arguments, "--set", "model.embedding_dim=4")
    assert said.startswith("model.embedding_dim: is 4, and the word vectors have 3 numbers; take 3")


def test_a_link_never_opens_a_path():
    default = recipes().get("reviews-bag-of-words").experiment
    for path in ("data.path", "data.vectors.path", "data.test_path"):
        experiment, notices = from_query({path: "/etc/passwd"}, default)
        assert experiment == default
        assert len(notices) == 1


@pytest.mark.parametrize(
    "experiment",
    [
        over_text(model={"kind": "rnn", "cell": "gru", "hidden_size": 4, "dropout": 0.3, "embedding_dim": 4}),
        language_model({"kind": "transformer", "d_model": 8, "num_heads": 2, "dropout": 0.2, "causal": True}),
    ],
    ids=["texts", "language-model"],
)
def test_what_was_stored_goes_on_bit_for_bit(experiment, tmp_path):
    experiment = parse({**experiment.model_dump(mode="json"), "train": {"optimizer": ADAM, "max_epochs": 3}})
    training, steps = Training(experiment), 0
    for event in training.events(Controls()):
        steps += isinstance(event, StepDone)
        if steps == 4:
            break
    kept = checkpoints.save(training, tmp_path)
    resumed, whole = epochs(checkpoints.load(kept.path).events(Controls())), epochs(fit(experiment))
    assert resumed[-1].metrics == whole[-1].metrics
