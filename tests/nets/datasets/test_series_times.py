"""What the dates of somebody's series say: rows that are missing, rows that stand still, rows that go back."""

import io
from datetime import date, timedelta

import numpy as np
import pytest

from nets.datasets.series.own_reading import read_series
from nets.datasets.series.times import seconds

START = date(2024, 1, 1)


def remarks(days):
    rows = [f"{START + timedelta(days=day)},{day % 7}" for day in days]
    return read_series(io.BytesIO("\n".join(["day,value", *rows]).encode())).remarks


def test_days_without_a_gap_are_no_news():
    assert remarks(range(40)) == ("No numbers, so left out: day.",)


def test_missing_days_are_counted_and_the_widest_gap_is_named():
    said = remarks([day for day in range(40) if day not in (5, 20, 21, 22)])[-1]
    assert said.startswith("Rows are usually a day apart; at 2 places more, so about 4 are missing, ")
    assert said.endswith("the most between 2024-01-20 and 2024-01-24. They are not filled up.")


def test_they_are_found_in_a_file_that_goes_back_too():
    turned, missing = remarks([day for day in range(39, -1, -1) if day != 9])[-2:]
    assert turned == "The rows go back in time, so they were turned around."
    assert "between 2024-01-09 and 2024-01-11" in missing


def test_rows_that_stand_still_are_counted():
    assert remarks([*range(20), 19, 19, *range(20, 40)])[-1] == "Rows that are not later than the one before: 2."


def test_months_are_even_enough():
    cells = [f"{2000 + month // 12}-{month % 12 + 1:02}-01" for month in range(60)]
    rows = "\n".join(["month,value", *(f"{cell},{place}" for place, cell in enumerate(cells))])
    assert read_series(io.BytesIO(rows.encode())).remarks == ("No numbers, so left out: month.",)


@pytest.mark.parametrize("cells", [[], ["1", "2"], ["spring", "summer"], ["9999-99-99"] * 5, ["0001-01-01"] * 3])
def test_what_is_no_date_says_nothing_and_the_oldest_date_is_one(cells):
    found = seconds(cells)
    assert not np.isinf(found).any()


def test_dates_with_and_without_a_zone_stand_together():
    assert seconds(["2024-01-01T00:00:00", "2024-01-01T01:00:00+00:00"]) == pytest.approx([1704067200, 1704070800])
