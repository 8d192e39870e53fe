"""Whatever a view of pictures looks at, it leaves as it was, and what it shows can be drawn and sent."""

import dataclasses
import pickle
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nets.training import Controls, Training
from nets.views import VIEWS
from tests.nets.experiments import exhaust, history, pictures, small
from tests.nets.views.vision import COLOUR, GREY, KINDS, VISION, on_pictures, spoil, state

ROOT = Path(__file__).resolve().parents[3]
MOST_BYTES = {"predictions": 120_000}


@pytest.fixture(scope="module", params=[(kind, data) for data in ("grey", "colour") for kind in KINDS], ids="-".join)
def trained_network(request) -> Training:
    kind, data = request.param
    training = Training(on_pictures(kind, GREY if data == "grey" else COLOUR))
    exhaust(training.events(Controls()))
    return training


def values_of(shown: Any) -> Iterator[Any]:
    """All that a view's dataclass holds, dataclasses and tuples inside it opened."""
    if dataclasses.is_dataclass(shown):
        for field in dataclasses.fields(shown):
            yield from values_of(getattr(shown, field.name))
    elif isinstance(shown, tuple):
        for part in shown:
            yield from values_of(part)
    else:
        yield shown


def fingerprint(shown: Any) -> list[Any]:
    return [value.tobytes() if isinstance(value, np.ndarray) else value for value in values_of(shown)]


def assert_can_be_drawn(shown: Any) -> None:
    for value in values_of(shown):
        assert value is None or isinstance(value, np.ndarray | str | int | float | bool), type(value)
        if isinstance(value, np.ndarray | float):
            assert np.isfinite(value).all()


@pytest.mark.parametrize("name", VISION)
def test_looking_leaves_no_trace(name, trained_network):
    view, before = VIEWS.get(name)(), state(trained_network)
    first, second = view.look(trained_network), view.look(trained_network)
    assert state(trained_network) == before
    assert fingerprint(first) == fingerprint(second)


@pytest.mark.parametrize("name", VISION)
def test_what_is_shown_can_be_drawn_and_sent(name, trained_network):
    shown = VIEWS.get(name)().look(trained_network)
    assert_can_be_drawn(shown)
    sent = pickle.dumps(shown)
    assert len(sent) < MOST_BYTES.get(name, 82_000)
    assert fingerprint(pickle.loads(sent)) == fingerprint(shown)


@lru_cache(maxsize=1)
def spoiled(kind: str, weight: float) -> Training:
    training = Training(on_pictures(kind, GREY))
    spoil(training, weight)
    return training


@pytest.mark.parametrize("name", VISION)  # on top, so that one network after the other is looked at in every way
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("weight", [float("nan"), float("inf"), 1e38])
def test_broken_weights_can_be_looked_at(name, kind, weight):
    assert_can_be_drawn(VIEWS.get(name)().look(spoiled(kind, weight)))


@pytest.mark.parametrize("model", [{"model.dropout": 0.3}, {"model.kind": "mlp", "model.hidden_sizes": [12]}])
def test_a_run_looked_at_equals_one_that_is_not(model):
    experiment = pictures(model)
    views = [VIEWS.get(name)() for name in VISION]
    watched = Training(experiment)

    def watching() -> Iterator[Any]:
        for place, event in enumerate(watched.events(Controls())):
            views[place % len(views)].look(watched)
            yield event

    assert history(watching()) == history(Training(experiment).events(Controls()))


@pytest.mark.parametrize("name", VISION)
def test_a_paused_training_can_be_looked_at_between_steps(name):
    training = Training(pictures())
    events = training.events(Controls(paused=True))
    next(events)
    before = state(training)
    assert_can_be_drawn(VIEWS.get(name)().look(training))
    assert state(training) == before


@pytest.mark.parametrize("name", [name for name in VISION if "subject" in VIEWS.get(name).model_fields])
def test_points_are_no_pictures(name):
    with pytest.raises(ValueError, match="these data are no pictures"):
        VIEWS.get(name)().look(Training(small()))


LOOK_AFTER_PREPARING = """
import sys
from nets.training import Training
from nets.views import VIEWS
from nets.views.embedding import EmbeddingView
from tests.nets.views.vision import GREY, VISION, on_pictures

training = Training(on_pictures("cnn", GREY))
views = [VIEWS.get(name)() for name in VISION] + [EmbeddingView(method="tsne")]
for view in views:
    view.prepare()
packages = {name.partition(".")[0] for name in sys.modules}
for view in views:
    view.look(training)
print(*sorted({name.partition(".")[0] for name in sys.modules} - packages))
"""


def test_a_view_that_is_prepared_imports_no_other_package_while_it_looks():
    done = subprocess.run(
        [sys.executable, "-c", LOOK_AFTER_PREPARING], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
