"""A run's curves and settings as the logs that TensorBoard shows, in a zip."""

import io
import json
import tempfile
import zipfile
from pathlib import Path

from nets.export.base import FORMATS, Format, Source, columns, file_stem

NO_CURVES = ("epoch", "step")


def log_folder(source: Source) -> bytes:
    """Return a zip with one folder, named by the run: ``tensorboard --logdir`` on where it was unpacked shows it.

    Curves are over epochs: train_loss is loss/train, so that TensorBoard puts training and test side by side.
    """
    from tensorboardX import SummaryWriter  # type: ignore[import-untyped]

    stem = file_stem(source.run)
    with tempfile.TemporaryDirectory() as folder:
        with SummaryWriter(folder, write_to_disk=True) as writer:
            for row in source.rows:
                for column in columns(source.rows):
                    if column in row and column not in NO_CURVES:
                        writer.add_scalar(_tag(column), row[column], int(row["epoch"]), walltime=float(row["epoch"]))
            settings = json.dumps(json.loads(source.experiment.model_dump_json()), indent=2)
            writer.add_text("experiment", f"```json\n{settings}\n```")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(Path(folder).iterdir()):
                archive.write(file, f"{stem}/{file.name}")
    return packed.getvalue()


def _tag(column: str) -> str:
    part, _, metric = column.partition("_")
    return f"{metric}/{part}" if part in ("train", "valid", "test") else column


FORMATS.add("tensorboard", Format("Logs that TensorBoard shows", ".zip", "application/zip", log_folder))
