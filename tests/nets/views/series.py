"""Small networks over series, for views to look at."""

from typing import Any

from nets.experiment import Experiment
from tests.nets.experiments import small


def over_series(
    name: str = "sines", model: dict[str, Any] | None = None, data: dict[str, Any] | None = None, **train: Any
) -> Experiment:
    """A small network on a short series, a recurrent one unless ``model`` says otherwise."""
    usual = {"num_examples": 60, "length": 6} if name == "first_symbol" else {"num_steps": 120, "window": 6}
    return small(
        base={
            "version": 1,
            "data": {"kind": "series", "name": name, **usual, **(data or {})},
            "model": {"kind": "rnn", "hidden_size": 5, **(model or {})}
            if (model or {}).get("kind", "rnn") == "rnn"
            else model,
            "train": {
                "optimizer": {"kind": "adam", "learning_rate": 0.01},
                "batch_size": 20,
                "max_epochs": 1,
                **train,
            },
        }
    )


TRANSFORMER = {"kind": "transformer", "d_model": 8, "num_heads": 2, "num_layers": 1, "feedforward_size": 8}
CONVOLUTIONS = {"kind": "conv1d", "channels": [4], "stride": 2}
DENSE = {"kind": "mlp"}
KINDS: dict[str, dict[str, Any]] = {
    "plain": {"cell": "rnn"},
    "lstm": {"cell": "lstm", "num_layers": 2},
    "both-ways": {"cell": "gru", "num_layers": 2, "bidirectional": True},
    "transformer": TRANSFORMER,
    "convolutions": CONVOLUTIONS,
    "dense": DENSE,
}
SERIES: dict[str, list[Experiment]] = {
    "forecast": [over_series(), over_series("lorenz", DENSE, {"horizon": 3, "scaling": "minmax"})],
    "horizons": [over_series(), over_series("random_walk", TRANSFORMER)],
    "memory": [over_series(model=model) for model in KINDS.values()] + [over_series("first_symbol")],
    "vanishing": [over_series(model=KINDS["lstm"]), over_series("first_symbol", CONVOLUTIONS)],
}
"""Every view of series, with experiments that it can look at."""
