"""How layers and figures are called in a sentence."""

import re

PLACES = (
    (re.compile(r"^(?:output\.deep\.)?hidden(\d+)$"), "hidden layer {}"),
    (re.compile(r"^conv(\d+)$"), "convolution {}"),
    (re.compile(r"^block(\d+)\..*"), "block {}"),
    (re.compile(r"^block(\d+)_(\d+)\..*"), "block {}.{}"),
    (re.compile(r"^output(?:\.deep\.last)?$"), "the output layer"),
)
FROM_ZERO = (
    (re.compile(r"^core\.layers\.(\d+)$"), "recurrent layer {}"),
    (re.compile(r"^core\.blocks\.(\d+)\..*"), "block {}"),
)
"""Torch counts these from 0, and people from 1."""


def spoken(name: str) -> str:
    """Return what people call a layer: "hidden layer 2"; "layer stem" where there is no better name."""
    for pattern, words in FROM_ZERO:
        if found := pattern.match(name):
            return words.format(int(found[1]) + 1)
    for pattern, words in PLACES:
        if found := pattern.match(name):
            return words.format(*found.groups())
    return name if name.startswith("layer") else f"layer {name}"


def figure(value: float) -> str:
    """Return a number in three digits or words: 0.034, 3.4, 1,200, 3.4 million, 3.4e-8."""
    size = abs(value)
    for name, unit in (("trillion", 1e12), ("billion", 1e9), ("million", 1e6)):
        if unit <= size < 1e3 * unit:
            return f"{value / unit:.3g} {name}"
    if size and (size < 1e-4 or size >= 1e6):
        return f"{value:.1e}".replace("e-0", "e-").replace("e+", "e")
    return f"{value:,.0f}" if size >= 100 else f"{value:.3g}"


def loss_figure(value: float) -> str:
    """Return a loss as the numbers strip has it, so that two can be compared: 0.0341, 1.0088, 1,200."""
    return f"{value:.4f}" if 1e-4 <= abs(value) < 100 else figure(value)


def percent(share: float) -> str:
    """Return a share as people say it: 4 %, or 0.3 % where it is less than one."""
    return f"{share:.1%}".replace("%", " %") if 0 < share < 0.01 else f"{share:.0%}".replace("%", " %")


def times(factor: float) -> str:
    """Return how many times something is larger: 3.4 times, 1,200 times."""
    return f"{figure(factor)} times"
