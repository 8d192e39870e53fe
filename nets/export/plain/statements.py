"""What partial evaluation does to statements: branches that are decided, imports, guards, annotations."""

import ast
import importlib
from typing import TYPE_CHECKING, Any

from nets.export.plain.nodes import UNKNOWN, known, strip, written_in
from nets.export.plain.program import PROJECT, is_ours

if TYPE_CHECKING:
    from types import ModuleType

    from nets.export.plain.program import Program

ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)


class Statements(ast.NodeTransformer):
    """The statements' half of ``Specializer``."""

    program: "Program"
    module: "ModuleType"
    values: dict[str, ast.expr]
    variables: set[str]

    def block(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        """Return what is left of statements; nothing after one that always leaves."""
        left: list[ast.stmt] = []
        for statement in statements:
            seen = self.visit(statement)
            left += seen if isinstance(seen, list) else [] if seen is None else [seen]
            if left and isinstance(left[-1], ENDS):
                break
        return left

    def visit_If(self, node: ast.If) -> Any:
        """Take the branch that a known test picks; drop a guard: what it refuses makes no experiment."""
        node.test = self.visit(node.test)
        value = known(node.test)
        if value is not UNKNOWN:
            return self.block(node.body if value else node.orelse)
        if isinstance(node.body[-1], ast.Raise):
            return self.block(node.orelse) or None
        node.body, node.orelse = self.block(node.body), self.block(node.orelse)
        return node if node.body or node.orelse else None

    def visit_Match(self, node: ast.Match) -> Any:
        """Take the case that a known subject picks."""
        subject = known(self.visit(node.subject))
        if subject is UNKNOWN:
            return self.generic_visit(node)
        for case in node.cases:
            if case.guard is None and _fits(case.pattern, subject):
                return self.block(case.body)
        return None

    def visit_For(self, node: ast.For) -> Any:
        """Rewrite what is looped over, then the body."""
        node.iter, node.target = self.visit(node.iter), self.visit(node.target)
        node.body, node.orelse = self.block(node.body), self.block(node.orelse)
        return node

    def visit_Assert(self, node: ast.Assert) -> None:
        """Drop it."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        """Drop the annotation."""
        if node.value is None:
            return None
        return self.visit(ast.copy_location(ast.Assign([node.target], node.value), node))

    def visit_Assign(self, node: ast.Assign) -> Any:
        """Remember a variable that holds one of the project's own objects instead of assigning it."""
        node.value = self.visit(node.value)
        value = known(node.value)
        match node.targets:
            case [ast.Name(id=target)] if value is not UNKNOWN and is_ours(value):
                self.values[target] = node.value
                return None
        node.targets = [self.visit(target) for target in node.targets]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        """Rewrite the body of a function inside, whose parameters are its own."""
        strip(node)
        parameters = {argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg)}
        scope = self.inside({}, parameters | written_in(node.body))
        node.body = scope.block(node.body)
        return node

    def inside(self, values: dict[str, ast.expr], variables: set[str]) -> "Statements":
        """Return a rewriter of what stands inside, where ``variables`` hide what is known outside."""
        raise NotImplementedError

    def visit_Import(self, node: ast.Import) -> None:
        """Move the import to the top of the script."""
        self.program.use(node)
        self.variables |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Move the import to the top of the script; look up what comes from the project itself."""
        if (node.module or "").partition(".")[0] == PROJECT:
            source = importlib.import_module(node.module or "")
            for alias in node.names:
                self.values[alias.asname or alias.name] = self.program.resolve(source, alias.name)
            return
        self.program.use(node)
        self.variables |= {alias.asname or alias.name for alias in node.names}


def _fits(pattern: ast.pattern, subject: Any) -> bool:
    match pattern:
        case ast.MatchValue(value=ast.Constant(value=value)) | ast.MatchSingleton(value=value):
            return bool(subject == value)
        case ast.MatchOr(patterns=patterns):
            return any(_fits(item, subject) for item in patterns)
        case ast.MatchAs(pattern=None):
            return True
    return False
