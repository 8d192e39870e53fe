"""The map of words: embeddings in a plane, with those nearest to a word that is looked for."""

from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="wordmap">
  <p class="hint"></p>
  <div class="whole" hidden>
    <p class="facts"></p>
    <div class="plot"><canvas role="img"></canvas></div>
    <ol class="near"></ol>
  </div>
</div>
"""

_mount = register("wordmap", html=HTML, scripts=("wordmap.js",), styles=("wordmap.css",))


def wordmap(payload: bytes, *, key: str) -> Any:
    """Show words at their places.

    Header::

        {"step": int, "empty": str, "facts": str, "alt": str, "tokens": [str, …], "word": str,
         "near": [{"token": str, "similarity": float}, …]}

    Arrays: ``xy`` float32 (N, 2) in -1 … 1, y upwards, and ``tones`` float32 (N,) in -1 … 1: blue or orange. The first
    tokens are written first, those that would lie over others are dots. Without arrays the hint ``empty`` is shown.
    """
    return _mount(data=payload, key=key)
