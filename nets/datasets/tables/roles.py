"""What the columns of a table are there for, and what can't be."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nets.datasets.tables.columns import Columns
from nets.datasets.tables.preparing import as_words
from nets.problems import Problem

if TYPE_CHECKING:
    import pandas as pd

    from nets.datasets.tables.base import TableConfig

MOST_INPUTS = 4096
FEW = 5
"""Whole numbers to predict with at most so many values are taken for classes, unless it is said otherwise."""
MOST_NAMED = 8


def values_of(columns: Columns, name: str) -> tuple[str, ...]:
    """Return the known values of a column, missing cells aside."""
    return tuple(value for known, _, values in columns for value in values if known == name and value)


def kind_of(columns: Columns, name: str) -> str:
    """Return the kind of a column; nothing where there is no such column."""
    return next((kind for known, kind, _ in columns if known == name), "")


def goal_of(columns: Columns, targets: tuple[str, ...], predict: str) -> str:
    """Return binary, multiclass, multilabel, regression or nothing; nothing sensible gives an empty string."""
    kinds = {kind_of(columns, name) for name in targets}
    counts = [len(values_of(columns, name)) for name in targets]
    if not targets:
        return "nothing"
    if len(targets) == 1:
        few = kinds == {"number"} and (predict == "classes" or (predict == "auto" and 2 <= counts[0] <= FEW))
        if kinds == {"category"} or (few and counts[0]):
            return "binary" if counts[0] == 2 else "multiclass"
        return "regression" if kinds == {"number"} else ""
    if predict != "values" and all(count == 2 for count in counts) and kinds <= {"number", "category"}:
        return "multilabel"
    return "regression" if kinds == {"number"} and predict != "classes" else ""


def faults(config: "TableConfig") -> Iterator[Problem]:
    """Yield what does not go with the columns."""
    unknown = list(_unknown(config))
    yield from unknown or (*_of_target(config), *_of_split(config), *_of_inputs(config))


def strangers(frame: "pd.DataFrame", targets: Columns, classes: tuple[str, ...]) -> Problem | None:
    """Return what is wrong where a column of classes has more values than are told apart; else nothing."""
    if not classes:
        return None
    name, kind, _ = targets[0]
    found = [word for word in as_words(frame[name].dropna().unique(), kind) if word not in classes]
    if not found:
        return None
    count = len(classes) + len(found)
    return Problem(
        "data.target",
        f"{name} has {count:,} classes; the {len(classes)} most frequent are told apart, and {found[0]!r} is none of "
        "them. Join the rare ones into one in the table, or predict another column",
    )


def _unknown(config: "TableConfig") -> Iterator[Problem]:
    known = [name for name, _, _ in config.columns]
    named = {"target": config.target, "ignore": config.ignore, "group": (config.group,), "time": (config.time,)}
    for field, names in named.items():
        missing = [name for name in names if name not in known and (name or field in ("target", "ignore"))]
        if missing:
            listed = ", ".join(known[:MOST_NAMED]) + (" …" if len(known) > MOST_NAMED else "")
            yield Problem(f"data.{field}", f"there is no column {missing[0]!r}; the columns are {listed}")
        if len(set(names)) < len(names):
            yield Problem(f"data.{field}", "names a column twice")


def _of_target(config: "TableConfig") -> Iterator[Problem]:
    goal, targets = config.goal, config.targets
    if goal in ("binary", "multiclass") and len(config.classes) < 2:
        message = f"{targets[0]} has one value only, so there is nothing to tell apart; predict another column"
        yield Problem("data.target", message)
    if goal == "":
        yield Problem("data.target", _why_no_goal(config))
    if config.hidden_class and config.hidden_class not in config.classes:
        known = ", ".join(config.classes[:MOST_NAMED]) or "none, for no column of classes is predicted"
        yield Problem("data.hidden_class", f"there is no class {config.hidden_class!r}; the classes are {known}")


def _why_no_goal(config: "TableConfig") -> str:
    columns, targets = config.columns, config.targets
    kinds = {name: kind_of(columns, name) for name in targets}
    for name, kind in kinds.items():
        if kind in ("date", "text"):
            return f"{name} is a column of {'dates' if kind == 'date' else 'free text'}; predict numbers or categories"
    if len(targets) == 1:
        return f"{targets[0]} has too many different numbers to be classes; take values"
    return (
        "several columns are predicted together only where all are numbers, or all have two values each; got "
        + ", ".join(f"{name} ({kind})" for name, kind in list(kinds.items())[:MOST_NAMED])
    )


def _of_split(config: "TableConfig") -> Iterator[Problem]:
    if config.split == "group" and not config.group:
        yield Problem("data.group", "names no column; a split by group needs one whose rows stay together")
    if config.split == "time" and not config.time:
        yield Problem("data.time", "names no column; a split by time needs one to put the rows in order by")
    if config.time and kind_of(config.columns, config.time) not in ("date", "number"):
        yield Problem("data.time", f"{config.time} is no column of dates or numbers, so rows have no order by it")
    if config.split == "stratified" and config.goal not in ("binary", "multiclass"):
        yield Problem("data.split", "stratified goes by classes, and none are predicted here; take random")
    if config.folds == 1:
        yield Problem("data.folds", "got 1; take 0 for none, or at least 2")
    if config.fold and config.fold >= config.folds:
        yield Problem("data.fold", f"got {config.fold}; with {config.folds} folds it is less than {config.folds}")
    if config.group and config.group in config.targets:
        yield Problem("data.group", f"{config.group} is predicted; take another column")


def _of_inputs(config: "TableConfig") -> Iterator[Problem]:
    if not config.features:
        yield Problem("data.ignore", "no column is left to learn from; leave at least one that is not predicted")
    texts = [name for name, kind, _ in config.features if kind == "text"]
    if texts and config.prepare.text == "refuse":
        message = f"{texts[0]} is free text, which is refused; take hash, or ignore the column"
        yield Problem("data.prepare.text", message)
    if (count := sum(1 for _ in config.inputs())) > MOST_INPUTS:
        yield Problem("data.ignore", f"the columns make {count:,} inputs; {MOST_INPUTS:,} at most, so ignore some")
