"""One training step written down: every operation that torch carried out, on which memory, in which order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from torch import Tensor

RATE = 0.012345678901234567
"""The learning rate while a step is recorded: where this number turns up, the real one is put in later."""


class Untakeable(Exception):
    """A faster tier can't take this step; the message says why."""


@dataclass(frozen=True)
class Call:
    """One operation: its name ("aten.tanh.default"), arguments by the names of its schema, and what it returned."""

    name: str
    arguments: Mapping[str, Any]
    outputs: "tuple[Tensor, ...]"


@dataclass
class Tape:
    """The operations of one step. It keeps every tensor alive, so that memory tells which of them share it."""

    calls: list[Call] = field(default_factory=list)


def record(step: "Callable[[], Tensor | float]") -> "tuple[Tape, Tensor]":
    """Carry out ``step`` and return its tape and what it returned.

    Raises:
        Untakeable: if the step looks at a number, so that it might do something else the next time.
    """
    from torch.utils._python_dispatch import TorchDispatchMode

    tape = Tape()

    class Recorder(TorchDispatchMode):
        @classmethod
        def _should_skip_dynamo(cls) -> bool:
            return False  # or else torch imports its compiler in the middle of a training, to hide this from it

        def __torch_dispatch__(
            self,
            func: Any,
            types: Any,
            args: Any = (),
            kwargs: Any = None,
        ) -> Any:
            returned = func(*args, **(kwargs or {}))
            if func.namespace == "aten":
                tape.calls.append(Call(str(func), _by_name(func, args, kwargs or {}), _tensors(returned)))
            return returned

    with Recorder():
        result = step()
    if isinstance(result, float):
        raise Untakeable("a step answers with a number of its own")
    for call in tape.calls:
        if call.name == "aten._local_scalar_dense.default":
            raise Untakeable("a step looks at numbers to decide what to do")
    return tape, result


def _by_name(func: "torch._ops.OpOverload", args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    schema = func._schema.arguments
    found = {argument.name: argument.default_value for argument in schema if argument.has_default_value()}
    found |= {argument.name: value for argument, value in zip(schema, args, strict=False)}
    return {**found, **kwargs}


def _tensors(returned: Any) -> "tuple[Tensor, ...]":
    import torch

    if isinstance(returned, torch.Tensor):
        return (returned,)
    if isinstance(returned, list | tuple):
        return tuple(value for value in returned if isinstance(value, torch.Tensor))
    return ()
