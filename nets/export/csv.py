"""A run's numbers, one row an epoch, for a spreadsheet."""

import csv
import io

from nets.export.base import FORMATS, Format, Source, columns


def table(source: Source) -> bytes:
    """Return the epochs as comma-separated values in UTF-8; a row that lacks a metric has an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns(source.rows), restval="")
    writer.writeheader()
    writer.writerows(source.rows)
    return text.getvalue().encode()


FORMATS.add("csv", Format("The metrics of every epoch as a table", ".csv", "text/csv", table))
