"""A neuron with two inputs: its weighted sum, and what its activation makes of it."""

from dataclasses import dataclass

import numpy as np

from nets.activations import ACTIVATIONS

REACH = 3.0
"""The inputs go from -REACH to REACH."""
GRID = 61
"""Places along each input."""


@dataclass(frozen=True)
class Neuron:
    """a = f(w₁x₁ + w₂x₂ + b).

    Args:
        weights: w₁ and w₂.
        bias: b.
        activation: name of f.
    """

    weights: tuple[float, float]
    bias: float
    activation: str

    def sum_and_output(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return z and a, each (N,) float32, for inputs (N, 2)."""
        import torch

        with torch.inference_mode():
            z = torch.nn.functional.linear(
                torch.as_tensor(x, dtype=torch.float32),
                torch.tensor([self.weights]),
                torch.tensor([self.bias]),
            )
            return z[:, 0].numpy(), ACTIVATIONS.get(self.activation).build()(z)[:, 0].numpy()

    def surface(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the places along an input (GRID,), and the outputs (GRID, GRID): a row for each x₂."""
        places = np.linspace(-REACH, REACH, GRID, dtype=np.float32)
        first, second = np.meshgrid(places, places)
        _, outputs = self.sum_and_output(np.stack([first.ravel(), second.ravel()], axis=1))
        return places, outputs.reshape(GRID, GRID)

    def line(self) -> tuple[np.ndarray, np.ndarray] | None:
        """Return the two ends, x₁ (2,) and x₂ (2,), of a stretch of the line where z = 0; None if there is no line."""
        normal = np.array(self.weights, dtype=np.float64)
        if not (length := float(np.hypot(*normal))):
            return None
        foot = -self.bias * normal / length**2
        along = np.array([-normal[1], normal[0]]) / length * 4 * REACH
        ends = np.stack([foot - along, foot + along])
        return ends[:, 0], ends[:, 1]
