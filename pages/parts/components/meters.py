"""The numbers strip: status, epoch, losses and metrics of the run, and how fast it goes."""

from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="meters">
  <div class="strip">
    <span class="pill" role="status"><i aria-hidden="true"></i><b></b></span>
    <dl class="items"></dl>
    <p class="note"></p>
  </div>
  <p class="message" role="alert" hidden></p>
  <progress max="1" aria-label="How much is here" hidden></progress>
</div>
"""

_mount = register("meters", html=HTML, scripts=("meters.js",), styles=("meters.css",))


def meters(payload: bytes, *, key: str) -> Any:
    """Show the numbers of ``payload`` (see ``packing.pack``; a header only, no arrays).

    Header::

        {"step": int, "status": str, "tone": "idle" | "live" | "good" | "warn" | "bad",
         "items": [{"label": str, "value": str, "help": str}, …], "note": str, "message": str | None,
         "progress": float | None}

    A value keeps the width of the longest it has shown, so nothing moves while numbers change. ``note`` may have two
    lines. ``message`` (why a run diverged, say) takes a line of its own, coloured by ``tone``, and is read aloud.
    """
    return _mount(data=payload, key=key)
