"""A small language of tensors, read with Python's own parser and never evaluated by it.

    expression: x y z w, numbers, + - * / ** @, brackets, and the functions of ``FUNCTIONS``

Every refusal is an ``ExpressionError`` whose text is a sentence that names what came and what may come.
"""

import ast
import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

NAMES = ("x", "y", "z", "w")
FUNCTIONS = (
    *("sum", "mean", "max", "exp", "log", "tanh", "sigmoid", "relu", "sin", "cos", "sqrt", "abs"),
    *("matmul", "reshape"),
)
ALONG_AN_AXIS = ("sum", "mean", "max")
MAX_LENGTH = 160
MAX_NODES = 40
MAX_DEPTH = 12
MAX_NUMBER = 1e6
MAX_POWER = 10
MAX_AXES = 3
MAX_VALUES = 64
"""Numbers in one value that is typed."""
OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "−",
    ast.Mult: "×",
    ast.Div: "÷",
    ast.Pow: "**",
    ast.MatMult: "@",
}
TOKEN = re.compile(
    r"(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)|\*\*|[-+*/@(),]|\s+", re.ASCII
)
VALUE = re.compile(r"[-+0-9.eE,\[\]\s]*", re.ASCII)


class ExpressionError(ValueError):
    """What came can't be taken; the text is a sentence for the person who typed it."""


@dataclass(frozen=True)
class Node:
    """One step of an expression.

    Args:
        op: a name of ``NAMES``, "number", "negative", an operator of ``OPERATORS``, or a function of ``FUNCTIONS``.
        inputs: what it works on.
        number: of a "number".
        sizes: whole numbers that belong to it: the sizes of ``reshape``, the axis of ``sum``; empty for none.
    """

    op: str
    inputs: tuple["Node", ...] = ()
    number: float = 0.0
    sizes: tuple[int, ...] = ()


def parse(text: str) -> Node:
    """Return what ``text`` says.

    Raises:
        ExpressionError: if it is too long, too deep, or holds anything but the language above.
    """
    if not text.strip():
        raise ExpressionError("There is no expression yet; type one such as x**2.")
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"The expression has {len(text)} characters; it may have up to {MAX_LENGTH}.")
    _check_tokens(text)
    try:
        tree = ast.parse(" ".join(text.split()), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ExpressionError(
            f"{_quoted(text)} can't be read as an expression; look for a missing bracket or operator."
        ) from None
    count = sum(isinstance(node, ast.expr) for node in ast.walk(tree))
    if count > MAX_NODES:
        raise ExpressionError(f"The expression has {count} parts; it may have up to {MAX_NODES}.")
    return _node(tree.body, 1)


def names_in(node: Node) -> tuple[str, ...]:
    """Return the names that an expression uses, in the order of ``NAMES``."""
    found = {node.op} if node.op in NAMES else set()
    for inner in node.inputs:
        found |= {*names_in(inner)}
    return tuple(name for name in NAMES if name in found)


def value(name: str, text: str) -> np.ndarray:
    """Return the value typed for ``name``: a number, a list of numbers, or lists of such; float64.

    Raises:
        ExpressionError: if it is anything else, ragged, too large, or has more than ``MAX_AXES`` axes.
    """
    example = "2, [1, 2, 3] or [[1, 2], [3, 4]]"
    if len(text) > 8 * MAX_VALUES:
        raise ExpressionError(f"{name} has {len(text)} characters; it may have up to {8 * MAX_VALUES}.")
    if not text.strip() or not VALUE.fullmatch(text):
        raise ExpressionError(f"{name} is {_quoted(text)}; it must be numbers such as {example}.")
    try:
        read = ast.literal_eval(text.strip())
        if _axes(read) > MAX_AXES:
            raise ExpressionError(f"{name} has {_axes(read)} axes; it may have up to {MAX_AXES}.")
        array = np.array(read, dtype=np.float64)
    except ExpressionError:
        raise
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError, OverflowError):
        raise ExpressionError(
            f"{name} is {_quoted(text)}; it must be numbers such as {example}, every row of the same length."
        ) from None
    if not 0 < array.size <= MAX_VALUES:
        raise ExpressionError(f"{name} has {array.size} numbers; it may have 1 to {MAX_VALUES}.")
    if not np.isfinite(array).all() or np.abs(array).max() > MAX_NUMBER:
        raise ExpressionError(f"{name} goes beyond {MAX_NUMBER:,.0f}; its numbers must stay within.")
    return array


def _axes(read: Any) -> int:
    """Return how deep lists of lists go, along their first entries; other sequences are none."""
    if isinstance(read, tuple):
        raise ValueError("a tuple is no list")
    return 1 + (_axes(read[0]) if read else 0) if isinstance(read, list) else 0


def _check_tokens(text: str) -> None:
    """Refuse unknown characters and names before Python's parser sees them."""
    place = 0
    while place < len(text):
        found = TOKEN.match(text, place)
        if not found:
            raise ExpressionError(f"{_quoted(text[place])} can't stand here; {_offer()}.")
        name = found["name"]
        if name and name not in NAMES and name not in FUNCTIONS:
            raise ExpressionError(f"There is no {_quoted(name)}; {_offer()}.")
        place = found.end()
        if found["number"] and place < len(text) and (text[place].isalnum() or text[place] in "_."):
            raise ExpressionError(f"{_quoted(found[0] + text[place])} is no number; write products as 2*x.")


def _node(tree: ast.expr, depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise ExpressionError(f"The expression is nested more than {MAX_DEPTH} deep; take it apart.")
    match tree:
        case ast.Name(id=name) if name in NAMES:
            return Node(name)
        case ast.Name(id=name):
            raise ExpressionError(f"{name} is a function and needs brackets: {name}(x).")
        case ast.Constant(value=bool() | complex() | str() | bytes() | None):
            raise ExpressionError(f"{_quoted(ast.unparse(tree))} is no number; {_offer()}.")
        case ast.Constant(value=int() | float() as number):
            return Node("number", number=_bounded(number))
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return Node("negative", (_node(inner, depth + 1),))
        case ast.UnaryOp(op=ast.UAdd(), operand=inner):
            return _node(inner, depth + 1)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return Node(OPERATORS[type(op)], (_node(left, depth + 1), _node(right, depth + 1)))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            return _call(name, arguments, depth)
        case _:
            kind = type(tree).__name__.lower()
            raise ExpressionError(f"{_quoted(ast.unparse(tree))} is a {kind}; {_offer()}.")


def _call(name: str, arguments: list[ast.expr], depth: int) -> Node:
    usage = {"reshape": "reshape(x, 2, 3)", "matmul": "matmul(x, y)"}.get(name, f"{name}(x)")
    fits = {"reshape": 2 <= len(arguments) <= 1 + MAX_AXES, "matmul": len(arguments) == 2}
    most = 2 if name in ALONG_AN_AXIS else 1
    if not fits.get(name, 1 <= len(arguments) <= most):
        also = f" or {name}(x, 0), along an axis" if name in ALONG_AN_AXIS else ""
        raise ExpressionError(f"{name} got {len(arguments)} arguments; write {usage}{also}.")
    if name == "matmul":
        return Node("@", tuple(_node(argument, depth + 1) for argument in arguments))
    first, *rest = arguments
    return Node(name, (_node(first, depth + 1),), sizes=tuple(_whole(name, argument) for argument in rest))


def _whole(name: str, tree: ast.expr) -> int:
    """Return a whole number that is written out, such as a size or an axis."""
    sign = 1
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub):
        sign, tree = -1, tree.operand
    if isinstance(tree, ast.Constant) and type(tree.value) is int and tree.value <= MAX_VALUES:
        return sign * tree.value
    what = "an axis" if name in ALONG_AN_AXIS else "a size"
    raise ExpressionError(f"{name} got {_quoted(ast.unparse(tree))} as {what}; it must be a whole number up to 64.")


def _bounded(number: float) -> float:
    if abs(number) > MAX_NUMBER or not math.isfinite(number):
        raise ExpressionError(f"A number in the expression is beyond {MAX_NUMBER:,.0f}; it must stay within.")
    return float(number)


def _offer() -> str:
    return f"there are {', '.join(NAMES)}, numbers, + - * / ** @, brackets and {', '.join(FUNCTIONS)}"


def _quoted(text: str) -> str:
    short = text if len(text) <= 30 else text[:29] + "…"
    return f"'{short}'" if short.isprintable() else ascii(short)
