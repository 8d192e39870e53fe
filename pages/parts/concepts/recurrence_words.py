"""One step of a cell as formulas with the numbers in them."""

from collections.abc import Callable

from nets.concepts.recurrence import GATES, HIDDEN_SIZE, Cell, Step
from pages.parts.concepts.numbers import two_digits

FUNCTIONS = dict.fromkeys("rzifo", r"\sigma") | dict.fromkeys("hng", r"\tanh")


def written_out(cell: Cell, step: Step, unit: int) -> str:
    """Return LaTeX lines for a unit (0 or 1): each gate with its numbers, then the states made of them."""
    lines = [_gate(cell, step, name, unit) for name in GATES[cell.kind]]
    if states := _STATES.get(cell.kind):
        lines += states(step, unit)
    return r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}"


def _gate(cell: Cell, step: Step, name: str, unit: int) -> str:
    row = GATES[cell.kind].index(name) * HIDDEN_SIZE + unit
    of_input = f"{_product(cell.w[row], step.x)} {_signed(cell.b[row])}"
    of_state = f"{_product(cell.u[row, 0], step.before[0])} {_signed_product(cell.u[row, 1], step.before[1])}"
    if cell.kind == "gru" and name == "n":
        inside = f"{of_input} {_signed(step.gates['r'][unit])}\\,({of_state})"
    else:
        inside = f"{of_input} + {of_state}" if cell.u[row, 0] >= 0 else f"{of_input} {of_state}"
    function = FUNCTIONS[name]
    return (
        f"{_named(name, unit)} &= {function}({inside}) "
        f"= {function}({step.sums[name][unit]:.2f}) = \\mathbf{{{step.gates[name][unit]:.2f}}}"
    )


def _gru(step: Step, unit: int) -> list[str]:
    keep, new = step.gates["z"][unit], step.gates["n"][unit]
    return [
        f"{_named('h', unit)} &= (1 - z) \\cdot n + z \\cdot h_{{t-1}} = (1 - {keep:.2f}) \\cdot {_held(new)} "
        f"{_signed_product(keep, step.before[unit])} = \\mathbf{{{step.hidden[unit]:.2f}}}"
    ]


def _lstm(step: Step, unit: int) -> list[str]:
    let_in, keep, new, shown = (step.gates[name][unit] for name in "ifgo")
    return [
        f"{_named('c', unit)} &= f \\cdot c_{{t-1}} + i \\cdot g = {_product(keep, step.memory_before[unit])} "
        f"{_signed_product(let_in, new)} = \\mathbf{{{step.memory[unit]:.2f}}}",
        f"{_named('h', unit)} &= o \\cdot \\tanh(c) = {shown:.2f} \\cdot \\tanh({step.memory[unit]:.2f}) "
        f"= \\mathbf{{{step.hidden[unit]:.2f}}}",
    ]


_STATES: dict[str, Callable[[Step, int], list[str]]] = {"gru": _gru, "lstm": _lstm}


def _named(name: str, unit: int) -> str:
    return f"{name}_{unit + 1}"


def _held(value: float) -> str:
    """Return a number as a factor: in parentheses where it is below zero."""
    text = two_digits(value)
    return f"({text})" if text.startswith("-") else text


def _product(first: float, second: float) -> str:
    return f"{two_digits(first)} \\cdot {_held(second)}"


def _signed(value: float) -> str:
    text = two_digits(value)
    return f"- {text[1:]}" if text.startswith("-") else f"+ {text}"


def _signed_product(first: float, second: float) -> str:
    return f"{_signed(first)} \\cdot {_held(second)}"
