"""The embedded database: SQLite in WAL mode, one writer thread that commits for many callers at once.

``synchronous=FULL``: a commit is on disk before anybody hears of it (invariants I1 and I5).
"""

import contextlib
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import structlog

from balie.engine.group import GroupDatabase
from balie.engine.ports import Tx, UnavailableError
from balie.engine.sqlite_tx import SqliteTx

T = TypeVar("T")
log = structlog.get_logger(__name__)

_BUSY_TIMEOUT_MS = 5_000
_STORE_FAILED = (
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB,
)  # fmt: skip
_UNTRUSTED = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
"""After these the page cache may disagree with the file: a failed fsync is never retried as if fine."""


class SqliteDatabase(GroupDatabase[SqliteTx]):
    """Database port on one SQLite file."""

    alone = True

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []

    def _open(self) -> SqliteTx:
        connection = self._connect()
        row = connection.execute("select epoch from history").fetchone()
        self._epoch = str(row[0])
        return SqliteTx(connection)

    def _close(self) -> None:
        for connection in self._opened:
            connection.close()
        self._opened.clear()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, isolation_level=None, check_same_thread=False, cached_statements=256, timeout=0
        )
        connection.execute(f"pragma busy_timeout={_BUSY_TIMEOUT_MS}")
        connection.execute("pragma journal_mode=wal")
        connection.execute("pragma synchronous=full")
        connection.execute("pragma foreign_keys=on")
        connection.execute("pragma cache_size=-65536")
        # What a savepoint may have to undo is kept in memory, not in a file for each commit.
        connection.execute("pragma temp_store=memory")
        # The default of 1,000 pages is one busy commit: then every commit would copy the log into the database.
        connection.execute("pragma wal_autocheckpoint=8000")
        self._opened.append(connection)
        return connection

    def _drop(self, connection: sqlite3.Connection) -> None:
        with contextlib.suppress(sqlite3.Error):
            connection.close()
        if connection in self._opened:
            self._opened.remove(connection)

    def _read(self, fn: Callable[[Tx], T]) -> T:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        try:
            if connection is None:
                connection = self._local.connection = self._connect()
                connection.execute("pragma query_only=on")
            connection.execute("begin")
            try:
                return fn(SqliteTx(connection))
            finally:
                if connection.in_transaction:
                    connection.execute("rollback")
        except sqlite3.DatabaseError as error:
            if not self._is_store_error(error):
                raise
            if _code(error) in _UNTRUSTED and connection is not None:
                self._local.connection = None
                self._drop(connection)
            raise UnavailableError(f"the database cannot be used now: {error}") from error

    def _begin(self, tx: SqliteTx) -> SqliteTx:
        tx.cursor.execute("begin immediate")
        return tx

    def _end(self, tx: SqliteTx) -> None:
        if not tx.connection.in_transaction:
            raise sqlite3.OperationalError("the transaction was rolled back by the engine")
        tx.cursor.execute("commit")

    def _undo(self, tx: SqliteTx, error: Exception) -> SqliteTx:
        tx.kept.clear()
        with contextlib.suppress(sqlite3.Error):
            if tx.connection.in_transaction:
                tx.cursor.execute("rollback")
        if _code(error) not in _UNTRUSTED and not isinstance(error, sqlite3.ProgrammingError):
            return tx
        self._drop(tx.connection)
        try:
            return SqliteTx(self._connect())
        except sqlite3.Error as again:
            log.warning("reopen_failed", error=str(again))
            return tx

    def _is_over(self, tx: SqliteTx, error: Exception) -> bool:
        return not tx.connection.in_transaction or _code(error) in _STORE_FAILED

    def _is_store_error(self, error: object) -> bool:
        return isinstance(error, sqlite3.OperationalError) or _code(error) in _STORE_FAILED


def _code(error: object) -> int:
    """SQLite's primary result code."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
