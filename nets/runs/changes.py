"""Changes to a training between two steps, asked for by a page."""

from nets.problems import InvalidExperiment
from nets.runs.protocol import Edit, LoadWeights, SetParameter
from nets.training import Training
from nets.training.loading import NoWeights
from nets.training.threads import use_threads

Change = Edit | SetParameter | LoadWeights


def apply(training: Training, change: Change) -> tuple[str, bool]:
    """Return what came of a change as a sentence, and whether anything is other than before."""
    try:
        match change:
            case Edit():
                said = training.edit(change.experiment)
                training.threads = use_threads(change.experiment, change.threads)
                return said, True
            case SetParameter():
                return training.set_parameter(change.layer, change.to, change.source, change.value), True
            case LoadWeights():
                return training.load_weights(change.content), True
    except IndexError:
        return "Not changed: the network has no such weight any more", False
    except NoWeights as error:
        return str(error), False
    except (InvalidExperiment, ValueError) as error:
        return f"Not changed: {error}", False
