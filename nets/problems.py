"""What is wrong with an experiment, said in sentences that name the field."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError


@dataclass(frozen=True)
class Problem:
    """One fault: the dotted path of the field and what it got and may be."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class InvalidExperiment(ValueError):
    """An experiment that can't be run, with every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


BOUNDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}


def explain(error: ValidationError, choices: Callable[[tuple[Any, ...]], tuple[str, ...]]) -> list[Problem]:
    """Return pydantic's errors as problems.

    Args:
        error: what pydantic raised.
        choices: the names that may stand at a location of the experiment, to list them where one is missing.
    """
    problems: dict[str, Problem] = {}
    for detail in error.errors(include_url=False):
        location = _without_tags(detail["loc"], choices)
        path = ".".join(str(part) for part in location)
        problems.setdefault(path, Problem(path, _message(detail, choices(location))))
    inner = {path.rpartition(".")[0] for path in problems}
    return [problem for path, problem in problems.items() if path not in inner or "entries" not in problem.message]


def _without_tags(location: tuple[Any, ...], choices: Callable[[tuple[Any, ...]], tuple[str, ...]]) -> tuple[Any, ...]:
    """Drop the tags that a discriminated union puts into a location: ("data", "spiral", "noise")."""
    cleaned: tuple[Any, ...] = ()
    for part in location:
        if part in choices(cleaned) or (isinstance(part, str) and ("[" in part or "(" in part)):
            continue
        cleaned = (*cleaned, part)
    return cleaned


def _message(detail: Any, names: tuple[str, ...]) -> str:
    context = detail.get("ctx", {})
    got = _short(detail.get("input"))
    match detail["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "is no field here"
        case "union_tag_invalid" | "union_tag_not_found":
            tag = str(context.get("discriminator", "")).strip("'")
            what = f"{tag} '{context['tag']}' is not known" if "tag" in context else f"{tag} is missing"
            return f"{what}; choose from {', '.join(names)}"
        case "literal_error" | "enum":
            return f"got {got}; choose from {context.get('expected', '')}".replace("'", "")
        case "value_error":
            return str(context.get("error", detail["msg"]))
        case "too_short" | "too_long":
            side, bound = ("at least", "min_length") if detail["type"] == "too_short" else ("at most", "max_length")
            return f"has {context['actual_length']} entries; it takes {side} {context[bound]}"
        case "finite_number":
            return f"got {got}; it must be a finite number"
        case kind if kind.endswith(("_parsing", "_type", "from_float")):
            return f"got {got}; {detail['msg'][0].lower()}{detail['msg'][1:]}"
    for key, words in BOUNDS.items():
        if key in context:
            return f"got {got}; it must be {words} {context[key]:,}"
    return f"got {got}; {detail['msg'][0].lower()}{detail['msg'][1:]}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
