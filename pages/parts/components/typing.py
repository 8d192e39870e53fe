"""A box to type in: what stands there goes to the server letter by letter, past the page."""

from typing import Any

from pages.parts.components.registration import register

HTML = '<div class="typing"><label><span></span><textarea spellcheck="false"></textarea></label></div>'

_mount = register("typing", html=HTML, scripts=("typing.js",), styles=("typing.css",))


def typing(payload: bytes, *, key: str) -> Any:
    """Show a text box.

    Header::

        {"step": int, "label": str, "text": str, "placeholder": str, "rows": int, "most": int, "of": str,
         "answered": str | null}

    ``text`` is what stands there at first, and whenever ``of``, whatever the box belongs to, is another; ``answered``
    is the text that the page shows an answer to: where that is an earlier one, the box says its own again. The panel
    says ``{"say": "text", "text": str}`` as JSON, as soon as somebody types; ``pages.parts.text_choice.hear`` takes it.
    """
    return _mount(data=payload, key=key)
