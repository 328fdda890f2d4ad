"""A transaction on a SQLite connection. Begin and commit are the database's business."""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from balie.engine.ports import Params, Row

_CHUNKS = (8, 4, 2, 1)
"""Rows a statement: more cost more a row, measured with 14 columns."""


class SqliteTx:
    """A transaction on one connection. Emitted items wait in ``emitted`` until the commit."""

    __slots__ = ("_values", "connection", "cursor", "emitted")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.cursor = connection.cursor()
        self._values: dict[tuple[str, str, int, int], str] = {}
        self.emitted: list[Any] = []

    def one(self, sql: str, params: Params = ()) -> Row | None:
        row: Row | None = self.cursor.execute(sql, params).fetchone()
        if row is not None:
            self.cursor.fetchall()
        return row

    def all(self, sql: str, params: Params = ()) -> list[Row]:
        return self.cursor.execute(sql, params).fetchall()

    def execute(self, sql: str, params: Params = ()) -> int:
        return self.cursor.execute(sql, params).rowcount

    def insert_many(self, sql: str, rows: Sequence[Params], tail: str = "") -> int:
        # One statement per chunk, not executemany: sqlite3 gives up the GIL at each step, and on a busy event loop
        # every step would wait for its return.
        done = touched = 0
        for size in _CHUNKS:
            while len(rows) - done >= size:
                width = len(rows[done])
                statement = self._values.get((sql, tail, size, width))
                if statement is None:
                    group = f"({','.join('?' * width)})"
                    statement = f"{sql} {','.join([group] * size)} {tail}"
                    self._values[sql, tail, size, width] = statement
                params = list(chain.from_iterable(rows[done : done + size]))
                touched += self.cursor.execute(statement, params).rowcount
                done += size
        return touched

    def positions(self, count: int) -> int:
        # Only the one writer inserts facts, so the next number cannot be taken by anybody else.
        row = self.cursor.execute("select coalesce(max(position), 0) + 1 from fact").fetchone()
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
            if self.connection.in_transaction:
                self.cursor.execute("rollback to command")
                self.cursor.execute("release command")
            raise
        self.cursor.execute("release command")
