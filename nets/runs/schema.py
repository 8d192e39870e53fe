"""The store's tables, and how an older store becomes one of today."""

from collections.abc import Callable, Sequence

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    inspect,
    select,
)

from nets.runs.problems import StoreTooNew

TABLES = MetaData()
SCHEMA = Table("playground_schema", TABLES, Column("version", Integer, nullable=False))
RUNS = Table(
    "runs",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("name", String(200), nullable=False, default=""),
    Column("experiment", JSON, nullable=False),
    Column("dataset", String(64), nullable=False, index=True),
    Column("architecture", String(64), nullable=False, index=True),
    Column("seed", Integer, nullable=False),
    Column("status", String(16), nullable=False, index=True),
    Column("reason", Text, nullable=False, default=""),
    Column("device", String(32), nullable=False, default=""),
    Column("versions", JSON, nullable=False),
    Column("parent", String(32)),
    Column("parent_step", Integer),
    Column("edited", Boolean, nullable=False, default=False),
    Column("created", Float, nullable=False, index=True),
    Column("changed", Float, nullable=False),
    Column("seconds", Float, nullable=False, default=0.0),
    Column("steps", Integer, nullable=False, default=0),
    Column("epochs", Integer, nullable=False, default=0),
    Column("parameters", Integer, nullable=False, default=0),
    Column("metrics", JSON, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("notes", Text, nullable=False, default=""),
    Column("deleted", Float),
    Column("journal_offset", Integer, nullable=False, default=0),
)
"""Times are seconds since 1970; ``metrics`` are those of the last epoch; ``deleted`` says since when."""
EPOCHS = Table(
    "epochs",
    TABLES,
    Column("run", String(32), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("step", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("metrics", JSON, nullable=False),
)

Migration = Callable[[Connection], None]


def _create_tables(connection: Connection) -> None:
    TABLES.create_all(connection)


MIGRATIONS: tuple[Migration, ...] = (_create_tables,)
"""The n-th makes a store of version n of one of version n - 1; a store that is there already is never rewritten."""


def migrate(engine: Engine, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring the database to today's version.

    Raises:
        StoreTooNew: if it is of a later version already; nothing is changed.
    """
    with engine.begin() as connection:
        known = inspect(connection).has_table(SCHEMA.name)
        version = connection.execute(select(SCHEMA.c.version)).scalar_one() if known else 0
        if version > len(migrations):
            raise StoreTooNew(
                f"The runs are kept in version {version}, by a newer Playground; this one reads up to version "
                f"{len(migrations)}. Update Playground, or set PLAYGROUND_HOME to another folder."
            )
        for migration in migrations[version:]:
            migration(connection)
        if version == len(migrations):
            return
        SCHEMA.create(connection, checkfirst=True)
        connection.execute(SCHEMA.delete())
        connection.execute(SCHEMA.insert().values(version=len(migrations)))
