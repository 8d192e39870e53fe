"""Partial evaluation: the source of a function as it reads once everything that is known of its arguments is put in.

What stays is what the known values leave to compute; branches that they rule out are gone. Calls of the project's own
functions become definitions beside it, or are written out in place where that is short.
"""

# ruff: noqa: N802, N815 - the names that ast asks for

import ast
import copy
import inspect
import operator
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from types import FunctionType, MethodType, ModuleType
from typing import Any

from nets.export.base import CannotExport
from nets.export.plain.nodes import (
    UNKNOWN,
    bind,
    can_be_inlined,
    function_tree,
    global_name,
    known,
    mark,
    name,
    substitute,
)
from nets.export.plain.program import Program, StandIn, is_ours
from nets.export.plain.statements import Statements

COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda item, container: item in container,
    ast.NotIn: lambda item, container: item not in container,
}


class Specializer(Statements):
    """Rewrites the body of one function.

    Args:
        program: takes what the body needs.
        module: where the function's global names come from.
        values: what stands for each of its variables that are known.
        variables: its other variables, which stay.
        hoisted: properties of known objects that the function computes first.
    """

    def __init__(
        self,
        program: Program,
        module: ModuleType,
        values: Mapping[str, ast.expr] | None = None,
        variables: set[str] | None = None,
        hoisted: dict[str, ast.expr] | None = None,
    ) -> None:
        self.program = program
        self.module = module
        self.values = dict(values or {})
        self.variables = variables or set()
        self.hoisted = hoisted if hoisted is not None else {}

    # Names and attributes

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Put in what is known; find out where a global name comes from."""
        if isinstance(node.ctx, ast.Store):
            self.values.pop(node.id, None)
            return node
        if node.id in self.variables and node.id not in self.values:
            return node
        found = copy.copy(self.values[node.id]) if node.id in self.values else None
        found = found or self.program.resolve(self.module, node.id)
        if isinstance(known(found), type):
            from nets.export.plain.functions import define_class

            define_class(self.program, known(found))
        return found

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Read attributes of known objects."""
        node.value = self.visit(node.value)
        owner = known(node.value)
        if owner is UNKNOWN or not (isinstance(owner, StandIn) or is_ours(owner)):
            return node
        return self.attribute(owner, node.attr)

    def attribute(self, owner: Any, attribute: str) -> ast.expr:
        """Return the expression for an attribute of a known object; a property is computed first."""
        kind = owner.kind if isinstance(owner, StandIn) else type(owner)
        found = inspect.getattr_static(kind, attribute, None)
        if isinstance(found, property) and found.fget is not None:
            return self._property(owner, attribute, found.fget)
        if isinstance(owner, StandIn):
            return copy.copy(owner.fields[attribute])
        return self.program.value(owner, attribute, getattr(owner, attribute))

    def _property(self, owner: Any, attribute: str, function: Any) -> ast.expr:
        from nets.export.plain.functions import only_value, specialized

        if attribute not in self.hoisted:
            values = {"self": mark(name("self"), owner)}
            expression = only_value(specialized(self.program, function, values, set(), self.hoisted))
            if expression is None:
                raise CannotExport(f"a script can't have {function.__qualname__}: it is longer than one return")
            self.hoisted[attribute] = expression
        return name(attribute)

    # Operators

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        """Take the branch that a known test picks."""
        node.test = self.visit(node.test)
        if (value := known(node.test)) is not UNKNOWN:
            return self.visit(node.body if value else node.orelse)
        node.body, node.orelse = self.visit(node.body), self.visit(node.orelse)
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        """Drop the operands of "and" and "or" that change nothing."""
        decides = isinstance(node.op, ast.Or)
        left: list[ast.expr] = []
        for operand in node.values:
            seen = self.visit(operand)
            value = known(seen)
            if value is not UNKNOWN and bool(value) is decides and not left:
                return ast.Constant(decides)
            if value is UNKNOWN or bool(value) is decides:
                left.append(seen)
        if not left:
            return ast.Constant(not decides)
        return left[0] if len(left) == 1 else ast.BoolOp(node.op, left)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        """Work out "not"."""
        node.operand = self.visit(node.operand)
        value = known(node.operand)
        return ast.Constant(not value) if isinstance(node.op, ast.Not) and value is not UNKNOWN else node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        """Work out comparisons of known values."""
        node.left = self.visit(node.left)
        node.comparators = [self.visit(item) for item in node.comparators]
        values = [known(item) for item in (node.left, *node.comparators)]
        if UNKNOWN in values:
            return node
        pairs = zip(node.ops, values, values[1:], strict=False)
        return ast.Constant(all(COMPARISONS[type(sign)](left, right) for sign, left, right in pairs))

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """Look known keys up in tables that are written out in the source."""
        node.value, node.slice = self.visit(node.value), self.visit(node.slice)
        key, table = known(node.slice), getattr(node.value, "literal", node.value)
        if isinstance(node.ctx, ast.Load) and key is not UNKNOWN:
            if isinstance(table, ast.Dict):
                for item, value in zip(table.keys, table.values, strict=True):
                    if item is not None and known(item) == key:
                        return copy.deepcopy(value)
            if isinstance(table, ast.Tuple) and isinstance(key, int):
                return table.elts[key]
            if (container := known(node.value)) is not UNKNOWN:
                return self.program.item(container[key])
        return node

    # Functions inside functions

    def visit_ListComp(self, node: ast.ListComp) -> ast.expr:
        """Write a list over known names out."""
        first = node.generators[0]
        items = known(self.visit(copy.deepcopy(first.iter)))
        is_plain = len(node.generators) == 1 and not first.ifs and isinstance(first.target, ast.Name)
        if is_plain and isinstance(items, tuple) and all(isinstance(item, str) for item in items):
            assert isinstance(first.target, ast.Name)
            inner = [self.inside({first.target.id: ast.Constant(item)}, set()) for item in items]
            return ast.List([scope.visit(copy.deepcopy(node.elt)) for scope in inner], ast.Load())
        return self._comprehension(node)

    def _comprehension(self, node: Any) -> Any:
        bound = {inner.id for part in node.generators for inner in ast.walk(part.target) if isinstance(inner, ast.Name)}
        return ast.NodeTransformer.generic_visit(self.inside({}, bound), node)

    visit_GeneratorExp = visit_SetComp = visit_DictComp = _comprehension

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        """Rewrite the body, whose parameters are its own."""
        node.body = self.inside({}, {argument.arg for argument in node.args.args}).visit(node.body)
        return node

    def inside(self, values: Mapping[str, ast.expr], variables: set[str]) -> "Specializer":
        """Return a rewriter of what stands inside, where ``variables`` hide what is known outside."""
        outside = {key: value for key, value in self.values.items() if key not in variables}
        return Specializer(
            self.program, self.module, {**outside, **values}, self.variables | variables, hoisted=self.hoisted
        )

    # Calls

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Follow calls of the project's own functions; work out ``getattr``, ``len`` and ``dict`` of what is known."""
        node.args = [self.visit(argument) for argument in node.args]
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        method, owner = self._method(node.func)
        if method is not None:
            return self.call(method, owner, node)
        if isinstance(node.func, ast.Name) and (short := self._builtin(node.func.id, node)) is not None:
            return short
        node.func = self.visit(node.func)
        function = known(node.func)
        if isinstance(function, FunctionType) and is_ours(function):
            return self.call(function, None, node)
        if isinstance(function, type) and is_dataclass(function) and is_ours(function):
            return _as_tuple(function, node)
        if isinstance(node.func, ast.Lambda):
            arguments = bind(node.func.args, node, 0)
            if arguments is not None and can_be_inlined(node.func.body, arguments):
                return substitute(node.func.body, arguments)
        return node

    def _method(self, node: ast.expr) -> tuple[Any, Any]:
        """Return the function and the known object of a method that is called; (None, None) if it is no such thing."""
        attribute = "__call__"
        if isinstance(node, ast.Attribute):
            owner = known(self.visit(copy.deepcopy(node.value)))
            attribute = node.attr
            if owner is not UNKNOWN and isinstance(getattr(owner, attribute, None), MethodType) and is_ours(owner):
                return inspect.getattr_static(type(owner), attribute), owner
            attribute = "__call__"
        owner = known(self.visit(copy.deepcopy(node)))
        if owner is UNKNOWN or isinstance(owner, type | FunctionType | StandIn) or not is_ours(owner):
            return None, None
        return inspect.getattr_static(type(owner), attribute), owner

    def _builtin(self, called: str, node: ast.Call) -> ast.expr | None:
        values = [known(argument) for argument in node.args]
        if called == "getattr" and len(values) == 2 and isinstance(values[1], str):
            return ast.Attribute(node.args[0], values[1], ast.Load())
        if called == "len" and hasattr(node.args[0], "length"):
            return mark(node, node.args[0].length)
        if called == "len" and isinstance(values[0], tuple | str):
            return ast.Constant(len(values[0]))
        return None

    def call(self, function: Any, owner: Any, node: ast.Call) -> ast.expr:
        """Return a call of one of the project's functions: of a definition for it, or a method's only line in place."""
        from nets.export.plain.functions import define_function, only_value, specialized

        tree = function_tree(function)
        arguments = bind(tree.args, node, 0 if owner is None else 1)
        if arguments is None:
            raise CannotExport(f"a script can't call {function.__qualname__}: it takes any number of arguments")
        put_in = {key: value for key, value in arguments.items() if _belongs_inside(known(value))}
        if owner is not None:
            put_in[tree.args.args[0].arg] = mark(name("self"), owner)
            passed = {key: value for key, value in arguments.items() if key not in put_in}
            expression = only_value(specialized(self.program, function, put_in, set(passed)))
            if expression is not None and can_be_inlined(expression, passed):
                return substitute(expression, passed)
        positional = [argument.arg for argument in tree.args.args][owner is not None :]
        defined = define_function(self.program, function, put_in)
        gone = {*put_in, *self.program.unused.get(defined, ())}
        node.func = global_name(defined)
        node.args = [item for key, item in zip(positional, node.args, strict=False) if key not in gone]
        node.keywords = [item for item in node.keywords if item.arg not in gone]
        return node


def _belongs_inside(value: Any) -> bool:
    """Does a known argument vanish into the function, because no expression can stand for it or it steers the code?"""
    if isinstance(value, tuple):
        return any(isinstance(item, str) for item in value)
    return value is not UNKNOWN and (isinstance(value, dict) or is_ours(value))


def _as_tuple(kind: Any, call: ast.Call) -> ast.expr:
    """Return the call of a record's constructor as a tuple of the fields that it requires."""
    order = [field.name for field in fields(kind)]
    required = [field.name for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING]
    given = dict(zip(order, call.args, strict=False)) | {str(item.arg): item.value for item in call.keywords}
    return ast.Tuple([given[key] for key in required], ast.Load())
