"""The trained weights in a file that can hold nothing but numbers."""

from nets.export.base import FORMATS, Format, Source
from nets.export.networks import kept_weights


def weights_file(source: Source) -> bytes:
    """Return the state_dict, with the experiment's JSON and the run's id in the metadata.

    Raises:
        CannotExport: if the run's weights were not kept.
    """
    import numpy as np
    from safetensors.numpy import save

    tensors = {key: np.ascontiguousarray(value) for key, value in kept_weights(source).items()}
    return save(tensors, metadata={"run": source.run, "experiment": source.experiment.model_dump_json()})


FORMATS.add(
    "safetensors",
    Format(
        "The trained weights alone, with the settings beside them",
        ".safetensors",
        "application/octet-stream",
        weights_file,
    ),
)
