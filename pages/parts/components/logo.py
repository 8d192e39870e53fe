"""Sequence logos: what a filter looks for, letter over letter. Schneider and Stephens (1990)."""

from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="logo">
  <p class="hint"></p>
  <div class="logos" role="list"></div>
</div>
"""

_mount = register("logo", html=HTML, scripts=("logo.js",), styles=("logo.css",))


def logo(payload: bytes, *, key: str) -> Any:
    """Show a logo for each filter.

    Header::

        {"step": int, "empty": str, "most_bits": float,
         "items": [{"name": str, "words": str, "places": [[{"token": str, "bits": float}, …], …]}, …]}

    Each place has its tokens from the bottom up, each as high as its bits. Without items the hint ``empty`` is shown.
    """
    return _mount(data=payload, key=key)
