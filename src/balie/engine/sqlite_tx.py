"""A transaction on a SQLite connection. Begin and commit are the database's business."""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import chain, count
from typing import Any

from balie.engine.ports import Params, Row

_CHUNKS = (8, 4, 2, 1)
"""Rows a statement: more cost more a row, measured with 14 columns."""


class SqliteTx:
    """A transaction on one connection. Emitted items wait in ``emitted`` until the commit. ``kept`` outlives it, since
    nobody else writes."""

    lock = ""
    claim = ""
    __slots__ = ("_statements", "connection", "cursor", "emitted", "kept")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.cursor = connection.cursor()
        self._statements: dict[tuple[str, str, int, tuple[bool, ...]], str] = {}
        self.emitted: list[Any] = []
        self.kept: dict[str, Any] = {}

    def one(self, sql: str, params: Params = ()) -> Row | None:
        row: Row | None = self.cursor.execute(sql, params).fetchone()
        if row is not None:
            self.cursor.fetchall()
        return row

    def all(self, sql: str, params: Params = ()) -> list[Row]:
        return self.cursor.execute(sql, params).fetchall()

    def execute(self, sql: str, params: Params = ()) -> int:
        return self.cursor.execute(sql, params).rowcount

    def insert_many(self, table: str, columns: Sequence[str], rows: Sequence[Params], tail: str = "") -> int:
        return self._values(f"insert into {table} ({', '.join(columns)}) values", rows, tail)

    def update_many(self, table: str, key: str, columns: Sequence[str], rows: Sequence[Params]) -> int:
        sets = ", ".join(f"{name} = v.{name}" for name in columns)
        return self._values(
            f"with v ({', '.join((key, *columns))}) as (values",
            rows,
            f") update {table} set {sets} from v where {table}.{key} = v.{key}",
        )

    def _values(self, sql: str, rows: Sequence[Params], tail: str) -> int:
        # One statement per chunk, not executemany: sqlite3 gives up the GIL at each step, and on a busy event loop
        # every step would wait for its return.
        # What is the same in all rows is bound once, and blobs as bytearray: sqlite3 sends bytes through its adapters.
        found = [_bindable(column) for column in zip(*rows, strict=True)]
        same = tuple(column.count(column[0]) == len(rows) for column in found)
        shared = [column[0] for column, alike in zip(found, same, strict=True) if alike]
        rest = [column for column, alike in zip(found, same, strict=True) if not alike]
        own = list(zip(*rest, strict=True)) if rest else [()] * len(rows)
        done = touched = 0
        for size in _CHUNKS:
            while len(rows) - done >= size:
                key = (sql, tail, size, same)
                statement = self._statements.get(key)
                if statement is None:
                    statement = self._statements[key] = f"{sql} {_groups(size, same)} {tail}"
                params = [*shared, *chain.from_iterable(own[done : done + size])]
                touched += self.cursor.execute(statement, params).rowcount
                done += size
        return touched

    def positions(self, count: int) -> int:
        # Only the one writer inserts facts, so the next number cannot be taken by anybody else.
        return self.horizon() + 1

    def horizon(self) -> int:
        row = self.cursor.execute("select coalesce(max(position), 0) from fact").fetchone()
        return int(row[0])

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
            self.kept.clear()
            if self.connection.in_transaction:
                self.cursor.execute("rollback to command")
                self.cursor.execute("release command")
            raise
        self.cursor.execute("release command")


def _bindable(column: tuple[Any, ...]) -> tuple[Any, ...]:
    blobs = type(column[0]) is bytes and all(type(value) is bytes for value in column)
    return tuple(map(bytearray, column)) if blobs else column


def _groups(size: int, same: Sequence[bool]) -> str:
    """``size`` groups of numbered parameters for ``values``; those of the columns in ``same`` are the first ones and
    stand in every group."""
    fixed = count(1)
    own = count(sum(same) + 1)
    shared = [next(fixed) if alike else 0 for alike in same]
    return ",".join(f"({','.join(f'?{number or next(own)}' for number in shared)})" for _ in range(size))
