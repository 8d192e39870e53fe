"""The confusion matrix: what is taken for what, and how well each class is known."""

from collections.abc import Callable
from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="confusion">
  <p class="hint"></p>
  <div class="both" hidden>
    <section class="left">
      <p class="facts"></p>
      <div class="matrix" tabindex="0" role="application" aria-roledescription="confusion matrix">
        <canvas aria-hidden="true"></canvas>
        <div class="mark row" hidden></div><div class="mark cursor" hidden></div><div class="mark chosen" hidden></div>
      </div>
      <p class="reading" role="status"></p>
      <div class="ramps" aria-hidden="true">
        <span class="right">right</span><span class="wrong">wrong</span><em>0 … 100 % of the true class</em>
      </div>
    </section>
    <div class="scores"></div>
  </div>
</div>
"""

_mount = register(
    "confusion",
    html=HTML,
    scripts=("confusion_draw.js", "confusion_table.js", "confusion.js"),
    styles=("confusion.css",),
)


def confusion(payload: bytes, *, key: str, on_cell_change: Callable[[], None] | None = None) -> Any:
    """Show the confusion matrix of ``payload`` (see ``packing.pack``) with a table of the classes beside it.

    Header::

        {"step": int, "empty": str, "alt": str, "names": [str, …], "chosen": {"actual": int, "predicted": int} | null,
         "looked_at": int, "available": int, "accuracy": float, "mean": [precision, recall, f1], "worst": int | null,
         "things": what the examples are, "pictures" where nothing is said}

    Arrays: ``counts`` int32 (K, K), a row for each true class, and ``scores`` float32 (K, 3): precision, recall and F1
    as shares from 0 to 1. Without arrays the hint ``empty`` is shown.

    A click on a cell, or Enter, fires the trigger ``cell`` with ``{"actual": int, "predicted": int}``, and with None
    for the cell that is chosen already: ``st.session_state[key].cell`` inside ``on_cell_change``, or the result's
    ``cell``. The chosen cell is outlined; a new ``chosen`` in the header moves the outline.
    """
    return _mount(data=payload, key=key, on_cell_change=on_cell_change or _ignore)


def _ignore() -> None:
    """Stand in for a callback, so that the result always has ``cell``."""
