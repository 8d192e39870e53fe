"""How well the share of one class tells its rows: a threshold to be moved, ROC, precision over recall, calibration."""

from collections.abc import Callable
from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="scores">
  <p class="hint"></p>
  <div class="whole" hidden>
    <div class="plot bars"><h4></h4><canvas role="img"></canvas></div>
    <label class="threshold">Threshold <input type="range" min="0" max="1000" step="1"> <output></output></label>
    <p class="verdict" role="status"></p>
    <div class="three">
      <div class="plot roc"><h4>ROC</h4><canvas role="img"></canvas><p></p></div>
      <div class="plot pr"><h4>Precision over recall</h4><canvas role="img"></canvas><p></p></div>
      <div class="plot calibration"><h4>Calibration</h4><canvas role="img"></canvas><p></p></div>
    </div>
  </div>
</div>
"""

_mount = register("scores", html=HTML, scripts=("plots_draw.js", "scores.js"), styles=("scores.css",))


def scores(payload: bytes, *, key: str, on_settled_change: Callable[[], None]) -> Any:
    """Draw the scores of ``payload`` (see ``packing.pack``).

    Header::

        {"step": int, "empty": str, "name": str, "threshold": float, "auc": float | null, "precision": float | null}

    Arrays: ``scores`` float32 (N), shares from 0 to 1 that rows are of the class or have the label ``name``, and
    ``actual`` uint8 (N), 1 for those that are. The threshold is the visitor's and begins at ``threshold``; it stays
    where it is while the network learns, for each ``name`` on its own. Where it is let go, the trigger ``settled``
    fires: ``{"name": str, "threshold": float}``.
    """
    return _mount(data=payload, key=key, on_settled_change=on_settled_change)
