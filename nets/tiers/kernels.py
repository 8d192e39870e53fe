"""Operations that look at more than one element at a time, as C: products, sums, norms, losses over classes."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nets.tiers.layout import Layout, indices, loops, together
from nets.tiers.tape import Untakeable

if TYPE_CHECKING:
    from nets.tiers.writer import Writer

Kernel = Callable[["Writer", Mapping[str, Any], Sequence[Layout]], str]
"""From arguments by name (tensors as layouts) and the layouts of the outputs to C."""

KERNELS: dict[str, Kernel] = {}
LARGE = 8_000
"""Multiplications of a product from which on it is made of tiles; a smaller one's loops are of a known length."""


def kernel(*names: str) -> Callable[[Kernel], Kernel]:
    """Register what writes the operations called ``names``."""

    def register(function: Kernel) -> Kernel:
        KERNELS.update({f"aten.{name}": function for name in names})
        return function

    return register


@kernel("mm.default", "bmm.default", "addmm.default")
def product(writer: "Writer", arguments: Mapping[str, Any], outputs: Sequence[Layout]) -> str:
    """A product of matrices, or of each pair of a batch: row by row, so that neighbours in memory are read together."""
    out = outputs[0]
    left, right = (arguments.get(name) for name in (("mat1", "mat2") if "mat1" in arguments else ("self", "mat2")))
    assert isinstance(left, Layout)
    assert isinstance(right, Layout)
    if arguments.get("beta", 1) != 1 or arguments.get("alpha", 1) != 1:
        raise Untakeable("a product is scaled")
    batch = ("b",) * (len(out.shape) - 2)
    rows, columns, inner = out.shape[-2], out.shape[-1], left.shape[-1]
    writer.work += rows * columns * inner * (out.shape[0] if batch else 1)
    start = "0"
    if "mat1" in arguments:
        start = arguments["self"].over(out.shape).at(*batch, "i", "j")
    a, b, c = left.at(*batch, "i", "k"), right.at(*batch, "k", "j"), out.at(*batch, "i", "j")
    lies_in_rows = right.strides[-1] == 1 or columns == 1
    if rows * columns * inner >= LARGE and columns > 1 and out.strides[-1] == 1:
        places = [f"&{one.at(*batch, '0', '0')}" for one in (left, right, out)]
        strides = [", ".join(map(str, one.strides[-2:])) for one in (left, right, out)]
        sizes = f"{rows}, {columns}, {inner}"
        name, last = ("product", f"{right.strides[-2]}") if lies_in_rows else ("product_of_copy", strides[1])
        body = (
            f"for(int i=0;i<{rows};i++)for(int j=0;j<{columns};j++){c}={start};"
            f"{name}({places[0]}, {strides[0]}, {places[1]}, {last}, {places[2]}, {out.strides[-2]}, {sizes});"
        )
        return loops(out.shape[:-2], body, batch)
    if lies_in_rows or inner == 1 or right.strides[-2] != 1:
        body = (
            f"float row[{columns}];for(int j=0;j<{columns};j++)row[j]={start};"
            f"for(int k=0;k<{inner};k++){{const float x={a};for(int j=0;j<{columns};j++)row[j]+=x*{b};}}"
            f"for(int j=0;j<{columns};j++){c}=row[j];"
        )
    else:
        body = (
            f"for(int j=0;j<{columns};j++){{float sum={start};"
            f"\n#pragma omp simd reduction(+:sum)\nfor(int k=0;k<{inner};k++)sum+={a}*{b};{c}=sum;}}"
        )
    return loops((*out.shape[:-2], rows), body, (*batch, "i"))


@kernel("sum.dim_IntList", "sum.default", "mean.default", "mean.dim")
def total(writer: "Writer", arguments: Mapping[str, Any], outputs: Sequence[Layout]) -> str:  # noqa: ARG001
    """A sum or a mean over some dimensions, or over all."""
    source, out = arguments["self"], outputs[0]
    count = len(source.shape)
    over = {place % count for place in arguments.get("dim") or range(count)} if count else set()
    names = indices(count)
    kept = [names[place] for place in range(count) if place not in over]
    shape = [source.shape[place] for place in range(count) if place not in over]
    summed = [source.shape[place] for place in sorted(over)]
    at_out = (
        out.at(*(("0" if place in over else names[place]) for place in range(count)))
        if arguments.get("keepdim")
        else out.at(*kept)
    )
    size = 1
    for length in summed:
        size *= length
    share = f"/{size}" if "mean" in arguments["name"] else ""
    inside = loops(summed, f"sum+={source.at(*names)};", [names[place] for place in sorted(over)])
    return loops(shape, f"float sum=0;{inside}{at_out}=sum{share};", kept)


@kernel("linalg_vector_norm.default", "_foreach_norm.Scalar")
def norm(writer: "Writer", arguments: Mapping[str, Any], outputs: Sequence[Layout]) -> str:  # noqa: ARG001
    """Euclidean length over all elements, of one tensor or of each."""
    if arguments["ord"] != 2 or arguments.get("dim"):
        raise Untakeable("a norm other than the Euclidean one")
    sources = arguments["self"] if isinstance(arguments["self"], list) else [arguments["self"]]
    parts = []
    for source, out in zip(sources, outputs, strict=True):
        (flat,) = together([source])
        inside = loops(flat.shape, f"const float x={flat.at(*indices(len(flat.shape)))};sum+=x*x;")
        parts.append(f"{{float sum=0;{inside}{out.at()}=sqrtf(sum);}}")
    return "".join(parts)


@kernel("stack.default", "cat.default")
def joined(writer: "Writer", arguments: Mapping[str, Any], outputs: Sequence[Layout]) -> str:  # noqa: ARG001
    """Tensors side by side, along a dimension of theirs or a new one."""
    out, parts, start = outputs[0], [], 0
    place = arguments.get("dim", 0) % len(out.shape)
    is_new = "stack" in arguments["name"]
    for source in arguments["tensors"]:
        length = 1 if is_new else source.shape[place]
        shape = [*out.shape[:place], length, *out.shape[place + 1 :]]
        names = indices(len(shape))
        target = Layout(out.memory, out.offset + start * out.strides[place], tuple(shape), out.strides, out.c_type)
        own = [name for axis, name in enumerate(names) if not (is_new and axis == place)]
        parts.append(loops(shape, f"{target.at(*names)}={source.at(*own)};"))
        start += length
    return "".join(parts)


@kernel("_log_softmax.default", "_softmax.default")
def softmax(writer: "Writer", arguments: Mapping[str, Any], outputs: Sequence[Layout]) -> str:  # noqa: ARG001
    """Softmax along the last dimension, or its logarithm."""
    source, out = arguments["self"], outputs[0]
    outer, count = _last(source, arguments["dim"])
    names = indices(len(source.shape))
    x, y = source.at(*names), out.at(*names)
    k = names[-1]
    each = f"for(int {k}=0;{k}<{count};{k}++)"
    finish = f"{each}{y}={x}-top-rest;" if "log" in arguments["name"] else f"{each}{y}=expf({x}-top)/sum;"
    body = (
        f"float top=-INFINITY;{each}top=fmaxf(top,{x});float sum=0;{each}sum+=expf({x}-top);"
        f"const float rest=logf(sum);{finish}"
    )
    return loops(outer, body, names[:-1])


@kernel("_log_softmax_backward_data.default", "_softmax_backward_data.default")
def softmax_gradient(writer: "Writer", arguments: Mapping[str, Any], outputs: Sequence[Layout]) -> str:  # noqa: ARG001
    """The gradient of softmax along the last dimension, or of its logarithm."""
    gradient, answer, out = arguments["grad_output"], arguments["output"], outputs[0]
    outer, count = _last(answer, arguments["dim"])
    names = indices(len(answer.shape))
    g, y, x = gradient.at(*names), answer.at(*names), out.at(*names)
    each = f"for(int {names[-1]}=0;{names[-1]}<{count};{names[-1]}++)"
    if "log" in arguments["name"]:
        body = f"float sum=0;{each}sum+={g};{each}{x}={g}-expf({y})*sum;"
    else:
        body = f"float sum=0;{each}sum+={g}*{y};{each}{x}=({g}-sum)*{y};"
    return loops(outer, body, names[:-1])


def _last(layout: Layout, dimension: int) -> tuple[tuple[int, ...], int]:
    if dimension % len(layout.shape) != len(layout.shape) - 1:
        raise Untakeable("softmax along another dimension than the last")
    return layout.shape[:-1], layout.shape[-1]


@kernel("nll_loss_forward.default")
def nll(writer: "Writer", arguments: Mapping[str, Any], outputs: Sequence[Layout]) -> str:  # noqa: ARG001
    """Minus the log-probability of the true class: mean over a batch (B, K), weighted by class where asked for."""
    share, weight = _of_class(arguments)
    rows = arguments["self"].shape[0]
    target = arguments["target"].at("i")
    picked = arguments["self"].at("i", "c")
    return (
        f"{{float sum=0,weights=0;for(int i=0;i<{rows};i++){{const int64_t c={target};"
        f"if(c!={arguments['ignore_index']}){{sum-={weight}*{picked};weights+={weight};}}}}"
        f"{outputs[0].at()}=sum{share};{outputs[1].at()}=weights;}}"
    )


@kernel("nll_loss_backward.default")
def nll_gradient(writer: "Writer", arguments: Mapping[str, Any], outputs: Sequence[Layout]) -> str:  # noqa: ARG001
    """Its gradient: nothing but at the true classes."""
    _, weight = _of_class(arguments)
    out, rows = outputs[0], arguments["self"].shape[0]
    target, gradient = arguments["target"].at("i"), arguments["grad_output"].at()
    share = f"/{arguments['total_weight'].at()}" if arguments["reduction"] == 1 else ""
    clear = loops(out.shape, f"{out.at(*indices(2))}=0;")
    return (
        f"{clear}for(int i=0;i<{rows};i++){{const int64_t c={target};"
        f"if(c!={arguments['ignore_index']}){out.at('i', 'c')}=-{weight}*{gradient}{share};}}"
    )


def _of_class(arguments: Mapping[str, Any]) -> tuple[str, str]:
    if len(arguments["self"].shape) != 2 or arguments["reduction"] == 0:
        raise Untakeable("a loss of each example by itself")
    weight = arguments["weight"]
    return "/weights" if arguments["reduction"] == 1 else "", weight.at("c") if weight else "1.0f"


@kernel("select_backward.default", "slice_backward.default")
def spread_out(writer: "Writer", arguments: Mapping[str, Any], outputs: Sequence[Layout]) -> str:  # noqa: ARG001
    """The gradient of a part of a tensor: nothing but there."""
    out, gradient, place = outputs[0], arguments["grad_output"], arguments["dim"] % len(outputs[0].shape)
    names = indices(len(out.shape))
    clear = loops(out.shape, f"{out.at(*names)}=0;")
    own = list(names)
    if "index" in arguments:
        first = arguments["index"] % out.shape[place]
        inner = [*names[:place], *names[place + 1 :]]
        target = Layout(
            out.memory,
            out.offset + first * out.strides[place],
            (*out.shape[:place], *out.shape[place + 1 :]),
            (*out.strides[:place], *out.strides[place + 1 :]),
            out.c_type,
        )
        return clear + loops(gradient.shape, f"{target.at(*inner)}={gradient.at(*inner)};", inner)
    start, step = arguments["start"] or 0, arguments["step"]
    start = start + out.shape[place] if start < 0 else start
    own[place] = f"({start}+{names[place]}*{step})"
    return clear + loops(gradient.shape, f"{out.at(*own)}={gradient.at(*names)};", names)


@kernel("embedding_dense_backward.default")
def embedding_gradient(writer: "Writer", arguments: Mapping[str, Any], outputs: Sequence[Layout]) -> str:  # noqa: ARG001
    """The gradient of a table of rows: what came to each row, but for the row of padding."""
    if arguments["scale_grad_by_freq"]:
        raise Untakeable("an embedding scaled by frequency")
    gradient, places, out = arguments["grad_output"], arguments["indices"], outputs[0]
    names = indices(len(gradient.shape))
    clear = loops(out.shape, f"{out.at(*indices(2))}=0;")
    row = loops(out.shape[-1:], f"{out.at('c', names[-1])}+={gradient.at(*names)};", names[-1:])
    body = f"const int64_t c={places.at(*names[:-1])};if(c!={arguments['padding_idx']}){row}"
    return clear + loops(gradient.shape[:-1], body, names[:-1])


@kernel("embedding.default")
def embedding(writer: "Writer", arguments: Mapping[str, Any], outputs: Sequence[Layout]) -> str:  # noqa: ARG001
    """Rows of a table, by number."""
    table, places, out = arguments["weight"], arguments["indices"], outputs[0]
    names = indices(len(out.shape))
    row = loops(out.shape[-1:], f"{out.at(*names)}={table.at('c', names[-1])};", names[-1:])
    return loops(out.shape[:-1], f"const int64_t c={places.at(*names[:-1])};{row}", names[:-1])
