"""Small networks over texts, for views to look at."""

from typing import Any

from nets.experiment import Experiment
from tests.nets.experiments import small

FEW: dict[str, dict[str, Any]] = {
    "reviews": {"num_examples": 60, "max_length": 12},
    "names": {"per_language": 10, "max_length": 10},
    "dna": {"num_examples": 60, "max_length": 24, "motif": "TGACGT"},
    "topics": {"length": 2000, "seq_len": 12},
}
RECURRENT = {"kind": "rnn", "hidden_size": 5, "embedding_dim": 6}
TRANSFORMER = {"kind": "transformer", "d_model": 8, "num_heads": 2, "num_layers": 2, "feedforward_size": 8}
CONVOLUTIONS = {"kind": "conv1d", "channels": [5], "kernel": 6}
BAG = {"kind": "mlp", "hidden_sizes": [4], "embedding_dim": 6}
EVERY_STEP = {"readout": "every_step"}


def over_text(
    name: str = "reviews", model: dict[str, Any] | None = None, data: dict[str, Any] | None = None, **train: Any
) -> Experiment:
    """A small network on a few texts, a recurrent one unless ``model`` says otherwise."""
    return small(
        base={
            "version": 1,
            "data": {"kind": "text", "name": name, **FEW.get(name, {}), **(data or {})},
            "model": model or RECURRENT,
            "train": {
                "optimizer": {"kind": "adam", "learning_rate": 0.01},
                "batch_size": 20,
                "max_epochs": 1,
                **train,
            },
        }
    )


def language_model(model: dict[str, Any] | None = None, **data: Any) -> Experiment:
    """A small network that tells which token comes next."""
    return over_text("topics", {**(model or RECURRENT), **EVERY_STEP}, data)


TEXT: dict[str, list[Experiment]] = {
    "token_attribution": [over_text(), over_text("names", BAG), over_text("dna", CONVOLUTIONS)],
    "attention": [over_text(model=TRANSFORMER), language_model({**TRANSFORMER, "causal": True})],
    "words": [over_text(), over_text("names", TRANSFORMER), language_model()],
    "motifs": [over_text("dna", CONVOLUTIONS), over_text("names", {**CONVOLUTIONS, "embedding_dim": 4, "stride": 2})],
    "writing": [language_model(), language_model({**TRANSFORMER, "causal": True}, level="word")],
}
"""Every view of texts, with experiments that it can look at."""
