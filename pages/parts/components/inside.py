"""A network from inside: one picture, what it is taken for, and what every layer makes of it."""

from collections.abc import Callable
from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="inside">
  <p class="hint"></p>
  <div class="head" hidden>
    <div class="subject">
      <div class="frame"><canvas class="picture" role="img"></canvas></div>
      <p class="truth"></p>
    </div>
    <ol class="top" aria-label="Likeliest classes"></ol>
    <div class="heats"></div>
  </div>
  <p class="legend" hidden><span aria-hidden="true">− <i></i> +</span> each map by its own largest value</p>
  <div class="layers"></div>
  <div class="tip" hidden></div>
  <p class="spoken" role="status"></p>
</div>
"""

_mount = register(
    "inside",
    html=HTML,
    scripts=(
        "pixels.js",
        "inside_head.js",
        "inside_strips.js",
        "inside_pointer.js",
        "inside_numbers.js",
        "inside_sum.js",
        "inside.js",
    ),
    styles=("inside.css", "inside_sum.css"),
)


def inside(payload: bytes, *, key: str, on_value_change: Callable[[], None] | None = None) -> Any:
    """Show the layers of a network at work on one picture; ``payload`` is ``image_inside_payloads.inside_payload``'s.

    Header, where only the first two are there before the network is::

        {"step": int, "empty": str, "names": [str, …], "actual": int | null,
         "top": [{"class": int, "share": float}, …],
         "heats": [{"label": str, "help": str, "tone": "signed" | "strength" | "for", "why_not": str}, …],
         "layers": [{"name": str, "words": str, "role": "maps" | "tokens" | "attention" | "values", "shape": [int, …],
                     "low": float, "high": float, "answers": bool}, …],
         "filters": {"layer": str, "shape": [int, …]} | null,
         "sum": {"layer": str, "channel": int, "row": int, "column": int, "operation": str, "source": int | null,
                 "input_shape": [C, H, W], "window": [top, left, bottom, right], "channels": [int, …],
                 "sums": [float, …], "others": int, "rest": float, "bias": float, "output": float} | null}

    Arrays: ``picture`` uint8 (H, W) or (H, W, 3); ``heat_0`` … uint8 (h, w); for each layer ``maps_0`` … uint8
    (N, h, w), 127 for zero, and ``scales_0`` … float32 (N), what 254 stands for; ``filters`` uint8 (N, h, w) or
    (N, h, w, 3) in the order of their layer's maps; ``patch``, ``kernel``, ``products`` float32 (M, h, w) and
    ``padded`` uint8 (h, w) of the sum.

    A click on a place of a map, or Enter, fires the trigger ``value`` with ``{"layer": str, "channel": int, "row":
    int, "column": int}``, counted in the layer's true shape, and with None when the sum is closed:
    ``st.session_state[key].value`` inside ``on_value_change``, or the result's ``value``.
    """
    return _mount(data=payload, key=key, on_value_change=on_value_change or _ignore)


def _ignore() -> None:
    """Stand in for a callback, so that the result always has ``value``."""
