"""From the tape of a step to C: every operation a loop over static memory, all sizes known to the compiler."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from nets.tiers import norms, updates  # noqa: F401 - they register their kernels
from nets.tiers.kernels import KERNELS
from nets.tiers.layout import Layout, c_type, indices, loops, together
from nets.tiers.pointwise import LOSS_GRADIENTS, LOSSES, POINTWISE
from nets.tiers.tape import RATE, Call, Tape, Untakeable

if TYPE_CHECKING:
    from torch import Tensor, UntypedStorage

VIEWS = frozenset(
    f"aten.{name}"
    for name in (
        "alias.default",
        "as_strided.default",
        "detach.default",
        "expand.default",
        "permute.default",
        "select.int",
        "slice.Tensor",
        "split.Tensor",
        "squeeze.default",
        "squeeze.dim",
        "t.default",
        "transpose.int",
        "unbind.int",
        "unsafe_split.Tensor",
        "unsqueeze.default",
        "view.default",
        "_unsafe_view.default",
    )
)
"""Operations that give memory another shape, and need no code where they share it with what they were given."""
EMPTY = frozenset(
    f"aten.{name}"
    for name in ("empty.memory_format", "empty_like.default", "new_empty.default", "new_empty_strided.default")
)
"""Operations that promise no contents."""
MAX_MEMORY = 64 * 2**20
"""Bytes that a step may need for what it computes."""
MAX_CALLS = 4000
PART = 24
"""Operations in one C function: compilers take longer than proportionally for long ones."""


class Memory:
    """What outlives a step: weights, what an optimizer remembers, constants. Shared by the functions of one source."""

    def __init__(self) -> None:
        self.storages: list[UntypedStorage] = []
        self._names: dict[int, str] = {}

    def knows(self, tensor: "Tensor") -> bool:
        """Has it met a tensor's memory?"""
        return tensor.untyped_storage()._cdata in self._names

    def name(self, tensor: "Tensor") -> str:
        """Return the C name of a tensor's memory."""
        storage = tensor.untyped_storage()
        if storage._cdata not in self._names:
            self._names[storage._cdata] = f"p{len(self.storages)}"
            self.storages.append(storage)
        return self._names[storage._cdata]


class Writer:
    """Writes one tape as C functions whose names begin with ``prefix``.

    ``work`` counts the multiplications of its products.
    """

    def __init__(self, tape: Tape, inputs: "Mapping[str, Tensor]", memory: Memory, prefix: str) -> None:
        self.memory, self.prefix = memory, prefix
        self.work = self.bytes = 0
        self._inputs = {tensor.untyped_storage()._cdata: (name, tensor) for name, tensor in inputs.items()}
        self._own: dict[int, str] = {}
        self._types: dict[str, str] = {}
        self._declared: list[str] = []
        if len(tape.calls) > MAX_CALLS:
            raise Untakeable(f"a step has {len(tape.calls):,} operations")
        self._lines = [line for call in tape.calls for line in self._written(call)]

    def number(self, value: Any) -> str:
        """Return a Python number as C; the recorded learning rate as the one that is in force."""
        if isinstance(value, bool):
            return str(int(value))
        if isinstance(value, int):
            return f"{value}" if abs(value) < 2**31 else f"{value}LL"
        if abs(value) == RATE:
            return "rate" if value > 0 else "(-rate)"
        if value != value:
            return "NAN"
        if value in (float("inf"), float("-inf")):
            return "INFINITY" if value > 0 else "(-INFINITY)"
        return f"{value.hex()}f" if value >= 0 else f"({value.hex()}f)"

    def layout(self, tensor: "Tensor", *, is_new: bool = False) -> Layout:
        """Return where a tensor lies; ``is_new`` makes room where its memory is not known yet."""
        key, offset = tensor.untyped_storage()._cdata, tensor.storage_offset()
        if key in self._inputs:
            name, given = self._inputs[key]
            offset -= given.storage_offset()
        elif key in self._own:
            name = self._own[key]
        elif is_new and not self.memory.knows(tensor):
            name = self._room(tensor)
        else:
            name = self.memory.name(tensor)
        kind = c_type(tensor)
        if self._types.setdefault(name, kind) != kind:
            raise Untakeable("memory is read as numbers of two kinds")
        return Layout(name, int(offset), tuple(tensor.shape), tuple(tensor.stride()), kind)

    def functions(self) -> str:
        """Return the C source: static memory, and ``{prefix}step()``, which takes one step."""
        parts, names = [], []
        for start in range(0, len(self._lines), PART):
            body = "\n".join(self._lines[start : start + PART])
            names.append(f"{self.prefix}part{start // PART}")
            pointers = "".join(self._pointer(name) for name in self._types if f"{name}[" in body)
            parts.append(f"static __attribute__((noinline)) void {names[-1]}(void){{\n{pointers}{body}\n}}")
        calls = "".join(f"{name}();" for name in names)
        return "\n".join([*self._declared, *parts, f"static void {self.prefix}step(void){{{calls}}}"])

    def _pointer(self, name: str) -> str:
        if name in self._own.values():
            return ""
        source = {"examples": "X", "answers": "Y"}.get(name) or f"P[{name[1:]}]"
        return f"{self._types[name]} *restrict {name}=({self._types[name]}*){source};\n"

    def _room(self, tensor: "Tensor") -> str:
        storage = tensor.untyped_storage()
        name = f"{self.prefix}v{len(self._own)}"
        self._own[storage._cdata] = name
        self.bytes += storage.nbytes()
        if self.bytes > MAX_MEMORY:
            raise Untakeable("a step needs too much memory")
        count = max(1, storage.nbytes() // tensor.element_size())
        self._declared.append(f"static {c_type(tensor)} {name}[{count}] __attribute__((aligned(64)));")
        return name

    def _written(self, call: Call) -> Iterator[str]:
        """Yield the C of one operation, if it needs any."""
        name, arguments = call.name, {"name": call.name, **_map(call.arguments, self.layout)}
        outputs = [self.layout(tensor, is_new=True) for tensor in call.outputs]
        if name in VIEWS:
            if arguments.get("self") and any(out.memory != arguments["self"].memory for out in outputs):
                raise Untakeable(f"{name} copies")
        elif name in KERNELS:
            yield KERNELS[name](self, arguments, outputs)
        elif name in POINTWISE:
            yield self._pointwise(POINTWISE[name], arguments, outputs[0])
        elif name in LOSSES:
            yield self._loss(LOSSES[name], arguments, outputs[0])
        elif name in LOSS_GRADIENTS:
            share = f" / {arguments['self'].size}" if arguments["reduction"] == 1 else ""
            yield self._pointwise(f"({LOSS_GRADIENTS[name]}){share}", arguments, outputs[0])
        elif name not in EMPTY:
            raise Untakeable(f"{name.removeprefix('aten.').partition('.')[0]} has no C here")

    def _pointwise(self, formula: str, arguments: Mapping[str, Any], out: Layout) -> str:
        if arguments.get("approximate", "none") != "none":
            raise Untakeable("gelu in its approximate form")
        tensors = {name: value.over(out.shape) for name, value in arguments.items() if isinstance(value, Layout)}
        flat = together([out, *tensors.values()])
        at = dict(zip(("", *tensors), (part.at(*indices(len(part.shape))) for part in flat), strict=True))
        numbers = {name: self.number(value) for name, value in arguments.items() if isinstance(value, int | float)}
        return loops(flat[0].shape, f"{at.pop('')}={formula.format_map({**numbers, **at})};")

    def _loss(self, formula: str, arguments: Mapping[str, Any], out: Layout) -> str:
        if arguments.get("weight") is not None or arguments.get("pos_weight") is not None:
            raise Untakeable("a loss with weights")
        if arguments["reduction"] == 0:
            return self._pointwise(formula, arguments, out)
        shape = arguments["self"].shape
        flat = together([arguments["self"], arguments["target"].over(shape)])
        places = (part.at(*indices(len(part.shape))) for part in flat)
        at = dict(zip(("self", "target"), places, strict=True))
        numbers = {name: self.number(value) for name, value in arguments.items() if isinstance(value, int | float)}
        share = f"/{arguments['self'].size}" if arguments["reduction"] == 1 else ""
        inside = loops(flat[0].shape, f"sum+={formula.format_map({**numbers, **at})};")
        return f"{{float sum=0;{inside}{out.at()}=sum{share};}}"


def _map(arguments: Mapping[str, Any], layout: Any) -> dict[str, Any]:
    """Return arguments with every tensor as its layout."""
    import torch

    def mapped(value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            return layout(value)
        return [mapped(part) for part in value] if isinstance(value, list | tuple) else value

    return {name: mapped(value) for name, value in arguments.items()}


HEAD = """#include <math.h>
#include <stdint.h>
#include <string.h>
static char **P, *X, *Y; static double rate;
"""
STEPS = """
void steps(char **p, char *x, char *y, long count, long x_bytes, long y_bytes, const double *rates, float *losses){{
P=p;for(long s=0;s<count;s++){{X=x+s*x_bytes;Y=y+s*y_bytes;rate=rates[s];{prefix}step();losses[s]={loss};}}}}
"""


def steps_source(writer: Writer, loss: "Tensor") -> str:
    """Return C that takes several steps: ``{prefix}steps``."""
    found = STEPS.format(prefix=writer.prefix, loss=writer.layout(loss).at())
    return writer.functions() + found.replace("void steps(", f"void {writer.prefix}steps(")


PREDICT = """
void predict(char **p, char *x, long rows, float *out){{
static char rest[{bytes}] __attribute__((aligned(64)));P=p;
for(long r=0;r<rows;r+={count}){{const long n=rows-r<{count}?rows-r:{count};X=x+r*{row_bytes};
if(n<{count}){{memcpy(rest,X,n*{row_bytes});X=rest;}}
{prefix}step();for(int i=0;i<n;i++)for(int k=0;k<{width};k++)out[(r+i)*{width}+k]={answer};}}}}
"""


def predict_source(writer: Writer, x: "Tensor", outputs: "Tensor") -> str:
    """Return C that answers any number of examples, as many at once as ``x`` has.

    Raises:
        Untakeable: if examples do not lie one after the other, or answers are not (B, K).
    """
    if outputs.dim() != 2 or x.stride(0) * len(x) != x.numel():
        raise Untakeable("answers at every step")
    pointer = writer._pointer(writer.layout(outputs).memory)
    if pointer:
        raise Untakeable("a network that does nothing")
    row_bytes = x.stride(0) * x.element_size()
    return writer.functions() + PREDICT.format(
        prefix=writer.prefix,
        bytes=row_bytes * len(x),
        count=len(x),
        row_bytes=row_bytes,
        width=outputs.shape[1],
        answer=writer.layout(outputs).at("i", "k"),
    )
