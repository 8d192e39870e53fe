"""The steps of a forward and backward pass in LaTeX, with the numbers put in."""

from nets.concepts.backpropagation import SLOPE_FORMULAS, Backward, Case, Forward, Weights
from pages.parts.concepts.tex import factor, number

STEPS = ("forward 1", "forward 2", "loss", "backward 2", "backward 1", "update")
TITLES = {
    "forward 1": "Forward through the hidden layer",
    "forward 2": "Forward through the output",
    "loss": "The loss",
    "backward 2": "Backward through the output",
    "backward 1": "Backward through the hidden layer",
    "update": "The update",
}
PARAMETERS = (
    *(f"W^{{(1)}}_{{{unit}{place}}}" for unit in (1, 2) for place in (1, 2)),
    "b^{(1)}_1",
    "b^{(1)}_2",
    "W^{(2)}_1",
    "W^{(2)}_2",
    "b^{(2)}",
)
"""The nine parameters in the order of ``Weights.flat``."""


def partial(of: str) -> str:
    """Return ∂L/∂ of something in LaTeX."""
    return rf"\frac{{\partial L}}{{\partial {of}}}"


def step_in_words(step: str, case: Case, went: Forward, back: Backward, rate: float) -> list[str]:
    """Return the formulas of a step, the general ones first."""
    match step:
        case "forward 1":
            return _forward_hidden(case, went)
        case "forward 2":
            return _forward_output(case, went)
        case "loss":
            return _loss(case, went)
        case "backward 2":
            return _backward_output(case, went, back)
        case "backward 1":
            return _backward_hidden(case, back)
        case _:
            return _update(case.weights, back.weights, rate)


def _aligned(rows: list[str]) -> str:
    return r"\begin{aligned}" + r" \\[5pt] ".join(rows) + r"\end{aligned}"


def _forward_hidden(case: Case, went: Forward) -> list[str]:
    name = rf"\text{{{case.activation.replace('_', ' ')}}}"
    rows = []
    for unit in (0, 1):
        weights, (x1, x2) = case.weights.hidden[unit], case.inputs
        bias, total = case.weights.hidden_bias[unit], went.hidden_sums[unit]
        rows += [
            rf"z^{{(1)}}_{unit + 1} &= {number(weights[0])} \cdot {factor(x1)} + {factor(weights[1])} \cdot "
            rf"{factor(x2)} + {factor(bias)} = {number(total)}",
            rf"a^{{(1)}}_{unit + 1} &= {name}({number(total)}) = {number(went.hidden[unit])}",
        ]
    return [r"z^{(1)} = W^{(1)} x + b^{(1)} \qquad a^{(1)} = f(z^{(1)})", _aligned(rows)]


def _forward_output(case: Case, went: Forward) -> list[str]:
    (v1, v2), (a1, a2) = case.weights.output, went.hidden
    rows = [
        rf"z^{{(2)}} &= {number(v1)} \cdot {factor(a1)} + {factor(v2)} \cdot {factor(a2)} + "
        rf"{factor(float(case.weights.output_bias))} = {number(went.output_sum)}"
    ]
    if case.loss == "mse":
        rows.append(rf"\hat y &= z^{{(2)}} = {number(went.prediction)}")
        return [r"z^{(2)} = W^{(2)} a^{(1)} + b^{(2)} \qquad \hat y = z^{(2)}", _aligned(rows)]
    rows.append(rf"\hat y &= \frac{{1}}{{1 + e^{{-({number(went.output_sum)})}}}} = {number(went.prediction)}")
    return [r"z^{(2)} = W^{(2)} a^{(1)} + b^{(2)} \qquad \hat y = \sigma(z^{(2)})", _aligned(rows)]


def _loss(case: Case, went: Forward) -> list[str]:
    guess, target = number(went.prediction), factor(case.target)
    if case.loss == "mse":
        return [r"L = (\hat y - y)^2", rf"L = ({guess} - {target})^2 = {number(went.loss)}"]
    share = f"{guess}" if case.target else f"(1 - {guess})"
    return [
        r"L = -y \ln \hat y - (1 - y) \ln (1 - \hat y)",
        rf"y = {target}: \quad L = -\ln {share} = {number(went.loss)}",
    ]


def _backward_output(case: Case, went: Forward, back: Backward) -> list[str]:
    two = r"2\," if case.loss == "mse" else ""
    pull, guess = factor(back.output_sum), number(went.prediction)
    rows = [rf"{partial('z^{(2)}')} &= {two}({guess} - {factor(case.target)}) = {number(back.output_sum)}"]
    rows += [
        rf"{partial(f'W^{{(2)}}_{unit + 1}')} &= {partial('z^{(2)}')} \cdot a^{{(1)}}_{unit + 1} = {pull} \cdot "
        rf"{factor(went.hidden[unit])} = {number(back.weights.output[unit])}"
        for unit in (0, 1)
    ]
    rows.append(rf"{partial('b^{(2)}')} &= {partial('z^{(2)}')} = {number(back.output_sum)}")
    return [rf"{partial('z^{(2)}')} = {two}(\hat y - y)", _aligned(rows)]


def _backward_hidden(case: Case, back: Backward) -> list[str]:
    rows = []
    for unit in (0, 1):
        j, pull = unit + 1, factor(back.hidden_sums[unit])
        a, z = f"a^{{(1)}}_{j}", f"z^{{(1)}}_{j}"
        rows += [
            rf"{partial(a)} &= {partial('z^{(2)}')} \cdot W^{{(2)}}_{j} = {factor(back.output_sum)} \cdot "
            rf"{factor(case.weights.output[unit])} = {number(back.hidden[unit])}",
            rf"{partial(z)} &= {partial(a)} \cdot f'({z}) = {factor(back.hidden[unit])} \cdot "
            rf"{factor(back.slopes[unit])} = {number(back.hidden_sums[unit])} = {partial(f'b^{{(1)}}_{j}')}",
        ]
        rows += [
            rf"{partial(f'W^{{(1)}}_{{{j}{place + 1}}}')} &= {partial(z)} \cdot x_{place + 1} = {pull} \cdot "
            rf"{factor(case.inputs[place])} = {number(back.weights.hidden[unit, place])}"
            for place in (0, 1)
        ]
    return [rf"f'(z) = {SLOPE_FORMULAS[case.activation]}", _aligned(rows)]


def _update(weights: Weights, gradients: Weights, rate: float) -> list[str]:
    triples = zip(PARAMETERS, weights.flat(), gradients.flat(), strict=True)
    rows = [
        rf"{name} &\leftarrow {number(before)} - {number(rate)} \cdot {factor(gradient)} = "
        rf"{number(before - rate * gradient)}"
        for name, before, gradient in triples
    ]
    return [r"W \leftarrow W - \eta \frac{\partial L}{\partial W}", _aligned(rows)]
