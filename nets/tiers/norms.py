"""Layer and batch norm with their gradients, as C."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nets.tiers.kernels import kernel
from nets.tiers.layout import Layout, indices, loops
from nets.tiers.tape import Untakeable

if TYPE_CHECKING:
    from nets.tiers.writer import Writer


@kernel("native_layer_norm.default")
def layer_norm(writer: "Writer", arguments: Mapping[str, Any], outputs: Sequence[Layout]) -> str:
    """Each row (…, K) less its mean, divided by its spread (Ba, Kiros and Hinton 2016)."""
    source, (out, mean, scale), count = arguments["input"], outputs, _width(arguments)
    outer, names = source.shape[:-1], indices(len(source.shape))
    x, y = source.at(*names), out.at(*names)
    k = names[-1]
    each = f"for(int {k}=0;{k}<{count};{k}++)"
    weight, bias = _affine(arguments, k)
    body = (
        f"float sum=0,squares=0;{each}sum+={x};const float m=sum/{count};"
        f"{each}squares+=({x}-m)*({x}-m);const float r=1.0f/sqrtf(squares/{count}+{writer.number(arguments['eps'])});"
        f"{mean.at(*names[:-1], '0')}=m;{scale.at(*names[:-1], '0')}=r;{each}{y}=({x}-m)*r*{weight}+{bias};"
    )
    return loops(outer, body, names[:-1])


@kernel("native_layer_norm_backward.default")
def layer_norm_gradient(writer: "Writer", arguments: Mapping[str, Any], outputs: Sequence[Layout]) -> str:  # noqa: ARG001
    """Gradients of input, weight and bias."""
    source, gradient, count = arguments["input"], arguments["grad_out"], _width(arguments)
    _all_wanted(arguments)
    out, of_weight, of_bias = outputs
    names = indices(len(source.shape))
    k = names[-1]
    each = f"for(int {k}=0;{k}<{count};{k}++)"
    g, x, d = gradient.at(*names), source.at(*names), out.at(*names)
    m, r = arguments["mean"].at(*names[:-1], "0"), arguments["rstd"].at(*names[:-1], "0")
    weight, _ = _affine(arguments, k)
    clear = f"{each}{{{of_weight.at(k)}=0;{of_bias.at(k)}=0;}}"
    body = (
        f"const float m={m},r={r};float a=0,b=0;"
        f"{each}{{const float n=({x}-m)*r,w={g}*{weight};a+=w;b+=w*n;{of_weight.at(k)}+={g}*n;{of_bias.at(k)}+={g};}}"
        f"{each}{d}=r*({g}*{weight}-(a+({x}-m)*r*b)/{count});"
    )
    return clear + loops(source.shape[:-1], body, names[:-1])


@kernel("native_batch_norm.default")
def batch_norm(writer: "Writer", arguments: Mapping[str, Any], outputs: Sequence[Layout]) -> str:
    """Each feature (B, K) less its mean over the batch, divided by its spread (Ioffe and Szegedy 2015)."""
    source = arguments["input"]
    out, mean, scale = outputs
    rows, count = _flat(source)
    weight, bias = _affine(arguments, "k")
    eps = writer.number(arguments["eps"])
    known_mean, known_spread = arguments["running_mean"], arguments["running_var"]
    finish = f"for(int i=0;i<{rows};i++){out.at('i', 'k')}=({source.at('i', 'k')}-m)*r*{weight}+{bias};"
    if not arguments["training"]:
        body = f"const float m={known_mean.at('k')},r=1.0f/sqrtf({known_spread.at('k')}+{eps});{finish}"
        return f"for(int k=0;k<{count};k++){{{body}}}"
    share = writer.number(arguments["momentum"])
    body = (
        f"float sum=0,squares=0;for(int i=0;i<{rows};i++)sum+={source.at('i', 'k')};const float m=sum/{rows};"
        f"for(int i=0;i<{rows};i++)squares+=({source.at('i', 'k')}-m)*({source.at('i', 'k')}-m);"
        f"const float r=1.0f/sqrtf(squares/{rows}+{eps});{mean.at('k')}=m;{scale.at('k')}=r;"
        f"{known_mean.at('k')}+={share}*(m-{known_mean.at('k')});"
        f"{known_spread.at('k')}+={share}*(squares/{max(1, rows - 1)}-{known_spread.at('k')});{finish}"
    )
    return f"for(int k=0;k<{count};k++){{{body}}}"


@kernel("native_batch_norm_backward.default")
def batch_norm_gradient(writer: "Writer", arguments: Mapping[str, Any], outputs: Sequence[Layout]) -> str:  # noqa: ARG001
    """Gradients of input, weight and bias, where the batch's own mean and spread were used."""
    source, gradient = arguments["input"], arguments["grad_out"]
    _all_wanted(arguments)
    if not arguments["train"]:
        raise Untakeable("a batch norm that does not learn")
    out, of_weight, of_bias = outputs
    rows, count = _flat(source)
    weight, _ = _affine(arguments, "k")
    g, x = gradient.at("i", "k"), source.at("i", "k")
    body = (
        f"const float m={arguments['save_mean'].at('k')},r={arguments['save_invstd'].at('k')};float a=0,b=0;"
        f"for(int i=0;i<{rows};i++){{a+={g};b+={g}*({x}-m)*r;}}"
        f"{of_bias.at('k')}=a;{of_weight.at('k')}=b;"
        f"for(int i=0;i<{rows};i++){out.at('i', 'k')}={weight}*r*({g}-(a+({x}-m)*r*b)/{rows});"
    )
    return f"for(int k=0;k<{count};k++){{{body}}}"


def _width(arguments: Mapping[str, Any]) -> int:
    if len(arguments["normalized_shape"]) != 1:
        raise Untakeable("a layer norm over more than one dimension")
    return int(arguments["normalized_shape"][0])


def _flat(source: Layout) -> tuple[int, int]:
    if len(source.shape) != 2:
        raise Untakeable("a batch norm over pictures")
    return source.shape[0], source.shape[1]


def _affine(arguments: Mapping[str, Any], name: str) -> tuple[str, str]:
    weight, bias = arguments.get("weight"), arguments.get("bias")
    return weight.at(name) if weight else "1.0f", bias.at(name) if bias else "0"


def _all_wanted(arguments: Mapping[str, Any]) -> None:
    if not all(arguments["output_mask"]):
        raise Untakeable("a norm that does not learn")
