"""A pad to draw on, with a file picker and a camera: what is on it goes to the network while it is drawn."""

from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="pad">
  <div class="sheet">
    <canvas width="224" height="224" tabindex="0" role="application"
      aria-label="Drawing pad. Arrow keys move the pen, Space puts it down or lifts it, Delete clears."></canvas>
    <video muted playsinline hidden></video>
    <p class="hint">Draw here</p>
  </div>
  <div class="tools">
    <button type="button" class="clear">Clear</button>
    <label class="upload">Upload<input type="file" accept="image/*"></label>
    <button type="button" class="camera" aria-pressed="false">Camera</button>
    <span class="colors" role="radiogroup" aria-label="Colour of the pen"></span>
  </div>
  <p class="problem" role="alert" hidden></p>
</div>
"""

_mount = register("pad", html=HTML, scripts=("pad_sources.js", "pad.js"), styles=("pad.css",))


def pad(payload: bytes, *, key: str) -> Any:
    """Draw the pad.

    Header::

        {"step": int, "colors": bool, "sheet": str}

    ``colors`` offers a pen in colours on a grey ground; else it is light on black. With another ``sheet``
    the pad is empty again. What is on it is said past the page, through ``playgroundSay``, as it changes: see
    ``pages.parts.trying.picture_said``.
    """
    return _mount(data=payload, key=key)
