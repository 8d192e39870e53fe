"""Where tensors lie in memory, and loops in C over their elements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nets.tiers.tape import Untakeable

if TYPE_CHECKING:
    from torch import Tensor

C_TYPES = {
    "torch.float32": "float",
    "torch.float64": "double",
    "torch.int64": "int64_t",
    "torch.int32": "int32_t",
    "torch.uint8": "uint8_t",
    "torch.bool": "uint8_t",
}


@dataclass(frozen=True)
class Layout:
    """A tensor's place: the C name of the memory, and its shape and strides there, in elements."""

    memory: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    c_type: str

    @property
    def size(self) -> int:
        """How many elements there are."""
        count = 1
        for length in self.shape:
            count *= length
        return count

    def at(self, *index: str) -> str:
        """Return the C expression of the element at ``index``, one name or number for each dimension."""
        parts = [
            position if stride == 1 else f"{position}*{stride}"
            for position, stride, length in zip(index, self.strides, self.shape, strict=True)
            if length > 1 and stride and position != "0"
        ]
        if self.offset or not parts:
            parts.append(str(self.offset))
        return f"{self.memory}[{'+'.join(parts)}]"

    def over(self, shape: Sequence[int]) -> "Layout":
        """Return the same elements repeated over a larger shape, as torch broadcasts."""
        missing = len(shape) - len(self.shape)
        own = (*(1,) * missing, *self.shape)
        strides = (*(0,) * missing, *self.strides)
        repeated = tuple(
            0 if mine == 1 and wanted != 1 else stride for mine, wanted, stride in zip(own, shape, strides, strict=True)
        )
        return Layout(self.memory, self.offset, tuple(shape), repeated, self.c_type)


def c_type(tensor: "Tensor") -> str:
    """Return what C calls the type of a tensor's elements.

    Raises:
        Untakeable: if it has no name for it.
    """
    if (name := str(tensor.dtype)) not in C_TYPES:
        raise Untakeable(f"numbers of the type {name.removeprefix('torch.')} stay with torch")
    return C_TYPES[name]


def indices(count: int) -> tuple[str, ...]:
    """Return names for ``count`` loop variables."""
    return tuple(f"i{place}" for place in range(count))


def loops(shape: Sequence[int], body: str, names: Sequence[str] | None = None) -> str:
    """Return C that runs ``body`` for every index of ``shape``; dimensions of one element need no loop."""
    names = names or indices(len(shape))
    heads = "".join(
        f"for(int {name}=0;{name}<{length};{name}++)" for name, length in zip(names, shape, strict=True) if length != 1
    )
    single = "".join(f"const int {name}=0;" for name, length in zip(names, shape, strict=True) if length == 1)
    used = single if any(name in body for name in names) else ""
    return f"{heads}{{{used}{body}}}"


def together(layouts: Sequence[Layout]) -> tuple[Layout, ...]:
    """Return layouts of one shape with fewest dimensions: neighbours that lie alike in all of them become one."""
    shape = layouts[0].shape
    order = sorted(
        (place for place in range(len(shape)) if shape[place] != 1),
        key=lambda place: [-layout.strides[place] for layout in layouts],
    )
    merged: list[list[int]] = []
    for place in order:
        length, strides = shape[place], [layout.strides[place] for layout in layouts]
        if merged and all(outer == inner * length for outer, inner in zip(merged[-1][1:], strides, strict=True)):
            merged[-1] = [merged[-1][0] * length, *strides]
        else:
            merged.append([length, *strides])
    lengths = tuple(part[0] for part in merged)
    return tuple(
        Layout(layout.memory, layout.offset, lengths, tuple(part[1 + which] for part in merged), layout.c_type)
        for which, layout in enumerate(layouts)
    )
