"""An experiment as the query parameters of a link: only what differs from a screen's default, in dotted paths."""

import json
from collections.abc import Mapping
from typing import Any

from nets.experiment import Experiment, dump, parse, switch_kind, with_value
from nets.kinds import FAMILIES
from nets.problems import InvalidExperiment, Problem

ROOTS = ("name", "data", "model", "train")
KIND_PATHS = {f"{path}.{tag}": path for path, (_, tag) in FAMILIES.items()}


def to_query(experiment: Experiment, default: Experiment) -> dict[str, str]:
    """Return the query parameters that lead from ``default`` to ``experiment``."""
    settings, base = dump(experiment), dump(default)
    query = {}
    for kind_path, path in KIND_PATHS.items():
        kind = flatten(settings).get(kind_path)
        if kind is not None and kind != flatten(base).get(kind_path):
            query[kind_path] = kind
            base = switch_kind(base, path, kind)
    before = flatten(base)
    query |= {path: write(value) for path, value in flatten(settings).items() if before.get(path, ...) != value}
    return query


def from_query(query: Mapping[str, str], default: Experiment) -> tuple[Experiment, list[str]]:
    """Return the experiment of a link, and a sentence about each parameter that could not be taken.

    What can't be taken falls back to the default; parameters that name no part of an experiment are left alone.
    """
    wanted = {path: text for path, text in query.items() if path.partition(".")[0] in ROOTS}
    notices: list[str] = []
    while True:
        try:
            return parse(_applied(wanted, default)), notices
        except InvalidExperiment as error:
            faults = {path: problem for problem in error.problems if (path := _culprit(problem, wanted))}
        if not faults:
            return default, [*notices, "The link's settings don't go together, so the usual ones are shown."]
        for path, problem in faults.items():
            del wanted[path]
            notices.append(f"The link's {path} was not taken: {problem.message}.")


def flatten(settings: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested JSON settings as {dotted path: value}; lists stay whole."""
    flat: dict[str, Any] = {}
    for key, value in settings.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat


def write(value: Any) -> str:
    """Return a JSON value as short text: 4,2 for a list of numbers, a string as it is."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and not any(isinstance(item, list | dict) for item in value):
        short = ",".join(write(item) for item in value) + ("," if len(value) == 1 else "")
        if read(short) == value:  # not so for digits that are names
            return short
    return json.dumps(value, separators=(",", ":"))


def read(text: str) -> Any:
    """Return the JSON value of a text that ``write`` wrote or a person typed; what is nothing else is a string."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    if "," in text and not text.startswith(("[", "{")):
        return [read(part) for part in text.removesuffix(",").split(",")]
    return text


def _applied(wanted: Mapping[str, str], default: Experiment) -> dict[str, Any]:
    settings = dump(default)
    order = list(KIND_PATHS)
    for path in sorted(wanted, key=lambda path: order.index(path) if path in order else len(order)):
        is_text = isinstance(flatten(settings).get(path), str)  # names of classes may be digits
        value = wanted[path] if is_text else read(wanted[path])
        if path in KIND_PATHS:
            settings = switch_kind(settings, KIND_PATHS[path], value)
        else:
            settings = with_value(settings, path, value)
    return settings


def _culprit(problem: Problem, wanted: Mapping[str, str]) -> str | None:
    """Return the parameter that a problem is about: the one at its path, inside it, or around it."""
    related = [path for path in wanted if _inside(path, problem.path) or _inside(problem.path, path)]
    return max(related, key=len, default=None) or next(iter(wanted), None)


def _inside(path: str, outer: str) -> bool:
    return path == outer or path.startswith(outer + ".") or outer == ""
