"""Whole functions and classes of the project as definitions in a script."""

import ast
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nets.export.base import CannotExport
from nets.export.plain.nodes import (
    assign,
    class_tree,
    function_tree,
    global_name,
    known,
    mark,
    name,
    names_in,
    separate,
    shorten_docstring,
    written_in,
)
from nets.export.plain.program import Program, is_ours
from nets.export.plain.specialize import Specializer

Values = Mapping[str, ast.expr]


def specialized(
    program: Program,
    function: Callable[..., Any],
    values: Values,
    variables: set[str],
    hoisted: dict[str, ast.expr] | None = None,
) -> list[ast.stmt]:
    """Return the body of ``function``, its docstring left out, once ``values`` are put in.

    Args:
        program: takes what the body needs.
        function: one of the project's own, or a method, whose "self" is among the values.
        values: what is known of its parameters.
        variables: its other parameters.
        hoisted: takes properties that must be computed before; without it they are the first lines of the body.
    """
    tree = function_tree(function)
    body = tree.body[1:] if ast.get_docstring(tree) is not None else tree.body
    first: dict[str, ast.expr] = {}
    module = sys.modules[function.__module__]
    scope = Specializer(program, module, values, variables | written_in(body), first if hoisted is None else hoisted)
    left = scope.block(body)
    return [*(assign(key, value) for key, value in first.items()), *left]


def only_value(body: list[ast.stmt]) -> ast.expr | None:
    """Return what a body returns that does nothing else; None for any other."""
    match body:
        case [ast.Return(value=value)]:
            return value
    return None


def method_value(program: Program, owner: Any, method: str, values: Values) -> ast.expr | None:
    """Return the one expression that a method of ``owner`` comes down to; None where it takes more than that."""
    function = getattr(type(owner), method)
    bound = {"self": mark(name("self"), owner), **values}
    return only_value(specialized(program, function, bound, set()))


def define_function(
    program: Program,
    function: Callable[..., Any],
    values: Values,
    *,
    called: str | None = None,
    doc: str | None = None,
    parameters: Sequence[str] = (),
) -> str:
    """Define ``function`` in the script with ``values`` put in, if it is not there yet, and return its name.

    Parameters that nothing is left to use go: ``program.unused`` has them.

    Args:
        program: takes the definition and what it needs.
        function: one of the project's own.
        values: parameters that vanish, and what stands for them.
        called: its name in the script, instead of its own.
        doc: its docstring, instead of the first line of its own.
        parameters: names that ``values`` bring in and that shall be its parameters, if it uses them.
    """
    key = (function, tuple(sorted((parameter, _identity(value)) for parameter, value in values.items())))
    identifier = called or program.claim((function.__name__.lstrip("_"),), key)
    if identifier in program.definitions:
        return identifier
    tree = function_tree(function)
    tree.name, text = identifier, doc or ast.get_docstring(tree)
    tree.args = _without(tree.args, values, Specializer(program, sys.modules[function.__module__]))
    own = {argument.arg for argument in ast.walk(tree.args) if isinstance(argument, ast.arg)}
    body = specialized(program, function, values, own)
    used = set().union(*map(names_in, body))
    program.unused[identifier] = own - used
    tree.args = _without(tree.args, dict.fromkeys(own - used), Specializer(program, sys.modules[function.__module__]))
    tree.args.args += [ast.arg(parameter) for parameter in parameters if parameter in used]
    tree.body = [ast.Expr(ast.Constant(text)), *body] if text else body
    try:
        separate(tree)
    except ValueError as error:
        raise CannotExport(f"a script can't have {function.__qualname__}: {error}") from None
    program.define(identifier, ast.fix_missing_locations(tree))
    return identifier


def define_method(
    program: Program,
    owner: Any,
    method: str,
    values: Values,
    *,
    called: str,
    doc: str | None = None,
    parameters: Sequence[str] = (),
) -> str:
    """Define a method of ``owner`` as a function of the script; see ``define_function``."""
    bound = {"self": mark(name("self"), owner), **values}
    function = getattr(type(owner), method)
    return define_function(program, function, bound, called=called, doc=doc, parameters=parameters)


def method_call(program: Program, owner: Any, method: str, values: Values, *, called: str) -> ast.expr:
    """Return what a method gives for ``values``: its one expression, or a call of a definition of it.

    Args:
        program: takes what is needed.
        owner: the known object.
        method: the name of one of its methods.
        values: an expression for each of its parameters, variables of the script.
        called: the name of the definition, if there must be one.
    """
    expression = method_value(program, owner, method, values)
    if expression is not None:
        return expression
    defined = define_method(program, owner, method, {}, called=called)
    passed = {parameter: value for parameter, value in values.items() if parameter not in program.unused[defined]}
    return ast.Call(global_name(defined), [], [ast.keyword(parameter, value) for parameter, value in passed.items()])


def define_class(program: Program, kind: type) -> None:
    """Define a module class of the project in the script, if it is one and not there yet."""
    from torch import nn

    if not (is_ours(kind) and issubclass(kind, nn.Module)) or kind.__name__ in program.definitions:
        return
    tree = class_tree(kind)
    tree.decorator_list = []
    shorten_docstring(tree)
    scope = Specializer(program, sys.modules[kind.__module__], variables={kind.__name__, "__class__"})
    tree.bases = [scope.visit(base) for base in tree.bases]
    tree.body = scope.block(tree.body)
    program.define(program.claim((kind.__name__,), kind), ast.fix_missing_locations(tree))


def _identity(value: ast.expr) -> str:
    """Return what tells two values of a parameter apart."""
    there = known(value)
    return f"{type(there).__name__} {id(there)}" if is_ours(there) else f"{ast.dump(value)} {there!r}"


def _without(arguments: ast.arguments, gone: Mapping[str, Any], scope: Specializer) -> ast.arguments:
    """Return a function's parameters, those in ``gone`` left out."""
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(plain) - len(arguments.defaults)) + [scope.visit(item) for item in arguments.defaults]
    left = [(argument, default) for argument, default in zip(plain, defaults, strict=True) if argument.arg not in gone]
    keyword_only = [
        (argument, default if default is None else scope.visit(default))
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if argument.arg not in gone
    ]
    return ast.arguments(
        posonlyargs=[],
        args=[argument for argument, _ in left],
        defaults=[default for _, default in left if default is not None],
        kwonlyargs=[argument for argument, _ in keyword_only],
        kw_defaults=[default for _, default in keyword_only],
    )
