"""A network's module tree as the expression that builds it, and its initializer as a loop over its layers."""

import ast
import inspect
from typing import TYPE_CHECKING, Any

from nets.export.base import CannotExport
from nets.export.plain.functions import define_class
from nets.export.plain.nodes import literal, name
from nets.export.plain.program import Program, is_ours

if TYPE_CHECKING:
    from torch import nn

    from nets.initializers import Initializer

PLACEMENT = ("self", "device", "dtype")


def construction(program: Program, module: "nn.Module") -> ast.expr:
    """Return the expression that builds ``module``: nn.Sequential(nn.Linear(2, 4), …).

    A module of the project's own must keep the arguments it was built with as attributes of the same names.

    Raises:
        CannotExport: if it does not, or is of a class that is neither torch's nor the project's.
    """
    from torch import nn

    kind = type(module)
    if isinstance(module, nn.Sequential) and kind is nn.Sequential:
        return ast.Call(_class(program, kind), [construction(program, child) for child in module], [])
    required, chosen = _fewest_arguments(module)
    keywords = [ast.keyword(key, _argument(program, value)) for key, value in chosen.items()]
    return ast.Call(_class(program, kind), [_argument(program, value) for value in required.values()], keywords)


def _fewest_arguments(module: "nn.Module") -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the required and the other arguments that build such a module; 3 instead of (3, 3) where that does."""
    kind = type(module)
    required, optional = _arguments(module)
    given = {key: value for key, value in optional.items() if inspect.signature(kind).parameters[key].default != value}
    chosen: dict[str, Any] = {}
    while given and not _builds(module, required, chosen):
        key = next(iter(given))
        chosen[key] = given.pop(key)
    if not _builds(module, required, chosen):
        raise CannotExport(
            f"a script can't build {kind.__name__}: it keeps too little of the arguments it was built with"
        )
    for arguments in (required, chosen):
        for key, value in arguments.items():
            if isinstance(value, tuple) and len(set(value)) == 1:
                arguments[key] = value[0]
                if not _builds(module, required, chosen):
                    arguments[key] = value
    return required, chosen


def _class(program: Program, kind: type) -> ast.expr:
    from torch import nn

    if getattr(nn, kind.__name__, None) is kind:
        program.imports["nn"] = "from torch import nn"
        return ast.Attribute(name("nn"), kind.__name__, ast.Load())
    if is_ours(kind):
        define_class(program, kind)
        return name(kind.__name__)
    raise CannotExport(f"a script can't build {kind.__name__} of {kind.__module__}")


def _arguments(module: "nn.Module") -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the values of the constructor's required and optional parameters, read off the module."""
    required: dict[str, Any] = {}
    optional: dict[str, Any] = {}
    for key, parameter in inspect.signature(type(module)).parameters.items():
        if key in PLACEMENT or not hasattr(module, key):
            continue
        value = getattr(module, key)
        if isinstance(parameter.default, bool):
            value = value is not None and value is not False
        (required if parameter.default is parameter.empty else optional)[key] = value
    return required, optional


def _builds(module: "nn.Module", required: dict[str, Any], chosen: dict[str, Any]) -> bool:
    """Do these arguments build a module like ``module``?"""
    import torch

    try:
        with torch.device("meta"):
            other = type(module)(*required.values(), **chosen)
    except (TypeError, ValueError):
        return False
    return _description(other) == _description(module)


def _description(module: "nn.Module") -> tuple[Any, ...]:
    """Return what two modules that were built alike have in common."""
    settings = {
        key: value
        for key, value in vars(module).items()
        if not key.startswith("_") and key != "training" and isinstance(value, int | float | str | tuple | None)
    }
    shapes = {key: tuple(tensor.shape) for key, tensor in module.state_dict().items()}
    return settings, shapes, [(key, type(child)) for key, child in module.named_modules()]


def _argument(program: Program, value: Any) -> ast.expr:
    from torch import nn

    return construction(program, value) if isinstance(value, nn.Module) else literal(value)


def initialization(initializer: "Initializer", network: "nn.Module") -> str:
    """Return the loops that start the weights of ``network``; nothing where torch's own start stays."""
    from torch import nn

    if initializer.function is None:
        return ""
    layers = [
        module for module in network.modules() if _dimensions(module) >= 2 and not isinstance(module, nn.Embedding)
    ]
    kinds = sorted({kind for layer in layers if (kind := _public_kind(layer))})
    if not kinds:
        return ""
    walk = "network" if isinstance(network, nn.Sequential) and set(layers) <= set(network) else "network.modules()"
    arguments = "".join(f", {key}={value!r}" for key, value in initializer.arguments)
    start = f"nn.init.{initializer.function}"
    has_bias = [isinstance(layer.bias, nn.Parameter) for layer in layers]
    zeros = "nn.init.zeros_(layer.bias)"
    lines = [
        f"for layer in {walk}:",
        f"    if isinstance(layer, {' | '.join(kinds)}):",
        f"        {start}(layer.weight{arguments})",
    ]
    if any(has_bias):
        lines.append(
            f"        {zeros}" if all(has_bias) else f"        if layer.bias is not None:\n            {zeros}"
        )
    if any(isinstance(module, nn.MultiheadAttention) for module in network.modules()):
        lines += [
            "for layer in network.modules():",
            "    if isinstance(layer, nn.MultiheadAttention):",
            f"        {start}(layer.in_proj_weight{arguments})",
            "        nn.init.zeros_(layer.in_proj_bias)",
        ]
    for kind in dict.fromkeys(type(module).__name__ for module in network.modules() if hasattr(module, "start")):
        lines += [
            "for layer in network.modules():",
            f"    if isinstance(layer, {kind}):",
            f"        layer.start(lambda weight: {start}(weight{arguments}))",
        ]
    return "\n".join(lines)


def _public_kind(layer: "nn.Module") -> str | None:
    """Return the class in torch.nn that a layer is of, or that its class, torch's or ours, is made from; else None."""
    from torch import nn

    if not (type(layer).__module__.startswith("torch.nn") or is_ours(type(layer))):
        return None
    names = (kind.__name__ for kind in type(layer).__mro__ if getattr(nn, kind.__name__, None) is kind)
    return next((f"nn.{found}" for found in names if found != "Module"), None)


def _dimensions(module: "nn.Module") -> int:
    weight = getattr(module, "weight", None)
    return 0 if weight is None else weight.dim()
