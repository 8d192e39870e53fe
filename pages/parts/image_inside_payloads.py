"""What the panel draws that shows a network from inside: one picture on its way through every layer."""

import re
from typing import Any

import numpy as np

from nets.architectures.cnn import CNN
from nets.experiment import Experiment
from nets.runs.run import Run
from nets.views.arithmetic import Arithmetic
from nets.views.attribution import Attribution
from nets.views.feature_maps import FeatureMaps, LayerMaps
from nets.views.filters import Filters
from nets.views.top_classes import TopClasses
from pages.parts.components.packing import pack
from pages.parts.payloads import moment, nothing_yet

ANSWERS = ("Conv2d", "Linear", "MaxPool2d", "AvgPool2d", "AdaptiveAvgPool2d")
"""Layers that the view ``arithmetic`` takes apart."""
PLAIN = {
    "Conv2d": "convolution",
    "Linear": "dense",
    "MaxPool2d": "max pool",
    "AvgPool2d": "average pool",
    "AdaptiveAvgPool2d": "mean of each map",
    "BatchNorm1d": "batch norm",
    "BatchNorm2d": "batch norm",
    "GroupNorm": "layer norm",
    "MultiheadAttention": "attention",
    "BasicBlock": "residual block",
    "Bottleneck": "residual bottleneck",
    "ReLU": "ReLU",
    "LeakyReLU": "leaky ReLU",
    "ELU": "ELU",
    "GELU": "GELU",
    "SiLU": "SiLU",
}
HEATS = {
    "saliency": ("Saliency", "Where a small change of a pixel would change the answer most"),
    "integrated_gradients": (
        "Integrated gradients",
        "What each pixel adds to the answer on the way from a black picture: blue speaks for it, orange against",
    ),
    "grad_cam": ("Grad-CAM", "Where the last convolution's maps found what speaks for the answer"),
}


def inside_payload(run: Run, *, empty: str = "") -> bytes:
    """Return one picture on its way through the network.

    Drawn is what is there of the views ``top_classes``, ``attribution``, ``feature_maps``, ``filters`` and
    ``arithmetic``; without the first, the hint ``empty``.
    """
    top: TopClasses | None = run.views.get("top_classes")
    meta: dict[str, Any] = {**moment(run), "empty": empty or nothing_yet(run)}
    if top is None:
        return pack(meta)
    info = run.experiment.data.info()
    meta |= {
        "names": list(info.class_names),
        "actual": top.actual,
        "top": [{"class": int(i), "share": float(share)} for i, share in zip(top.classes, top.shares, strict=True)],
        "heats": [],
        "layers": [],
        "filters": None,
        "sum": None,
    }
    arrays = {"picture": top.picture}
    _add_heats(meta, arrays, run.views.get("attribution"))
    _add_layers(meta, arrays, run.views.get("feature_maps"), run.experiment)
    _add_filters(meta, arrays, run.views.get("filters"))
    _add_sum(meta, arrays, run.views.get("arithmetic"), info.input_shape)
    return pack(meta, arrays)


def _add_heats(meta: dict[str, Any], arrays: dict[str, np.ndarray], found: Attribution | None) -> None:
    if found is None:
        return
    meta["target"] = found.target
    for heat in found.heats:
        label, explanation = HEATS[heat.method]
        there = heat.map.size > 0
        if there:
            arrays[f"heat_{len(meta['heats'])}"] = heat.map
        meta["heats"].append(
            {
                "label": label,
                "help": f"{explanation}, after {heat.layer}" if heat.layer else explanation,
                "tone": "signed" if heat.signed else "strength" if heat.method == "saliency" else "for",
                "why_not": heat.why_not,
            }
        )


def _add_layers(
    meta: dict[str, Any], arrays: dict[str, np.ndarray], found: FeatureMaps | None, experiment: Experiment
) -> None:
    for place, layer in enumerate(found.layers if found else ()):
        maps, scales = layer.maps, layer.scales
        if layer.role == "values":
            maps = maps.reshape(-1, 1, 1)  # (1, 1, N) → (N, 1, 1)
            scales = np.repeat(scales, len(maps))
        arrays[f"maps_{place}"], arrays[f"scales_{place}"] = maps, scales
        meta["layers"].append(
            {
                "name": layer.name,
                "words": layer_words(layer, experiment),
                "role": layer.role,
                "shape": layer.shape,
                "low": layer.low,
                "high": layer.high,
                "answers": layer.module in ANSWERS and layer.role in ("maps", "values"),
            }
        )


def layer_words(layer: LayerMaps, experiment: Experiment) -> str:
    """Return what a layer is in plain words: convolution 3×3, max pool 2×2, dense, residual block."""
    words = PLAIN.get(layer.module) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", layer.module).lower()
    size = window_size(layer, experiment)
    return f"{words} {size}×{size}" if size else words


def window_size(layer: LayerMaps, experiment: Experiment) -> int | None:
    """Return the side of the window that a convolution or a pool of a CNN slides over its maps; None for others."""
    model = experiment.model
    named = re.fullmatch(r"(conv|pool)(\d+)", layer.name)
    if not (isinstance(model, CNN) and named and int(named[2]) <= len(model.blocks)):
        return None
    block = model.blocks[int(named[2]) - 1]
    return block.kernel if named[1] == "conv" else block.pool_size


def _add_filters(meta: dict[str, Any], arrays: dict[str, np.ndarray], found: Filters | None) -> None:
    if found is None:
        return
    meta["filters"] = {"layer": found.layer, "shape": found.shape}
    arrays["filters"], arrays["filter_scales"] = found.pictures, found.scales


def _add_sum(
    meta: dict[str, Any], arrays: dict[str, np.ndarray], found: Arithmetic | None, input_shape: tuple[int, ...]
) -> None:
    if found is None:
        return
    spelled = len(found.patch)
    channel, row, column = found.place
    meta["sum"] = {
        "layer": found.layer,
        "channel": channel,
        "row": row,
        "column": column,
        "operation": found.operation,
        "source": source_of(meta["layers"], found, input_shape),
        "input_shape": found.input_shape,
        "window": [int(found.rows[0]), int(found.columns[0]), int(found.rows[-1]) + 1, int(found.columns[-1]) + 1],
        "channels": found.channels[:spelled].tolist(),
        "sums": found.sums[:spelled].tolist(),
        "others": len(found.channels) - spelled,
        "rest": float(found.sums[spelled:].sum() + found.rest),
        "bias": found.bias,
        "output": found.output,
    }
    arrays |= {"patch": found.patch, "kernel": found.kernel, "products": found.products}
    arrays["padded"] = found.padded.astype(np.uint8)


def source_of(layers: list[dict[str, Any]], found: Arithmetic, input_shape: tuple[int, ...]) -> int | None:
    """Return which of the shown ``layers`` gave what the sum is made of; -1 is the picture, None neither."""
    names = [layer["name"] for layer in layers]
    if found.layer not in names:
        return None
    before = range(names.index(found.layer) - 1, -1, -1)
    size = int(np.prod(found.input_shape))
    for place in before:
        if layers[place]["role"] in ("maps", "values"):
            return place if int(np.prod(layers[place]["shape"])) == size else None
    return -1 if int(np.prod(input_shape)) == size else None
