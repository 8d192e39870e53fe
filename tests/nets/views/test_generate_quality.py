"""A judge's verdict on made pictures; the judge itself is sent for."""

import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from nets.objectives.quality import quality
from nets.training import Training
from nets.views import quality as views
from nets.views.quality import QualityView
from tests.nets.views.making import making


def judge() -> nn.Module:
    """A classifier with any weights."""
    torch.manual_seed(0)
    layers = nn.Sequential()
    layers.add_module("flatten", nn.Flatten())
    layers.add_module("hidden", nn.Linear(64, 8))
    layers.add_module("output", nn.Linear(8, 10))
    return layers.eval()


def test_a_judge_says_what_made_pictures_look_like(monkeypatch):
    classifier, training = judge(), Training(making("gan"))
    monkeypatch.setattr(views, "judge_for", lambda _: (classifier, "ready"))
    shown = QualityView(count=50, shown=7).look(training)
    with torch.no_grad():
        made = training.model.get_submodule("generator")(training.objective.latents(50, 0, "cpu"))
        taken = classifier(made).argmax(dim=1).numpy()
    expected = quality(classifier, made, training.inputs(training.parts.test.x[:50]))
    assert shown.frechet == pytest.approx(expected.frechet)
    assert shown.shares is not None
    assert np.allclose(shown.shares, np.bincount(taken, minlength=10) / 50)
    assert shown.present == expected.present
    assert shown.taken is not None
    assert np.array_equal(shown.taken, taken[:7])
    assert 0 < shown.usual < shown.frechet
    assert shown.pictures is not None
    assert shown.pictures.shape == (7, 8, 8)


def test_without_a_judge_the_pictures_are_shown(monkeypatch):
    monkeypatch.setattr(views, "judge_for", lambda _: (None, "learning"))
    shown = QualityView(count=20, shown=5).look(Training(making("vae")))
    assert (shown.state, shown.shares) == ("learning", None)
    assert shown.pictures is not None


@pytest.mark.parametrize(("code", "state"), [(None, "learning"), (1, "failed")])
def test_a_judge_is_sent_for_once(monkeypatch, tmp_path, code, state):
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path))
    sent: list[Any] = []

    def start(command: list[str], **_: Any) -> SimpleNamespace:
        sent.append(command)
        return SimpleNamespace(poll=lambda: code, returncode=code)

    monkeypatch.setattr("subprocess.Popen", start)
    views._learning.cache_clear()
    experiment = making("vae")
    assert views.judge_for(experiment) == views.judge_for(experiment) == (None, state)
    views._learning.cache_clear()
    ((python, _, program, text),) = sent
    assert python == sys.executable
    assert text == experiment.model_dump_json()
    compile(program, "judge", "exec")
