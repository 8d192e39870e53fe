"""Drivers: columns of a series that are seen and not told ahead."""

import io
from typing import Any

import numpy as np
import pytest
import torch

from nets.commands.files import with_files
from nets.datasets.series.own import OwnSeriesConfig, keep_series
from nets.datasets.series.own_reading import read_series
from nets.experiment import parse
from nets.problems import InvalidExperiment
from nets.training import Training
from nets.views.forecast import ForecastView
from nets.views.horizons import HorizonsView
from nets.views.memory import MemoryView
from tests.nets.experiments import problems_of

ROWS = 60
GONE = 50
"""The row without rain."""
HEAD = "demand,price,rain"


def own_file(gap: bool = False) -> bytes:
    """Three columns: each demand is twice the rain of the row before."""
    rain = [n * n % 11 for n in range(ROWS)]
    rows = (f"{2 * rain[n - 1]},{n % 3},{'' if gap and n == GONE else rain[n]}" for n in range(ROWS))
    return "\n".join([HEAD, *rows]).encode()


def experiment(gap: bool = False, **data: Any) -> Any:
    own = read_series(io.BytesIO(own_file(gap)))
    keep_series(own)
    given = {"kind": "series", "name": "own_series", "upload": own.digest, "window": 2, "scaling": "none", **data}
    return parse({"data": given, "model": {"kind": "mlp"}})


def knowing(training: Training, horizon: int = 1) -> Training:
    """A network that says of the next demand twice the last rain, and of those behind it nothing."""
    linear = torch.nn.Linear(4, horizon)
    with torch.no_grad():
        linear.weight.zero_()[0, 3] = 2
        linear.bias.zero_()
    training.model = torch.nn.Sequential(torch.nn.Flatten(), linear)
    return training


def test_drivers_are_seen_and_not_asked_for():
    data = experiment(columns=["demand"], drivers=["rain"], horizon=3).data
    info, split = data.info(), data.load(0)
    assert (info.input_shape, info.num_targets, info.input_names) == ((2, 2), 3, ("demand", "rain"))
    assert split.train_x.shape[1:] == (2, 2)
    assert split.train_y[0].tolist() == split.preparation.values[2:5, 0].tolist()
    assert np.allclose(split.train_y[:, 0], 2 * split.train_x[:, -1, 1])


@pytest.mark.parametrize("horizon", [1, 3])
def test_a_free_run_is_given_the_drivers_as_they_were(horizon):
    data = {"columns": ["demand"], "drivers": ["rain"], "horizon": horizon}
    training = knowing(Training(experiment(**data)), horizon)
    shown = ForecastView(before=10, after=ROWS).look(training)
    known = slice(0, None, horizon)  # what it says of steps further ahead is 0
    assert np.allclose(shown.free[known], shown.truth[shown.origin - shown.start :][known])
    assert np.allclose(shown.one_step, shown.truth)
    assert HorizonsView(steps=5).look(training).network[known] == pytest.approx(0)
    assert MemoryView().look(training).truth.shape == (horizon,)


def test_a_free_run_ends_where_a_driver_is_missing():
    training = knowing(Training(experiment(gap=True, columns=["demand"], drivers=["rain"], gaps="leave_out")))
    shown = ForecastView(before=10, after=ROWS).look(training)
    assert shown.origin + len(shown.free) - 1 == GONE  # the last it can tell: one step behind what it knows
    assert np.allclose(shown.free, shown.truth[shown.origin - shown.start :][: len(shown.free)])
    assert np.isfinite(HorizonsView(steps=3).look(training).network).all()


def test_a_column_can_not_be_both_and_must_be_there():
    both = {"kind": "series", "name": "own_series", "columns": ["demand"], "drivers": ["rain", "demand"]}
    assert "demand is told ahead already" in problems_of({"data": both, "model": {"kind": "rnn"}})["data.drivers"]
    with pytest.raises(InvalidExperiment) as caught:
        experiment(columns=["demand"], drivers=["snow"]).data.load(0)
    assert str(caught.value.problems[0].path) == "data.drivers"
    assert "there is no snow; choose from demand, price, rain" in str(caught.value)


@pytest.mark.parametrize(
    ("said", "told", "drivers"),
    [
        ({"driver": "price, rain"}, ("demand",), ("price", "rain")),
        ({"driver": "demand"}, ("price",), ("demand",)),
        ({"columns": ["rain"], "drivers": ["price"]}, ("rain",), ("price",)),
        ({"column": "rain"}, ("rain",), ()),
    ],
)
def test_the_command_line_takes_drivers(tmp_path, said, told, drivers):
    file = tmp_path / "demand.csv"
    file.write_bytes(own_file())
    found = parse(with_files({"data": {"kind": "series", "path": str(file), **said}, "model": {"kind": "rnn"}})).data
    assert isinstance(found, OwnSeriesConfig)
    assert (found.columns, found.drivers) == (told, drivers)
