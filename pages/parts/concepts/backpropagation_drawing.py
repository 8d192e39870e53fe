"""The 2-2-1 network as a drawing: values and weights in it, gradients as they come back, the current step lit."""

from nets.concepts.backpropagation import Backward, Case, Forward
from pages.parts.concepts.backpropagation_words import STEPS

WIDTH, HEIGHT = 680, 330
RADIUS = 31
UP, DOWN = 95, 245
INPUT, HIDDEN, OUTPUT, LOSS = 50, 290, 490, 625
MIDDLE = (UP + DOWN) // 2
FORWARD, BACKWARD, STILL = "#0072B2", "#D98200", "#8796A8"


def drawing(step: str, case: Case, went: Forward, back: Backward) -> str:
    """Return the network as an SVG."""
    done = STEPS.index(step)
    parts = [
        *_hidden_edges(done, case, back),
        *_output_edges(done, case, back),
        *_nodes(done, case, went, back),
    ]
    told = f"Network of two inputs, two hidden units and one output, at the step {step}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{told}" '
        f'style="min-width:560px" font-size="13" fill="currentColor">{"".join(parts)}</svg>'
    )


def _color(done: int, forward: int, backward: int) -> str | None:
    """Return the colour in which something is lit at a step; None if it is not."""
    return FORWARD if done == forward else BACKWARD if done == backward else None


def _hidden_edges(done: int, case: Case, back: Backward) -> list[str]:
    color = _color(done, 0, 4)
    parts = []
    for unit, end in enumerate((UP, DOWN)):
        for place, start in enumerate((UP, DOWN)):
            parts.append(_edge((INPUT, start), (HIDDEN, end), color))
            x = INPUT + 0.34 * (HIDDEN - INPUT)
            y = start + 0.34 * (end - start)
            gradient = back.weights.hidden[unit, place] if done >= 4 else None
            parts.append(_weight(x, y, case.weights.hidden[unit, place], gradient))
    return parts


def _output_edges(done: int, case: Case, back: Backward) -> list[str]:
    color = _color(done, 1, 3)
    parts = []
    for unit, start in enumerate((UP, DOWN)):
        parts.append(_edge((HIDDEN, start), (OUTPUT, MIDDLE), color))
        gradient = back.weights.output[unit] if done >= 3 else None
        x, y = HIDDEN + 0.5 * (OUTPUT - HIDDEN), start + 0.5 * (MIDDLE - start)
        parts.append(_weight(x, y, case.weights.output[unit], gradient))
    parts.append(_edge((OUTPUT, MIDDLE), (LOSS, MIDDLE), FORWARD if done == 2 else BACKWARD if done == 3 else None))
    return parts


def _nodes(done: int, case: Case, went: Forward, back: Backward) -> list[str]:
    parts = []
    for place, y in enumerate((UP, DOWN)):
        parts.append(_node((INPUT, y), f"x{'₁₂'[place]}", case.inputs[place], FORWARD if done == 0 else None))
    for unit, y in enumerate((UP, DOWN)):
        lit = FORWARD if done in (0, 1) else BACKWARD if done == 4 else None
        parts.append(_node((HIDDEN, y), f"a{'₁₂'[unit]}", went.hidden[unit], lit))
        bias = back.weights.hidden_bias[unit] if done >= 4 else None
        parts += _around((HIDDEN, y), went.hidden_sums[unit], case.weights.hidden_bias[unit], bias, above=unit == 0)
    lit = FORWARD if done in (1, 2) else BACKWARD if done == 3 else None
    parts.append(_node((OUTPUT, MIDDLE), "ŷ", went.prediction if done >= 1 else None, lit))
    bias = back.output_sum if done >= 3 else None
    total = went.output_sum if done >= 1 else None
    parts += _around((OUTPUT, MIDDLE), total, float(case.weights.output_bias), bias, above=True)
    parts.append(_node((LOSS, MIDDLE), "L", went.loss if done >= 2 else None, FORWARD if done == 2 else None))
    parts.append(_text(LOSS, MIDDLE + RADIUS + 18, f"y = {_short(case.target)}"))
    return parts


def _edge(start: tuple[float, float], end: tuple[float, float], color: str | None) -> str:
    line = f'x1="{start[0]}" y1="{start[1]}" x2="{end[0]}" y2="{end[1]}"'
    return f'<line {line} stroke="{color or STILL}" stroke-width="{3.5 if color else 1.5}"/>'


def _node(at: tuple[float, float], name: str, value: float | None, color: str | None) -> str:
    ring = f'stroke="{color or STILL}" stroke-width="{4 if color else 1.5}"'
    circle = f'<circle cx="{at[0]}" cy="{at[1]}" r="{RADIUS}" class="card" {ring}/>'
    number = "?" if value is None else _short(value)
    return circle + _text(at[0], at[1] - 5, name, weight=650) + _text(at[0], at[1] + 13, number)


def _weight(x: float, y: float, weight: float, gradient: float | None) -> str:
    """Return a weight above its edge, and below it the gradient that has come back."""
    label = _text(x, y - 5, _short(weight), weight=600)
    return label if gradient is None else label + _text(x, y + 16, f"∂ {_short(gradient)}", color=BACKWARD, weight=600)


def _around(
    at: tuple[float, float], total: float | None, bias: float, gradient: float | None, *, above: bool
) -> list[str]:
    """Return the sum and the bias of a unit beside it, and the bias's gradient once it has come back."""
    words = f"b {_short(bias)}" if total is None else f"b {_short(bias)}, z {_short(total)}"
    first, second = (-RADIUS - 10, -RADIUS - 27) if above else (RADIUS + 19, RADIUS + 36)
    parts = [_text(at[0], at[1] + first, words)]
    if gradient is not None:
        parts.append(_text(at[0], at[1] + second, f"∂ {_short(gradient)}", color=BACKWARD, weight=600))
    return parts


def _text(x: float, y: float, words: str, *, color: str = "currentColor", weight: int = 400) -> str:
    place = f'x="{x:.0f}" y="{y:.0f}" text-anchor="middle"'
    return f'<text {place} fill="{color}" font-weight="{weight}" class="halo">{words}</text>'


def _short(value: float) -> str:
    return f"{float(value) + 0.0:.3g}".replace("-", "−")
