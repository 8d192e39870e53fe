"""Small tools over syntax trees: what is known of an expression, copies, substitutions, the source of a function."""

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

UNKNOWN = object()


def mark(node: ast.expr, value: Any) -> ast.expr:
    """Note on ``node`` that it will always have ``value``, and return it."""
    node.known = value  # type: ignore[attr-defined]
    return node


def known(node: ast.expr) -> Any:
    """Return the value that ``node`` always has, or ``UNKNOWN``."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Tuple | ast.List):
        values = tuple(known(item) for item in node.elts)
        return UNKNOWN if UNKNOWN in values else values
    return getattr(node, "known", UNKNOWN)


def name(identifier: str) -> ast.Name:
    """Return the expression that reads a variable."""
    return ast.Name(identifier, ast.Load())


def global_name(identifier: str) -> ast.Name:
    """Return the expression that reads a definition of the script, whatever variables are called around it."""
    node = name(identifier)
    node.is_global = True  # type: ignore[attr-defined]
    return node


def separate(function: ast.FunctionDef) -> None:
    """Rename variables of ``function``, in place, that would hide a definition which it reads.

    Raises:
        ValueError: if a parameter would: callers may give it by name.
    """
    inside = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    hidden = {node.id for node in inside if hasattr(node, "is_global")} & written_in(function.body)
    if taken := hidden & {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}:
        raise ValueError(f"{function.name} has a parameter called like a function that it calls: {', '.join(taken)}")
    for node in inside:
        if node.id in hidden and not hasattr(node, "is_global"):
            node.id += "_"


def assign(identifier: str, value: ast.expr) -> ast.Assign:
    """Return the statement ``identifier = value``."""
    return ast.fix_missing_locations(ast.Assign([ast.Name(identifier, ast.Store())], value))


def literal(value: Any) -> ast.expr:
    """Return numbers, strings, and tuples of them as an expression."""
    return ast.parse(repr(value), mode="eval").body


def names_in(node: ast.AST) -> set[str]:
    """Return every name that ``node`` reads or writes."""
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def written_in(statements: Iterable[ast.stmt]) -> set[str]:
    """Return the names that statements bind, those of comprehensions and of inner functions included."""
    found: set[str] = set()
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.id)
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                found.add(node.name)
            elif isinstance(node, ast.arg):
                found.add(node.arg)
    return found


class _Substitution(ast.NodeTransformer):
    def __init__(self, values: Mapping[str, ast.expr]) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return copy.copy(self._values[node.id]) if node.id in self._values else node


def substitute(node: ast.expr, values: Mapping[str, ast.expr]) -> ast.expr:
    """Return ``node``, which is used up, with variables replaced."""
    return _Substitution(values).visit(node)


def may_be_repeated(node: ast.expr) -> bool:
    """Is ``node`` so simple that writing it twice reads and costs no more than a variable?"""
    match node:
        case ast.Name() | ast.Constant():
            return True
        case ast.Attribute(value=inner):
            return may_be_repeated(inner)
        case ast.Subscript(value=inner):
            return may_be_repeated(inner)
    return False


def can_be_inlined(expression: ast.expr, arguments: Mapping[str, ast.expr]) -> bool:
    """May every parameter in ``expression`` be replaced by its argument without computing anything twice?"""
    uses = [inner.id for inner in ast.walk(expression) if isinstance(inner, ast.Name)]
    return all(uses.count(parameter) <= 1 or may_be_repeated(value) for parameter, value in arguments.items())


@cache
def _source(function: Callable[..., Any]) -> str:
    return textwrap.dedent(inspect.getsource(function))


def function_tree(function: Callable[..., Any]) -> ast.FunctionDef:
    """Return a fresh tree of the source of ``function``, without decorators and annotations."""
    definition = ast.parse(_source(function)).body[0]
    assert isinstance(definition, ast.FunctionDef), function
    return strip(definition)


def class_tree(kind: type) -> ast.ClassDef:
    """Return a fresh tree of the source of a class."""
    definition = ast.parse(_source(kind)).body[0]
    assert isinstance(definition, ast.ClassDef), kind
    return definition


def strip(function: ast.FunctionDef) -> ast.FunctionDef:
    """Return ``function``, changed in place, without decorators, annotations and all but its docstring's first line."""
    function.decorator_list, function.returns = [], None
    for argument in ast.walk(function.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    shorten_docstring(function)
    return function


def shorten_docstring(definition: ast.FunctionDef | ast.ClassDef) -> None:
    """Keep the first line of a docstring, in place."""
    if (text := ast.get_docstring(definition)) is not None:
        definition.body[0] = ast.Expr(ast.Constant(text.partition("\n")[0]))


def bind(parameters: ast.arguments, call: ast.Call, skip: int) -> dict[str, ast.expr] | None:
    """Return what a call gives each parameter, its default where it gives none; None if that can't be told.

    Args:
        parameters: of the function, its first ``skip`` left out.
        call: its positional arguments and keywords.
        skip: 1 for a method, whose object is not among the arguments.
    """
    if parameters.vararg or parameters.kwarg or any(isinstance(item, ast.Starred) for item in call.args):
        return None
    positional = [argument.arg for argument in (*parameters.posonlyargs, *parameters.args)][skip:]
    defaults: dict[str, ast.expr] = {}
    if parameters.defaults:
        defaults.update(zip(positional[-len(parameters.defaults) :], parameters.defaults, strict=True))
    for argument, default in zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True):
        if default is not None:
            defaults[argument.arg] = default
    given = dict(zip(positional, call.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None}
    return {**defaults, **given}
