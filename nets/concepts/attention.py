"""Attention: one step of it with all its numbers, from words to queries, keys, values, weights and what comes out."""

from dataclasses import dataclass

import numpy as np

from nets.seeds import derive

SIZE = 4
"""Numbers of each word, of its query, its key and its value."""
FEWEST_WORDS, MOST_WORDS = 2, 6
LONGEST_WORD = 14


@dataclass(frozen=True)
class Attended:
    """One step of attention over T words.

    ``queries``, ``keys``, ``values`` and ``outputs`` are (T, 4); ``scores`` (T, T) are QKᵀ, divided by √4 if asked for,
    with -inf where a word may not look; ``weights`` (T, T) are their softmax: rows add up to 1.
    """

    queries: np.ndarray
    keys: np.ndarray
    values: np.ndarray
    scores: np.ndarray
    weights: np.ndarray
    outputs: np.ndarray


def parse_words(sentence: str) -> tuple[str, ...]:
    """Return a sentence's words, in small letters and without marks around them.

    Raises:
        ValueError: a sentence that says what is wrong with it.
    """
    words = tuple(word for part in sentence.split() if (word := part.strip(".,;:!?\"'()").lower()))
    if not FEWEST_WORDS <= len(words) <= MOST_WORDS:
        raise ValueError(f"The sentence has {len(words)} words; it may have {FEWEST_WORDS} to {MOST_WORDS}.")
    if too_long := next((word for word in words if len(word) > LONGEST_WORD), None):
        raise ValueError(f"'{too_long[:LONGEST_WORD]}…' has {len(too_long)} letters; a word may have {LONGEST_WORD}.")
    return words


def embedded(words: tuple[str, ...], seed: int, *, positions: bool) -> np.ndarray:
    """Return the words' vectors (T, 4), on two digits: the same word always has the same.

    ``positions`` adds the engine's waves, which tell where a word stands (Vaswani et al. 2017).
    """
    import torch

    from nets.modules.attention import waves

    rows = [torch.randn(SIZE, generator=torch.Generator().manual_seed(derive(seed, f"word {word}"))) for word in words]
    vectors = torch.stack(rows)
    if positions:
        vectors = vectors + waves(len(words), SIZE)[0]
    return _on_two_digits(vectors.numpy())


def random_weights(seed: int, size: float) -> dict[str, np.ndarray]:
    """Return W_q, W_k and W_v, (4, 4) each and on two digits, by the names "q", "k", "v"; larger with ``size``."""
    import torch

    weights = {}
    for name in ("q", "k", "v"):
        generator = torch.Generator().manual_seed(derive(seed, f"weights {name}"))
        matrix = torch.empty(SIZE, SIZE)
        torch.nn.init.xavier_normal_(matrix, generator=generator)
        weights[name] = _on_two_digits(matrix.numpy() * (1.0 if name == "v" else size))
    return weights


def attend(x: np.ndarray, weights: dict[str, np.ndarray], *, scaled: bool = True, causal: bool = False) -> Attended:
    """Return what scaled dot-product attention makes of words x (T, 4): softmax(QKᵀ/√4)V.

    Vaswani et al. (2017), Attention is all you need, section 3.2.1.

    Args:
        x: the words' vectors.
        weights: W_q, W_k, W_v (4, 4) by "q", "k", "v"; a query is x W_q.
        scaled: divide the scores by √4?
        causal: may a word look at itself and those before it alone?
    """
    import torch

    words = torch.from_numpy(x)
    queries, keys, values = (words @ torch.from_numpy(weights[name]) for name in ("q", "k", "v"))
    scores = queries @ keys.T
    if scaled:
        scores = scores / SIZE**0.5
    if causal:
        later = torch.ones(len(words), len(words), dtype=torch.bool).triu(1)
        scores = scores.masked_fill(later, -torch.inf)
    shares = scores.softmax(dim=1)
    return Attended(*(part.numpy() for part in (queries, keys, values, scores, shares, shares @ values)))


def evenness(weights: np.ndarray) -> np.ndarray:
    """Return for each row (T, T) over how many words it is spread, (T,): e to its entropy, 1 for one word alone."""
    import torch

    shares = torch.from_numpy(weights)
    spread: np.ndarray = torch.special.entr(shares).sum(dim=1).exp().numpy()
    return spread


def _on_two_digits(values: np.ndarray) -> np.ndarray:
    rounded: np.ndarray = values.astype(np.float64).round(2) + 0.0
    return rounded
