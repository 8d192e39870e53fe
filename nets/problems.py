"""What is wrong with an experiment, said in sentences that name the field."""

import re
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


TYPE_TAG = re.compile(r"[\[(]|^(constrained-)?(float|int|str|bool)$")
"""How pydantic writes the members of a union of plain types."""
BOUNDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}

WRONG_TYPE = ("_parsing", "_type", "_from_float")
"""How pydantic's names end for a value of another type than the field's."""
WANTED = {
    "int": "a whole number (an integer)",
    "float": "a number",
    "bool": "true or false",
    "string": "text (a string)",
    "tuple": "a list",
    "list": "a list",
    "dict": "a group of fields",
    "model": "a group of fields",
}


def explain(error: ValidationError, choices: Callable[[tuple[Any, ...]], tuple[str, ...]]) -> list[Problem]:
    """Return pydantic's errors as problems.

    Args:
        error: what pydantic raised.
        choices: the names that may stand at a location of the experiment, to list them where one is missing.
    """
    problems: dict[tuple[Any, ...], Problem] = {}
    words: dict[tuple[Any, ...], str] = {}
    for detail in error.errors(include_url=False):
        location = _without_tags(detail, choices)
        path = ".".join(str(part) or "''" for part in location)
        printable = path.encode(errors="backslashreplace").decode()
        message = _message(detail, choices(location))
        if detail["type"] == "literal_error":
            words[location] = detail["ctx"]["expected"].replace("'", "")
        elif location in words:  # what is no such word is no number either
            problems[location] = Problem(printable, f"{message}, or {words.pop(location)}")
        problems.setdefault(location, Problem(printable, message))
    around = {location[:length] for location in problems for length in range(len(location))}
    return [problem for location, problem in problems.items() if location not in around]


def _without_tags(detail: Any, choices: Callable[[tuple[Any, ...]], tuple[str, ...]]) -> tuple[Any, ...]:
    """Drop what a union puts into a location: ("data", "spiral", "noise"), ("model", "dropout", "tuple[…]", 1)."""
    *parts, last = detail["loc"] or ("",)
    names_a_field = detail["type"] in ("missing", "extra_forbidden")
    cleaned: tuple[Any, ...] = ()
    for part in parts if names_a_field else (*parts, last):
        if part != "" and part not in choices(cleaned) and not TYPE_TAG.search(str(part)):
            cleaned = (*cleaned, part)
    return (*cleaned, last) if names_a_field else cleaned


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
        case kind if (wanted := WANTED.get(kind.partition("_")[0])) and kind.endswith(WRONG_TYPE):
            is_comma = wanted == WANTED["float"] and re.fullmatch(r"\s*[-+]?\d+,\d+\s*", str(detail.get("input")))
            return f"got {got}; it must be {wanted}{'; write the decimal point as a dot' if is_comma else ''}"
    for key, words in BOUNDS.items():
        if key in context:
            return f"got {got}; it must be {words} {context[key]:,}"
    return f"got {got}; {detail['msg'][0].lower()}{detail['msg'][1:]}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
