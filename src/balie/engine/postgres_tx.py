"""A transaction on a PostgreSQL connection. Begin and commit are the database's business."""

import contextlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import psycopg

from balie.engine.ports import Params, Row
from balie.engine.postgres_arrays import column

POSITIONS_LOCK = 0x62616C6965
"""The advisory lock behind which facts get their positions; it is held until the commit."""

Types = dict[tuple[str, str], str]
"""(table, column) → the type of its values."""


class PostgresTx:
    """A transaction on one connection. Emitted items wait in ``emitted`` until the commit."""

    __slots__ = ("_types", "claim", "connection", "cursor", "emitted", "lock")

    def __init__(self, connection: psycopg.Connection[Any], types: Types, *, writes: bool = True) -> None:
        self.lock = " for update" if writes else ""
        self.claim = " for update skip locked" if writes else ""
        self.connection = connection
        self.cursor = connection.cursor()
        self._types = types
        self.emitted: list[Any] = []

    @property
    def kept(self) -> dict[str, Any]:
        # Other nodes write too, so nothing is remembered between transactions.
        return {}

    def one(self, sql: str, params: Params = ()) -> Row | None:
        row: Row | None = self.cursor.execute(_translated(sql), params).fetchone()
        return row

    def all(self, sql: str, params: Params = ()) -> list[Row]:
        return self.cursor.execute(_translated(sql), params).fetchall()

    def execute(self, sql: str, params: Params = ()) -> int:
        return self.cursor.execute(_translated(sql), params).rowcount

    def insert_many(self, table: str, columns: Sequence[str], rows: Sequence[Params], tail: str = "") -> int:
        if not rows:
            return 0
        sql = self._insert(table, tuple(columns), tail)
        return self.cursor.execute(sql, self._columns(table, columns, rows)).rowcount

    def update_many(self, table: str, key: str, columns: Sequence[str], rows: Sequence[Params]) -> int:
        if not rows:
            return 0
        sets = ", ".join(f"{name} = v.{name}" for name in columns)
        names = (key, *columns)
        sql = (
            f"update {table} set {sets} from {self._unnested(table, names)} as v ({', '.join(names)})"
            f" where {table}.{key} = v.{key}"
        )
        return self.cursor.execute(sql.encode(), self._columns(table, names, rows)).rowcount

    def positions(self, count: int) -> int:
        # One at a time, until the commit: so positions have no gaps and stand in the order of the commits.
        self.cursor.execute("select pg_advisory_xact_lock(%s)", [POSITIONS_LOCK])
        return self.horizon() + 1

    def horizon(self) -> int:
        row = self.cursor.execute("select coalesce(max(position), 0) from fact").fetchone()
        return int(row[0]) if row else 0

    def emit(self, item: Any) -> None:
        self.emitted.append(item)

    @contextlib.contextmanager
    def savepoint(self) -> Iterator[None]:
        mark = len(self.emitted)
        self.cursor.execute("savepoint command")
        try:
            yield
        except BaseException:
            del self.emitted[mark:]
            with contextlib.suppress(psycopg.Error):
                self.cursor.execute("rollback to command")
                self.cursor.execute("release command")
            raise
        self.cursor.execute("release command")

    def _insert(self, table: str, columns: tuple[str, ...], tail: str) -> bytes:
        return (
            f"insert into {table} ({', '.join(columns)}) select * from {self._unnested(table, columns)} {tail}"
        ).encode()

    def _unnested(self, table: str, columns: Sequence[str]) -> str:
        # One array a column: a statement's cost hardly depends on how many rows it carries.
        if (table, columns[0]) not in self._types:
            self._types.update(types_of(self.connection))
        return f"unnest({', '.join(f'%s::{self._types[table, name]}[]' for name in columns)})"

    def _columns(self, table: str, names: Sequence[str], rows: Sequence[Params]) -> list[Any]:
        return [
            column(self._types[table, name], values)
            for name, values in zip(names, zip(*rows, strict=True), strict=True)
        ]


def types_of(connection: psycopg.Connection[Any]) -> dict[tuple[str, str], str]:
    """The types of all columns, without their lengths: a cast to a length would cut in silence."""
    found = connection.execute(
        "select c.relname, a.attname, format_type(a.atttypid, null) from pg_attribute a"
        " join pg_class c on c.oid = a.attrelid"
        " where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attnum > 0"
        " and not a.attisdropped"
    ).fetchall()
    return {(table, column): kind for table, column, kind in found}


@lru_cache(maxsize=2_048)
def _translated(sql: str) -> bytes:
    """The common dialect's ``?`` as the driver's ``%s``."""
    return sql.replace("%", "%%").replace("?", "%s").encode()
