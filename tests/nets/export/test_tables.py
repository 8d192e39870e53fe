"""A run's numbers for other programs: CSV, and the logs that TensorBoard shows."""

import csv
import dataclasses
import io
import json
import math
import zipfile
from pathlib import PurePosixPath

import pytest
from tensorboard.backend.event_processing.event_accumulator import (  # type: ignore[import-untyped]
    EventAccumulator,
)

from nets.export import Source, export
from tests.nets.experiments import small
from tests.nets.export.scripts import finished


@pytest.fixture(scope="module")
def source() -> Source:
    """A run with rows that differ in what they hold."""
    run = finished(small({"train.max_epochs": 5}))
    last = {**run.rows[-1], "learning_rate": 0.1, "test_loss": math.nan}
    return dataclasses.replace(run, rows=[*run.rows[:-1], last])


def test_a_table_has_every_number(source):
    file = export(source, "csv")
    assert file.media_type == "text/csv"
    rows = list(csv.DictReader(io.StringIO(file.content.decode(), newline="")))
    assert list(rows[0]) == ["epoch", "step", *source.metrics, "learning_rate"]
    for found, row in zip(rows, source.rows, strict=True):
        assert {name: repr(float(value)) for name, value in found.items() if value} == {
            name: repr(float(value)) for name, value in row.items()
        }


def test_a_run_without_epochs_has_an_empty_table():
    assert export(Source("r", small()), "csv").content.strip() == b""


def test_tensorboard_reads_the_curves(source, tmp_path):
    file = export(source, "tensorboard")
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert archive.testzip() is None
        names = [PurePosixPath(name) for name in archive.namelist()]
        archive.extractall(tmp_path)
    assert [name.parts[0] for name in names] == [source.run]
    assert names[0].name.startswith("events.out.tfevents.")
    logs = EventAccumulator(str(tmp_path / source.run), size_guidance={"scalars": 0})
    logs.Reload()
    assert set(logs.Tags()["scalars"]) == {
        "loss/train",
        "loss/test",
        "accuracy/train",
        "accuracy/test",
        "f1/train",
        "f1/test",
        "learning_rate",
    }
    curve = logs.Scalars("loss/train")
    assert [point.step for point in curve] == [row["epoch"] for row in source.rows]
    assert [point.value for point in curve] == pytest.approx([row["train_loss"] for row in source.rows])
    assert [point.step for point in logs.Scalars("learning_rate")] == [5]


def test_tensorboard_shows_the_settings(source, tmp_path):
    with zipfile.ZipFile(io.BytesIO(export(source, "tensorboard").content)) as archive:
        archive.extractall(tmp_path)
    logs = EventAccumulator(str(tmp_path / source.run))
    logs.Reload()
    (event,) = logs.Tensors("experiment/text_summary")
    text = event.tensor_proto.string_val[0].decode()
    settings = json.loads(text.removeprefix("```json\n").removesuffix("\n```"))
    assert settings == source.experiment.model_dump(mode="json")


@pytest.mark.parametrize("run", ["../../etc", "/root", "C:\\x", "a/b", "", "..", "\u202e"])
def test_a_folder_in_the_zip_never_leads_out(run, source):
    content = export(dataclasses.replace(source, run=run), "tensorboard").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            path = PurePosixPath(name)
            assert not path.is_absolute()
            assert len(path.parts) == 2
            assert not set(name) & {"\\", ":"}
            assert ".." not in path.parts
