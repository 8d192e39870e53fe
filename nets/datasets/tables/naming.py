"""Names of columns as they can be told apart."""

from collections.abc import Sequence

LONGEST = 80
MOST_NAMED = 3


def clean_names(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return a name for each column, and a sentence about each kind of change.

    Blanks at the ends go, what is empty is called by its place, what comes twice is numbered, what is long is cut.
    """
    found: list[str] = []
    empty, twice, long = [], [], []
    for place, raw in enumerate(names, start=1):
        name = " ".join("".join(letter if letter.isprintable() else " " for letter in raw).split())
        if len(name) > LONGEST:
            name = name[: LONGEST - 1].rstrip() + "…"
            long.append(name)
        if not name or name.startswith("Unnamed: ") or name == "nan":
            name = f"column {place}"
            empty.append(name)
        number, wanted = 2, name
        while name in found:
            name, number = f"{wanted} ({number})", number + 1
        if name != wanted:
            twice.append(name)
        found.append(name)
    notes = []
    if empty:
        notes.append(f"Columns without a name are called by their place: {_listed(empty)}.")
    if twice:
        notes.append(f"Names that come twice are numbered: {_listed(twice)}.")
    if long:
        notes.append(f"Names of more than {LONGEST} letters are cut: {_listed(long)}.")
    return found, notes


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
