"""The trained network of a run, put together again from its settings and its kept weights."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nets.export.base import CannotExport, Source

if TYPE_CHECKING:
    import numpy as np
    from torch import nn


def kept_weights(source: Source) -> "Mapping[str, np.ndarray]":
    """Return the run's weights.

    Raises:
        CannotExport: if none were kept.
    """
    if not source.weights:
        raise CannotExport("The weights of this run were not kept; export its script, which trains it again.")
    return source.weights


def trained_network(source: Source) -> "nn.Module":
    """Return the run's network on the processor, in evaluation mode.

    Raises:
        CannotExport: if no weights were kept, or they are of another network.
    """
    import torch

    from nets.export.plain.facts import blank_network

    weights = {key: torch.tensor(value) for key, value in kept_weights(source).items()}
    network = blank_network(source, source.experiment.train.objective.bind(source.experiment).num_outputs)
    source.experiment.train.objective.extend(network)
    try:
        network.load_state_dict(weights, assign=True)
    except RuntimeError:
        raise CannotExport("The kept weights are of another network than the settings describe.") from None
    return network.eval()
