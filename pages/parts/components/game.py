"""The game of two networks on the plane: what the generator makes, and what the discriminator takes it for."""

from collections.abc import Callable
from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="game">
  <p class="hint"></p>
  <div class="whole" hidden>
    <div class="square">
      <canvas class="ground" aria-hidden="true"></canvas>
      <canvas class="over" tabindex="0" role="img"></canvas>
      <div class="tip" aria-hidden="true" hidden></div>
    </div>
    <div class="side">
      <div class="walk" hidden>
        <ol class="stages"></ol>
        <div class="told"><h4></h4><p></p><dl></dl></div>
        <div class="steps">
          <button type="button" class="back" aria-label="Stage before">‹</button>
          <button type="button" class="go" aria-pressed="false">Play</button>
          <button type="button" class="on" aria-label="Next stage">›</button>
        </div>
      </div>
      <div class="legend" role="group" aria-label="What is drawn"></div>
      <p class="facts"></p>
    </div>
  </div>
  <p class="spoken" role="status"></p>
</div>
"""

_mount = register(
    "game",
    html=HTML,
    scripts=("plane_map.js", "plane_draw.js", "game_draw.js", "game_pointer.js", "game_walk.js", "game.js"),
    styles=("game.css",),
)


def game(payload: bytes, *, key: str, on_points_change: Callable[[], None] | None = None) -> Any:
    """Draw the plane of ``payload`` (see ``packing.pack``).

    Header::

        {"step": int, "empty": str, "alt": str, "extent": [low, high], "scale": [str, str], "facts": str,
         "tool": {"action": "add" | "erase", "radius": float} | None,
         "walk": {"number": str, "stages": [{"name": str, "text": str, "numbers": [[str, str], …],
                  "layers": [str, …]}, …]} | None}

    Arrays, each of them a layer that the legend switches on and off: ``surface`` uint8 (S, S), row 0 at the top, what
    the discriminator says, from 0 (made) over 127 to 254 (real), the ends named by ``scale``; ``real`` float32 (N, 2)
    and ``fake`` float32 (M, 2) points; ``arrows`` float32 (A, 2), where the first A fake points are driven to, in units
    of the plane; ``mesh`` float32 (R, C, 2), where the generator puts the nodes of an even grid of noise, or of a line
    with R = 1; ``modes`` float32 (K, 3), the places to be covered and 1 for those that are.

    A ``walk`` shows stage after stage of one update, each with the layers that it names: besides those above
    ``fake_after``, and ``scores`` or ``scores_after``: ``real_scores``, ``fake_scores``, ``real_scores_after`` and
    ``fake_scores_after``, float32 in 0 … 1, colour the points by what they were taken for. A walk of another ``number``
    begins anew; at its end the panel says ``{"say": "update"}`` past the page.

    With a ``tool`` a stroke on the plane, or Enter, fires the trigger ``points`` with ``{"action": str, "points":
    [[x1, x2], …]}``: ``st.session_state[key].points`` inside ``on_points_change``, or the result's ``points``.
    """
    return _mount(data=payload, key=key, on_points_change=on_points_change or _ignore)


def _ignore() -> None:
    """Stand in for a callback, so that the result always has ``points``."""
