"""The notebook is valid, and its cells do what the script does."""

import json

import nbformat

from nets.export import export
from tests.nets.experiments import small
from tests.nets.export.scripts import finished, text_of


def test_a_notebook_is_valid_and_ends_like_the_run(elsewhere):
    source = finished(small({"model.dropout": 0.1, "train.schedule.kind": "cosine"}))
    file = export(source, "notebook")
    assert file.name == "20260101-run.ipynb"
    read = nbformat.reads(file.content.decode(), as_version=4)
    nbformat.validate(read)
    assert read.nbformat_minor == json.loads(file.content)["nbformat_minor"]
    cells = [cell.source for cell in read.cells if cell.cell_type == "code"]
    assert len(cells) == 6
    assert elsewhere.ends({"notebook": "\n\n".join(cells)}) == {"notebook": source.metrics}


def test_its_text_is_short_and_names_every_part():
    source = finished(small({"train.max_epochs": 1}))
    read = nbformat.reads(export(source, "notebook").content.decode(), as_version=4)
    texts = [cell.source for cell in read.cells if cell.cell_type == "markdown"]
    titles = [text.splitlines()[0] for text in texts]
    assert titles == [
        "# MLP on circle, in plain PyTorch",
        *(f"## {part}" for part in ("Settings", "Data", "Network", "Measuring", "Training")),
    ]
    assert all(text.splitlines()[1:] for text in texts)
    code = [cell.source for cell in read.cells if cell.cell_type == "code"]
    assert all(part in text_of(source) for part in code)
