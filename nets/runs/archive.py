"""Run files: one run in one zip, with its settings, its metrics and its checkpoints as safetensors.

A file may come from anybody: ``archive_checks`` looks at all of it before anything is written.
"""

import csv
import io
import math
import re
import shutil
import time
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from nets.experiment import Experiment, dump
from nets.runs import archive_checks as checks
from nets.runs.archive_checks import METRICS, MOST_BYTES, PLACES, SETTINGS, DamagedRunFile
from nets.runs.checkpoints import write_atomically
from nets.runs.ids import new_run_id
from nets.runs.protocol import ENDED
from nets.runs.store import Store, StoredRun

__all__ = ["MEDIA_TYPE", "SUFFIX", "UPLOADED", "CannotSave", "DamagedRunFile", "file_name", "load", "save"]

SUFFIX = ".run.zip"
MEDIA_TYPE = "application/zip"
UPLOADED = "uploaded"


class CannotSave(ValueError):
    """A run that no run file can hold; the sentence says why."""


def file_name(run: StoredRun) -> str:
    """Return a name for a run's file that is safe on every system."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", f"{run.name or run.dataset}-{run.architecture}").strip("-").lower()[:60]
    return f"{words}-{run.id}{SUFFIX}"


def save(store: Store, run_id: str, *, every_checkpoint: bool = False) -> bytes:
    """Return a run as a file: settings, metrics, and the last checkpoint or all of them.

    Raises:
        CannotSave: if there is no such run, or it is too large.
        StoreProblem: if the store can't be read.
    """
    run = store.get(run_id)
    if run is None:
        raise CannotSave("This run is not here any more.")
    checkpoints = store.checkpoints(run_id)
    chosen = checkpoints if every_checkpoint else checkpoints[-1:]
    size = sum(checkpoint.size() for checkpoint in chosen)
    if size > MOST_BYTES - checks.MOST_SETTINGS_BYTES:
        less = "save it with its last checkpoint alone" if len(chosen) > 1 else "export its script or its weights"
        raise CannotSave(f"The file would have {size >> 20} MB, and at most {MOST_BYTES >> 20} MB are read: {less}.")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(SETTINGS, orjson.dumps(_described(run), option=orjson.OPT_INDENT_2))
        file.writestr(METRICS, _table(store.rows(run_id)))
        for checkpoint in chosen:
            try:
                content = checkpoint.path.read_bytes()
            except OSError:  # a run that trains has just dropped it for a newer one
                continue
            # Weights look like noise: packing them would take seconds and gain nothing.
            file.writestr(f"checkpoints/{checkpoint.path.name}", content, zipfile.ZIP_STORED)
    return packed.getvalue()


def load(store: Store, content: bytes) -> str:
    """Enter the run of a file into the store, tagged as uploaded, and return its new id.

    Raises:
        DamagedRunFile: if anything in the file is not as it should be; nothing was written then.
        StoreProblem: if the store can't be written.
    """
    members = checks.unpack(content)
    settings = checks.settings_of(members.pop(SETTINGS))
    experiment = checks.experiment_of(settings.experiment)
    rows = list(checks.rows_of(members.pop(METRICS)))
    for name, checkpoint in members.items():
        checks.check_checkpoint(name, checkpoint)
    run_id = new_run_id()
    folder = store.folder(run_id)
    try:
        for name, checkpoint in members.items():
            write_atomically(folder / "checkpoints" / Path(name).name, checkpoint)
        store.add(run_id, _columns(settings.run, experiment), rows)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return run_id


def _columns(facts: checks.Facts, experiment: Experiment) -> dict[str, Any]:
    """Return a run's columns of the store."""
    values = facts.model_dump(exclude={"id"})
    tags = [*(tag for tag in facts.tags if tag != UPLOADED), UPLOADED]
    return {
        **values,
        "experiment": dump(experiment),
        "dataset": experiment.data.name,
        "architecture": experiment.model.kind,
        "seed": experiment.train.seed,
        "created": min(facts.created, time.time()),
        "tags": tags,
    }


def _described(run: StoredRun) -> dict[str, Any]:
    """Return what ``run.json`` holds: the columns, cut to what may be read again."""
    facts = {name: getattr(run, name) for name in checks.Facts.model_fields}
    if run.status not in ENDED:
        facts |= {"status": "interrupted", "reason": "It had not come to its end when it was saved."}
    facts["reason"] = facts["reason"][:2000]
    facts["metrics"] = {name: float(value) for name, value in run.metrics.items() if _is_number(value)}
    facts["tags"] = [str(tag)[:40] for tag in run.tags if tag][:31]
    facts["notes"] = run.notes[:20_000]
    return {"format": checks.FORMAT, "version": checks.VERSION, "run": facts, "experiment": run.experiment}


def _table(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the epochs as comma-separated values; floats are exact, and what is no finite number is left out."""
    names = dict.fromkeys(name for row in rows for name in row if name not in PLACES)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*PLACES, *names])
    for row in rows:
        metrics = (repr(float(row[name])) if _is_number(row.get(name)) else "" for name in names)
        writer.writerow([row["epoch"], row["step"], repr(float(row["seconds"])), *metrics])
    return text.getvalue().encode()


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)
