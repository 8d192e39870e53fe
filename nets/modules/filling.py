"""A small autoencoder that fills in missing numbers. Gondara and Wang (2018), "MIDA"."""

import numpy as np
import torch
from torch import nn

STEPS = 300
ROWS = 256
HIDDEN_SHARE = 0.3


class AutoencoderFiller(nn.Module):
    """Learns to give rows back of which it is shown a part of the cells; fills missing cells with what it gives.

    Args:
        seed: governs its weights, the order of rows, and what is hidden.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.seed = seed
        self.layers = nn.Sequential()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return rows (B, D), missing cells 0, as the network has them: (B, D)."""
        return self.layers(x)

    def fit(self, values: np.ndarray) -> None:
        """Learn from scaled rows (B, D) with NaN where a cell is missing: 300 steps, whatever they are."""
        generator = torch.Generator().manual_seed(self.seed)
        known = torch.from_numpy(~np.isnan(values))
        x = torch.from_numpy(np.nan_to_num(values).astype(np.float32))
        width = values.shape[1]
        narrow = max(2, width // 2)
        with torch.random.fork_rng(devices=[]):  # the first weights are drawn below: nothing outside may change
            self.layers = nn.Sequential(
                nn.Linear(width, 4 * width),
                nn.Tanh(),
                nn.Linear(4 * width, narrow),
                nn.Tanh(),
                nn.Linear(narrow, width),
            )
        with torch.no_grad():
            for parameter in self.layers.parameters():
                bound = parameter.shape[-1] ** -0.5
                parameter.copy_((torch.rand(parameter.shape, generator=generator) * 2 - 1) * bound)
        threads = torch.get_num_threads()
        torch.set_num_threads(1)  # a script has not set its own yet, and sums depend on it
        self.train_on(x, known, generator)
        torch.set_num_threads(threads)

    def train_on(self, x: torch.Tensor, known: torch.Tensor, generator: torch.Generator) -> None:
        """Take the steps, by Adam, on rows (B, D) of which some cells (B, D) are known."""
        parameters = list(self.layers.parameters())
        optimizer = torch.optim.Adam(parameters, lr=0.01)
        for _ in range(STEPS):
            rows = torch.randint(len(x), (ROWS,), generator=generator)
            shown = torch.rand((ROWS, x.shape[1]), generator=generator) > HIDDEN_SHARE
            error = (self.layers(x[rows] * shown) - x[rows]) * known[rows]
            loss = error.square().sum() / known[rows].sum().clamp(min=1)
            gradients = torch.autograd.grad(loss, parameters)
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter.grad = gradient
            optimizer.step()

    def transform(self, values: np.ndarray) -> np.ndarray:
        """Return rows (B, D) with every NaN filled in."""
        missing = np.isnan(values)
        if not missing.any():
            return values
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        with torch.no_grad():
            filled = self.layers(torch.from_numpy(np.nan_to_num(values).astype(np.float32))).numpy()
        torch.set_num_threads(threads)
        return np.where(missing, filled, values)
