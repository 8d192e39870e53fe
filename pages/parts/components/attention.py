"""Attention maps: every head of every block small, the chosen one large."""

from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="attention">
  <p class="hint"></p>
  <div class="whole" hidden>
    <div class="heads" role="radiogroup" aria-label="Heads"></div>
    <div class="large" tabindex="0" role="application" aria-roledescription="attention map"><canvas></canvas></div>
    <p class="reading" role="status"></p>
  </div>
</div>
"""

_mount = register("attention", html=HTML, scripts=("attention_draw.js", "attention.js"), styles=("attention.css",))


def attention(payload: bytes, *, key: str) -> Any:
    """Show the attention maps of one text.

    Header::

        {"step": int, "empty": str, "tokens": [str, …], "blocks": int, "heads": int, "alt": str}

    Arrays: ``maps`` uint8 (blocks, heads, T, T): how much a token (row) takes from another (column), 255 is all.
    Without arrays the hint ``empty`` is shown. Heads are chosen in the browser; arrow keys move through the large map.
    """
    return _mount(data=payload, key=key)
