"""A judge's verdict on made pictures: a few figures, and a bar for each class that it sees in them."""

from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="judge">
  <p class="hint" role="status"></p>
  <dl></dl>
  <div class="bars" role="img"></div>
</div>
"""

_mount = register("judge", html=HTML, scripts=("judge.js",), styles=("judge.css",))


def judge(payload: bytes, *, key: str) -> Any:
    """Draw the verdict of ``payload`` (see ``packing.pack``).

    Header::

        {"step": int, "empty": str, "alt": str, "names": [str, …], "waits": bool,
         "items": [{"label": str, "value": str, "help": str}, …]}

    Array: ``shares`` float32 (K), one for each of ``names``. Without it the hint ``empty`` is shown; while the panel
    ``waits`` for the judge it says ``{"say": "again"}`` past the page every second.
    """
    return _mount(data=payload, key=key)
