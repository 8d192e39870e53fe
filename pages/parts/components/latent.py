"""The plane of codes: where pictures lie, what is decoded between them, and one point that can be dragged."""

from typing import Any

from pages.parts.components.registration import register

HTML = """
<div class="latent">
  <p class="hint"></p>
  <div class="whole" hidden>
    <div class="map">
      <div class="square">
        <canvas class="ground" aria-hidden="true"></canvas>
        <canvas class="over" tabindex="0" role="application"></canvas>
      </div>
      <div class="legend" role="group" aria-label="Classes"></div>
      <p class="meaning"></p>
    </div>
    <div class="point">
      <canvas class="picture" role="img"></canvas>
      <p class="code"></p>
      <div class="tools"><button type="button" class="chance">By chance</button
        ><button type="button" class="centre">Middle</button></div>
      <label class="class" hidden>Class <select></select></label>
      <div class="sliders" role="group" aria-label="Numbers of the code"></div>
    </div>
  </div>
  <p class="spoken" role="status"></p>
</div>
"""

_mount = register(
    "latent",
    html=HTML,
    scripts=("pixels.js", "class_colors.js", "latent_draw.js", "latent_point.js", "latent.js"),
    styles=("latent.css",),
)


def latent(payload: bytes, *, key: str) -> Any:
    """Draw the plane of ``payload`` (see ``packing.pack``).

    Header::

        {"step": int, "empty": str, "alt": str, "names": [str, …], "extent": float, "cells": int, "meaning": str,
         "is_told": bool, "reach": float}

    Arrays: ``xy`` float32 (N, 2), y upwards, in -extent … extent, and ``labels`` int32 (N); ``center`` float32 (L,) and
    ``basis`` float32 (2, L): a place (x, y) stands for the code center + (x, y) @ basis; ``used`` float32 (L,), how
    much each number varies; ``grid`` uint8 (cells², h, w) or (cells², h, w, 3), top left first; ``picture`` uint8
    (h, w) or (h, w, 3), decoded from ``z`` float32 (L,). ``names`` are those of the classes; ``is_told`` offers them
    to be chosen from. Sliders go from -reach to reach.

    A drag on the plane, the arrow keys and the sliders say the code past the page, through ``playgroundSay``:
    ``{"say": "code", "z": [float, …], "label": int}`` as JSON.
    """
    return _mount(data=payload, key=key)
