"""Refusals in a person's words."""

import re
from collections.abc import Mapping

from nets.problems import Problem


def in_plain_words(problem: Problem, labels: Mapping[str, str]) -> str:
    """Return a problem as a sentence that names the field as the screen does: Train on, not data.train_share."""
    names = [part for part in problem.path.split(".") if not part.isdigit()]
    if len(names) < 2:
        return f"{problem.message[:1].upper()}{problem.message[1:]}."
    label = labels.get(problem.path) or labels.get(".".join(names)) or names[-1].replace("_", " ").capitalize()
    return f"{label}: {problem.message}."


def reason_in_plain_words(reason: str) -> str:
    """Return why a run has failed, its fields named as a screen does: Data, not data.name."""
    found = re.fullmatch(r"((?:data|model|train)(?:\.\w+)+): (.*)", reason, flags=re.DOTALL)
    return in_plain_words(Problem(found[1], found[2].removesuffix(".")), {"data.name": "Data"}) if found else reason
