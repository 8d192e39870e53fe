"""The graph of an expression as a drawing: each operation a box with its shape, value and gradient."""

from html import escape

import numpy as np

from nets.concepts.autograd import Result, Step
from nets.concepts.expressions import NAMES

WIDTH, HEIGHT = 136, 76
ACROSS, DOWN = 176, 92
MARGIN = 8
NAME, OPERATION, GRADIENT, EDGE = "#0072B2", "#8796A8", "#D98200", "#8796A8"
MOST_LETTERS = 18
"""Of a short row that is written out; a longer one is told by its least and greatest number."""
SMALL_PRINT = 20
"""Letters from which on a line is written smaller."""
WIDE = 760
"""A graph of so many pixels or more wants the page's whole width."""


def graph(result: Result) -> str:
    """Return the graph as an SVG, what goes in on the left, the result on the right."""
    places = _places(result.steps)
    boxes = [_box(step, places[at], is_last=at == len(places) - 1) for at, step in enumerate(result.steps)]
    edges = [
        _edge(places[start], places[end], start in result.names.values())
        for end, step in enumerate(result.steps)
        for start in step.inputs
    ]
    width, height = _size(places)
    told = f"Graph of {len(boxes)} tensors, from {', '.join(result.names) or 'numbers'} to the result"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        f'aria-label="{told}" style="min-width:{0.9 * width:.0f}px;max-width:{1.15 * width:.0f}px" font-size="12" '
        f'fill="currentColor">{"".join(edges)}{"".join(boxes)}</svg>'
    )


def is_wide(result: Result) -> bool:
    """Does the graph want the page's whole width?"""
    return _size(_places(result.steps))[0] >= WIDE


def summary(values: np.ndarray) -> str:
    """Return a tensor in a few characters: a number, a short row, or the least and the greatest."""
    row = ", ".join(_short(value) for value in values.ravel()[:MOST_LETTERS])
    is_row = values.ndim < 2 or values.size == 1
    return row if is_row and len(row) <= MOST_LETTERS else f"{_short(values.min())} … {_short(values.max())}"


def shape_words(shape: tuple[int, ...]) -> str:
    """Return a shape as PyTorch writes it, (3, 1), or "one number"."""
    return str(shape) if shape else "one number"


def _size(places: list[tuple[float, float]]) -> tuple[float, float]:
    return max(x for x, _ in places) + WIDTH + MARGIN, max(y for _, y in places) + HEIGHT + MARGIN


def _places(steps: tuple[Step, ...]) -> list[tuple[float, float]]:
    """Return the upper left corner of every box: columns by what must be known before, rows beside the inputs."""
    columns = [0] * len(steps)
    for at, step in enumerate(steps):
        columns[at] = 1 + max((columns[place] for place in step.inputs), default=-1)
    for at, step in enumerate(steps):
        if not step.inputs:  # what goes in stands right before where it is first wanted
            columns[at] = min((columns[end] for end, other in enumerate(steps) if at in other.inputs), default=1) - 1
    rows = [0.0] * len(steps)
    leaves = 0
    for at, step in enumerate(steps):
        if step.inputs:
            rows[at] = float(np.mean([rows[place] for place in step.inputs]))
        else:
            rows[at], leaves = leaves, leaves + 1
    for column in set(columns):
        free = -1.0
        for at in sorted((at for at in range(len(steps)) if columns[at] == column), key=lambda at: rows[at]):
            rows[at] = max(rows[at], free)
            free = rows[at] + 1
    top, left = min(rows), min(columns)
    return [
        (MARGIN + (column - left) * ACROSS, MARGIN + (row - top) * DOWN)
        for column, row in zip(columns, rows, strict=True)
    ]


def _edge(start: tuple[float, float], end: tuple[float, float], is_name: bool) -> str:
    x1, y1 = start[0] + WIDTH, start[1] + HEIGHT / 2
    x2, y2 = end[0], end[1] + HEIGHT / 2
    bend = 20
    path = f"M{x1} {y1}C{x1 + bend} {y1},{x2 - bend} {y2},{x2} {y2}"
    return f'<path d="{path}" fill="none" stroke="{NAME if is_name else EDGE}" stroke-width="1.6"/>'


def _box(step: Step, at: tuple[float, float], *, is_last: bool) -> str:
    x, y = at
    color = NAME if step.label in NAMES or is_last else OPERATION
    lines = [
        (step.label, "currentColor", 650, 14),
        (shape_words(step.shape), "currentColor", 400, 11),
        (summary(step.value) if step.inputs or step.label in NAMES else "", "currentColor", 600, 12),
        (f"∂ {summary(step.gradient)}" if step.gradient is not None else "", GRADIENT, 600, 12),
    ]
    text = "".join(
        f'<text x="{x + WIDTH / 2:.0f}" y="{y + 18 + 17 * place:.0f}" text-anchor="middle" fill="{fill}" '
        f'font-weight="{weight}" font-size="{size if len(words) < SMALL_PRINT else size - 3}">{escape(words)}</text>'
        for place, (words, fill, weight, size) in enumerate(lines)
    )
    frame = f'width="{WIDTH}" height="{HEIGHT}" rx="9" stroke="{color}" stroke-width="{2.5 if color == NAME else 1.3}"'
    whole = escape(np.array2string(step.value, precision=4, threshold=64))
    return f'<g><title>{whole}</title><rect x="{x:.0f}" y="{y:.0f}" class="card" {frame}/>{text}</g>'


def _short(value: float) -> str:
    return f"{float(value) + 0.0:.3g}".replace("-", "−")
