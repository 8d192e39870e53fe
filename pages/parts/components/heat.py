"""Maps of numbers over time, one below the other: what a network holds at each step of a sequence."""

from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="heat" tabindex="0" role="img">
  <p class="reading"></p>
  <div class="strips"></div>
  <div class="steps"><span></span><span></span></div>
  <p class="hint"></p>
  <p class="spoken" role="status"></p>
</div>
"""

_mount = register("heat", html=HTML, scripts=("pixels.js", "heat.js"), styles=("heat.css",))


def heat(payload: bytes, *, key: str) -> Any:
    """Draw the maps of ``payload`` (see ``packing.pack``).

    Header::

        {"step": int, "alt": str, "empty": str, "note": str, "steps": [first, last],
         "strips": [{"label": str, "note": str, "scale": "signed" | "ink", "largest": float, "rows": [str, …]}, …]}

    Arrays: ``map0``, ``map1`` … uint8 (rows, steps), one for each strip. "signed" has 127 for zero and 254 for
    ``largest``; "ink" 0 for 0 and 255 for 1. ``note`` is said above, where the reading under the pointer, or under the
    keyboard's arrows, takes its place; ``empty`` while there is no strip.
    """
    return _mount(data=payload, key=key)
