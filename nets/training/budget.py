"""Is there room for a network?"""

from typing import TYPE_CHECKING

from nets.problems import InvalidExperiment, Problem

if TYPE_CHECKING:
    from nets.experiment import Experiment

MAX_PARAMETERS = 250_000_000
MAX_ACTIVATIONS = 1_000_000_000


def check_room(experiment: "Experiment", num_outputs: int, batch: int) -> None:
    """Refuse a network whose weights, or whose activations for one step, would not fit an ordinary computer.

    Raises:
        InvalidExperiment: with both figures that matter.
    """
    room = experiment.model.room(experiment.data.info(), num_outputs)
    if room.parameters > MAX_PARAMETERS:
        message = f"the network would have {room.parameters:,} parameters; at most {MAX_PARAMETERS:,} are taken"
        raise InvalidExperiment([Problem("model", message)])
    activations = room.activations * batch
    if activations > MAX_ACTIVATIONS:
        message = (
            f"one step would hold {activations:,} activations; at most {MAX_ACTIVATIONS:,} are taken: "
            f"take fewer examples than {batch:,} or a smaller network"
        )
        raise InvalidExperiment([Problem("train.batch_size", message)])
