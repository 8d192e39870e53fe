"""The trained network for programs that know ONNX: inputs (B, *input_shape) → raw outputs (B, K)."""

from nets.export.base import FORMATS, Format, Source
from nets.export.networks import trained_network


def onnx_model(source: Source) -> bytes:
    """Return the network as an ONNX model with any number of examples: "inputs" in, "outputs" out, float32.

    Raises:
        CannotExport: if the run's weights were not kept.
    """
    import torch

    network = trained_network(source)
    # Two examples: a size of one would be taken for a size that never changes.
    example = torch.zeros(2, *source.experiment.data.info().input_shape)
    program = torch.onnx.export(
        network,
        (example,),
        dynamo=True,
        verbose=False,
        input_names=["inputs"],
        output_names=["outputs"],
        dynamic_shapes=({0: torch.export.Dim("batch")},),
    )
    assert program is not None, "without a file name, torch returns the model"
    model = program.model_proto
    for key, value in {"run": source.run, "experiment": source.experiment.model_dump_json()}.items():
        model.metadata_props.add(key=key, value=value)
    return model.SerializeToString()


FORMATS.add(
    "onnx",
    Format("The trained network, for other programs and languages", ".onnx", "application/octet-stream", onnx_model),
)
