"""The store's database: opened as the store wants it, and its errors turned into sentences."""

import json
from typing import Any

import orjson
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from nets.runs.problems import StoreProblem


def open_engine(url: str) -> Engine:
    """Return the engine of a database; SQLite writes ahead, so that readers never wait."""
    engine = create_engine(url, json_deserializer=_from_json)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _from_json(text: str) -> Any:
    """Return what a JSON column holds; NaN, which is no JSON, is read by the slower parser."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


def _prepare_sqlite(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class _Guard:
    """A transaction whose errors become sentences."""

    def __init__(self, engine: Engine, what: str) -> None:
        self._context = engine.begin()
        self._what = what

    def __enter__(self) -> Any:
        try:
            return self._context.__enter__()
        except SQLAlchemyError as error:
            raise StoreProblem(f"The runs can't be {self._what}: {in_short(error)}") from None

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        try:
            self._context.__exit__(kind, error, trace)
        except (SQLAlchemyError, OSError) as problem:
            raise StoreProblem(f"The runs can't be {self._what}: {in_short(problem)}") from None
        if isinstance(error, SQLAlchemyError):
            raise StoreProblem(f"The runs can't be {self._what}: {in_short(error)}") from None


def writing(engine: Engine) -> _Guard:
    """Return a transaction that writes; what goes wrong in it is a ``StoreProblem``."""
    return _Guard(engine, "written")


def reading(engine: Engine) -> _Guard:
    """Return a transaction that reads; what goes wrong in it is a ``StoreProblem``."""
    return _Guard(engine, "read")


def in_short(error: BaseException) -> str:
    """Return an error of a database or the system in one line."""
    cause = getattr(error, "orig", None) or error
    return str(getattr(cause, "strerror", None) or cause).splitlines()[0]
