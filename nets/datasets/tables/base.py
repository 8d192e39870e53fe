"""What a table is as data: columns with roles, which rows train, and how cells become inputs."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import ConfigDict, Field, StringConstraints

from nets.datasets.base import DataInfo, DatasetConfig, Split
from nets.datasets.tables.columns import Columns, inputs_of, text_names
from nets.datasets.tables.fitting import typed_like
from nets.datasets.tables.prepared import KEPT, Preparation
from nets.datasets.tables.preparing import (
    FITTED,
    answers_of,
    as_words,
    assembled,
    fitted_on,
    gaps_of,
    has_gap,
    hashed,
    inputs_of_rows,
    keys_of,
    limits_of,
    numbers_of,
    size_of,
    with_answers,
    with_holes,
    within,
    words_of,
)
from nets.datasets.tables.roles import faults, goal_of, strangers, values_of
from nets.datasets.tables.sampling import Sampled, sample_of
from nets.datasets.tables.settings import Derived, Prepare
from nets.datasets.tables.splitting import split_rows
from nets.problems import InvalidExperiment, Problem
from nets.seeds import derive

if TYPE_CHECKING:
    import pandas as pd

ColumnName = Annotated[str, StringConstraints(max_length=200)]
Names = Annotated[tuple[ColumnName, ...], Field(max_length=500)]


class TableConfig(DatasetConfig):
    """Rows of a table; subclasses give its ``columns``, its usual ``goal`` and its ``frame``."""

    model_config = ConfigDict(ignored_types=(Derived,))

    table: ClassVar[Columns] = ()
    """The columns of a table that is always the same."""
    its_own: ClassVar[tuple[str, ...]] = (
        *("target", "predict", "ignore", "group", "time", "hidden_class", "split", "folds", "fold"),
        *("upload", "layout"),
    )
    """Fields that another table has no use for: they name columns of this one, or depend on them."""
    usual: ClassVar[tuple[str, ...]] = ()
    """What is predicted where nothing is said."""

    kind: Literal["table"] = "table"
    target: Annotated[Names, Field(max_length=50)] = ()
    """Columns to predict: one of numbers or categories, several of numbers, or several of two values each; none takes
    the table's usual one."""
    predict: Literal["auto", "classes", "values", "nothing"] = "auto"
    """Whether numbers to predict are classes or values; nothing leaves all columns as inputs, for autoencoders."""
    ignore: Names = ()
    """Columns that the network does not see."""
    group: ColumnName = ""
    """A column whose rows of one value stay together in one part (split by group); no input."""
    time: ColumnName = ""
    """A column by which the earlier rows train and the later ones test (split by time); an input unless ignored."""
    hidden_class: ColumnName = ""
    """A class that training never sees: all its rows test, to see whether an autoencoder finds them strange."""
    split: Literal["random", "stratified", "group", "time"] = "random"
    """Which rows train: drawn by chance, from every class the same share, whole groups, or the earlier rows."""
    train_share: Annotated[float, Field(ge=0.1, le=0.9)] = 0.8
    """Share of the rows used for training; the rest test."""
    folds: Annotated[int, Field(ge=0, le=20)] = 0
    """Parts of equal size, of which each tests once (cross-validation); 0 goes by the training share."""
    fold: Annotated[int, Field(ge=0, le=19)] = 0
    """Which of them tests, from 0."""
    hide: Annotated[float, Field(ge=0, le=0.9)] = 0.0
    """Share of the known numbers that is hidden before anything else, to see what each way with gaps makes of them."""
    prepare: Prepare = Prepare()
    """How cells become inputs."""

    @Derived
    def columns(self) -> Columns:
        """Return the columns."""
        return self.table

    @Derived
    def targets(self) -> tuple[str, ...]:
        """Return the columns to predict."""
        return () if self.predict == "nothing" else self.target or self.usual

    @Derived
    def goal(self) -> str:
        """Return what is predicted: binary, multiclass, multilabel, regression, or nothing."""
        return goal_of(self.columns, self.targets, self.predict)

    @Derived
    def classes(self) -> tuple[str, ...]:
        """Return the values of the column to predict, where these are classes."""
        return values_of(self.columns, self.targets[0]) if self.goal in ("binary", "multiclass") else ()

    @Derived
    def columns_to_predict(self) -> Columns:
        """Return each column to predict, the missing cells aside."""
        known = {name: (name, kind, tuple(filter(None, values))) for name, kind, values in self.columns}
        return tuple(known[name] for name in self.targets)

    @Derived
    def hidden_index(self) -> int:
        """Return the place of the class that training never sees; -1 for none."""
        return self.classes.index(self.hidden_class) if self.hidden_class in self.classes else -1

    @Derived
    def features(self) -> Columns:
        """Return the columns that the network sees."""
        others = {*self.targets, *self.ignore, self.group}
        hidden = ("",) if self.hide else ()
        return tuple(
            (name, kind, (*filter(None, values), *hidden) if hidden and kind == "number" else values)
            for name, kind, values in self.columns
            if name not in others
        )

    @Derived
    def gap_columns(self) -> Columns:
        """Return the same, where an input more tells of missing numbers; else none."""
        return self.features if self.prepare.indicator else ()

    @Derived
    def category_names(self) -> tuple[str, ...]:
        """Return the columns of categories among them."""
        return tuple(name for name, kind, _ in self.features if kind == "category")

    @Derived
    def split_column(self) -> str:
        """Return the column that decides which rows train."""
        by = {"group": self.group, "time": self.time, "stratified": next(iter(self.targets), "")}
        return by.get(self.split, "")

    def words_to_predict(self, frame: "pd.DataFrame") -> list[str]:
        """Return the class of each row that has one, as a word."""
        name, kind, _ = self.columns_to_predict[0]
        return [str(word) for word in as_words(frame[name].dropna(), kind)]

    def inputs(self) -> Iterator[tuple[str, str, int]]:
        """Yield each input: its name, its column, and how many codes it has (0: a number)."""
        prepare = self.prepare
        codes = prepare.categories == "embedding"
        return inputs_of(self.features, codes=codes, indicator=prepare.indicator, hash_size=prepare.hash_size)

    def hidden_label(self) -> int | None:
        """Return the class that training never sees."""
        return None if self.hidden_index < 0 else self.hidden_index

    def info(self) -> DataInfo:
        """Return what the inputs are and what is predicted.

        Raises:
            InvalidExperiment: naming the field that does not go with the columns.
        """
        if problems := list(faults(self)):
            raise InvalidExperiment(problems)
        found = list(self.inputs())
        names, codes = tuple(name for name, _, _ in found), tuple(count for _, _, count in found)
        shape, codes = (len(found),), codes if any(codes) else ()
        if self.goal == "nothing":
            return DataInfo("multiclass", shape, 1, ("row",), names, categories=codes)
        if self.goal in ("regression", "multilabel"):
            labels = self.targets if self.goal == "multilabel" else ()
            return DataInfo(self.goal, shape, len(self.targets), labels, names, categories=codes)
        return DataInfo(self.goal, shape, len(self.classes), self.classes, names, categories=codes)

    def frame(self) -> "pd.DataFrame":
        """Return the typed rows: numbers, strings, moments, as ``columns`` says."""
        raise NotImplementedError

    def only(self, names: Sequence[str]) -> "pd.DataFrame":
        """Return some columns of the typed rows."""
        return self.frame()[list(names)]

    def sampled(self, count: int) -> Sampled:
        """Return ``count`` rows drawn by chance, or all, where there are no more."""
        return sample_of(self.frame(), count)

    def load(self, seed: int) -> Split:
        """Return the rows, prepared, and what was fitted for that.

        Raises:
            InvalidExperiment: if a part has no rows left, or the rows can't be split as it was asked for.
        """
        self.info()
        frame = self.frame()
        if problem := strangers(frame, self.columns_to_predict, self.classes):
            raise InvalidExperiment([problem])
        try:
            return self.prepared(frame, seed)
        except InvalidExperiment:
            raise
        except ValueError as error:
            raise InvalidExperiment([Problem("data.split", f"the rows can't be split so: {error}")]) from None

    def rows_in_script(self) -> "pd.DataFrame":
        """Return the rows as a script has them."""
        return self.frame()

    def load_in_script(self, seed: int) -> Split:
        """Return the same as ``load``."""
        return self.prepared(self.rows_in_script(), seed)

    def fitted_in_script(self, seed: int) -> tuple[dict[str, Any], np.ndarray, np.ndarray]:
        """Return what was fitted on the training part, and the means and spreads (K,) of values to predict."""
        _, _, _, _, _, answers, train, _, fitted = self.fitted_to(self.rows_in_script(), seed)
        return fitted, *size_of(answers[train], self.goal)

    def inputs_in_script(self, rows: "pd.DataFrame", fitted: dict[str, Any]) -> np.ndarray:
        """Return inputs (B, D) float32 of further rows of raw cells, prepared as the training part was."""
        return self.inputs_by(fitted, typed_like(rows, self.features))

    def inputs_by(self, fitted: dict[str, Any], frame: "pd.DataFrame") -> np.ndarray:
        """Return inputs (B, D) float32 of typed rows by what ``fitted_on`` returned; targets need not be there."""
        numbers, words, texts = self.cells(frame)
        gaps = gaps_of(numbers, self.gap_columns)
        if self.prepare.missing == "constant":
            numbers = np.where(np.isnan(numbers), self.prepare.constant, numbers)
        return assembled(numbers, words, texts, gaps, fitted)

    def cells(self, frame: "pd.DataFrame") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return numbers (B, N), words (B, M) and hashed text (B, T) of typed rows."""
        return (
            numbers_of(frame, self.features),
            words_of(frame, self.category_names),
            hashed(frame, text_names(self.features), self.prepare.hash_size),
        )

    def fitted_to(self, frame: "pd.DataFrame", seed: int) -> tuple[Any, ...]:
        """Return the rows used, numbers, words, texts, gaps and answers, who trains, who tests, and what was fitted."""
        frame = with_answers(frame, self.targets)
        numbers, words, texts = self.cells(frame)
        if self.hide:
            numbers = with_holes(numbers, self.hide, derive(seed, "holes", self.sample))
        if self.prepare.missing == "drop":
            whole = ~has_gap(numbers, words)
            frame, numbers, words, texts = frame[whole], numbers[whole], words[whole], texts[whole]
        gaps = gaps_of(numbers, self.gap_columns)
        if self.prepare.missing == "constant":
            numbers = np.where(np.isnan(numbers), self.prepare.constant, numbers)
        answers = answers_of(frame, self.columns_to_predict, self.goal)
        train, test = self.parts(frame, numbers, answers, seed)
        fitted = fitted_on(
            numbers[train[:FITTED]],
            words[train],
            self.features,
            missing=self.prepare.missing,
            outliers=self.prepare.outliers,
            scaling=self.prepare.scaling,
            categories=self.prepare.categories,
            seed=seed,
        )
        return frame, numbers, words, texts, gaps, answers, train, test, fitted

    def prepared(self, frame: "pd.DataFrame", seed: int) -> Split:
        """Return typed rows as inputs and targets; scalers and the like have seen the training part alone."""
        frame, numbers, words, texts, gaps, answers, train, test, fitted = self.fitted_to(frame, seed)
        means, spreads = size_of(answers[train], self.goal)
        if self.goal == "regression":
            answers = ((answers - means) / spreads).astype(np.float32)
        return Split(
            inputs_of_rows(train, numbers, words, texts, gaps, fitted),
            answers[train],
            inputs_of_rows(test, numbers, words, texts, gaps, fitted),
            answers[test],
            preparation=Preparation(self, fitted, means, spreads, frame.iloc[train[:KEPT]], frame.iloc[test[:KEPT]]),
        )

    def parts(
        self, frame: "pd.DataFrame", numbers: np.ndarray, answers: np.ndarray, seed: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the places of the rows that train and of those that test."""
        train, test = split_rows(
            len(frame),
            keys_of(frame, self.split_column),
            split=self.split,
            train_share=self.train_share,
            folds=self.folds,
            fold=self.fold,
            seed=seed,
            sample=self.sample,
        )
        if self.hidden_class:
            hidden = answers[train] == self.hidden_index
            train, test = train[~hidden], np.concatenate([test, train[hidden]])
        if self.prepare.outliers == "drop":
            train = train[within(numbers[train], limits_of(numbers[train], "drop"))]
        return train, test
