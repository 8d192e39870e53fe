"""The user's own table, out of a file that was uploaded."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, StringConstraints

from nets.datasets.base import Split, dataset
from nets.datasets.images.entries import BadUpload
from nets.datasets.tables.base import TableConfig
from nets.datasets.tables.columns import Columns
from nets.datasets.tables.reading import MOST_BYTES
from nets.datasets.tables.sampling import Sampled, sample_of_file
from nets.datasets.tables.settings import Derived
from nets.datasets.uploads import Digest, Shelf, say, why_not
from nets.problems import InvalidExperiment, Problem

if TYPE_CHECKING:
    import pandas as pd

SHELF = Shelf("own", "a table", ".parquet")
GROUP = 50_000
"""Rows that are written, and read for a sample, at once."""
FILE = "table.parquet"
"""What an exported script calls the table: the Tables screen gives it as it was kept."""
Word = Annotated[str, StringConstraints(max_length=100)]
Described = tuple[
    Annotated[str, StringConstraints(min_length=1, max_length=100)],
    Literal["number", "category", "date", "text"],
    Annotated[tuple[Word, ...], Field(max_length=60)],
]


def _names_of_columns(layout: tuple[Described, ...]) -> tuple[Described, ...]:
    names = [name for name, _, _ in layout]
    if len(set(names)) < len(names):
        raise ValueError("names a column twice")
    parts = {"year", "month", "day", "day_of_week", "hour", ""}
    for name, kind, values in layout:
        if kind == "category" and not any(values):
            raise ValueError(f"says nothing of the values of {name}")
        if kind == "date" and not parts.issuperset(values):
            raise ValueError(f"got {values} as parts of the date {name}; they are year, month, day, day_of_week, hour")
    return layout


@dataclass(frozen=True)
class OwnTable:
    """What a file holds: typed rows, what the columns are, and a sentence about each thing that was noticed."""

    digest: str
    frame: "pd.DataFrame"
    columns: Columns
    notes: tuple[str, ...] = ()

    def settings(self) -> dict[str, Any]:
        """Return the fields of a config that begins with this table: the last column is predicted, text ignored."""
        usable = [name for name, kind, _ in self.columns if kind in ("number", "category")]
        if not usable:
            raise BadUpload("The table has no column of numbers or categories to predict.")
        texts = [name for name, kind, _ in self.columns if kind == "text"]
        if len(self.columns) - len(texts) < 2:
            texts = []
        return {
            "upload": self.digest,
            "layout": [[name, kind, list(values)] for name, kind, values in self.columns],
            "target": [usable[-1]],
            "ignore": texts,
            "prepare": {"text": "hash" if not texts else "refuse"},
        }


@dataset
class OwnTableConfig(TableConfig):
    """Rows of a table that was uploaded."""

    help = "Your own table: CSV, TSV, Excel or Parquet"
    from_file: ClassVar[tuple[str, ...]] = ("path",)
    """What the command line takes in place of an upload."""

    name: Literal["own_table"] = "own_table"
    upload: Digest = ""
    """Which table: the SHA-256 sum of its file."""
    layout: Annotated[tuple[Described, ...], Field(min_length=2, max_length=300), AfterValidator(_names_of_columns)] = (
        ("x", "number", ()),
        ("y", "number", ()),
    )
    """The columns: name, kind (number, category, date, text), and known values, or parts of a date; an empty string
    among them says that some cells are missing."""

    @classmethod
    def taken(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings that stand for a file on this computer, whose rows are kept.

        Args:
            given: ``path``, and what was said of the data beside it, which wins over what the file suggests.

        Raises:
            InvalidExperiment: if the file can't be taken.
        """
        try:
            with Path(str(given["path"])).open("rb") as file:
                own = read_table(file.read(MOST_BYTES + 1))
            keep_table(own)
        except (BadUpload, OSError) as error:
            raise InvalidExperiment([Problem("data.path", why_not(error))]) from None
        say(own.notes)
        found = own.settings()
        chosen = {name: given[name] for name in ("target", "ignore", "prepare") if name in given}
        if isinstance(prepare := chosen.get("prepare"), Mapping):
            chosen["prepare"] = {**found["prepare"], **prepare}
        return {**found, **chosen}

    @Derived
    def columns(self) -> Columns:
        """Return the columns."""
        return self.layout

    @Derived
    def usual(self) -> tuple[str, ...]:
        """Return the last column that can be predicted."""
        return tuple(name for name, kind, _ in self.layout if kind in ("number", "category"))[-1:]

    def frame(self) -> "pd.DataFrame":
        """Return the rows as they were kept.

        Raises:
            InvalidExperiment: if nothing was uploaded, or not here, or it has other columns.
        """
        frame = kept_table(self.upload)
        if missing := [name for name, _, _ in self.layout if name not in frame.columns]:
            raise InvalidExperiment([Problem("data.layout", f"the table has no column {missing[0]!r}")])
        return frame

    def only(self, names: Sequence[str]) -> "pd.DataFrame":
        """Return some columns of the rows; the others are not read."""
        return kept_table(self.upload, names)

    def sampled(self, count: int) -> Sampled:
        """Return rows drawn by chance; a long table is never in memory as a whole."""
        with SHELF.reading(self.upload) as path:
            drawn = sample_of_file(path, count)
        return drawn or super().sampled(count)

    def load(self, seed: int) -> Split:
        """Return the rows, prepared; what reading them took is given back, so that it is not held beside them."""
        from pyarrow import default_memory_pool

        try:
            return super().load(seed)
        finally:
            default_memory_pool().release_unused()

    def rows_in_script(self) -> "pd.DataFrame":
        """Return the rows as they were kept: the file lies beside the script."""
        import pandas as pd

        return pd.read_parquet(FILE)


def read_table(content: bytes, *, to_score: bool = False) -> OwnTable:
    """Return the table in the bytes of a file.

    Args:
        content: of the file.
        to_score: is it read for a network's answers to its rows? Then one row is enough, and a column of one value
            stays. It is kept under a name of its own.

    Raises:
        BadUpload: saying what is wrong with it.
    """
    from hashlib import sha256

    from nets.datasets.tables.kinds import typed
    from nets.datasets.tables.reading import FEWEST_ROWS, read_cells

    raw = read_cells(content, 1 if to_score else FEWEST_ROWS)
    frame, columns, notes = typed(raw.frame, keeps_all=to_score)
    digest = sha256(content + b"to score" if to_score else content).hexdigest()
    return OwnTable(digest, frame, columns, (*raw.notes, *notes))


def keep_table(own: OwnTable) -> None:
    """Keep a table for runs to come, typed as it is.

    Raises:
        OSError: if it can't be written.
    """
    from pyarrow import Table, parquet

    table = Table.from_pandas(own.frame, preserve_index=False)
    said = json.dumps({"columns": own.columns, "notes": own.notes}).encode()
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), b"playground": said})
    words: Any = [name for name, kind, _ in own.columns if kind != "number"]
    with SHELF.writing(own.digest) as file:
        parquet.write_table(table, file, compression="snappy", use_dictionary=words, row_group_size=GROUP)


def kept_table(digest: str, names: Sequence[str] | None = None) -> "pd.DataFrame":
    """Return the rows of an upload as they were kept; of ``names`` only these columns.

    Raises:
        InvalidExperiment: if nothing of it is here.
    """
    from pyarrow import parquet

    with SHELF.reading(digest) as path:
        table = parquet.read_table(path, columns=None if names is None else list(names))
        frame: pd.DataFrame = table.to_pandas(split_blocks=True, self_destruct=True)
        return frame


def kept_notes(digest: str) -> tuple[str, ...]:
    """Return what was noticed when an upload was read; nothing where it is not here."""
    from pyarrow import parquet

    try:
        said: Mapping[bytes, bytes] = parquet.read_schema(SHELF.file(digest)).metadata or {}
        return tuple(json.loads(said[b"playground"])["notes"])
    except (OSError, ValueError, KeyError):
        return ()
