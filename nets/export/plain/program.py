"""What a script consists of while it is put together: settings, definitions, and the imports that both need."""

import ast
import builtins
import copy
import importlib
import inspect
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from nets.config import Config
from nets.export.base import CannotExport
from nets.export.plain.nodes import assign, literal, mark, name, names_in

PROJECT = __name__.partition(".")[0]


@dataclass(frozen=True)
class Setting:
    """A constant at the top of the script, and what it means."""

    value: Any
    comment: str = ""


@dataclass(frozen=True)
class Definition:
    """A function, a class or a constant, and the heading below which it stands."""

    section: str
    statement: ast.stmt


@dataclass(frozen=True)
class StandIn:
    """An object of ``kind`` some of whose attributes a script has as expressions; it computes the rest from them."""

    kind: type
    fields: Mapping[str, ast.expr]


def is_ours(thing: Any) -> bool:
    """Is a function, class or object this project's own, so that a script can't import it?"""
    kind = thing if isinstance(thing, type | FunctionType) else type(thing)
    return (kind.__module__ or "").partition(".")[0] == PROJECT


class Program:
    """Collects what a script needs; nothing comes in twice, no two things share a name.

    Args:
        reserved: names that the script's own text uses.
    """

    def __init__(self, reserved: Iterable[str]) -> None:
        self._owners: dict[str, Any] = dict.fromkeys(reserved, self)
        self.settings: dict[str, Setting] = {}
        self.definitions: dict[str, Definition] = {}
        self.imports: dict[str, str] = {}
        self.held: set[str] = set()
        self.unused: dict[str, set[str]] = {}
        self.section = ""

    def claim(self, wanted: Iterable[str], owner: Any) -> str:
        """Return the first of the wanted names that is free or already belongs to ``owner``."""
        *names, last = wanted
        numbered = (f"{last}_{number}" for number in range(2, 1000))
        free = next(word for word in (*names, last, *numbered) if self._owners.get(word, owner) == owner)
        self._owners[free] = owner
        return free

    def constant(self, identifier: str, value: Any, comment: str = "") -> None:
        """Give a reserved name its value at the top of the script."""
        self.settings[identifier] = Setting(value, comment)

    def define(self, identifier: str, statement: ast.stmt) -> None:
        """Add a definition under the heading that is being written."""
        self.definitions[identifier] = Definition(self.section, statement)

    def value(self, owner: Any, attribute: str, value: Any) -> ast.expr:
        """Return the expression for what ``owner.attribute`` holds; a config's numbers become settings."""
        if value is None or isinstance(value, str | bool):
            return ast.Constant(value)
        if isinstance(owner, Config) and _is_plain(value):
            return self._setting(owner, attribute, value)
        return self.item(value)

    def item(self, value: Any) -> ast.expr:
        """Return the expression for a value that has no name of its own."""
        if value is None or isinstance(value, str | bool) or _is_plain(value):
            return literal(value)
        return self._hold(type(value).__name__, value)

    def _hold(self, identifier: str, value: Any) -> ast.expr:
        """Return a name for an object that no expression stands for: none of it may be left in the end."""
        self.held.add(identifier)
        return mark(name(identifier), value)

    def _setting(self, owner: Config, attribute: str, value: Any) -> ast.expr:
        upper = attribute.upper()
        kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(owner).__name__).upper()
        identifier = self.claim((upper, f"{kind}_{upper}"), (type(owner), attribute, value))
        self.settings[identifier] = Setting(value, owner.about(attribute).removesuffix("."))
        return mark(name(identifier), value)

    def use(self, statement: ast.Import | ast.ImportFrom) -> None:
        """Note the imports of a statement; which of them the script needs shows at its end."""
        for alias in statement.names:
            if isinstance(statement, ast.Import) and alias.name.partition(".")[0] == PROJECT:
                raise CannotExport(f"a script can't import {alias.name}; import from it what is needed")
            bound = alias.asname or alias.name.partition(".")[0]
            single = type(statement)(**{**vars(statement), "names": [alias]})
            self.imports[bound] = ast.unparse(single)

    def resolve(self, module: ModuleType, identifier: str) -> ast.expr:
        """Return the expression for a global name of ``module``, and note the import or constant it stands for.

        Raises:
            CannotExport: if it is nothing that a script can have.
        """
        made_by = _global_statement(module, identifier)
        if isinstance(made_by, ast.Import | ast.ImportFrom):
            return self._imported(made_by, identifier)
        value = vars(module).get(identifier)
        if isinstance(value, FunctionType | type) and is_ours(value):
            return self._hold(value.__name__, value)
        if made_by is not None:
            return self._constant(module, identifier, made_by)
        if hasattr(builtins, identifier):
            return name(identifier)
        raise CannotExport(f"a script can't have {identifier} of {module.__name__}: it is no function and no constant")

    def _imported(self, statement: ast.Import | ast.ImportFrom, identifier: str) -> ast.expr:
        if isinstance(statement, ast.ImportFrom) and (statement.module or "").partition(".")[0] == PROJECT:
            source = importlib.import_module(statement.module or "")
            original = next(alias.name for alias in statement.names if (alias.asname or alias.name) == identifier)
            if identifier == original and isinstance(vars(source).get(original), ModuleType):
                raise CannotExport(f"a script can't have the module {original} of {statement.module}")
            return self.resolve(source, original)
        self.use(statement)
        return name(identifier)

    def _constant(self, module: ModuleType, identifier: str, expression: ast.stmt) -> ast.expr:
        from nets.export.plain.specialize import Specializer

        assert isinstance(expression, ast.Assign | ast.AnnAssign)
        assert expression.value is not None
        owner = (module.__name__, identifier)
        taken = self.claim((identifier.lstrip("_"), f"{identifier.lstrip('_')}_VALUE"), owner)
        value = Specializer(self, module).visit(expression.value)
        if taken not in self.definitions:  # another section may have needed it before
            self.define(taken, assign(taken, value))
        node = mark(name(taken), vars(module)[identifier])
        node.literal = value  # type: ignore[attr-defined]
        return node

    def needed_by(self, text: str) -> set[str]:
        """Return every name that the script's own text needs, directly or through what it calls."""
        needed: set[str] = set()
        waiting = names_in(ast.parse(text))
        while waiting:
            identifier = waiting.pop()
            if identifier not in needed:
                needed.add(identifier)
                if identifier in self.definitions:
                    waiting |= names_in(self.definitions[identifier].statement)
        return needed


def _is_plain(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(_is_plain(item) for item in value)
    return isinstance(value, int | float | str)


@cache
def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def _global_statement(module: ModuleType, identifier: str) -> ast.stmt | None:
    """Return a fresh copy of the statement with which a module's top level imports or assigns a name."""
    for statement in _tree(module).body:
        match statement:
            case ast.Import() | ast.ImportFrom():
                bound = {alias.asname or alias.name.partition(".")[0] for alias in statement.names}
            case ast.Assign(targets=[ast.Name(id=target)]) | ast.AnnAssign(target=ast.Name(id=target)):
                bound = {target}
            case _:
                continue
        if identifier in bound:
            return copy.deepcopy(statement)
    return None
