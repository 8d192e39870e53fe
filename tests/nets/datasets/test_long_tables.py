"""Long tables, read and prepared a piece at a time, give what they give as a whole; a sample of one says it is one."""

import numpy as np
import pandas as pd
import pytest

from nets.datasets.tables import own_table, pieces, preparing, profile, reading
from nets.datasets.tables.kinds import typed
from nets.datasets.tables.own_table import OwnTableConfig, keep_table, kept_table, read_table
from nets.datasets.tables.pieces import compact, read_in_pieces

ROWS = 90


def strange_csv() -> bytes:
    """A text whose columns change their looks from piece to piece."""
    rng = np.random.default_rng(0)
    places = np.arange(ROWS)
    frame = pd.DataFrame(
        {
            "row": places,
            "plain": rng.normal(size=ROWS),
            "whole": rng.integers(0, 9, ROWS),
            "late": np.where(places < 40, "", "1.5"),
            "mixed": np.where(places == 60, "none of it", rng.integers(0, 900, ROWS).astype(str)),
            "flag": rng.random(ROWS) < 0.5,
            "maybe": np.where(places % 30 < 20, "", "True"),
            "word": np.array(["x", "y", "z", ""])[rng.integers(0, 4, ROWS)],
            "day": pd.date_range("2024-01-30", periods=ROWS).strftime("%d.%m.%Y"),
            "huge": np.where(places == 50, 10**19, places * 7),
            "far": 1.7e9 + rng.random(ROWS),
        }
    )
    frame.loc[70, "whole"] = -4
    return frame.to_csv(index=False).encode()


def test_pieces_are_read_as_the_whole_is(monkeypatch):
    content = strange_csv()
    whole = typed(reading.read_cells(content).frame)
    monkeypatch.setattr(pieces, "ROWS", 10)
    monkeypatch.setattr(reading, "LONG", 100)
    read = reading.read_cells(content).frame
    assert isinstance(read["word"].dtype, pd.CategoricalDtype)
    found = typed(read)
    assert found[1:] == whole[1:]
    assert "row counts the rows" in " ".join(found[2])
    assert "1 cells of mixed are no numbers" in " ".join(found[2])
    pd.testing.assert_frame_equal(found[0], whole[0], check_categorical=False, check_dtype=False, rtol=1e-6)
    assert found[0]["far"].equals(whole[0]["far"])


def test_a_line_too_long_in_a_later_piece_is_left_out_with_a_sentence(monkeypatch):
    monkeypatch.setattr(pieces, "ROWS", 10)
    monkeypatch.setattr(reading, "LONG", 100)
    lines = ["a,b", *(f"{n},{n * n}" for n in range(40)), "1,2,3,4", "5,6"]
    own = read_table("\n".join(lines).encode())
    assert len(own.frame) == 41
    assert "more cells than the header" in " ".join(own.notes)


def test_numbers_are_halved_only_where_that_changes_nothing():
    far = np.array([1_700_000_000.25, 1_700_000_001.5, 1_700_000_003.0])
    assert compact(far).dtype == np.float64
    assert compact(np.array([1e300, 1.0])).dtype == np.float64
    assert compact(np.array([12.573, np.nan, -4.25])).dtype == np.float32
    assert compact(np.full(3, np.nan)).dtype == np.float32


def test_a_column_keeps_its_order_of_pieces():
    frame = read_in_pieces(b"1,a\n2,\n3,b\n", {"names": ["n", "w"], "header": None})
    assert frame["n"].tolist() == [1, 2, 3]
    assert frame["w"].astype(object).fillna("").tolist() == ["a", "", "b"]


@pytest.fixture
def kept(tmp_path, monkeypatch) -> OwnTableConfig:
    """A table that is kept in groups of a few rows."""
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path))
    monkeypatch.setattr(own_table, "GROUP", 11)
    own = read_table(strange_csv())
    keep_table(own)
    return OwnTableConfig.model_validate({**own.settings(), "target": ["word"]})


def test_a_sample_of_a_long_table_knows_what_the_whole_lacks(kept, monkeypatch):
    whole = kept_table(kept.upload)
    drawn = kept.sampled(30)
    assert drawn.rows == ROWS
    assert drawn.missing == pytest.approx(whole.isna().mean().to_dict())
    numbers = drawn.frame["plain"]
    assert len(numbers) == numbers.nunique() == 30
    assert set(numbers) < set(whole["plain"])
    assert kept.only(["word"]).columns.tolist() == ["word"]
    monkeypatch.setattr(profile, "SAMPLE", 30)
    found = profile.profile_of(kept)
    assert (found.rows, found.sampled) == (ROWS, 30)


@pytest.mark.parametrize("categories", ["one_hot", "embedding"])
def test_rows_become_inputs_piece_by_piece_as_they_do_at_once(kept, monkeypatch, categories):
    config = OwnTableConfig.model_validate({**kept.model_dump(), "prepare": {"categories": categories}})
    once = config.load(3)
    monkeypatch.setattr(preparing, "PIECE", 7)
    again = config.load(3)
    assert np.array_equal(once.train_x, again.train_x)
    assert np.array_equal(once.test_x, again.test_x)
