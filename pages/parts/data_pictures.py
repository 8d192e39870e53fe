"""Small pictures of data, one for each recipe: drawn from the data themselves when a browser first asks for one."""

import base64
import io
from collections.abc import Callable, Iterable
from functools import lru_cache
from xml.sax.saxutils import escape

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from nets.datasets.base import DatasetConfig
from nets.datasets.images.digits import Digits
from nets.datasets.images.downloads import DownloadedConfig
from nets.datasets.points.base import PointsConfig
from nets.datasets.tables.base import TableConfig
from nets.problems import InvalidExperiment
from nets.recipes import recipes

WIDTH, HEIGHT = 192, 96
MARGIN = 8
MOST_POINTS = 160
MOST_STEPS = 240
TILES = (8, 4)
"""Columns and rows of pictures."""
TILE = 24
"""Side of one of them."""
LINES = 4
LETTERS = 30
"""Of a text that are shown in a line."""
COLOURS = ("#E69F00", "#0072B2", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
"""Okabe and Ito's, in the order of CLASS_COLORS in components/shared.js."""
INK = "#7D8B99"
"""Legible on a light ground and on a dark one."""
KEPT_SECONDS = 3600


def picture_of(name: str) -> str:
    """Return a picture of the data of the recipe called ``name`` as SVG, 2:1.

    Raises:
        UnknownName: if there is no such recipe.
    """
    data = recipes().get(name).experiment.data
    return _downloaded(data) if isinstance(data, DownloadedConfig) else _drawn(name)


@lru_cache(maxsize=256)
def _drawn(name: str) -> str:
    experiment = recipes().get(name).experiment
    data = experiment.data
    try:
        return _svg(DRAWING[data.kind](_simpler(data), experiment.train.seed))
    except InvalidExperiment:
        return _svg(_lines([data.name]))


def _downloaded(data: DownloadedConfig) -> str:
    """Draw what is on this machine by now, which may be more than the last time."""
    pictures = data.glimpse(TILES[0] * TILES[1])
    if pictures is None:
        return _svg(_lines([data.name, "is downloaded", "when you train"]))
    return _svg(_tiles(pictures))


def _simpler(data: DatasetConfig) -> DatasetConfig:
    """Return data that look the same in small, and can be had without torch, which takes a server's first seconds."""
    if isinstance(data, Digits):
        return data.model_copy(update={"size": 8})
    if isinstance(data, TableConfig) and data.prepare.missing == "autoencoder":
        return data.model_copy(update={"prepare": data.prepare.model_copy(update={"missing": "mean"})})
    return data


def _svg(body: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{body}</svg>'


def _plane(data: DatasetConfig, seed: int) -> str:
    """Draw points of the plane; blue is the second class, or a value above the middle."""
    if isinstance(data, PointsConfig):
        points = data.plane(seed)[0]
        signed = data.info().task != "multiclass"
        return _scatter(points[:, :2], (points[:, 2] > 0) if signed else points[:, 2], width=HEIGHT)
    split = data.load(seed)
    return _scatter(split.train_x, np.ones(len(split.train_x)), width=HEIGHT)


def _table(data: DatasetConfig, seed: int) -> str:
    """Draw the two inputs that spread most, coloured by what is to be predicted."""
    split = data.load(seed)
    widest = np.argsort(-split.train_x.std(axis=0), kind="stable")[:2]
    points = split.train_x[:, widest] if split.train_x.shape[1] > 1 else np.repeat(split.train_x, 2, axis=1)
    answers = split.train_y if split.train_y.ndim == 1 else split.train_y[:, :1].ravel()
    is_class = np.issubdtype(answers.dtype, np.integer)
    return _scatter(points, answers if is_class else answers > np.median(answers))


def _curve(data: DatasetConfig, seed: int) -> str:
    split = data.load(seed)
    return _scatter(np.column_stack([split.train_x[:, 0], split.train_y[:, 0]]), np.ones(len(split.train_x)))


def _series(data: DatasetConfig, seed: int) -> str:
    """Draw the beginning of a series; where there is none, a few windows one after the other."""
    split = data.load(seed)
    record = getattr(split.preparation, "values", None)
    values = record[:, 0] if record is not None else split.train_x[:12, :, 0].ravel()
    values = np.nan_to_num(values[:MOST_STEPS])
    x, y = _fitted(np.column_stack([np.arange(len(values)), values]))
    path = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
    return f'<polyline points="{path}" fill="none" stroke="{COLOURS[1]}" stroke-width="1.5" stroke-linejoin="round"/>'


def _images(data: DatasetConfig, seed: int) -> str:
    """Draw the first training pictures."""
    return _tiles(data.load(seed).train_x[: TILES[0] * TILES[1]])


def _tiles(pictures: np.ndarray) -> str:
    """Draw pictures (B, C, H, W) uint8 beside and below each other; ink is dark."""
    from PIL import Image

    columns, rows = TILES
    sheet = Image.new("RGB", (columns * TILE, rows * TILE), "white")
    for place, picture in enumerate(pictures):
        pixels = 255 - picture[0] if len(picture) == 1 else picture.transpose(1, 2, 0)
        tile = Image.fromarray(np.ascontiguousarray(pixels)).convert("RGB").resize((TILE, TILE))
        sheet.paste(tile, (place % columns * TILE, place // columns * TILE))
    file = io.BytesIO()
    sheet.save(file, "PNG")
    encoded = base64.b64encode(file.getvalue()).decode()
    return f'<image href="data:image/png;base64,{encoded}" width="{WIDTH}" height="{HEIGHT}"/>'


def _text(data: DatasetConfig, seed: int) -> str:
    """Write the first training texts, or how the one text begins."""
    if (stream := getattr(data, "stream", None)) is not None:
        words = " ".join(stream(seed)[: LINES * LETTERS * 2].split())
        return _lines(words[place * LETTERS : (place + 1) * LETTERS] for place in range(LINES))
    texts = data.texts(seed)[0]  # type: ignore[attr-defined]
    return _lines(texts[:LINES])


def _lines(lines: Iterable[str]) -> str:
    """Write lines under each other; what is too long is cut."""
    shown = [line if len(line) <= LETTERS else line[: LETTERS - 1] + "…" for line in lines]
    top = HEIGHT / 2 - 9 * (len(shown) - 1) + 4
    return "".join(
        f'<text x="{WIDTH / 2}" y="{top + 18 * place:.0f}" text-anchor="middle" font-size="10.5" '
        f'font-family="ui-monospace, monospace" fill="{INK}">{escape(line)}</text>'
        for place, line in enumerate(shown)
    )


def _scatter(points: np.ndarray, classes: np.ndarray, *, width: int = WIDTH) -> str:
    """Draw points (N, 2), each in the colour of its class, in the middle of the picture."""
    if len(set(classes[:MOST_POINTS].tolist())) == 1:
        classes = np.ones(len(points))
    x, y = _fitted(points[:MOST_POINTS], width)
    x = x + (WIDTH - width) / 2
    dots = zip(x, y, classes[:MOST_POINTS].astype(int), strict=True)
    return "".join(
        f'<circle cx="{a:.1f}" cy="{b:.1f}" r="2" fill="{COLOURS[kind % len(COLOURS)]}"/>' for a, b, kind in dots
    )


def _fitted(points: np.ndarray, width: int = WIDTH) -> tuple[np.ndarray, np.ndarray]:
    """Return points (N, 2) as x and y within a picture of this width, y upwards."""
    low, high = points.min(axis=0), points.max(axis=0)
    share = (points - low) / np.where(high > low, high - low, 1)
    return MARGIN + share[:, 0] * (width - 2 * MARGIN), HEIGHT - MARGIN - share[:, 1] * (HEIGHT - 2 * MARGIN)


DRAWING: dict[str, Callable[[DatasetConfig, int], str]] = {
    "points": _plane,
    "distribution": _plane,
    "curve": _curve,
    "images": _images,
    "series": _series,
    "text": _text,
    "table": _table,
}
"""How each kind of data is drawn."""


def serve(request: Request) -> Response:
    """Answer a browser; Starlette runs this in a thread, for the first pictures read data sets."""
    name = request.path_params["name"]
    if name not in recipes():
        return Response(status_code=404)
    is_final = not isinstance(recipes().get(name).experiment.data, DownloadedConfig)
    headers = {
        "Cache-Control": f"max-age={KEPT_SECONDS}" if is_final else "no-cache",
        "Content-Security-Policy": "default-src 'none'; img-src data:",
    }
    return Response(picture_of(name), media_type="image/svg+xml", headers=headers)
