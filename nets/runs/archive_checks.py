"""What must hold of a run file that comes from anybody: each part is checked before any of it is used.

Nothing in a file is ever executed: settings are read as JSON, metrics as numbers, weights by safetensors.
"""

import csv
import io
import json
import math
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from nets.experiment import Experiment, dump, parse
from nets.problems import InvalidExperiment, explain
from nets.runs.checkpoints import MOST

FORMAT = "playground-run"
VERSION = 1
MOST_BYTES = 200 << 20
MOST_UNPACKED = 256 << 20
MOST_SETTINGS_BYTES = 4 << 20
MOST_EPOCHS = 1_000_001
MOST_COLUMNS = 64
SETTINGS, METRICS = "run.json", "metrics.csv"
CHECKPOINT = re.compile(r"checkpoints/(\d{12}-\d{9}\.safetensors)", re.ASCII)
COLUMN = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
NUMBER = re.compile(r"-?\d{1,40}(\.\d{1,40})?(e[+-]?\d{1,3})?", re.ASCII)
PLACES = ("epoch", "step", "seconds")
LARGEST = 2**31 - 1

Count = Annotated[int, Field(ge=0, le=LARGEST)]
Seconds = Annotated[float, Field(ge=0, le=1e12)]
Line = Annotated[str, StringConstraints(max_length=64)]
RunId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,32}$")]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class DamagedRunFile(ValueError):
    """This is no run file, or it is damaged, or somebody means harm; the sentence says what is wrong with it."""


class Facts(BaseModel):
    """What a run file says of its run beside the experiment: the store's columns, each with its bounds."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, strict=True)

    id: RunId
    name: Annotated[str, StringConstraints(max_length=200)]
    status: Literal["completed", "stopped", "diverged", "failed", "interrupted"]
    reason: Annotated[str, StringConstraints(max_length=2000)]
    device: Line
    versions: Annotated[dict[Line, Line], Field(max_length=32)]
    parent: RunId | None
    parent_step: Count | None
    edited: bool
    created: Seconds
    seconds: Seconds
    steps: Count
    epochs: Count
    parameters: Count
    metrics: Annotated[dict[Line, float], Field(max_length=MOST_COLUMNS)]
    tags: Annotated[list[Tag], Field(max_length=32)]
    notes: Annotated[str, StringConstraints(max_length=20_000)]


class Settings(BaseModel):
    """A run file's settings; ``experiment_of`` checks the experiment."""

    model_config = ConfigDict(extra="forbid", strict=True)

    format: Literal["playground-run"]
    version: Literal[1]
    run: Facts
    experiment: dict[str, Any]


def unpack(content: bytes) -> dict[str, bytes]:
    """Return a file's members by name, once their names, number and sizes are what they may be.

    Raises:
        DamagedRunFile: if they are not, or the file is no zip.
    """
    if len(content) > MOST_BYTES:
        raise DamagedRunFile(f"The file has {len(content) >> 20} MB; a run file has at most {MOST_BYTES >> 20} MB.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            entries = file.infolist()
            _check_entries(entries)
            return {entry.filename: _read(file, entry) for entry in entries}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, OSError) as error:
        raise DamagedRunFile(f"This is no run file, or it is damaged: {_short(error)}.") from None
    except (NotImplementedError, RuntimeError, ValueError, OverflowError, IndexError) as error:
        if isinstance(error, DamagedRunFile):
            raise
        raise DamagedRunFile(f"The file is packed in a way that is not read here: {_short(error)}.") from None


def _check_entries(entries: Sequence[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    for name in names:
        if name not in (SETTINGS, METRICS) and not CHECKPOINT.fullmatch(name):
            raise DamagedRunFile(f"The file holds {_quoted(name)}, which has no place in a run file.")
    for name in (SETTINGS, METRICS):
        if name not in names:
            raise DamagedRunFile(f"This is no run file: it lacks {name}.")
    if len(set(names)) < len(names):
        raise DamagedRunFile("The file holds something twice.")
    if len(names) > MOST + 2:
        raise DamagedRunFile(f"The file holds {len(names) - 2} checkpoints; a run has at most {MOST}.")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise DamagedRunFile(f"Unpacked, the file would take more than {MOST_UNPACKED >> 20} MB.")


def _read(file: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.flag_bits & 1:
        raise DamagedRunFile("The file is encrypted.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DamagedRunFile("The file is packed in a way that is not read here.")
    with file.open(entry) as member:
        content = member.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise DamagedRunFile(f"{entry.filename} has another size than the file says.")
    return content


def settings_of(content: bytes) -> Settings:
    """Return the checked settings, or raise ``DamagedRunFile``."""
    if len(content) > MOST_SETTINGS_BYTES:
        raise DamagedRunFile(f"{SETTINGS} has {len(content) >> 20} MB; at most {MOST_SETTINGS_BYTES >> 20} are read.")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DamagedRunFile(f"{SETTINGS} is no JSON: {_short(error)}.") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise DamagedRunFile(f"{SETTINGS} does not say that this is a run of Playground.")
    version = found.get("version")
    if isinstance(version, int) and version > VERSION:
        raise DamagedRunFile(f"The file is of version {version}, by a newer Playground; this one reads {VERSION}.")
    try:
        return Settings.model_validate(found)
    except ValidationError as error:
        problem = explain(error, lambda _: ())[0]
        raise DamagedRunFile(f"{SETTINGS} can't be taken: {problem}.") from None
    except RecursionError:
        raise DamagedRunFile(f"{SETTINGS} is nested too deeply.") from None


def experiment_of(settings: Mapping[str, Any]) -> Experiment:
    """Return the checked experiment, or raise ``DamagedRunFile``."""
    try:
        return parse(settings)
    except InvalidExperiment as error:
        raise DamagedRunFile(f"Its experiment can't be taken: {error.problems[0]}.") from None
    except RecursionError:
        raise DamagedRunFile("Its experiment is nested too deeply.") from None


def rows_of(content: bytes) -> Iterator[dict[str, Any]]:
    """Yield the epochs of a table, each checked: epoch, step, seconds, and metrics where it has them.

    Raises:
        DamagedRunFile: at the first that is not as it should be.
    """
    try:
        lines = csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
        names = next(lines, [])
        is_table = tuple(names[:3]) == PLACES and len(set(names)) == len(names) <= MOST_COLUMNS
        if not is_table or not all(COLUMN.fullmatch(name) for name in names):
            raise DamagedRunFile(
                f"{METRICS} does not begin with the names of its columns: {', '.join(PLACES)}, metrics."
            )
        last = -1
        for count, cells in enumerate(lines, 1):
            if count > MOST_EPOCHS:
                raise DamagedRunFile(f"{METRICS} has more than {MOST_EPOCHS:,} rows.")
            if len(cells) != len(names):
                raise DamagedRunFile(f"{METRICS}, row {count}: {len(cells)} cells for {len(names)} columns.")
            row = _row(names, cells, count)
            if row["epoch"] <= last:
                raise DamagedRunFile(f"{METRICS}, row {count}: the epochs must increase.")
            last = row["epoch"]
            yield row
    except (UnicodeDecodeError, csv.Error) as error:
        raise DamagedRunFile(f"{METRICS} is no table: {_short(error)}.") from None


def _row(names: Sequence[str], cells: Sequence[str], count: int) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, cell in zip(names, cells, strict=True):
        if not cell and name not in PLACES:
            continue
        value = float(cell) if NUMBER.fullmatch(cell) else math.nan
        is_whole = name not in ("epoch", "step") or (value.is_integer() and 0 <= value <= LARGEST)
        if not math.isfinite(value) or not is_whole:
            raise DamagedRunFile(f"{METRICS}, row {count}: {name} is {_quoted(cell)}, which is no number for it.")
        row[name] = int(value) if name in ("epoch", "step") else value
    return row


def check_checkpoint(name: str, content: bytes) -> None:
    """Put a checkpoint's network together once, on the processor, as taking it up again will.

    Raises:
        DamagedRunFile: if it is none, or does not fit the experiment that it names.
    """
    from nets.runs.checkpoints import read
    from nets.training.state import DamagedState, restore

    try:
        with tempfile.TemporaryDirectory(prefix="playground-") as folder:
            path = Path(folder) / "checkpoint.safetensors"
            path.write_bytes(content)
            tensors, facts = read(path)
        experiment = parse(facts["experiment"])
        _check_weights(experiment, tensors)
        train = dump(experiment)["train"] | {"device": "cpu", "threads": 1}
        restore(tensors, {**facts, "experiment": dump(experiment) | {"train": train}})
    except DamagedRunFile as error:
        raise DamagedRunFile(f"{name}: {error}") from None
    except (DamagedState, InvalidExperiment) as error:
        raise DamagedRunFile(f"{name} can't be taken: {_short(error)}.") from None
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError, RuntimeError) as error:
        raise DamagedRunFile(f"{name} is no checkpoint of a training: {_short(error)}.") from None


def _check_weights(experiment: Experiment, tensors: Mapping[str, Any]) -> None:
    """Refuse a small file that names a huge network, before that is built."""
    from nets.training.state import WEIGHTS

    num_outputs = experiment.train.objective.bind(experiment).num_outputs
    needed = experiment.model.room(experiment.data.info(), num_outputs).parameters
    held = sum(tensor.numel() for name, tensor in tensors.items() if name.startswith(WEIGHTS))
    if held < needed:
        raise DamagedRunFile(f"the network of its experiment has {needed:,} parameters, and it holds {held:,}.")


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "…")


def _short(error: BaseException) -> str:
    lines = str(error).splitlines() or [type(error).__name__]
    return lines[0][:300].rstrip(".")
