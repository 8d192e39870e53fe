"""What the panels of the Generate screen draw, from the views of a run. Pure functions."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nets.runs.run import Run
from nets.views.anomalies import Anomalies
from nets.views.decoded import Decoded
from nets.views.interpolation import Interpolation
from nets.views.latent_plane import LatentPlane
from nets.views.nearest import Nearest
from nets.views.reconstructions import Reconstructions
from nets.views.samples import Samples
from pages.parts.components.packing import pack
from pages.parts.payloads import moment, nothing_yet

SIDE, WAY_SIDE = 56, 52
"""Pixels of a picture in a tile: ten of them stand in a row on a wide screen, or all of a way."""
CODES_REACH = 1.5
"""Sliders go this much beyond the plane."""


def names_of(run: Run) -> list[str]:
    """Return the names of the classes."""
    return list(run.experiment.data.info().class_names)


def tiles(
    run: Run,
    pictures: Sequence[np.ndarray],
    items: Sequence[dict[str, Any]],
    *,
    alt: str,
    rows: Sequence[str] = (),
    **more: Any,
) -> bytes:
    """Return a mosaic: ``pictures`` are K arrays (N, h, w) or (N, h, w, 3), drawn above each other."""
    meta = {**moment(run), "empty": "", "alt": alt, "rows": list(rows), "items": list(items), **more}
    return pack(meta, {"images": np.stack(pictures, axis=1)})


def nothing(run: Run, words: str = "", **also: Any) -> bytes:
    """Return a panel's payload that says why there is nothing to see; ``also`` goes with it."""
    return pack({**moment(run), "empty": words or nothing_yet(run), "items": [], **also})


def samples_payload(run: Run, *, chosen: int | None = None) -> bytes:
    """Return the samples, each to be picked; with the class that was asked for where the network is told one."""
    found: Samples | None = run.views.get("samples")
    if found is None:
        return nothing(run)
    names = names_of(run)
    words = [""] * len(found.pictures) if found.labels is None else [names[label] for label in found.labels]
    items = [
        {"caption": word, "title": f"Sample {place + 1}" + (f", asked for {word}" if word else ""), "index": place}
        for place, word in enumerate(words)
    ]
    return tiles(
        run,
        [found.pictures],
        items,
        alt="Pictures that the network makes of noise that stays the same",
        side=SIDE,
        pickable=True,
        chosen=chosen,
    )


def nearest_payload(run: Run) -> bytes:
    """Return a sample and the training pictures that are nearest to it."""
    found: Nearest | None = run.views.get("nearest")
    if found is None:
        return nothing(run)
    names = names_of(run)
    items = [{"caption": "sample", "title": "The sample", "index": -1}] + [
        {
            "caption": f"{names[label]} · {away:.2f}",
            "title": f"Training picture {index + 1:,}, {away:.2f} away",
            "index": 0,
        }
        for label, away, index in zip(found.labels, found.away, found.indices, strict=True)
    ]
    pictures = np.concatenate([found.sample[None], found.pictures])
    alt = "The sample and the training pictures nearest to it"
    return tiles(run, [pictures], items, alt=alt, side=64, note=verdict_on(found))


def verdict_on(found: Nearest) -> str:
    """Return in a sentence whether a sample is new or learnt by heart."""
    away = float(found.away[0])
    measured = (
        f"The nearest of {found.searched:,} training pictures is {away:.2f} away; pictures that the network has never "
        f"seen are {found.usual:.2f} away from theirs, the nearest one {found.closest:.2f}."
    )
    if away < 0.5 * found.closest:
        return f"Memorised. {measured}"
    return f"{'Close to a training picture' if away < found.closest else 'New'}. {measured}"


def reconstructions_payload(run: Run) -> bytes:
    """Return test pictures above what the network makes of them, with the noisy ones between where there are any."""
    found: Reconstructions | None = run.views.get("reconstructions")
    if found is None:
        return nothing(run)
    names = names_of(run)
    middle = [] if found.noisy is None else [found.noisy]
    items = [
        {
            "caption": f"{error:.3f}",
            "title": f"Test picture {index + 1:,} ({names[label]}), mean squared error {error:.4f}",
            "index": int(index),
        }
        for error, label, index in zip(found.errors, found.labels, found.indices, strict=True)
    ]
    return tiles(
        run,
        [found.pictures, *middle, found.outputs],
        items,
        alt="Test pictures and what the network makes of them",
        rows=["the picture", *(["with noise"] if middle else []), "made again"],
        side=SIDE,
    )


def interpolation_payload(run: Run) -> bytes:
    """Return the way from one picture to another."""
    found: Interpolation | None = run.views.get("interpolation")
    if found is None:
        return nothing(run)
    last = len(found.pictures) - 1
    items = [
        {"caption": f"{100 * place / last:.0f} %", "title": f"{100 * place / last:.0f} % of the way", "index": place}
        for place in range(last + 1)
    ]
    return tiles(run, [found.pictures], items, alt="Pictures on the way from one code to another", side=WAY_SIDE)


def ends_payload(run: Run) -> bytes:
    """Return the two originals between which a way leads."""
    found: Interpolation | None = run.views.get("interpolation")
    if found is None or found.ends is None or found.labels is None:
        return nothing(run, " ")
    names = names_of(run)
    items = [
        {"caption": f"{word}: {names[label]}", "title": f"{word} picture, a {names[label]}", "index": place}
        for place, (word, label) in enumerate(zip(("from", "to"), found.labels, strict=True))
    ]
    return tiles(run, [found.ends], items, alt="The two pictures as they are", side=WAY_SIDE)


def latent_payload(run: Run) -> bytes:
    """Return the plane of codes and what one point of it stands for."""
    plane: LatentPlane | None = run.views.get("latent_plane")
    one: Decoded | None = run.views.get("decoded")
    if plane is None:
        return nothing(run)
    cells = 0 if plane.grid is None else round(len(plane.grid) ** 0.5)
    meta = {
        **moment(run),
        "empty": "",
        "alt": "The plane of codes. Drag the point, or move it with arrow keys, to see what the network makes of it",
        "names": names_of(run),
        "extent": plane.extent,
        "reach": CODES_REACH * plane.extent,
        "cells": cells,
        "meaning": meaning(plane),
        "is_told": one is not None and one.label is not None,
    }
    arrays = {"center": plane.center, "basis": plane.basis, "used": plane.used}
    if len(plane.xy):
        arrays |= {"xy": plane.xy, "labels": plane.labels.astype(np.int32)}
    if plane.grid is not None:
        arrays["grid"] = plane.grid
    if one is not None and len(one.z) == len(plane.center):
        arrays |= {"picture": one.picture, "z": one.z}
    return pack(meta, arrays)


def meaning(plane: LatentPlane) -> str:
    """Return in a line what the plane of codes shows."""
    if plane.explained is not None:
        return (
            f"The plane in which the {len(plane.center)} numbers of the codes differ most; it shows "
            f"{plane.explained:.0%} of their variance"
        )
    if not len(plane.xy):
        return "A plane through the noise, and what the network makes of it"
    return "Each test picture at its code; behind them what the network makes of the places between"


def errors_payload(run: Run) -> bytes:
    """Return reconstruction errors, with those of the odd class told apart."""
    found: Anomalies | None = run.views.get("anomalies")
    if found is None:
        return nothing(run)
    names = names_of(run)
    arrays = {"errors": found.errors}
    if found.odd is not None:
        arrays["odd"] = found.odd.astype(np.uint8)
    meta = {
        **moment(run),
        "empty": "",
        "title": "Reconstruction error of each test picture",
        "alt": "How many test pictures have which reconstruction error, and the threshold; drag it, or use its slider",
        "ordinary": "ordinary pictures" if found.odd is not None else "pictures",
        "odd": "pictures of " + ", ".join(names[label] for label in found.odd_classes),
        "auc": found.auc,
    }
    return pack(meta, arrays)


def worst_payload(run: Run) -> bytes:
    """Return the pictures that the network makes worst."""
    found: Anomalies | None = run.views.get("anomalies")
    if found is None:
        return nothing(run)
    names = names_of(run)
    items = [
        {
            "caption": names[label],
            "tone": "" if found.odd is None else "good" if label in found.odd_classes else "bad",
            "title": f"Test picture {index + 1:,}: a {names[label]}, error {found.errors[index]:.3f}",
            "index": int(index),
        }
        for label, index in zip(found.labels, found.worst, strict=True)
    ]
    return tiles(
        run,
        [found.pictures, found.outputs],
        items,
        alt="The pictures with the largest errors, and what the network makes of them",
        rows=["the picture", "made again"],
        side=SIDE,
    )
