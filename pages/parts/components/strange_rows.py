"""Rows that are unlike the others, with the columns that make them so."""

from typing import Any

from pages.parts.components.registration import register

HTML = '<div class="strange"><p class="hint"></p><div class="scroll" tabindex="0"><table></table></div></div>'

_mount = register("strange_rows", html=HTML, scripts=("strange_rows.js",), styles=("strange_rows.css",))


def strange_rows(payload: bytes, *, key: str) -> Any:
    """Draw the rows of ``payload`` (see ``packing.pack``).

    Header::

        {"step": int, "empty": str, "first": str, "columns": [str, …],
         "rows": [{"error": str, "mark": str, "cells": [str, …]}, …]}

    Array ``blame`` float32 (R, C): the share of each column in its row's error; the cell is shaded by it. ``first``
    heads the column of ``error``.
    """
    return _mount(data=payload, key=key)
