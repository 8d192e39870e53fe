"""What a language model writes, and what it expects to come next."""

from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="writing">
  <p class="hint"></p>
  <div class="next" hidden><p></p><ol></ol></div>
  <div class="pieces"></div>
</div>
"""

_mount = register("writing", html=HTML, scripts=("writing.js",), styles=("writing.css",))


def writing(payload: bytes, *, key: str) -> Any:
    """Show texts that go on from a prompt.

    Header::

        {"step": int, "empty": str, "prompt": str, "pieces": [str, …], "note": str,
         "next": [{"token": str, "share": float}, …]}

    Without pieces the hint ``empty`` is shown.
    """
    return _mount(data=payload, key=key)
