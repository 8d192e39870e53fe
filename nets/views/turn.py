"""The next turn of a game in the plane, taken apart: slow motion."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from nets.objectives.explaining import Turn, explain_next_turn
from nets.views.base import View, view
from nets.views.game import check_plane, game_of, is_verdict, surface_of

if TYPE_CHECKING:
    from nets.training import Training

SIZE = 50
"""Rows and columns of the surface."""


@dataclass(frozen=True)
class NextTurn:
    """What the next step will do: ``turn`` with its numbers, ``surface`` (S, S) uint8 what the discriminator says yet.

    ``loss`` is the game's name, ``number`` that of the step, from 1; ``is_verdict`` as ``Game`` has it.
    """

    turn: Turn
    surface: np.ndarray
    loss: str
    number: int
    is_verdict: bool


@view
class TurnView(View):
    """The next turn of a generator and a discriminator over points of the plane."""

    kind: Literal["turn"] = "turn"

    @property
    def every_seconds(self) -> float:
        """The networks are copied and take a step; nobody can follow more than a few while they train."""
        return 0.25

    def look(self, training: "Training") -> NextTurn:
        """Return the turn.

        Raises:
            ValueError: if the data are no points of the plane, or there is no game.
        """
        check_plane(training)
        turn = explain_next_turn(training)
        surface = surface_of(training, SIZE)
        return NextTurn(turn, surface, game_of(training), training.step + 1, is_verdict(training))
