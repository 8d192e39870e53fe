"""Numbers and tensors in LaTeX."""

import numpy as np

MOST_SHOWN = 8
"""Rows and columns of a matrix, slices of a tensor; the rest is left out with dots."""


def number(value: float) -> str:
    """Return a number in LaTeX with four digits; very small and great ones with a power of ten."""
    if not np.isfinite(value):
        return r"\text{nan}" if np.isnan(value) else r"\infty" if value > 0 else r"-\infty"
    text = f"{float(value) + 0.0:.4g}"  # + 0.0 turns -0 into 0
    digits, _, power = text.partition("e")
    return rf"{digits} \cdot 10^{{{int(power)}}}" if power else digits


def factor(value: float) -> str:
    """Return a number as it stands in a product: negative ones, and powers of ten, in brackets."""
    text = number(value)
    return rf"({text})" if text.startswith("-") or "cdot" in text else text


def tensor(values: np.ndarray) -> str:
    """Return a number, a row, a matrix, or matrices beside each other, of at most three axes, in LaTeX."""
    if values.ndim == 0:
        return number(float(values))
    if values.ndim == 3:
        slices = [tensor(matrix) for matrix in values[:MOST_SHOWN]]
        return r"\;".join(slices + [r"\cdots"] * (len(values) > MOST_SHOWN))
    rows = np.atleast_2d(values)
    lines = [_row(row) for row in rows[:MOST_SHOWN]]
    if len(rows) > MOST_SHOWN:
        lines.append(r"\vdots")
    return r"\begin{bmatrix}" + r"\\".join(lines) + r"\end{bmatrix}"


def _row(row: np.ndarray) -> str:
    return " & ".join([*(number(value) for value in row[:MOST_SHOWN]), *([r"\cdots"] * (len(row) > MOST_SHOWN))])
