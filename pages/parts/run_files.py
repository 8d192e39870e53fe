"""Runs taken away: the files that a run can be made into."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nets.runs.problems import StoreProblem
from nets.runs.store import Store

if TYPE_CHECKING:
    from nets.export import Export

RUN_FILE, RUN_FILE_WITH_ALL = "run", "run_with_checkpoints"
TITLES = {
    RUN_FILE: "Run file, for another Playground",
    RUN_FILE_WITH_ALL: "Run file with every checkpoint",
    "script": "Script of plain PyTorch",
    "notebook": "Notebook",
    "onnx": "ONNX",
    "safetensors": "Weights (safetensors)",
    "tensorboard": "TensorBoard logs",
    "csv": "Metrics (CSV)",
}


@dataclass(frozen=True)
class Parcel:
    """What somebody asked for: a run in a format, and the file, or why there is none."""

    run: str
    format: str
    file: "Export | None" = None
    problem: str = ""


def formats() -> list[str]:
    """Return all formats, the usual ones first."""
    from nets.export import FORMATS

    return [*TITLES, *(name for name in FORMATS.names() if name not in TITLES)]


def make(store: Store, run_id: str, format: str) -> Parcel:
    """Make a run into a file of a format of ``nets.export``, or into a run file."""
    from nets.export import CannotExport, Export, export
    from nets.runs import archive
    from nets.runs.source import source_of

    run = store.get(run_id)
    if run is None:
        return Parcel(run_id, format, problem="This run is not here any more.")
    try:
        if format in (RUN_FILE, RUN_FILE_WITH_ALL):
            content = archive.save(store, run_id, every_checkpoint=format == RUN_FILE_WITH_ALL)
            file = Export(archive.file_name(run), archive.MEDIA_TYPE, content)
        else:
            file = export(source_of(store, run), format)
    except (CannotExport, archive.CannotSave, StoreProblem) as problem:
        return Parcel(run_id, format, problem=str(problem))
    return Parcel(run_id, format, file)


def size(content: bytes) -> str:
    """Return the size of a file in a few characters: 812 bytes, 3.1 KB, 24 MB."""
    count = len(content)
    if count < 1000:
        return f"{count} bytes"
    number, unit = (count / 1e3, "KB") if count < 1e6 else (count / 1e6, "MB")
    return f"{number:,.0f} {unit}" if number >= 10 else f"{number:.1f} {unit}"
