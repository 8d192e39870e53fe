"""From the tape of a step to C: every operation a loop over static memory, all sizes known to the compiler."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
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
DRAWS = frozenset({"aten.bernoulli_.float"})
"""Operations that draw random numbers: torch goes on drawing them, in the same order, into memory that C reads."""
EMPTY = frozenset(
    f"aten.{name}"
    for name in ("empty.memory_format", "empty_like.default", "new_empty.default", "new_empty_strided.default")
)
"""Operations that promise no contents."""
MAX_MEMORY = 64 * 2**20
"""Bytes that a step may need for what it computes."""
MAX_CALLS = 4000
MAX_DRAWS = 64
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

    ``work`` counts the multiplications of its products; ``draws`` are the operations that torch must carry out before
    each step, in this order, each for memory that C knows as ``draw0``, ``draw1`` …
    """

    def __init__(self, tape: Tape, inputs: "Mapping[str, Tensor]", memory: Memory, prefix: str) -> None:
        self.memory, self.prefix = memory, prefix
        self.work = self.bytes = 0
        self._inputs = {tensor.untyped_storage()._cdata: (name, tensor) for name, tensor in inputs.items()}
        self.draws: list[Call] = []
        self._drawn: dict[int, str] = {}
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
        elif key in self._drawn or key in self._own:
            name = self._drawn.get(key) or self._own[key]
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
        drawn = f"D[{name.removeprefix('draw')}]"
        source = {"examples": "X", "answers": "Y"}.get(name) or (drawn if "draw" in name else f"P[{name[1:]}]")
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
        if name in DRAWS:
            self._note_draw(call)
        elif name in VIEWS:
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

    def _note_draw(self, call: Call) -> None:
        (tensor,) = call.outputs
        key = tensor.untyped_storage()._cdata
        if key not in self._own or not tensor.is_contiguous() or tensor.storage_offset():
            raise Untakeable("random numbers in memory that is used otherwise too")
        self._drawn[key] = f"draw{len(self.draws)}"
        self._types[self._drawn[key]] = c_type(tensor)
        self.draws.append(call)

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


PRODUCTS = Path(__file__).with_name("products.c")
"""What is put in front of a source that has large products."""
HEAD = """
/* quick_tanh is Eigen's rational approximation (MathFunctionsImpl.h), within 3 units of the last place, and made
of what a compiler can carry out for many numbers at once. */
#include <math.h>
#include <stdint.h>
#include <string.h>
static char **P, *X, *Y, *D[64]; static double rate;
static inline float quick_tanh(float given){
const float x=given>7.99881172f?7.99881172f:given<-7.99881172f?-7.99881172f:given, s=x*x;
float p=-2.76076847742355e-16f;p=p*s+2.00018790482477e-13f;p=p*s-8.60467152213735e-11f;p=p*s+5.12229709037114e-08f;
p=p*s+1.48572235717979e-05f;p=p*s+6.37261928875436e-04f;p=p*s+4.89352455891786e-03f;
float q=1.19825839466702e-06f;q=q*s+1.18534705686654e-04f;q=q*s+2.26843463243900e-03f;q=q*s+4.89352518554385e-03f;
const float t=x*p/q;return s<1.6e-7f?given:t;}
"""


def program(parts: Iterable[str]) -> str:
    """Return the whole source of functions."""
    functions = "".join(parts)
    return HEAD + (PRODUCTS.read_text() if "product" in functions else "") + functions


STEPS = """
long steps(char **p, char *x, char *y, char **draws, long count, long x_bytes, long y_bytes, const long *draw_bytes,
const double *rates, float *losses){{P=p;for(long s=0;s<count;s++){{X=x+s*x_bytes;Y=y+s*y_bytes;rate=rates[s];
for(int d=0;d<{draws};d++)D[d]=draws[d]+s*draw_bytes[d];{prefix}step();losses[s]={loss};
if(!isfinite(losses[s]))return s+1;}}return count;}}
"""


def steps_source(writer: Writer, loss: "Tensor") -> str:
    """Return C that takes several steps: ``{prefix}steps``."""
    if len(writer.draws) > MAX_DRAWS:
        raise Untakeable("a step draws random numbers in too many places")
    found = STEPS.format(prefix=writer.prefix, loss=writer.layout(loss).at(), draws=len(writer.draws))
    return writer.functions() + found.replace("long steps(", f"long {writer.prefix}steps(")


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
