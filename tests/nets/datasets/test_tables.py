"""How tables become inputs: nothing of the test part leaks in, roles are kept to, gaps are filled."""

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nets.datasets.tables.base import TableConfig
from nets.datasets.tables.columns import Columns
from nets.datasets.tables.fitting import fitting
from nets.datasets.tables.gapminder import Gapminder
from nets.datasets.tables.iris import Iris
from nets.datasets.tables.profile import profile_of
from nets.datasets.tables.settings import Prepare
from nets.datasets.tables.tips import Tips
from nets.datasets.tables.wine import Wine
from nets.problems import InvalidExperiment
from tests.nets.experiments import problems_of, settings, small
from tests.nets.training.test_state import assert_goes_on

WAYS: list[dict[str, Any]] = [
    {"missing": missing, "indicator": True, "outliers": outliers, "scaling": scaling, "categories": categories}
    for missing, outliers, scaling, categories in (
        ("mean", "keep", "standard", "one_hot"),
        ("median", "clip", "minmax", "embedding"),
        ("most_frequent", "robust", "none", "one_hot"),
        ("nearest", "drop", "standard", "one_hot"),
        ("autoencoder", "clip", "standard", "embedding"),
        ("constant", "keep", "standard", "one_hot"),
    )
]
COLUMNS: Columns = (
    ("a", "number", ("",)),
    ("b", "number", ()),
    ("day", "date", ("month", "day", "")),
    ("word", "category", ("x", "y", "z", "")),
    ("y", "number", ()),
)


class Changed(TableConfig):
    """A table of our own, whose test rows are spoilt after it was split."""

    table = COLUMNS
    usual = ("y",)
    rows: int = 80
    spoilt: tuple[int, ...] = ()

    def frame(self) -> pd.DataFrame:
        rng = np.random.default_rng(0)
        frame = pd.DataFrame(
            {
                "a": np.where(rng.random(self.rows) < 0.2, np.nan, rng.normal(size=self.rows)),
                "b": rng.gamma(1, 3, self.rows),
                "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 200, self.rows), "D"),
                "word": rng.choice(np.array(["x", "y", None], dtype=object), self.rows),
                "y": rng.normal(size=self.rows) * 40 + 7,
            }
        )
        places = list(self.spoilt)
        frame.loc[places, ["a", "b", "y"]] = 1e6
        frame.loc[places, "word"] = "z"
        frame.loc[places, "day"] = pd.Timestamp("2031-12-31")
        return frame


class Few(Changed):
    """The same, known by fewer words."""

    table = tuple((name, kind, ("x", "y", "") if name == "word" else values) for name, kind, values in COLUMNS)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: str(way["missing"]))
def test_nothing_of_the_test_part_leaks_into_what_is_fitted(way):
    plain = Changed(prepare=Prepare(**way)).load(4)
    places = tuple(int(place) for place in plain.preparation.test.index)
    spoilt = Changed(prepare=Prepare(**way), spoilt=places).load(4)
    assert tuple(spoilt.preparation.test.index) == places
    assert np.array_equal(plain.train_x, spoilt.train_x)
    assert np.array_equal(plain.train_y, spoilt.train_y)
    assert not np.array_equal(plain.test_x, spoilt.test_x)
    assert np.isfinite(spoilt.test_x).all()


@pytest.mark.parametrize("way", WAYS, ids=lambda way: str(way["missing"]))
def test_rows_are_prepared_again_as_they_were(way):
    split = Changed(prepare=Prepare(**way)).load(1)
    found = split.preparation
    assert np.array_equal(found.inputs(found.test), split.test_x)
    assert np.array_equal(found.inputs(found.train), split.train_x)
    assert split.train_x.shape[1:] == found.config.info().input_shape


def test_a_word_that_training_never_saw_counts_for_nothing():
    split = Changed().load(0)
    names = split.preparation.config.info().input_names
    row = split.preparation.test.iloc[:1].assign(word="never seen")
    words = [place for place, name in enumerate(names) if name.startswith("word = ")]
    assert names[words[-1]] == "word = missing"
    assert not split.preparation.inputs(row)[0, words].any()
    codes = Changed(prepare=Prepare(categories="embedding")).load(0)
    assert codes.preparation.inputs(row)[0, codes.preparation.config.info().categories.index(5)] == 0


def test_values_to_predict_go_back_to_their_own_unit():
    split = Tips().load(2)
    back = split.test_y * split.preparation.spreads + split.preparation.means
    assert back[:, 0] == pytest.approx(split.preparation.test["tip"].to_numpy(), rel=1e-5)
    assert split.train_y.std() == pytest.approx(1, abs=1e-3)


def test_groups_stay_together_and_time_goes_on():
    group = Gapminder(split="group", group="country", ignore=()).load(0).preparation
    assert not set(group.train["country"]) & set(group.test["country"])
    time = Gapminder(split="time", time="year").load(0).preparation
    assert time.train["year"].max() < time.test["year"].min()


@pytest.mark.parametrize("split", ["random", "stratified"])
def test_every_row_tests_once_over_all_folds(split):
    tested = [Iris(split=split, folds=5, fold=fold).load(3).preparation.test.index for fold in range(5)]
    assert sorted(np.concatenate(tested)) == list(range(150))
    if split == "stratified":
        counts = np.bincount(Iris(split=split, folds=5, fold=2).load(3).test_y)
        assert set(counts) == {10}


def test_a_hidden_class_is_in_the_test_part_alone():
    split = Wine(hidden_class="grower 2").load(0)
    assert 1 not in split.train_y
    assert (split.test_y == 1).sum() == 71
    assert Wine(hidden_class="grower 2").hidden_label() == 1


def test_an_autoencoder_fills_gaps_better_than_the_mean():
    known, hidden = Wine().load(0).train_x, Wine(hide=0.2).load(0).preparation
    errors = {}
    for missing in ("mean", "autoencoder", "nearest"):
        filled = Wine(hide=0.2, prepare=Prepare(missing=missing)).load(0)
        errors[missing] = float(np.square(filled.train_x - known).mean())
    assert hidden is not None
    assert errors["autoencoder"] < 0.8 * errors["mean"]
    assert errors["nearest"] < errors["mean"]


def test_rows_from_elsewhere_are_brought_to_the_columns():
    like = Changed().load(0).preparation.train
    raw = pd.DataFrame({"A ": ["1.5", "many"], "b": [1, 2], "word": ["x", "q"], "day": ["2024-03-01", None]})
    frame, notes = fitting(raw, COLUMNS[:4], like)
    assert frame["a"].iloc[0] == 1.5
    assert frame["a"].isna().iloc[1]
    assert any("1 cells of a are no numbers" in note for note in notes)
    assert any("never saw: q" in note for note in notes)
    with pytest.raises(ValueError, match="none of the columns"):
        fitting(pd.DataFrame({"other": [1]}), COLUMNS[:4], like)


def test_a_column_that_gives_the_answer_away_is_named():
    class Leaky(Iris):
        table = (*Iris.table, ("code", "number", ()))

        def frame(self) -> pd.DataFrame:
            frame = super().frame()
            return frame.assign(code=frame["species"].map({"setosa": 7.0, "versicolor": 3.0, "virginica": 5.0}))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert profile_of(Iris()).warnings == ()
        found = profile_of(Leaky())
    assert len(found.warnings) == 1
    assert "code alone tells species" in found.warnings[0]
    assert found.rows == 150
    assert found.correlations.shape == (5, 5)


FAULTS: dict[str, list[dict[str, Any]]] = {
    "data.target": [{"data.target": ["colour"]}, {"data.target": ["tip", "tip"]}, {"data.target": ["tip", "day"]}],
    "data.ignore": [{"data.ignore": ["total_bill", "sex", "smoker", "day", "time", "size"]}],
    "data.group": [{"data.split": "group"}, {"data.group": "colour"}],
    "data.time": [{"data.split": "time"}, {"data.split": "time", "data.time": "sex"}],
    "data.split": [{"data.split": "stratified"}],
    "data.fold": [{"data.folds": 3, "data.fold": 3}],
    "data.folds": [{"data.folds": 1}],
    "data.hidden_class": [{"data.hidden_class": "rich"}],
    "data.prepare.categories": [{"data.prepare.categories": "embedding"}],
    "data.prepare.text": [{"data.name": "gapminder", "data.ignore": []}],
}


@pytest.mark.parametrize(("path", "changes"), [(path, one) for path, several in FAULTS.items() for one in several])
def test_what_does_not_go_with_the_columns_is_refused_by_name(path, changes):
    found = problems_of(settings({"data.name": "tips", **changes}))
    assert list(found) == [path]
    assert len(found[path]) >= 20


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (Tips(split="group", group="time", folds=5), "5 folds need at least 5 groups; there are 2"),
        (Changed(rows=9, folds=20), "20 folds need at least 20 rows; there are 9"),
        (Changed(rows=60, target=("word",), split="stratified", spoilt=(3,)), "1 of the classes have a single row"),
    ],
)
def test_a_split_that_leaves_nothing_says_so(table, words):
    with pytest.raises(InvalidExperiment, match=words) as caught:
        table.load(0)
    assert [problem.path for problem in caught.value.problems] == ["data.split"]


def test_a_class_beyond_those_that_are_told_apart_is_named():
    with pytest.raises(InvalidExperiment, match="word has 3 classes; the 2 most frequent are told apart, and 'z'"):
        Few(target=("word",), spoilt=(3,)).load(0)


def test_another_table_keeps_how_cells_are_prepared_but_no_names_of_columns():
    changed = settings({"data.name": "tips", "data.ignore": ["sex"], "data.prepare.missing": "median"})
    moved = settings({"data.name": "iris"}, changed)
    assert moved["data"]["ignore"] == []
    assert moved["data"]["prepare"]["missing"] == "median"


def test_a_table_goes_on_bit_for_bit(tmp_path):
    changes = {"data.name": "tips", "data.hide": 0.1, "data.prepare.missing": "autoencoder", "train.max_epochs": 3}
    weighed = {"data.name": "wine", "train.objective": {"kind": "supervised", "class_weights": [1, 2, 3]}}
    for experiment in (small(changes), small(weighed)):
        assert_goes_on(experiment, 5, tmp_path)
