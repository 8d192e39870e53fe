"""Registries: where each kind of thing is found by its stable name."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, Field, WithJsonSchema

T = TypeVar("T")


class Registry(Generic[T]):
    """Named things of one kind, in the order in which they registered.

    Args:
        kind: what the things are, in the singular, as messages say it: "activation".
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._items: dict[str, T] = {}

    def add(self, name: str, item: T) -> T:
        """Register ``item`` as ``name`` and return it.

        Raises:
            ValueError: if the name is taken; two files claim the same thing.
        """
        if name in self._items:
            raise ValueError(f"{self.kind} '{name}' is registered twice")
        self._items[name] = item
        return item

    def get(self, name: str) -> T:
        """Return the item called ``name``.

        Raises:
            ValueError: if there is none; the message lists what there is.
        """
        if name not in self._items:
            raise ValueError(f"there is no {self.kind} {name!r}; choose from {', '.join(self._items)}")
        return self._items[name]

    def names(self) -> tuple[str, ...]:
        """Return every registered name."""
        return tuple(self._items)

    def items(self) -> tuple[tuple[str, T], ...]:
        """Return every (name, item) pair."""
        return tuple(self._items.items())

    def __iter__(self) -> Iterator[T]:
        return iter(self._items.values())

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __len__(self) -> int:
        return len(self._items)


def config_registrar(registry: Registry[type[Any]], tag: str) -> Callable[[type[T]], type[T]]:
    """Return a class decorator that registers a pydantic config under the default of its field ``tag``."""

    def register(config: type[T]) -> type[T]:
        registry.add(config.model_fields[tag].default, config)  # type: ignore[attr-defined]
        return config

    return register


def one_of(registry: Registry[Any]) -> Any:
    """Return the pydantic type of a name that must be in ``registry``; forms find the names as an enum."""

    def known(name: str) -> str:
        registry.get(name)
        return name

    schema = {"type": "string", "enum_of": registry.kind}
    return Annotated[str, AfterValidator(known), WithJsonSchema(schema)]


def union_of(registry: Registry[type[Any]], tag: str) -> Any:
    """Return the pydantic type "one of the registered configs", told apart by the value of field ``tag``."""
    configs = tuple(registry)
    if len(configs) == 1:
        return configs[0]
    union = configs[0]
    for config in configs[1:]:
        union = union | config  # type: ignore[assignment]
    return Annotated[union, Field(discriminator=tag)]


def import_submodules(package: ModuleType) -> None:
    """Import every module below ``package``, so that each registers what it holds; a broken one fails loudly."""
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
