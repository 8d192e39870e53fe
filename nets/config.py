"""What every config of an experiment has in common."""

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache

from pydantic import BaseModel, ConfigDict


class Config(BaseModel):
    """A frozen record of settings: unknown fields, NaN and infinity are refused; defaults are checked too."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True, defer_build=True)

    @classmethod
    def about(cls, field: str) -> str:
        """Return the docstring below a field, or below the one it stands for in a parent, on one line; or nothing.

        It is read from the source when somebody asks: pydantic reads all of them at once, which took a third of the
        time that importing all configs takes.
        """
        owners = (kind for kind in cls.__mro__ if field in vars(kind).get("__annotations__", {}))
        found = (_docstrings(kind.__module__).get(f"{kind.__qualname__}.{field}") for kind in owners)
        return next((text for text in found if text), "")


@cache
def _docstrings(module: str) -> Mapping[str, str]:
    """Return the docstrings below the fields of a module's classes, by "Class.field"."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return dict(found for kind in classes for found in _of_class(kind))


def _of_class(kind: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, below in zip(kind.body, kind.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield f"{kind.name}.{name}", " ".join(text.split())
