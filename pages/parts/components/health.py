"""What is wrong with the network, in plain words: one line that floats at the foot of the page and moves nothing."""

from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="health" role="region" aria-label="Health of the network" hidden>
  <button type="button" class="line" aria-expanded="false" title="What to try, and why"></button>
  <div class="more" hidden></div>
  <span class="spoken" role="status"></span>
</div>
"""

_mount = register("health", html=HTML, scripts=("health.js",), styles=("health.css",))


def health(payload: bytes, *, key: str) -> Any:
    """Show the findings of ``payload`` (see ``packing.pack``; a header only); nothing at all where there are none.

    Header::

        {"step": int, "run": str, "items": [{"kind": str, "sees": str, "advice": str, "concept": str, "about": str,
         "layer": int | None, "units": [int, …], "place": str}, …]}

    ``concept`` is the one that explains it, "" for none, ``about`` its title. ``layer`` is the column of the network
    diagram on the page, as it counts its layers, None where there is none to show; ``units`` are those at fault, all of
    them where it is empty, and ``place`` is what people call the layer. A click on the line opens what to try. What
    somebody does not want to hear again is not said again of this run.
    """
    return _mount(data=payload, key=key)
