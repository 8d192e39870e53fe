"""The trained network for programs that know ONNX: inputs (B, *input_shape), tokens int64, → raw outputs (B, K).

Of a network that makes examples, the part that makes them: latent numbers (B, latent), and classes (B,) int64 where it
is told some, → examples (B, *input_shape).
"""

import warnings
from typing import Any

from nets.architectures.coding import CodingConfig
from nets.export.base import FORMATS, CannotExport, Format, Source
from nets.export.networks import trained_network

FOR_TORCH_ITSELF = ("The tensor attributes .* were assigned during export", "_check_is_size will be removed")
"""How warnings begin that torch's own recurrent layers cause when they are exported."""


def onnx_model(source: Source) -> bytes:
    """Return the network as an ONNX model with any number of examples: "inputs" in, "outputs" out, float32.

    A decoder or generator takes "latent", and "labels" where it is told classes, and gives "examples".

    Raises:
        CannotExport: if the run's weights were not kept, or ONNX has nothing like this network.
    """
    import torch

    network: Any = trained_network(source).requires_grad_(False)
    model = source.experiment.model
    # Two examples: a size of one would be taken for a size that never changes.
    if isinstance(model, CodingConfig):
        network = getattr(network, "average", None) or getattr(network, "decoder", None) or network.generator
        examples: tuple[torch.Tensor, ...] = (torch.zeros(2, model.latent_dim),)
        if model.conditional:
            examples = (*examples, torch.zeros(2, dtype=torch.int64))
        names = ["latent", "labels"][: len(examples)], ["examples"]
    else:
        info = source.experiment.data.info()
        if info.vocab_size and getattr(model, "bidirectional", False):
            raise CannotExport("ONNX can't leave padding out of what is read backwards; export the script instead.")
        kind = torch.int64 if info.vocab_size else torch.float32
        examples = (torch.ones(2, *info.input_shape, dtype=kind),)
        names = ["inputs"], ["outputs"]
    batch = torch.export.Dim("batch")
    with warnings.catch_warnings():
        for message in FOR_TORCH_ITSELF:
            warnings.filterwarnings("ignore", message)
        program = torch.onnx.export(
            network,
            examples,
            dynamo=True,
            verbose=False,
            input_names=names[0],
            output_names=names[1],
            dynamic_shapes=tuple({0: batch} for _ in examples),
        )
    assert program is not None, "without a file name, torch returns the model"
    content = program.model_proto
    for key, value in {"run": source.run, "experiment": source.experiment.model_dump_json()}.items():
        content.metadata_props.add(key=key, value=value)
    return content.SerializeToString()


FORMATS.add(
    "onnx",
    Format("The trained network, for other programs and languages", ".onnx", "application/octet-stream", onnx_model),
)
