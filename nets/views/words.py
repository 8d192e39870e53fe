"""The table of embeddings as a map: words that the network uses alike lie close to each other."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import Field

from nets.datasets.text.tokens import FIRST_TOKEN, tokenized
from nets.views.base import View, finite, view
from nets.views.embedding import principal_plane
from nets.views.reading import sequence_network, text_data, vocabulary

if TYPE_CHECKING:
    from torch import Tensor

    from nets.training import Training

NEAREST = 10
"""Words found next to one that is looked for."""


@dataclass(frozen=True)
class Words:
    """``tokens`` N of them, the most frequent first, at ``xy`` (N, 2) float32 in -1 … 1; y upwards.

    ``tones`` (N,) float32 in -1 … 1 is how much farther than the median word each alone goes to the second of two
    classes, or to the first; all 0 for other data. ``explained`` is the share of the table's variance that the plane
    shows, ``width`` how many numbers a word has. ``word`` is the one that is looked for, empty where the vocabulary
    does not have it; ``neighbours`` are those nearest to it, with their cosine ``similarity`` (k,) float32.
    """

    tokens: tuple[str, ...]
    xy: np.ndarray
    tones: np.ndarray
    explained: float
    width: int
    word: str
    neighbours: tuple[str, ...]
    similarity: np.ndarray


@view
class WordsView(View):
    """Words by PCA of their embeddings, and the nearest ones of a word."""

    kind: Literal["words"] = "words"
    count: Annotated[int, Field(ge=2, le=1000)] = 250
    """Words shown, at most: the most frequent."""
    word: Annotated[str, Field(max_length=100)] = ""
    """Which one to look for."""

    @property
    def every_seconds(self) -> float:
        """The whole table is looked through."""
        return 0.5

    def look(self, training: "Training") -> Words:
        """Return the map.

        Raises:
            ValueError: if the network reads no tokens, or has a column for each of them instead of an embedding.
        """
        from torch import nn

        model: Any = sequence_network(training)
        if not isinstance(model.embedding, nn.Embedding):
            raise ValueError("this network has a column for each token and no embeddings; set embedding dim above 0")
        words = vocabulary(training)
        table = finite(model.embedding.weight.detach().cpu())[FIRST_TOKEN : FIRST_TOKEN + len(words)].double()
        shown = table[: self.count]
        plane, explained = principal_plane(shown)
        wanted = tokenized(self.word, text_data(training).level, text_data(training).lower)
        place = words.index(wanted[0]) if wanted and wanted[0] in words else None
        near, similarity = nearest(table, place) if place is not None else ([], np.zeros(0, np.float32))
        return Words(
            words[: self.count],
            (plane / plane.abs().max().clamp(min=1e-30)).float().numpy(),
            tones(training, len(shown)),
            explained,
            table.shape[1],
            words[place] if place is not None else "",
            tuple(words[other] for other in near),
            similarity,
        )


def nearest(table: "Tensor", place: int) -> tuple[list[int], np.ndarray]:
    """Return the rows of a table (V, D) that point most alike a row, and their cosines, the largest first."""
    from torch.nn import functional

    cosines = functional.cosine_similarity(table, table[place : place + 1])
    cosines[place] = -2
    values, places = cosines.topk(min(NEAREST, len(table) - 1))
    return places.tolist(), values.float().numpy()


def tones(training: "Training", count: int) -> np.ndarray:
    """Return how much farther than the median word each of the first goes alone to either of two classes, (N,)."""
    import torch

    info = training.experiment.data.info()
    if info.task != "binary" or info.per_step:
        return np.zeros(count, np.float32)
    ids = torch.arange(FIRST_TOKEN, FIRST_TOKEN + count, device=training.device)[:, None]
    with torch.inference_mode():
        scores = finite(training.objective.scores(training.predict(ids))[:, 0]).cpu()
    away = scores - scores.median()
    return (away / away.abs().max().clamp(min=1e-12)).numpy().copy()
