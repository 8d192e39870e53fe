"""Runs side by side, without Streamlit: folding, smoothing, telling apart, finding the best."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nets.runs.store import Store, StoredRun
from pages.parts import comparison, run_groups
from pages.parts.comparison import Line
from pages.parts.payloads import number
from tests.pages.fakes import unpack
from tests.pages.kept import keep, stored

RATE = "train.optimizer.learning_rate"


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path)


def kept(store: Store, *changes: dict) -> list[StoredRun]:
    return [stored(store, keep(store, change)) for change in changes]


# Groups and labels


def test_runs_that_differ_in_their_seed_alone_are_folded(store):
    seeds = [{"train.seed": seed} for seed in (0, 1, 2)]
    runs = kept(store, seeds[0], {**seeds[0], RATE: 0.5}, *seeds[1:])
    groups = run_groups.grouped(runs, fold=True)
    assert [[run.seed for run in group.runs] for group in groups] == [[0, 1, 2], [0]]
    assert groups[0].label.endswith("× 3 seeds")
    assert [group.is_folded for group in groups] == [True, False]


def test_a_name_is_no_difference_when_seeds_are_folded(store):
    runs = kept(store, {"name": "a", "train.seed": 1}, {"name": "b", "train.seed": 2})
    assert len(run_groups.grouped(runs, fold=True)) == 1


def test_nothing_is_folded_unless_asked_for(store):
    runs = kept(store, {}, {"train.seed": 1})
    assert [len(group.runs) for group in run_groups.grouped(runs, fold=False)] == [1, 1]


def test_the_same_run_is_called_by_its_name_or_its_data_and_architecture(store):
    assert run_groups.labels(kept(store, {}, {"name": "mine"})) == ["circle · mlp", "mine"]


def test_labels_say_what_tells_runs_of_one_title_apart(store):
    runs = kept(store, {}, {RATE: 0.5}, {"name": "mine"})
    assert run_groups.labels(runs) == ["circle · mlp (learning rate 0.1)", "circle · mlp (learning rate 0.5)", "mine"]


def test_labels_of_equal_runs_differ_by_id(store):
    runs = kept(store, {}, {})
    assert run_groups.labels(runs) == [run.id[-4:] for run in runs]


def test_labels_of_runs_of_one_title_leave_it_out(store):
    runs = kept(store, {"train.seed": 3}, {RATE: 0.5})
    assert run_groups.labels(runs) == ["learning rate 0.1, seed 3", "learning rate 0.5, seed 0"]
    folded = kept(store, {"train.seed": 3}, {"train.seed": 4}, {RATE: 0.5})
    assert [group.label for group in run_groups.grouped(folded, fold=True)] == [
        "learning rate 0.1 × 2 seeds",
        "learning rate 0.5",
    ]


def test_labels_are_never_the_same(store):
    runs = kept(store, *({"train.seed": seed % 3, RATE: 0.1 + seed % 2, "name": "x" * (seed % 2)} for seed in range(9)))
    assert len(set(run_groups.labels(runs))) == len(runs)


# Curves


def test_columns_keep_gaps_and_the_ends():
    rows = [
        {"epoch": epoch, "train_loss": float(epoch)} | ({"test_loss": None} if epoch else {}) for epoch in range(50)
    ]
    columns = comparison.columns_of(rows, limit=7)
    assert len(columns["epoch"]) == 7
    assert (columns["epoch"][0], columns["epoch"][-1]) == (0, 49)
    assert np.isnan(columns["test_loss"]).all()


def test_metrics_are_told_from_places():
    table = {name: np.zeros(1) for name in ("epoch", "step", "seconds", "test_r2", "train_loss", "valid_loss")}
    assert comparison.metrics_in([table]) == ["loss", "r2"]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), st.floats(0.01, 0.99))
def test_smoothing_stays_within_what_was_measured(values, weight):
    result = comparison.smoothed(np.array(values), weight)
    assert result[0] == pytest.approx(values[0])
    slack = 1e-6 * (1 + max(map(abs, values)))
    assert min(values) - slack <= result.min() <= result.max() <= max(values) + slack


def test_smoothing_is_the_corrected_moving_average_and_leaves_gaps():
    result = comparison.smoothed(np.array([1.0, math.nan, 3.0]), 0.5)
    assert result[0] == 1
    assert math.isnan(result[1])
    assert result[2] == pytest.approx((0.25 * 1 + 0.5 * 3) / 0.75)
    values = np.array([1.0, 5.0])
    assert comparison.smoothed(values, 0.0) is values


def test_folded_curves_are_mean_and_deviation_on_a_common_grid(store):
    runs = kept(store, {"train.seed": 1}, {"train.seed": 2})
    tables = {
        runs[0].id: {"epoch": np.array([0.0, 2.0]), "test_loss": np.array([1.0, 3.0])},
        runs[1].id: {"epoch": np.array([0.0, 1.0, 2.0, 3.0]), "test_loss": np.array([3.0, 4.0, 5.0, 6.0])},
    }
    (line,) = comparison.lines(run_groups.grouped(runs, fold=True), tables, "loss", ["train", "test"], "epoch")
    assert line.part == "test"
    assert line.x.tolist() == [0, 1, 2, 3]
    assert line.y.tolist() == [2, 3, 4, 6]
    assert line.spread is not None
    assert line.spread.tolist() == pytest.approx([math.sqrt(2)] * 3 + [0])


def test_curves_over_time_and_step(store):
    (run,) = kept(store, {})
    tables = {run.id: comparison.columns_of(store.rows(run.id))}
    groups = run_groups.grouped([run], fold=False)
    for axis, last in (("epoch", 4), ("step", 12), ("time", 2.0)):
        (line,) = comparison.lines(groups, tables, "loss", ["train"], axis)
        assert line.x[-1] == last


def test_what_goes_back_on_the_axis_is_left_out():
    table = {"seconds": np.array([0.0, 1.0, 0.5, 0.8, 2.0]), "test_loss": np.arange(5.0)}
    x, y = comparison._curve(table, "seconds", "test_loss", 0.0)
    assert x.tolist() == [0, 1, 2]
    assert y.tolist() == [0, 1, 4]


def test_the_grid_has_every_x_or_an_even_choice():
    assert comparison.common_grid([np.array([0.0, 2.0]), np.array([1.0, 2.0])]).tolist() == [0, 1, 2]
    grid = comparison.common_grid([np.arange(5000.0), np.arange(7000.0)])
    assert len(grid) == comparison.MOST_POINTS
    assert (grid[0], grid[-1]) == (0, 6999)


def test_the_payload_has_a_colour_a_group_and_a_band_for_folded_seeds(store):
    runs = kept(store, {"train.seed": 1}, {"train.seed": 2}, {RATE: 0.5})
    groups = run_groups.grouped(runs, fold=True)
    tables = {run.id: comparison.columns_of(store.rows(run.id)) for run in runs}
    curves = comparison.lines(groups, tables, "loss", ["train", "test"], "epoch")
    meta, arrays = unpack(comparison.payload(groups, curves, metric="loss", axis="epoch", log=False))
    shown = [series for series in meta["series"] if not series["quiet"]]
    assert [(series["color"], series["dash"]) for series in shown] == [(0, False), (0, True), (1, False), (1, True)]
    assert meta["bands"] == [[1, 2], [4, 5]]
    assert {series["group"] for series in meta["series"]} == {group.label for group in groups}
    assert len({series["name"] for series in meta["series"]}) == len(meta["series"])
    assert all(len(array) == len(arrays["x"]) for array in arrays.values())
    assert (arrays["y1"] >= arrays["y0"]).all()


def test_a_band_stays_above_zero_on_a_log_axis(store):
    groups = run_groups.grouped(kept(store, {}), fold=False)
    curve = Line(0, "test", np.array([0.0, 1.0]), np.array([1.0, 0.1]), np.array([2.0, 0.05]))
    _, arrays = unpack(comparison.payload(groups, [curve], metric="loss", axis="epoch", log=True))
    assert (arrays["y2"] > 0).all()


def test_runs_without_numbers_say_so(store):
    groups = run_groups.grouped(kept(store, {}), fold=False)
    meta, arrays = unpack(comparison.payload(groups, [], metric="loss", axis="epoch", log=False))
    assert meta["empty"]
    assert len(arrays["x"]) == 0


# Settings and results


def test_settings_that_differ_come_first(store):
    runs = kept(store, {"train.seed": 1}, {"train.seed": 2}, {RATE: 0.5})
    settings = run_groups.settings_of(run_groups.grouped(runs, fold=True))
    assert [(setting.path, setting.values) for setting in settings if setting.differs] == [
        (RATE, ("0.1", "0.5")),
        ("train.seed", ("1, 2", "0")),
    ]
    assert [setting.differs for setting in settings][:3] == [True, True, False]


def test_settings_of_other_kinds_are_missing(store):
    runs = kept(store, {}, {"train.optimizer.kind": "adam"})
    settings = run_groups.settings_of(run_groups.grouped(runs, fold=False))
    lacking = [setting.path for setting in settings if run_groups.MISSING in setting.values]
    assert lacking
    assert all(path.startswith("train.optimizer.") for path in lacking)


@pytest.mark.parametrize(
    ("values", "lower", "best"),
    [
        ([0.3, 0.1, 0.1], True, {1, 2}),
        ([0.3, 0.1, 0.2], False, {0}),
        ([0.3, None, math.nan], True, set()),
        ([0.3, math.inf, 0.4], False, {2}),
        ([0.3, 0.3], True, set()),
        ([], True, set()),
    ],
)
def test_the_best_is_marked_where_there_is_a_choice(values, lower, best):
    assert run_groups.best_of(values, lower=lower) == best


def test_losses_are_better_low():
    assert run_groups.lower_is_better("test_loss")
    assert not run_groups.lower_is_better("test_accuracy")


def test_several_values_are_shown_as_mean_and_deviation():
    assert run_groups.shown([1.0, 3.0, None], number) == "2.0000 ± 1.4142"
    assert run_groups.shown([1.0], number) == "1.0000"
    assert run_groups.shown([None], number) == "–"
