"""What moves weights, as C: torch's fused optimizers, and the lists of tensors that gradients are clipped in.

The formulas are those of torch's kernels (FusedSgdKernel.cpp, FusedAdamKernel.cpp, FusedAdagradKernel.cpp).
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nets.tiers.kernels import kernel
from nets.tiers.layout import Layout, indices, loops, together
from nets.tiers.tape import Untakeable

if TYPE_CHECKING:
    from nets.tiers.writer import Writer


def _each(before: str, body: str, **tensors: Layout) -> str:
    """Return C that runs ``body`` for each element, with the tensors' elements by the names given."""
    flat = together(list(tensors.values()))
    places = {name: layout.at(*indices(len(layout.shape))) for name, layout in zip(tensors, flat, strict=True)}
    return f"{{{before}{loops(flat[0].shape, body.format_map(places))}}}"


@kernel("_fused_sgd_.default")
def sgd(writer: "Writer", arguments: Mapping[str, Any], outputs: Sequence[Layout]) -> str:  # noqa: ARG001
    """Gradient, weight decay, momentum, step."""
    _plain(arguments)
    if arguments["is_first_step"]:
        raise Untakeable("momentum has nothing to remember yet")
    rate, decay = writer.number(arguments["lr"]), writer.number(arguments["weight_decay"])
    momentum, damping = writer.number(arguments["momentum"]), writer.number(1 - arguments["dampening"])
    buffers = arguments["momentum_buffer_list"]
    parts = []
    for place, (weight, gradient) in enumerate(zip(arguments["self"], arguments["grads"], strict=True)):
        pull = f"+{decay}*{{w}}" if arguments["weight_decay"] else ""
        if not buffers:
            parts.append(_each("", f"{{w}}-={rate}*({{g}}{pull});", w=weight, g=gradient))
            continue
        step = f"(d+{momentum}*{{m}})" if arguments["nesterov"] else "{m}"
        body = f"const float d={{g}}{pull};{{m}}={momentum}*{{m}}+{damping}*d;{{w}}-={rate}*{step};"
        parts.append(_each("", body, w=weight, g=gradient, m=buffers[place]))
    return "".join(parts)


@kernel("_fused_adam_.default", "_fused_adamw_.default")
def adam(writer: "Writer", arguments: Mapping[str, Any], outputs: Sequence[Layout]) -> str:  # noqa: ARG001
    """Step by a running mean of the gradients over the root of that of their squares."""
    _plain(arguments)
    if arguments["amsgrad"]:
        raise Untakeable("amsgrad stays with torch")
    names = ("lr", "beta1", "beta2", "weight_decay", "eps")
    rate, first, second, decay, eps = (writer.number(arguments[name]) for name in names)
    has_decay = bool(arguments["weight_decay"])
    is_apart = "adamw" in arguments["name"]
    shrink = f"{{w}}-={rate}*{decay}*{{w}};" if has_decay and is_apart else ""
    pull = f"+{decay}*{{w}}" if has_decay and not is_apart else ""
    lists = (arguments[name] for name in ("self", "grads", "exp_avgs", "exp_avg_sqs", "state_steps"))
    parts = []
    for weight, gradient, mean, squares, steps in zip(*lists, strict=True):
        t = steps.at(*("0",) * len(steps.shape))
        before = (
            f"const double t={t};const float c=(float)({rate}/(1-pow({arguments['beta1']!r},t)));"
            f"const float q=(float)sqrt(1-pow({arguments['beta2']!r},t));"
        )
        body = (
            f"{shrink}const float d={{g}}{pull};{{m}}+=(1-{first})*(d-{{m}});{{v}}={second}*{{v}}+(1-{second})*d*d;"
            f"{{w}}-=c*{{m}}/(sqrtf({{v}})/q+{eps});"
        )
        parts.append(_each(before, body, w=weight, g=gradient, m=mean, v=squares))
    return "".join(parts)


@kernel("_fused_adagrad_.default")
def adagrad(writer: "Writer", arguments: Mapping[str, Any], outputs: Sequence[Layout]) -> str:  # noqa: ARG001
    """Step by the gradient over the root of the sum of all its squares."""
    _plain(arguments)
    rate, eps = writer.number(arguments["lr"]), writer.number(arguments["eps"])
    pull = f"+{writer.number(arguments['weight_decay'])}*{{w}}" if arguments["weight_decay"] else ""
    lists = (arguments[name] for name in ("self", "grads", "state_sums", "state_steps"))
    parts = []
    for weight, gradient, sums, steps in zip(*lists, strict=True):
        t = steps.at(*("0",) * len(steps.shape))
        before = f"const float c=(float)({rate}/(1+({t}-1)*{arguments['lr_decay']!r}));"
        body = f"const float d={{g}}{pull};{{s}}+=d*d;{{w}}-=c*d/(sqrtf({{s}})+{eps});"
        parts.append(_each(before, body, w=weight, g=gradient, s=sums))
    return "".join(parts)


def _plain(arguments: Mapping[str, Any]) -> None:
    if arguments["maximize"] or arguments["grad_scale"] is not None or arguments["found_inf"] is not None:
        raise Untakeable("an optimizer that goes uphill or scales gradients")


@kernel("_foreach_add_.Scalar", "_foreach_mul_.Tensor")
def scaled(writer: "Writer", arguments: Mapping[str, Any], outputs: Sequence[Layout]) -> str:  # noqa: ARG001
    """Add a number to each tensor of a list, or multiply each by one."""
    if "mul" in arguments["name"]:
        body = f"{{x}}*={arguments['other'].at()};"
    else:
        body = f"{{x}}+={writer.number(arguments['scalar'])};"
    return "".join(_each("", body, x=tensor) for tensor in arguments["self"])


@kernel("clamp.default")
def clamp(writer: "Writer", arguments: Mapping[str, Any], outputs: Sequence[Layout]) -> str:
    """No less than ``min``, no more than ``max``."""
    text = "{x}"
    if arguments["max"] is not None:
        text = f"({text}>{writer.number(arguments['max'])}?{writer.number(arguments['max'])}:{text})"
    if arguments["min"] is not None:
        text = f"({text}<{writer.number(arguments['min'])}?{writer.number(arguments['min'])}:{text})"
    return _each("", f"{{y}}={text};", y=outputs[0], x=arguments["self"])
