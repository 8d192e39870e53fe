"""Series: how they are cut, split and scaled, and what becomes of somebody's own file."""

import io
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from nets.commands.files import with_files
from nets.datasets.lines import BadText
from nets.datasets.series.first_symbol import FirstSymbol
from nets.datasets.series.mackey_glass import MackeyGlass
from nets.datasets.series.own import OwnSeriesConfig, filled, keep_series, kept_names, sampled
from nets.datasets.series.own_reading import OwnSeries, read_series
from nets.datasets.series.random_walk import RandomWalk
from nets.datasets.series.seasonal import Seasonal
from nets.datasets.series.sines import Sines
from nets.datasets.series.windows import season_of
from nets.experiment import parse
from nets.problems import InvalidExperiment
from nets.training import Training
from tests.nets.experiments import problems_of

ROWS = [f"{datetime(2020, 1, 1) + timedelta(days=n)},{n * 0.5},{'' if n % 9 == 4 else n % 5}" for n in range(60)]
GOOD = "\n".join(["time,level,rain", *ROWS]).encode()
LARGE = b"a,b\n" + b"1,2\n" * 50_000


def read(content: bytes, **bounds: Any) -> OwnSeries:
    return read_series(io.BytesIO(content), **bounds)


def test_windows_ask_for_what_follows_them_and_the_parts_keep_to_the_order_of_time():
    config = Sines(num_steps=100, window=7, horizon=3, stride=2, train_share=0.6, scaling="none")
    values, split = config.values(5)[:, 0].astype(np.float32), config.load(5)
    for x, y, first, end in ((split.train_x, split.train_y, 0, 60), (split.test_x, split.test_y, 53, 100)):
        starts = range(first, end - 9, 2)
        assert len(x) == len(starts)
        for place, start in enumerate(starts):
            assert np.array_equal(x[place, :, 0], values[start : start + 7])
            assert np.array_equal(y[place], values[start + 7 : start + 10])
    assert split.preparation.border == 60


@pytest.mark.parametrize("scaling", ["standard", "minmax"])
def test_scaling_knows_the_training_part_alone(scaling):
    config = RandomWalk(num_steps=300, drift=1.0, scaling=scaling, window=1)
    record = config.load(0).preparation
    train = record.values[: record.border]
    found = (train.mean(), train.std()) if scaling == "standard" else (train.min(), train.max())
    assert np.allclose(found, (0, 1), atol=1e-5)
    assert record.values[record.border :].mean() > 1
    assert np.allclose(record.values * record.spread + record.mean, config.values(0), atol=1e-3)


def test_what_is_held_out_to_stop_by_is_the_end_of_the_training_part():
    data = {"kind": "series", "name": "sines", "num_steps": 100, "window": 5}
    train = {"early_stopping": {"validation_share": 0.2}, "max_epochs": 1}
    training = Training(parse({"data": data, "model": {"kind": "mlp"}, "train": train}))
    assert training.parts.valid is not None
    held_out, whole = training.parts.valid.x.numpy(), training.split.train_x
    assert len(held_out) == round(len(whole) * 0.2)
    assert np.array_equal(np.sort(held_out.ravel()), np.sort(whole[-len(held_out) :].ravel()))


def test_a_season_is_found_where_there_is_one():
    assert season_of(Seasonal(period=24, noise=0.1).values(0)[:, 0]) == 24
    assert season_of(np.random.default_rng(0).normal(size=300)) == 0
    assert season_of(np.ones(100)) == 0


def test_blood_cells_swing_between_their_known_bounds():
    values = MackeyGlass(num_steps=600).values(1)[:, 0]
    assert 0.2 < values.min() < 0.5
    assert 1.2 < values.max() < 1.4


def test_the_class_is_the_first_symbol():
    split = FirstSymbol(num_examples=50, length=9, num_symbols=5).load(2)
    assert np.array_equal(split.train_x[:, 0].argmax(axis=1), split.train_y)
    assert (split.train_x.sum(axis=2) == 1).all()


def test_a_window_longer_than_the_series_is_refused():
    series = {"kind": "series", "name": "sines", "num_steps": 60, "window": 50}
    found = problems_of({"data": series, "model": {"kind": "rnn"}})
    assert "take more steps or a shorter window" in found["data.window"]


def test_columns_of_numbers_are_read_and_all_else_is_reported():
    own = read(GOOD)
    assert own.names == ("level", "rain")
    assert own.values.shape == (60, 2)
    assert own.gaps() == (0, 7)
    assert own.remarks == ("No numbers, so left out: time.",)
    backwards = read("\n".join(["day,level", *(f"2020-01-{30 - n:02},{n}" for n in range(30))]).encode())
    assert backwards.values[:, 0].tolist() == list(range(29, -1, -1))
    assert "turned around" in backwards.remarks[1]


@pytest.mark.parametrize(
    ("content", "names", "gaps"),
    [
        ("\n".join(map(str, range(40))).encode(), ("column 1",), (0,)),
        (("zeit;größe\n" + "\n".join(f"{n};{n},5" for n in range(40))).encode("cp1252"), ("zeit", "größe"), (0, 0)),
        (GOOD.decode().encode("utf-16"), ("level", "rain"), (0, 7)),
        (b"a,a,\n" + b"1,2,3\n" * 30, ("a", "a 2", "column 3"), (0, 0, 0)),
        (b"a\tb\n" + b"1\tNaN\n2\tinf\n3\t4\n" * 12, ("a", "b"), (0, 24)),
        (b"a,b\n" + b"1,2,3\n1\n" * 20, ("a", "b"), (0, 20)),
        (b'"a","b"\n' + b'"1","2"\n' * 30, ("a", "b"), (0, 0)),
    ],
    ids=["one-column", "decimal-commas", "utf-16", "same-names", "no-numbers", "ragged", "quotes"],
)
def test_files_of_many_kinds_are_read(content, names, gaps):
    own = read(content)
    assert (own.names, own.gaps()) == (names, gaps)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n \n", "empty"),
        (bytes(range(256)) * 40, "no text file"),
        (b"PK\x03\x04" + b"x" * 100, "zip or an Excel"),
        (b"a,b\n" + b"x,y\n" * 50, "No column holds numbers"),
        (b"a\n1\n2\n", "2 rows"),
        (b"1," * 60_000, "more than 100,000 bytes"),
        (b",".join(b"1" for _ in range(300)) + b"\n", "300 columns"),
        (LARGE, "at most so much is read"),
        (b"1\n" * 200_002, "200,000 rows"),
    ],
    ids=["empty", "blank", "bytes", "zip", "words", "short", "one-line", "wide", "large", "long"],
)
def test_files_that_are_no_series_are_refused_with_a_sentence(content, words):
    with pytest.raises(BadText, match=words):
        read(content, **({"most_bytes": 70_000} if content is LARGE else {}))


def test_gaps_are_filled_or_their_windows_left_out():
    values = np.array([[np.nan], [1.0], [np.nan], [3.0], [np.nan]])
    assert filled(values)[:, 0].tolist() == [1, 1, 2, 3, 3]
    assert sampled(np.array([[1.0], [3.0], [np.nan], [5.0], [7.0]]), 2)[:, 0].tolist() == [2, 5]
    own = read(GOOD)
    keep_series(own)
    whole = OwnSeriesConfig(upload=own.digest, columns=("rain",), window=3)
    holes = OwnSeriesConfig(upload=own.digest, columns=("rain",), window=3, gaps="leave_out")
    assert kept_names(own.digest) == ("level", "rain")
    assert len(whole.load(0).train_x) > len(holes.load(0).train_x) > 0


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        ({"upload": ""}, "data.upload", "upload a CSV file"),
        ({"upload": "0" * 64}, "data.upload", "not on this machine"),
        ({"columns": ["snow"]}, "data.columns", "choose from level, rain"),
        ({"every": 20}, "data.window", "take a shorter window"),
    ],
)
def test_what_an_upload_does_not_have_is_named(changes, path, words):
    own = read(GOOD)
    keep_series(own)
    config = OwnSeriesConfig.model_validate({"upload": own.digest, "columns": ["rain"], **changes})
    with pytest.raises(InvalidExperiment) as caught:
        config.load(0)
    assert caught.value.problems[0].path == path
    assert words in caught.value.problems[0].message


def test_the_command_line_takes_a_file(tmp_path):
    file = tmp_path / "weather.csv"
    file.write_bytes(GOOD)
    given = {
        "data": {"kind": "series", "path": str(file), "column": "rain, level", "window": 4},
        "model": {"kind": "rnn"},
    }
    experiment = parse(with_files(given))
    assert isinstance(experiment.data, OwnSeriesConfig)
    assert experiment.data.columns == ("rain", "level")
    assert experiment.data.window == 4
    assert experiment.data.load(0).train_x.shape[1:] == (4, 2)
    with pytest.raises(InvalidExperiment, match="can't be read"):
        with_files({"data": {"kind": "series", "path": str(tmp_path / "none.csv")}})
