"""How strange each example is: reconstruction errors, a threshold to be dragged, and the ROC curve."""

from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="errors">
  <p class="hint"></p>
  <div class="whole" hidden>
    <div class="bars">
      <h4></h4>
      <div class="plot"><canvas role="img"></canvas></div>
      <label class="threshold">Threshold <input type="range" min="0" max="1000" step="1"> <output></output></label>
      <p class="verdict"></p>
    </div>
    <div class="roc">
      <h4>ROC curve</h4>
      <div class="plot"><canvas role="img"></canvas></div>
      <p class="area"></p>
    </div>
  </div>
</div>
"""

_mount = register("errors", html=HTML, scripts=("errors_draw.js", "errors.js"), styles=("errors.css",))


def errors(payload: bytes, *, key: str) -> Any:
    """Draw the errors of ``payload`` (see ``packing.pack``).

    Header::

        {"step": int, "empty": str, "title": str, "alt": str, "ordinary": str, "odd": str, "auc": float | null}

    Arrays: ``errors`` float32 (N), at least 0, and where some are of an odd kind ``odd`` uint8 (N), 1 for those. The
    words ``ordinary`` and ``odd`` name the two kinds. Without ``odd`` there is no ROC curve: a threshold then says
    alone how many lie above it.

    The threshold is the visitor's: it begins at the error that 95 % of the ordinary ones stay below, follows that while
    the network learns, and stays at the same share of the ordinary ones once it has been moved.
    """
    return _mount(data=payload, key=key)
