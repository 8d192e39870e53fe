"""What the panels of the Series screen draw: forecasts, errors by how far ahead, states and gates, gradients."""

from typing import Any

import numpy as np

from nets.runs.run import Run
from nets.views.forecast import Forecast
from nets.views.horizons import Horizons
from nets.views.memory import Memory
from nets.views.vanishing import Vanishing
from pages.parts.components.packing import pack
from pages.parts.payloads import moment, nothing_yet, number

ROOM = 0.6
"""How far beyond the true values forecasts are drawn, as a share of their range."""
Line = tuple[str, dict[str, Any], np.ndarray]


def forecast_payload(run: Run) -> bytes:
    """Return the true series with both forecasts."""
    found: Forecast | None = run.views.get("forecast")
    if found is None:
        return _lines(run, "Forecasts of the series", np.zeros(0), [], x_label="step")
    low, high = float(np.nanmin(found.truth)), float(np.nanmax(found.truth))
    room = ROOM * ((high - low) or 1.0)
    free = np.full(len(found.truth), np.nan)
    begins = found.origin - found.start
    free[begins : begins + len(found.free)] = found.free
    free, one_step = (np.clip(values, low - room, high + room) for values in (free, found.one_step))
    lines: list[Line] = [
        ("true", {"color": "muted"}, found.truth),
        ("one step ahead", {"color": "train"}, one_step),
        ("running free", {"color": "test", "dash": True}, free),
    ]
    steps = np.arange(found.start, found.start + len(found.truth))
    alt = "The true series, forecasts one step ahead, and a forecast that runs free from the beginning of the test part"
    mark = {"x": found.border, "label": "test"}
    return _lines(run, alt, steps, lines, x_label="step", y_label=_column(run), mark=mark)


def horizons_payload(run: Run) -> bytes:
    """Return the errors by how far ahead, of the network and of those who know nothing."""
    found: Horizons | None = run.views.get("horizons")
    if found is None:
        return _lines(run, "Errors by steps ahead", np.zeros(0), [], x_label="steps ahead")
    steps = np.arange(1, len(found.network) + 1)
    largest = 4 * float(found.last.max()) or np.inf  # a run that goes astray would flatten the others
    network = np.minimum(found.network, largest)
    lines: list[Line] = [
        ("network", {"color": "train"}, network),
        ("same as last", {"color": "muted", "dash": True}, found.last),
    ]
    if found.season:
        lines.append((f"same as {found.season} ago", {"color": "test", "dash": True}, found.before))
    return _lines(run, "Errors by steps ahead", steps, lines, x_label="steps ahead", y_label="error (RMS)")


def vanishing_payload(run: Run, beside: Run | None = None) -> bytes:
    """Return the gradient's norm by time step, and that of the run beside it, both from the first step on."""
    shown: list[tuple[Run, dict[str, Any]]] = [(run, {"color": "train"})]
    shown += [(beside, {"color": "test", "dash": True})] if beside is not None and beside.id != run.id else []
    found = [(one, look, one.views["vanishing"]) for one, look in shown if "vanishing" in one.views]
    if not any(one is run for one, *_ in found):
        return _lines(run, "Gradient by time step", np.zeros(0), [], x_label="step", log=True)
    steps = np.arange(1, max(len(seen.norms) for *_, seen in found) + 1)
    lines: list[Line] = [
        (_gradient_of(one, seen), look, np.pad(seen.norms, (0, len(steps) - len(seen.norms)), constant_values=np.nan))
        for one, look, seen in found
    ]
    return _lines(run, "Gradient norm by time step", steps, lines, x_label="step", y_label="norm", log=True)


def _gradient_of(run: Run, seen: Vanishing) -> str:
    """Return which gradient of which network this is."""
    network = getattr(run.experiment.model, "cell", run.experiment.model.kind)
    return f"{network}: gradient by {'state' if seen.of_states else 'input'}"


def memory_payload(run: Run) -> bytes:
    """Return inputs, states and gates of one test sequence."""
    found: Memory | None = run.views.get("memory")
    meta: dict[str, Any] = {**moment(run), "alt": "Inputs, states and gates over time", "empty": nothing_yet(run)}
    if found is None or not found.inputs.size:
        none = {} if found is None else {"empty": "Not one sequence just now"}
        return pack({**meta, **none, "strips": []})
    largest = float(np.abs(found.inputs).max()) or 1.0
    inputs = np.round(found.inputs.T / largest * 127 + 127).astype(np.uint8)
    names = list(run.experiment.data.info().input_names)
    strips = [{"label": "input", "note": "", "scale": "signed", "largest": largest, "rows": names}]
    maps = [inputs]
    if found.states.size:
        note = f"{found.units} units" if found.units == found.states.shape[1] else f"first of {found.units}"
        strips.append({"label": "state", "note": note, "scale": "signed", "largest": found.largest})
        maps.append(found.states.T)
    for name, gate in zip(found.names, found.gates, strict=True):
        strips.append({"label": f"{name} gate", "note": "strong: open", "scale": "ink"})
        maps.append(gate.T)
    arrays = {f"map{place}": np.ascontiguousarray(values) for place, values in enumerate(maps)}
    steps = [1, len(found.inputs)]
    return pack({**meta, "strips": strips, "steps": steps, "note": memory_words(run, found)}, arrays)


def memory_words(run: Run, found: Memory) -> str:
    """Return in a sentence what the network says of the sequence, and what is true."""
    info = run.experiment.data.info()
    if info.task == "regression":
        return f"It says {number(float(found.answer[0]))} for the next step; it is {number(float(found.truth[0]))}."
    said = int(found.answer.argmax())
    truth = info.class_names[int(found.truth[0])]
    return f"It says {info.class_names[said]} ({found.answer[said]:.0%}); it was {truth}."


def _column(run: Run) -> str:
    names = run.experiment.data.info().input_names
    return names[0] if names else "value"


def _lines(
    run: Run,
    alt: str,
    x: np.ndarray,
    lines: list[Line],
    *,
    x_label: str,
    y_label: str = "",
    log: bool = False,
    mark: dict[str, Any] | None = None,
) -> bytes:
    """Return lines over ``x`` as ``curves`` draws them."""
    meta = {
        **moment(run),
        "x_label": x_label,
        "y_label": y_label,
        "log": log,
        "exact": True,
        "mark": mark,
        "alt": alt,
        "empty": "" if lines else nothing_yet(run),
        "series": [{"name": label, "label": label, "dash": False, "scale": "y", **look} for label, look, _ in lines],
    }
    columns = {f"y{place}": values.astype(np.float32) for place, (_, _, values) in enumerate(lines)}
    return pack(meta, {"x": x.astype(np.float32), **columns})
