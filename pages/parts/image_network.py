"""The network card of the Images screen: which layers, what each of them costs, whose weights to begin with."""

import contextlib
from collections.abc import Mapping
from typing import Any

import streamlit as st

from nets.architectures import ARCHITECTURES, CannotBuild
from nets.architectures.cnn import CNN, ConvBlock
from nets.architectures.mlp import MLP
from nets.datasets.images.digits import Digits
from nets.experiment import dump
from nets.recipes import recipes
from nets.runs.problems import StoreProblem
from nets.runs.run import Run
from nets.views.layers import Layers
from pages.parts import fields
from pages.parts.bench import Bench
from pages.parts.network_choice import network_choice
from pages.parts.permissions import is_hidden, is_locked
from pages.parts.service import run_store
from pages.parts.showing import among, shown

MOST_TRUNKS = 30
"""Kept runs that are offered to begin with."""
MOST_BLOCKS = 12
MOST_ROWS = 12
"""Layers in the table; more of them scroll."""
LABELS = {
    "mlp": "Dense layers",
    "cnn": "Convolutions (CNN)",
    "resnet": "Residual blocks (ResNet)",
    "vit": "Vision transformer (ViT)",
    "torchvision": "ResNets of torchvision",
}
BEGINNINGS = {
    "mlp": ("hidden_sizes",),
    "cnn": ("blocks", "norm"),
    "resnet": ("width", "block", "stem", "norm"),
    "vit": ("patch", "d_model"),
    "torchvision": ("variant", "norm"),
}
"""What two networks of a kind must have in common for weights of the first layers to fit; of a list, its beginning."""
MAIN = {
    "resnet": ("width", "block"),
    "vit": ("patch", "num_layers", "d_model", "num_heads"),
    "torchvision": ("variant",),
}
"""Settings that are on the card; the others are behind More."""
COMMON = ("activation", "norm", "output_activation", "initializer", "dropout")
"""What the training settings' own Network button has."""


def network_card(bench: Bench) -> None:
    """Draw the choice of architecture and its layers."""
    if not is_hidden("model.kind"):
        network_choice(bench, picture_networks(), LABELS, lambda kind: {"model.kind": kind})
    model = bench.experiment.model
    match model:
        case CNN():
            _blocks(bench, model)
            _sizes(bench, "model.dense_sizes", "Dense layers", "128")
        case MLP():
            _sizes(bench, "model.hidden_sizes", "Hidden layers", "128, 64")
        case _:
            _others(bench)
            _transfer(bench)


def _sizes(bench: Bench, path: str, label: str, placeholder: str) -> None:
    """Draw the sizes of the dense layers, and beside them the choice of weights to begin with."""
    sizes, start = st.columns(2, gap="small", vertical_alignment="bottom")
    with sizes:
        fields.text(bench, path, label, placeholder)
    with start:
        _transfer(bench)


def picture_networks() -> tuple[str, ...]:
    """Return the architectures that this screen knows, and new ones behind them that take its default pictures."""
    known = tuple(name for name in LABELS if name in ARCHITECTURES)
    others = (
        name for name, config in ARCHITECTURES.items() if name not in LABELS and "supervised" in config.objectives
    )
    return (*known, *(name for name in others if _takes_pictures(name)))


def _takes_pictures(name: str) -> bool:
    try:
        ARCHITECTURES.get(name)().check(Digits().info())
    except CannotBuild:
        return False
    return True


def _others(bench: Bench) -> None:
    """Draw the fields of a network that has no card of its own: those that matter most, and a button for the rest."""
    kind = bench.value("model.kind")
    names = type(bench.experiment.model).model_fields
    if "depths" in names:
        fields.text(bench, "model.depths", "Blocks of each stage", "2, 2, 2")
    main = [name for name in MAIN.get(kind, ()) if name in names]
    with st.grid(2, min_column_width=100, gap="small"):
        for name in main:
            fields.plain(bench, f"model.{name}")
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        for name in ("skip", "pretrained"):
            if name in names:
                fields.toggle(bench, f"model.{name}", {"skip": "Skip connections"}.get(name, name.capitalize()))
        with st.popover("More", icon=":material/tune:"):
            fields.everything(bench, "model", skip=(*main, *COMMON, "skip", "pretrained"))


def _transfer(bench: Bench) -> None:
    """Draw the button that opens the choice of weights to begin with."""
    path = "train.transfer"
    if is_hidden(path):
        return
    chosen = bench.experiment.train.transfer
    icon = ":material/school:" if chosen else ":material/casino:"
    label = "Transfer" if chosen else "Random"
    locked = is_locked(path)
    popover = st.popover(label, icon=icon, disabled=locked, width="stretch", key="transfer_open", on_change="rerun")
    if popover.open:
        with popover:
            _transfer_fields(bench)


def _transfer_fields(bench: Bench) -> None:
    chosen = bench.experiment.train.transfer
    sources = {"": "Random weights", **trunks(bench)}
    if getattr(bench.experiment.model, "pretrained", False):
        sources["pretrained"] = "ImageNet, all but the head frozen"
    current = "pretrained" if chosen and not chosen.source else chosen.source if chosen else ""
    sources.setdefault(current, current)
    st.selectbox(
        "Begin with",
        **among(tuple(sources), current, "transfer"),
        format_func=sources.__getitem__,
        help="What another network of the same kind has learnt: all its layers but the output, which is new",
        on_change=lambda: _begin_with(bench, st.session_state["transfer"]),
    )
    if chosen:
        fields.toggle(bench, "train.transfer.freeze", "Freeze: only the output layer learns")


def _begin_with(bench: Bench, source: str) -> None:
    freeze = bench.experiment.train.transfer.freeze if bench.experiment.train.transfer else True
    transfer = {"source": "" if source == "pretrained" else source, "freeze": freeze} if source else None
    bench.change({"train.transfer": transfer})


def trunks(bench: Bench) -> dict[str, str]:
    """Return what this network could begin with: recipes and kept runs of the same kind of network."""
    kind, own = bench.value("model.kind"), dump(bench.experiment)
    found = {
        recipe.name: f"Recipe {recipe.name}: it is trained first"
        for recipe in recipes()
        if recipe.name != bench.experiment.name and begins_alike(own, dump(recipe.experiment))
    }
    with contextlib.suppress(StoreProblem):
        for run in run_store().runs(architecture=kind, limit=MOST_TRUNKS):
            if run.id != bench.run.id and begins_alike(own, run.experiment):
                found[run.id] = f"{run.name or run.dataset} · {run.epochs} epochs · {run.id}"
    return found


def _blocks(bench: Bench, model: CNN) -> None:
    """Draw one popover a convolution, and buttons for more and fewer."""
    with st.container(horizontal=True, gap="xsmall"):
        for place, block in enumerate(model.blocks):
            with st.popover(f"{block.channels} × {block.kernel}×{block.kernel}", help=f"Convolution {place + 1}"):
                _block(bench, place, block)
        st.button(
            "",
            key="add_block",
            icon=":material/add:",
            help="One more convolution",
            disabled=len(model.blocks) >= MOST_BLOCKS,
            on_click=lambda: _set_blocks(bench, [*model.blocks, model.blocks[-1]]),
        )
        st.button(
            "",
            key="remove_block",
            icon=":material/remove:",
            help="One convolution less",
            disabled=len(model.blocks) <= 1,
            on_click=lambda: _set_blocks(bench, list(model.blocks[:-1])),
        )


def _block(bench: Bench, place: int, block: ConvBlock) -> None:
    """Draw the settings of one convolution."""
    values = block.model_dump()
    for name, info in ConvBlock.model_fields.items():
        key = bench.key(f"model.blocks.{place}.{name}")
        arguments: dict[str, Any] = {
            "help": info.description,
            "on_change": _change_block,
            "args": (bench, place, name, key),
        }
        label = fields.words(name).capitalize()
        if name == "pool":
            st.selectbox(label, **among(("none", "max", "average"), values[name], key), **arguments)
        else:
            fields.number_box(label, info, type(values[name]), **shown(key, values[name]), **arguments)


def _change_block(bench: Bench, place: int, name: str, key: str) -> None:
    model = bench.experiment.model
    assert isinstance(model, CNN)
    blocks = [block.model_dump(mode="json") for block in model.blocks]
    blocks[place][name] = st.session_state[key]
    bench.change({"model.blocks": blocks})


def _set_blocks(bench: Bench, blocks: list[ConvBlock]) -> None:
    bench.change({"model.blocks": [block.model_dump(mode="json") for block in blocks]})


def layer_table(run: Run) -> None:
    """Draw every layer with its output shape, parameters and multiply-adds, and what the network takes in memory."""
    found: Layers | None = run.views.get("layers")
    if found is None:
        st.empty()
        return
    rows = [
        {
            "layer": layer.name,
            "output": "×".join(map(str, layer.shape)),
            "weights": short(layer.parameters),
            "MACs": short(layer.multiply_adds),
        }
        for layer in found.layers
        if layer.parameters or layer.module.endswith(("Pool2d", "Flatten"))
    ]
    if len(rows) > MOST_ROWS:
        st.dataframe(rows, hide_index=True, height=300)
    else:
        st.table(rows, border="horizontal", hide_index=True)
    st.caption(
        f"{found.parameters:,} parameters · {found.multiply_adds:,} multiply-adds (MACs) a picture · "
        f"{short(4 * found.parameters)}B of weights, {short(4 * found.activations)}B of outputs a picture"
    )


def begins_alike(own: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Could weights of the other experiment's first layers, as JSON values, have a place in this one's network?"""
    ours, theirs = own["model"], other["model"]
    if ours["kind"] != theirs["kind"] or other["data"]["kind"] != "images":
        return False
    same_input = ours["kind"] != "mlp" or own["data"].get("size") == other["data"].get("size")
    return same_input and all(
        _first(ours.get(name)) == _first(theirs.get(name)) for name in BEGINNINGS.get(ours["kind"], ())
    )


def _first(value: Any) -> Any:
    """Return a value, or how a list begins: the shape of its first layer."""
    first = value[0] if isinstance(value, list) and value else value
    return {name: first.get(name) for name in ("channels", "kernel")} if isinstance(first, Mapping) else first


def short(number: int) -> str:
    """Return a whole number in at most five characters: 18.5k, 1.4M."""
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if number >= 10 * size or (number >= size and unit != "k"):
            value = number / size
            return f"{value:.0f}{unit}" if value >= 100 else f"{value:.1f}{unit}"
    return f"{number}"
