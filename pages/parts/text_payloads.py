"""What the panels of the Text screen draw, from the views of a run. Pure functions."""

from typing import Any

import numpy as np

from nets.datasets.text.base import TextConfig
from nets.runs.run import Run
from nets.views.attention import Attention
from nets.views.motifs import MOST_TOKENS, Motifs
from nets.views.reading import MOST_TYPED
from nets.views.token_attribution import TokenAttribution
from nets.views.words import Words
from nets.views.writing import Writing
from pages.parts.components.packing import pack
from pages.parts.payloads import moment, nothing_yet

MOST_BARS = 6
"""Classes of a typed text that have a bar."""


def is_spaced(run: Run) -> bool:
    """Does a space stand between two tokens?"""
    data = run.experiment.data
    return isinstance(data, TextConfig) and data.level == "word"


def texts_payload(run: Run, view: str, *, empty: str = "", pickable: bool = False, bars: bool = False) -> bytes:
    """Return texts with coloured tokens.

    Args:
        run: whose view it is.
        view: its name among the run's views.
        empty: the hint where there is no text.
        pickable: can a text be picked?
        bars: draw a bar for each of the likeliest classes?
    """
    found: TokenAttribution | None = run.views.get(view)
    meta: dict[str, Any] = {**moment(run), "items": [], "empty": nothing_yet(run), "spaced": is_spaced(run)}
    if found is None or not found.tokens:
        return pack({**meta, "empty": (empty or "No such text just now") if found is not None else meta["empty"]})
    names = run.experiment.data.info().class_names
    two = len(names) == 2 and not found.labels.shape[1]
    meta |= {
        "less": f"speaks for {names[0]}" if two else "against it",
        "more": f"speaks for {names[1]}" if two else "speaks for what is said",
        "pickable": pickable,
        "items": [_item(found, place, names, bars=bars) for place in range(len(found.tokens))],
    }
    return pack(meta, {"values": found.values.astype(np.float32)})


def _item(found: TokenAttribution, place: int, names: tuple[str, ...], *, bars: bool) -> dict[str, Any]:
    said, actual = int(found.top_classes[place, 0]), int(found.actual[place])
    truth, tone = "", ""
    if actual >= 0:
        tone = "right" if actual == said else "wrong"
        truth = "" if actual == said else f"truly {names[actual]}"
    words = names[said]
    if found.labels.shape[1]:
        true_ones = [name for name, is_true in zip(names, found.labels[place], strict=True) if is_true]
        truth = f"truly {', '.join(true_ones) or 'none'}"
    shares = zip(found.top_classes[place], found.top_shares[place], strict=True)
    return {
        "tokens": found.tokens[place],
        "known": found.known[place],
        "said": words,
        "confidence": float(found.top_shares[place, 0]),
        "truth": truth,
        "tone": tone,
        "index": int(found.indices[place]),
        "bars": [{"name": names[label], "share": float(share)} for label, share in shares][:MOST_BARS] if bars else [],
    }


def typing_payload(run: Run, text: str, *, label: str, placeholder: str, rows: int = 2) -> bytes:
    """Return the box to type in; it belongs to the run's data, and another set's text takes its place."""
    data = run.experiment.data
    typed, written = run.views.get("typed"), run.views.get("writing")
    answered = typed.text if typed is not None else written.prompt if written is not None else None
    return pack(
        {
            **moment(run),
            "label": label,
            "text": text,
            "answered": answered,
            "placeholder": placeholder,
            "rows": rows,
            "most": MOST_TYPED,
            "of": f"{data.name} {','.join(data.info().class_names[:20])}",
        }
    )


def attention_payload(run: Run) -> bytes:
    """Return the attention maps of one text."""
    found: Attention | None = run.views.get("attention")
    if found is None:
        return pack({**moment(run), "empty": nothing_yet(run), "tokens": []})
    blocks, heads = found.maps.shape[:2]
    meta = {
        **moment(run),
        "tokens": found.tokens,
        "blocks": blocks,
        "heads": heads,
        "alt": "How much each token of the text (row) takes from each other one (column)",
    }
    return pack(meta, {"maps": found.maps})


def words_payload(run: Run, asked: str) -> bytes:
    """Return the map of words, and those nearest to the one that is ``asked`` for."""
    found: Words | None = run.views.get("words")
    if found is None:
        return pack({**moment(run), "empty": nothing_yet(run), "near": []})
    facts = (
        f"The {len(found.tokens):,} most frequent tokens; the plane shows {found.explained:.0%} of the variance of "
        f"their {found.width:,} numbers"
    )
    if asked and not found.word:
        facts = f"The vocabulary does not have “{asked[:40]}”"
    elif found.word:
        facts = f"Nearest to “{found.word}”, by the cosine of their embeddings"
    meta = {
        **moment(run),
        "facts": facts,
        "alt": "Words in the plane in which their embeddings differ most",
        "tokens": found.tokens,
        "word": found.word,
        "near": [
            {"token": token, "similarity": float(value)}
            for token, value in zip(found.neighbours, found.similarity, strict=True)
        ],
    }
    return pack(meta, {"xy": found.xy.astype(np.float32), "tones": found.tones.astype(np.float32)})


def motifs_payload(run: Run) -> bytes:
    """Return the logos of the first convolution's filters."""
    found: Motifs | None = run.views.get("motifs")
    if found is None:
        return pack({**moment(run), "empty": nothing_yet(run), "items": []})
    names = run.experiment.data.info().class_names
    items = [
        {
            "name": f"Filter {int(found.filters[place]) + 1}",
            "words": _filter_words(float(found.weight[place]), int(found.counts[place]), names),
            "places": _stacks(found, place),
        }
        for place in range(len(found.filters))
    ]
    most = max(2.0, float(found.bits.max(initial=0.0)))
    return pack({**moment(run), "empty": "", "most_bits": most, "items": items})


def _filter_words(weight: float, count: int, names: tuple[str, ...]) -> str:
    windows = f"{count:,} strong windows"
    if len(names) != 2:
        return windows
    return f"{windows}, stronger in {names[1] if weight > 0 else names[0]} by {abs(weight):.1f} spreads"


def _stacks(found: Motifs, place: int) -> list[list[dict[str, Any]]]:
    """Return each place's tokens from the bottom up, the frequent ones on top, as high as their bits."""
    stacks = []
    for shares, bits in zip(found.shares[place], found.bits[place], strict=True):
        largest = np.argsort(shares)[-MOST_TOKENS:]
        stacks.append([{"token": found.tokens[i], "bits": float(shares[i] * bits)} for i in largest])
    return stacks


def writing_payload(run: Run) -> bytes:
    """Return what a language model writes."""
    found: Writing | None = run.views.get("writing")
    meta: dict[str, Any] = {**moment(run), "empty": nothing_yet(run), "pieces": [], "next": []}
    if found is None:
        return pack(meta)
    note = "What it expects to come next"
    if found.unknown:
        shown = ", ".join(f"“{token}”" for token in dict.fromkeys(found.unknown[:5]))
        note += f"; its vocabulary does not have {shown}"
    join = "" if found.is_characters or not found.prompt else " "
    meta |= {
        "prompt": found.prompt + join,
        "pieces": found.texts,
        "note": note,
        "next": [
            {"token": token, "share": float(share)} for token, share in zip(found.following, found.shares, strict=True)
        ],
    }
    return pack(meta)
