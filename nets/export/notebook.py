"""A run's script as a notebook: the same code in cells."""

import json

from nets.export.base import FORMATS, Format, Source

ABOUT = {
    "Settings": "Everything that this run depends on. Change a value and run all cells again.",
    "Data": "The same numbers as in the run: each purpose draws from a stream of its own, derived from one seed.",
    "Network": "The seed of the weights makes them start as they did.",
    "Measuring": "What the curves show, measured in the same way.",
    "Training": "One line for each epoch; the last line has the final metrics in full.",
}


def notebook(source: Source) -> str:
    """Return the notebook, nbformat 4.5.

    Raises:
        CannotExport: if something in the run has no plain source.
    """
    from nets.export.plain.render import cells
    from nets.export.script import script

    first, *others = cells(script(source))
    docstring, imports = _split_docstring(first[1])
    made = [_markdown("about", docstring), _code("imports", imports)]
    for title, code in others:
        made += [_markdown(f"{title.lower()}-heading", f"## {title}\n\n{ABOUT[title]}"), _code(title.lower(), code)]
    document = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "cells": made,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _split_docstring(code: str) -> tuple[str, str]:
    """Return a script's docstring as a heading with text, and the code behind it."""
    _, text, imports = code.split('"""', 2)
    title, _, rest = text.strip().partition("\n")
    return f"# {title.removesuffix('.')}\n{rest}".strip(), imports.strip()


def _markdown(identifier: str, text: str) -> dict[str, object]:
    return {"cell_type": "markdown", "id": identifier, "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(identifier: str, text: str) -> dict[str, object]:
    lines = text.splitlines(keepends=True)
    return {
        "cell_type": "code",
        "id": identifier,
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": lines,
    }


FORMATS.add(
    "notebook",
    Format(
        "The script in the cells of a Jupyter notebook",
        ".ipynb",
        "application/x-ipynb+json",
        lambda source: notebook(source).encode(),
    ),
)
