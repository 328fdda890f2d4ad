"""The whole database at once, beside a running desk: for checks, back-up and restore. Opened by URL.

Unlike the doors of ``ports.Database`` this works outside the event loop, on a connection of its own. PostgreSQL's half
stands in ``whole_postgres``: who has SQLite does not wait for its driver.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from balie.engine.ports import DamagedError, Params, Row, UnavailableError

ROWS_AT_ONCE = 2_000


class Reader(Protocol):
    """One committed snapshot. SQL in the common dialect with ``?`` for parameters."""

    def all(self, sql: str, params: Params = ()) -> list[Row]: ...

    def pieces(self, sql: str, params: Params = ()) -> Iterator[list[Row]]:
        """The rows in lists of at most ROWS_AT_ONCE, in constant memory."""
        ...

    def shapes(self) -> "list[Shape]":
        """All tables but Alembic's own; a table stands behind those it refers to."""
        ...


class Column(msgspec.Struct, frozen=True):
    """``kind``: what its values are, in whichever engine."""

    name: str
    kind: Literal["text", "integer", "boolean", "bytes", "real"]


class Shape(msgspec.Struct, frozen=True):
    """A table as it stands in the database."""

    name: str
    columns: Sequence[Column]


class Whole(Protocol):
    """A database that is only read. All raise ``UnavailableError`` when it cannot be reached, and ``DamagedError`` when
    the engine meets something that it cannot read."""

    def snapshot(self, *, lenient: bool = False) -> AbstractContextManager[Reader]:
        """Text that is no UTF-8 is damage; ``lenient``, it comes with surrogates in place of the bad bytes, slowly."""
        ...

    def own_check(self) -> Iterator[str]:
        """What the engine's own check of pages and indexes finds; nothing when all is well or there is no check."""
        ...

    def own_check_named(self) -> str:
        """The name of that check; empty when this database has none."""
        ...


def whole(url: str) -> Whole:
    """The database at ``url``, for reading."""
    if url.startswith("sqlite:///"):
        return _SqliteWhole(Path(url.removeprefix("sqlite:///")))
    from balie.engine.whole_postgres import PostgresWhole

    return PostgresWhole(url)


class _SqliteReader:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self, sql: str, params: Params = ()) -> list[Row]:
        return self._connection.execute(sql, params).fetchall()

    def pieces(self, sql: str, params: Params = ()) -> Iterator[list[Row]]:
        cursor = self._connection.execute(sql, params)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield rows

    def shapes(self) -> list[Shape]:
        names = [
            row[0]
            for row in self.all(
                "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"
            )
        ]
        columns = {name: self.all("select name, type from pragma_table_info(?)", [name]) for name in names}
        needs = {
            name: {row[0] for row in self.all('select "table" from pragma_foreign_key_list(?)', [name])}
            for name in names
        }
        return sorted_shapes(columns, needs)


class _SqliteWhole:
    """Keeps its connection, and so the pages that it read, from one snapshot to the next."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept: sqlite3.Connection | None = None

    def __del__(self) -> None:
        if self._kept is not None:
            self._kept.close()

    @contextmanager
    def snapshot(self, *, lenient: bool = False) -> Iterator[Reader]:
        with self._connected() as connection:
            connection.text_factory = _lenient if lenient else str
            connection.execute("begin")
            connection.execute("select 1 from sqlite_master").fetchone()  # now the snapshot begins
            try:
                yield _SqliteReader(connection)
            finally:
                connection.rollback()

    def own_check(self) -> Iterator[str]:
        with self._connected() as connection:
            for (word,) in connection.execute("pragma integrity_check(100)"):
                if word != "ok":
                    yield word

    def own_check_named(self) -> str:
        return "integrity_check"

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        if not self._path.exists():
            raise UnavailableError(f"there is no database at {self._path}")
        try:
            if self._kept is None:
                self._kept = sqlite3.connect(
                    self._path, isolation_level=None, timeout=30, check_same_thread=False
                )
                self._kept.execute("pragma query_only=on")
                self._kept.execute("pragma cache_size=-65536")
            yield self._kept
        except sqlite3.DatabaseError as error:
            code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
            # Without a code it is the driver that could not make text of what it read.
            if code in (0, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR):
                raise DamagedError(str(error)) from error
            raise UnavailableError(f"{self._path} cannot be read: {error}") from error


def _lenient(raw: bytes) -> str:
    return raw.decode(errors="surrogateescape")


def sorted_shapes(columns: Mapping[str, Sequence[Row]], needs: Mapping[str, set[str]]) -> list[Shape]:
    """The tables by their ``columns`` (name, declared type), each behind those that it ``needs``."""
    order = TopologicalSorter({name: sorted(needs[name] - {name}) for name in sorted(columns)}).static_order()
    return [
        Shape(name, [Column(column, _kind(declared)) for column, declared in columns[name]])
        for name in order
        if name != "alembic_version"
    ]


def _kind(declared: str) -> Literal["text", "integer", "boolean", "bytes", "real"]:
    declared = declared.lower()
    if "bool" in declared:
        return "boolean"
    if "int" in declared:
        return "integer"
    if "blob" in declared or "binary" in declared or declared == "bytea":
        return "bytes"
    if any(word in declared for word in ("char", "text", "clob")):
        return "text"
    if any(word in declared for word in ("real", "double", "float")):
        return "real"
    raise ValueError(f"a back-up does not know columns of type {declared}")
