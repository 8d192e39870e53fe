"""All recipes as cards, with a search and filters that answer while one types."""

from collections.abc import Callable
from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="gallery">
  <div class="filters">
    <input type="search" placeholder="Search recipes" aria-label="Search recipes">
    <div class="families" role="group" aria-label="Kind of data"></div>
    <div class="levels" role="group" aria-label="Level"></div>
    <output class="count"></output>
  </div>
  <div class="cards"></div>
  <p class="none" hidden>No recipe is like that. <button type="button">Show all</button></p>
</div>
"""

_mount = register("gallery", html=HTML, scripts=("gallery.js",), styles=("gallery.css",))


def gallery(payload: bytes, *, key: str, on_open_change: Callable[[], None]) -> Any:
    """Show the recipes of ``payload`` (see ``packing.pack``).

    Header::

        {"pictures": str, "families": [str, …], "levels": [str, …],
         "items": [{"name": str, "teaches": str, "family": str, "level": int, "takes": str,
                    "compare": [{"name": str, "teaches": str}, …]}, …]}

    ``pictures`` is where ``NAME.svg`` of each is, ``levels`` names level 1, 2, …

    A card fires the trigger ``open`` with ``{"name": str, "beside": str}``, ``beside`` empty but for a comparison:
    ``st.session_state[key].open`` inside ``on_open_change``.
    """
    return _mount(data=payload, key=key, on_open_change=on_open_change)
