"""Form fields drawn from what the experiment's configs say of themselves: type, bounds, help."""

import math
import types
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, Literal, Union, get_args, get_origin

import annotated_types
import streamlit as st
from pydantic.fields import FieldInfo

from nets.config import Config
from nets.kinds import FAMILIES
from nets.link import read, write
from nets.registry import Registry
from pages.parts.bench import Bench
from pages.parts.permissions import is_hidden, is_locked
from pages.parts.showing import among, shown

CONCEPTS = {"optimizer": "descent", "activation": "activations", "initializer": "initialization", "loss": "losses"}
"""The concept that shows what the choices of a kind do."""
RATES = (0.00001, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


def _owner(bench: Bench, path: str) -> tuple[Config, str]:
    *outer, name = path.split(".")
    return reduce(getattr, outer, bench.experiment), name


def field_info(bench: Bench, path: str) -> FieldInfo:
    """Return pydantic's record of the field at ``path`` of the bench's experiment."""
    config, name = _owner(bench, path)
    return type(config).model_fields[name]


def about(bench: Bench, path: str) -> str:
    """Return what the config says about the field at ``path``."""
    config, name = _owner(bench, path)
    return config.about(name)


def choice(
    bench: Bench,
    path: str,
    label: str,
    options: Sequence[Any],
    *,
    explain: Callable[[Any], str] | None = None,
    shown_by: str = "",
    key: str | None = None,
    on_pick: Callable[[Any], None] | None = None,
    **arguments: Any,
) -> None:
    """Draw a select box over ``options`` for ``path``; a value that is not among them joins them.

    ``explain`` gives the line of each option as the help, which ends with a link to the concept ``shown_by``.
    """
    if is_hidden(path):
        return
    bench.state.labels[path] = label
    key = key or bench.key(path)
    current = bench.value(path)
    help_text = arguments.pop("help", None)
    if explain is not None:
        help_text = "\n".join(f"- **{words(option)}**: {explain(option)}" for option in options)
        if shown_by:
            help_text += f"\n\n[What do they do?](concepts?concept={shown_by})"
    st.selectbox(
        label,
        **among(options, current, key),
        format_func=words,
        help=help_text,
        on_change=_changed,
        args=(bench, path, key, on_pick),
        disabled=is_locked(path),
        **arguments,
    )


def kind(bench: Bench, path: str, label: str) -> None:
    """Draw the choice of a kind for a family: optimizer, schedule, architecture."""
    registry, tag = FAMILIES[path]
    named(bench, f"{path}.{tag}", label, registry)


def named(bench: Bench, path: str, label: str, registry: Registry[Any]) -> None:
    """Draw the choice of a registered name: activation, initializer; the help links to the concept that shows them."""
    shown_by = CONCEPTS.get(registry.kind, "")
    choice(bench, path, label, registry.names(), explain=lambda name: registry.get(name).help, shown_by=shown_by)


def rate(bench: Bench, path: str, label: str, options: Sequence[float] = RATES) -> None:
    """Draw a number that people think of in powers of ten: usual values to pick, any other to type."""
    if is_hidden(path):
        return
    bench.state.labels[path] = label
    key = bench.key(path)
    current = f"{bench.value(path):g}"
    offered = [f"{option:g}" for option in options]
    st.selectbox(
        label,
        **among(offered, current, key),
        accept_new_options=True,
        help=about(bench, path),
        on_change=_typed,
        args=(bench, path, key),
        disabled=is_locked(path),
    )


def slider(
    bench: Bench, path: str, label: str, options: Sequence[Any], format_func: Callable[[Any], str] = str
) -> None:
    """Draw a slider over ``options`` for ``path``; a value between them joins them."""
    if is_hidden(path):
        return
    bench.state.labels[path] = label
    key = bench.key(path)
    current = bench.value(path)
    places = list(options)
    if current not in options:  # a slider over other places is another widget: the browser knows places by number
        places, key = sorted([*options, current]), f"{key}.{current}"
    st.select_slider(
        label,
        places,
        **shown(key, current),
        format_func=format_func,
        help=about(bench, path),
        on_change=_changed,
        args=(bench, path, key, None),
        disabled=is_locked(path),
    )


def toggle(bench: Bench, path: str, label: str) -> None:
    """Draw an on/off switch for ``path``."""
    if is_hidden(path):
        return
    bench.state.labels[path] = label
    key = bench.key(path)
    st.toggle(
        label,
        **shown(key, bool(bench.value(path))),
        help=about(bench, path),
        on_change=_changed,
        args=(bench, path, key, None),
        disabled=is_locked(path),
    )


def number(bench: Bench, path: str, label: str | None = None) -> None:
    """Draw a number box with the field's own bounds."""
    if is_hidden(path):
        return
    label = label or words(path.rpartition(".")[2]).capitalize()
    bench.state.labels[path] = label
    info = field_info(bench, path)
    types_of = _plain_types(info.annotation)
    of_kind = int if int in types_of and float not in types_of else float
    key = bench.key(path)
    number_box(
        label,
        info,
        of_kind,
        **shown(key, of_kind(bench.value(path))),
        help=about(bench, path),
        on_change=_changed,
        args=(bench, path, key, None),
        disabled=is_locked(path),
    )


def number_box(label: str, info: FieldInfo, of_kind: type[int] | type[float], **arguments: Any) -> None:
    """Draw a number box within the bounds of the field ``info``."""
    low, high = bounds(info)
    st.number_input(
        label,
        min_value=None if low is None else of_kind(low),
        max_value=None if high is None else of_kind(high),
        step=1 if of_kind is int else 0.05,
        format=None if of_kind is int else "%g",
        **arguments,
    )


def text(bench: Bench, path: str, label: str, placeholder: str = "") -> None:
    """Draw a text box for a value written as in a link: 4,2 for a list."""
    if is_hidden(path):
        return
    bench.state.labels[path] = label
    key = bench.key(path)
    value = bench.value(path)
    st.text_input(
        label,
        **shown(key, "" if value == [] else write(value).removesuffix(",")),
        placeholder=placeholder,
        help=about(bench, path),
        on_change=_typed,
        args=(bench, path, key),
        disabled=is_locked(path),
    )


def optional(bench: Bench, path: str, label: str, default: dict[str, Any] | float) -> bool:
    """Draw a switch for a part that may be absent; ``default`` is put in when it is switched on. Return its state."""
    if is_hidden(path):
        return bench.value(path) is not None
    bench.state.labels[path] = label
    key = bench.key(f"{path}?")
    st.toggle(
        label,
        **shown(key, bench.value(path) is not None),
        help=about(bench, path),
        on_change=lambda: bench.change({path: default if st.session_state[key] else None}),
        disabled=is_locked(path),
    )
    return bool(st.session_state[key])


def everything(bench: Bench, path: str, *, skip: Sequence[str] = ()) -> None:
    """Draw a field for each plain setting of the config at ``path``; see ``plain``."""
    config: Any = bench.experiment
    for part in path.split("."):
        config = getattr(config, part)
    for name in type(config).model_fields:
        if name not in skip and name not in ("kind", "name"):
            plain(bench, f"{path}.{name}")


def plain(bench: Bench, path: str) -> None:
    """Draw the field for one setting as its type asks for: a number, a switch, a fixed choice; nothing for others."""
    info = field_info(bench, path)
    kinds = _plain_types(info.annotation)
    label = words(path.rpartition(".")[2]).capitalize()
    if get_origin(info.annotation) is Literal:
        choice(bench, path, label, get_args(info.annotation), help=about(bench, path))
    elif bool in kinds:
        toggle(bench, path, label)
    elif kinds & {int, float} and bench.value(path) is not None:
        number(bench, path)


def bounds(info: FieldInfo) -> tuple[float | None, float | None]:
    """Return the smallest and the largest value of a number field; an open bound moves inside by the least there is."""
    low = high = None
    for constraint in info.metadata:
        match constraint:
            case annotated_types.Ge(ge=value):
                low = value
            case annotated_types.Gt(gt=value):
                low = math.nextafter(float(value), math.inf)  # type: ignore[arg-type]
            case annotated_types.Le(le=value):
                high = value
            case annotated_types.Lt(lt=value):
                high = math.nextafter(float(value), -math.inf)  # type: ignore[arg-type]
    return low, high  # type: ignore[return-value]


def words(name: Any) -> str:
    """Return a name of the code as people read it: max_iter → max iter, num_points → number of points."""
    name = str(name)
    return (f"number of {name[4:]}" if name.startswith("num_") else name).replace("_", " ")


def _plain_types(annotation: Any) -> set[Any]:
    if get_origin(annotation) in (Union, types.UnionType):
        return set().union(*(_plain_types(part) for part in get_args(annotation)))
    if hasattr(annotation, "__metadata__"):
        return _plain_types(annotation.__origin__)
    return {annotation}


def _changed(bench: Bench, path: str, key: str, on_pick: Callable[[Any], None] | None) -> None:
    value = st.session_state[key]
    if on_pick is not None:
        on_pick(value)
    else:
        bench.change({path: value})


def _typed(bench: Bench, path: str, key: str) -> None:
    text = str(st.session_state[key] or "").strip().removesuffix(",")
    value = read(text)
    if isinstance(bench.value(path), list) and not isinstance(value, list):
        value = [] if text == "" else [value]
    bench.change({path: value})
