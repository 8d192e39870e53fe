"""Whatever people upload as a table is read, or refused with a sentence; what is changed is said."""

import datetime
import io

import numpy as np
import pandas as pd
import pytest

from nets.datasets.images.entries import BadUpload
from nets.datasets.tables.own_table import read_table
from tests.nets.datasets.hostile_tables import GOOD, NOTED, REFUSED, ROWS, excel, numbers, parquet


def test_there_are_forty():
    assert len(REFUSED) + len(NOTED) >= 40


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_a_sentence(name):
    make, words = REFUSED[name]
    with pytest.raises(BadUpload) as caught:
        read_table(make())
    assert words in str(caught.value)
    assert str(caught.value).endswith(".")
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("name", NOTED)
def test_it_is_read_and_something_is_said(name):
    make, words = NOTED[name]
    own = read_table(make())
    assert words in " ".join(own.notes)
    assert all(note.endswith(".") for note in own.notes)
    assert len(own.frame) >= ROWS
    assert [column for column, _, _ in own.columns] == list(own.frame.columns)


def test_every_way_to_write_a_table_gives_the_same_cells():
    usual = read_table(GOOD.encode()).frame
    assert list(usual.columns) == ["a", "b", "c"]
    frame = pd.read_csv(io.StringIO(GOOD))
    others = [
        GOOD.replace(",", "\t").encode(),
        GOOD.replace(",", "|").encode(),
        GOOD.replace(",", ";").replace(".", ",").encode(),
        b"sep=;\n" + GOOD.replace(",", ";").encode(),
        GOOD.encode("utf-16"),
        b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode(),
        excel(frame),
        parquet(frame),
    ]
    for content in others:
        found = read_table(content)
        pd.testing.assert_frame_equal(found.frame, usual, check_categorical=False)
        assert found.columns == read_table(GOOD.encode()).columns


def test_kinds_are_told_apart():
    days = pd.date_range("2024-01-30", periods=ROWS, freq="D")
    own = read_table(
        parquet(
            numbers(
                day=days,
                written=[f"{day:%d.%m.%Y}" for day in days],
                flag=np.arange(ROWS) % 2 == 0,
                count=np.arange(ROWS) % 4,
                money=[f"1,{n:03}.50 €" for n in range(ROWS)],
                gaps=[None, *np.arange(ROWS - 1) / 3],
            )
        )
    )
    found = {name: (kind, values) for name, kind, values in own.columns}
    assert found["day"] == found["written"] == ("date", ("month", "day", "day_of_week"))
    assert found["flag"] == ("category", ("False", "True"))
    assert found["count"] == ("number", ("0", "1", "2", "3"))
    assert found["money"] == ("number", ())
    assert found["gaps"] == ("number", ("",))
    assert own.frame["money"].iloc[3] == 1003.5
    assert own.frame["written"].iloc[0] == datetime.datetime(2024, 1, 30)


def test_long_and_different_words_are_text():
    notes = [f"note {n}: it was a long day and {n * n} things happened" for n in range(60)]
    own = read_table(parquet(pd.DataFrame({"a": np.arange(60) * 1.5, "notes": notes, "c": list("xyz") * 20})))
    assert ("notes", "text", ()) in own.columns
    assert own.settings()["ignore"] == ["notes"]
    assert own.settings()["target"] == ["c"]


def test_rows_to_be_scored_may_be_one_and_keep_columns_of_one_value():
    content = b"size,town,empty\n50.5,Bonn,\n"
    with pytest.raises(BadUpload, match="1 rows below its header"):
        read_table(content)
    own = read_table(content, to_score=True)
    assert own.columns == (("size", "number", ()), ("town", "category", ("Bonn",)))
    learnt = read_table(GOOD.encode())
    again = read_table(GOOD.encode(), to_score=True)
    assert again.digest != learnt.digest
    assert "a" in again.frame.columns
