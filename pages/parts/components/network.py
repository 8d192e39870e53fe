"""The network as a diagram that is also its control panel: inputs, neurons, weights and biases."""

from collections.abc import Callable
from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="network">
  <div class="bar"><p class="caption"></p><div class="count depth"></div></div>
  <div class="scroll"><div class="board"><canvas class="links" aria-hidden="true"></canvas></div></div>
  <div class="tip" aria-hidden="true" hidden></div>
  <div class="card" hidden></div>
</div>
"""

_mount = register(
    "network",
    html=HTML,
    scripts=(
        "network_layout.js",
        "network_draw.js",
        "network_nodes.js",
        "network_card.js",
        "network_edit.js",
        "network.js",
    ),
    styles=("network.css",),
)


def network(payload: bytes, *, key: str, height: int = 400, on_edit_change: Callable[[], None] | None = None) -> Any:
    """Draw the network of ``payload`` (see ``packing.pack``), ``height`` CSS pixels tall whatever its shape.

    Header::

        {"step": int, "caption": str, "editable": bool, "max_layers": int, "max_neurons": int, "extent": [-6, 6],
         "inputs": [{"name": str, "label": str, "on": bool}, …],
         "layers": [{"name": str, "size": int, "shown": int}, …], "output": {"size": int, "labels": [str, …]}}

    Arrays, any of which may be missing: ``maps`` uint8 (K, S, S), 127 for zero, with a map of every input (also those
    that are off), of each hidden layer's shown neurons, and of the outputs; ``weights_0`` … float32 (to, from), where
    layer 0 comes from the inputs that are on; ``biases_0`` … float32 (to,). An array that does not fit the header is
    left out of the picture.

    The trigger ``edit`` fires with one of ``{"op": "toggle_input", "name"}``, ``{"op": "add_layer"}``,
    ``{"op": "remove_layer"}``, ``{"op": "add_neuron", "layer"}``, ``{"op": "remove_neuron", "layer"}``,
    ``{"op": "set_weight", "layer", "to", "from", "value"}`` and ``{"op": "set_bias", "layer", "to", "value"}``:
    ``st.session_state[key].edit`` inside ``on_edit_change``, or the result's ``edit``. Layers count from 0, the first
    hidden one; the output layer is the last. ``from`` and ``to`` are columns and rows of the weights.
    """
    return _mount(data=payload, key=key, height=height, on_edit_change=on_edit_change or _ignore)


def _ignore() -> None:
    """Stand in for a callback, so that the result always has ``edit``."""
