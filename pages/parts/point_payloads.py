"""What the panels of the Points screen draw: decision map, network diagram, fitted curve, data set picker."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from nets.architectures.mlp import MLP
from nets.datasets import DATASETS
from nets.datasets.base import DatasetConfig
from nets.datasets.curves.base import CurveConfig
from nets.datasets.points.base import INPUTS, PointsConfig, features
from nets.losses import resolve
from nets.runs.run import Run
from nets.views.curve import Curve, curve_grid
from nets.views.network import Network
from nets.views.surface import Surface, plane_grid
from pages.parts.components.packing import pack
from pages.parts.payloads import moment, summary

MAP_SIZE = 20
"""Rows and columns of an input's map in a diagram without neurons' maps; else it is as large as theirs."""
MOST_NEURONS = 16
"""Neurons of a layer that the diagram shows."""
MOST_POINTS = 1500
"""Points drawn of each part."""


def plane_payload(run: Run, *, discretize: bool, show_test: bool, tool: Mapping[str, Any] | None = None) -> bytes:
    """Return the decision map with the data on it."""
    data = run.experiment.data
    assert isinstance(data, PointsConfig)
    surface: Surface | None = run.views.get("surface")
    train, test = plane_points(data, run.experiment.train.seed)
    arrays = {"train": train, "test": test}
    if surface is not None:
        arrays["map"] = surface.map
        if surface.confidence is not None:
            arrays["confidence"] = surface.confidence
    info = data.info()
    several = info.task == "multiclass"
    meta = {
        **moment(run),
        "palette": "classes" if several else "diverging",
        "classes": list(info.class_names),
        "discretize": discretize,
        "show_test": show_test,
        "tool": tool,
        "extent": [-6, 6],
        "alt": "What the network says at each place of the plane, with the data on it",
        "smooth": True,
    }
    return pack(meta, arrays)


@lru_cache(maxsize=32)
def plane_points(data: PointsConfig, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return training and test points (N, 3) float32 as the map draws them: two classes are -1 and 1."""
    train, test = (part[:MOST_POINTS].copy() for part in data.plane(seed))
    if data.info().task == "binary":
        for part in (train, test):
            part[:, 2] = part[:, 2] * 2 - 1
    return train, test


def _input_maps(data: DatasetConfig, size: int) -> np.ndarray:
    """Return every input's map (K, size, size) uint8, each scaled to -1 … 1: seven of a plane, one of a curve."""
    return _plane_input_maps(size) if isinstance(data, PointsConfig) else _curve_input_map(size)


@lru_cache(maxsize=16)
def _plane_input_maps(size: int) -> np.ndarray:
    columns = features(plane_grid(size), tuple(INPUTS))
    columns = columns / np.abs(columns).max(axis=0)
    return (columns.T.reshape(-1, size, size) * 127 + 127).round().astype(np.uint8)


@lru_cache(maxsize=16)
def _curve_input_map(size: int) -> np.ndarray:
    return np.tile(np.linspace(0, 254, size).round().astype(np.uint8), (1, size, 1))


def network_payload(run: Run) -> bytes:
    """Return the diagram of an MLP: inputs, layers, maps and weights, as far as they are known."""
    experiment = run.experiment
    assert isinstance(experiment.model, MLP)
    data = experiment.data
    sizes = experiment.model.hidden_sizes
    info = data.info()
    outputs = resolve(experiment.train.loss, info).num_outputs(info)
    meta = {
        **moment(run),
        "inputs": _inputs(data),
        "layers": [
            {"name": f"hidden{place}", "size": size, "shown": min(size, MOST_NEURONS)}
            for place, size in enumerate(sizes, start=1)
        ],
        "output": {"size": outputs, "labels": list(info.class_names) if outputs > 1 else ["output"]},
        "editable": True,
        "max_layers": 8,
        "max_neurons": MOST_NEURONS,
        "extent": [-6, 6],
        "caption": summary(experiment, run),
    }
    arrays: dict[str, np.ndarray] = {}
    diagram: Network | None = run.views.get("network")
    if diagram is not None and diagram.shown == (*(min(size, MOST_NEURONS) for size in sizes), outputs):
        for place, (weights, biases) in enumerate(zip(diagram.weights, diagram.biases, strict=True)):
            arrays[f"weights_{place}"], arrays[f"biases_{place}"] = weights, biases
        if diagram.maps is not None:
            arrays["maps"] = np.concatenate([_input_maps(data, diagram.maps.shape[1]), diagram.maps])
    else:
        arrays["maps"] = _input_maps(data, MAP_SIZE)
    return pack(meta, arrays)


def _inputs(data: Any) -> list[dict[str, Any]]:
    if isinstance(data, PointsConfig):
        return [{"name": name, "label": label, "on": name in data.inputs} for name, (label, _) in INPUTS.items()]
    return [{"name": "x", "label": "x", "on": True}]


def fit_payload(run: Run, *, show_test: bool) -> bytes:
    """Return the data, the fitted and the true curve."""
    data = run.experiment.data
    assert isinstance(data, CurveConfig)
    train, test = curve_points(data, run.experiment.train.seed)
    curve: Curve | None = run.views.get("curve")
    x = curve_grid(data, 200) if curve is None else curve.x
    arrays = {"train": train, "test": test, "line_x": x, "truth_y": data.curve(x).astype(np.float32)}
    if curve is not None:
        arrays["line_y"] = curve.y
    meta = {
        **moment(run),
        "x_label": "x",
        "y_label": "y",
        "alt": "The data, the network's curve through them, and the true curve",
        "show_test": show_test,
    }
    return pack(meta, arrays)


@lru_cache(maxsize=32)
def curve_points(data: CurveConfig, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return training and test points (N, 2) float32."""
    split = data.load(seed)
    return (
        np.concatenate([split.train_x, split.train_y], axis=1)[:MOST_POINTS],
        np.concatenate([split.test_x, split.test_y], axis=1)[:MOST_POINTS],
    )


@lru_cache(maxsize=64)
def choices_payload(names: tuple[str, ...], selected: str, columns: int) -> bytes:
    """Return the data set picker: every name with a thumbnail of its data."""
    items, arrays = [], {}
    for place, name in enumerate(names):
        config = DATASETS.get(name)
        items.append(
            {"name": name, "label": name.replace("_", " "), "help": config.help, "palette": _palette(config())}
        )
        arrays[f"points_{place}"] = _thumbnail(config())
    meta = {"label": "Data", "selected": selected, "columns": columns, "items": items}
    return pack(meta, arrays)


def _palette(data: Any) -> str:
    if isinstance(data, CurveConfig):
        return "curve"
    return "classes" if data.info().task == "multiclass" else "diverging"


def _thumbnail(data: Any) -> np.ndarray:
    if isinstance(data, CurveConfig):
        x = np.linspace(data.low, data.high, 60)
        y = data.curve(x)
        y = (y - y.mean()) / max(1e-9, np.abs(y - y.mean()).max())
        return np.column_stack([np.linspace(-0.9, 0.9, 60), y * 0.8]).astype(np.float32)
    return plane_points(data, 0)[0][:160]
