"""A transaction on a SQLite connection. Begin and commit are the database's business."""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from balie.engine.ports import Params, Row

_CHUNKS = (32, 8, 1)
"""Rows a statement. sqlite3 gives up the GIL at each, and on a busy event loop each waits for its return."""


class SqliteTx:
    """A transaction on one connection. Emitted items wait in ``emitted`` until the commit. ``kept`` outlives it, since
    nobody else writes."""

    lock = ""
    claim = ""
    __slots__ = ("connection", "cursor", "emitted", "kept")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.cursor = connection.cursor()
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
        done = stored = 0
        for size in _CHUNKS:
            while len(rows) - done >= size:
                sql = _insert(table, tuple(columns), size, tail)
                stored += self.cursor.execute(sql, _bindable(rows[done : done + size])).rowcount
                done += size
        return stored

    def update_many(self, table: str, key: str, columns: Sequence[str], rows: Sequence[Params]) -> int:
        sets = ", ".join(f"{name} = ?{number}" for number, name in enumerate(columns, 2))
        sql = f"update {table} set {sets} where {key} = ?1"
        return self.cursor.executemany(sql, (_bindable([row]) for row in rows)).rowcount if rows else 0

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


@lru_cache(maxsize=128)
def _insert(table: str, columns: tuple[str, ...], size: int, tail: str) -> str:
    # ``or fail`` saves the statement a journal of its own: every write runs in a savepoint, which undoes it when it
    # fails.
    group = f"({','.join('?' * len(columns))})"
    return f"insert or fail into {table} ({', '.join(columns)}) values {','.join([group] * size)} {tail}"


def _bindable(rows: Sequence[Params]) -> list[Any]:
    # sqlite3 sends bytes, and no other type of ours, through its adapters, which costs as much as storing them.
    return [bytearray(value) if type(value) is bytes else value for row in rows for value in row]
