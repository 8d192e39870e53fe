"""Slow motion: the next update of two networks, stage by stage, in words, numbers and layers of the plane."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nets.objectives.explaining import DiscriminatorMoved, GeneratorMoved, Turn
from nets.runs.run import Run
from nets.views.game import EXTENT
from nets.views.turn import NextTurn
from pages.parts.components.packing import pack
from pages.parts.generate_payloads import nothing
from pages.parts.generate_plane import arrows_of, scale_words
from pages.parts.payloads import moment, number

Stage = dict[str, Any]
MOST_POINTS = 400
"""Of a batch that are drawn."""
MOST_LAYERS = 4
"""Layers whose gradients are told."""


def walk_payload(run: Run, found: NextTurn | None) -> bytes:
    """Return the stages of the next turn, with everything that they draw."""
    if found is None:
        return nothing(run)
    turn = found.turn
    arrays = {
        "surface": found.surface,
        "real": turn.real[:MOST_POINTS],
        "fake": turn.fake[:MOST_POINTS],
        "real_scores": turn.discriminator.real_before[:MOST_POINTS],
        "fake_scores": turn.discriminator.fake_before[:MOST_POINTS],
        "real_scores_after": turn.discriminator.real_after[:MOST_POINTS],
        "fake_scores_after": turn.discriminator.fake_after[:MOST_POINTS],
    }
    if turn.generator is not None:
        arrays |= {
            "arrows": arrows_of(turn.generator.pulls[:MOST_POINTS]),
            "fake_after": turn.generator.fake_after[:MOST_POINTS],
        }
    meta = {
        **moment(run),
        "empty": "",
        "alt": "The plane in slow motion: one update of discriminator and generator",
        "extent": [-EXTENT, EXTENT],
        "scale": scale_words(found.is_verdict),
        "facts": _facts(run),
        "tool": None,
        "walk": {"number": f"{run.id} {found.number}", "stages": stages(turn, found.number)},
    }
    return pack(meta, {name: np.ascontiguousarray(array) for name, array in arrays.items()})


def _facts(run: Run) -> str:
    if run.status in ("training", "queued"):
        return "The networks learn on meanwhile; Pause to walk through the update that comes next"
    return "The last stage leads on to the next update"


def stages(turn: Turn, step: int) -> list[Stage]:
    """Return the stages of a turn: each has a name, a text, numbers (label, value) and the layers that it draws."""
    count = len(turn.real)
    judge = turn.discriminator
    return [
        _stage(
            "Real points",
            f"Update {step:,} begins with a batch of {count:,} points from the training data.",
            ["real"],
            [("points", f"{count:,}")],
        ),
        _stage(
            "Made points",
            "The generator turns as many draws of noise into points. It has never seen a real one.",
            ["real", "fake"],
            [("noise", _times(turn.noise.shape))],
        ),
        _stage(
            "The discriminator judges",
            "It says of each point how real it looks. Rings tell what a point is, fillings what it is taken for.",
            ["surface", "real", "fake", "scores"],
            [("real points", _mean(judge.real_before)), ("made points", _mean(judge.fake_before))],
        ),
        _stage(
            "The discriminator's loss",
            "The loss is large where it was wrong. Its gradient goes back through the discriminator, layer by layer.",
            ["surface", "real", "fake", "scores"],
            [("loss", number(judge.loss)), *_gradients(judge.gradients)],
        ),
        _stage(
            "The discriminator moves",
            "Its weights take a step. The same points again: real ones should look more real to it, made ones less.",
            ["real", "fake", "scores_after"],
            _change_of(judge),
        ),
        *_generator_stages(turn.generator),
    ]


def _generator_stages(moved: GeneratorMoved | None) -> list[Stage]:
    if moved is None:
        text = "The discriminator takes several steps for each one of the generator, whose turn is yet to come."
        return [_stage("The generator waits", text, ["surface", "fake"], [])]
    longest = float(np.linalg.norm(moved.pulls, axis=1).max(initial=0.0))
    away = np.linalg.norm(moved.fake_after, axis=1)
    return [
        _stage(
            "The generator is told",
            "The discriminator stays as it is now. Each arrow says where a made point would look more real to it.",
            ["fake", "arrows"],
            [("longest arrow", number(longest))],
        ),
        _stage(
            "The generator's loss",
            "The arrows go back through the generator: the gradient of its loss, layer by layer.",
            ["fake", "arrows"],
            [("loss", number(moved.loss)), *_gradients(moved.gradients)],
        ),
        _stage(
            "The generator moves",
            "Its weights take a step: the same noise becomes other points, a little along their arrows.",
            ["real", "fake_after"],
            [("furthest from the middle", number(float(away.max(initial=0.0))))],
        ),
    ]


def _stage(name: str, text: str, layers: list[str], numbers: list[tuple[str, str]]) -> Stage:
    return {"name": name, "text": text, "layers": layers, "numbers": numbers}


def _times(shape: tuple[int, ...]) -> str:
    return " × ".join(f"{size:,}" for size in shape)


def _mean(shares: np.ndarray) -> str:
    return f"{100 * float(shares.mean()):.1f} % real"


def _change_of(judge: DiscriminatorMoved) -> list[tuple[str, str]]:
    pairs = (("real points", judge.real_before, judge.real_after), ("made points", judge.fake_before, judge.fake_after))
    return [(name, f"{100 * before.mean():.1f} % → {100 * after.mean():.1f} % real") for name, before, after in pairs]


def _gradients(lengths: Mapping[str, float]) -> list[tuple[str, str]]:
    return [(f"gradient, {name}", f"{length:.3g}") for name, length in list(lengths.items())[:MOST_LAYERS]]
