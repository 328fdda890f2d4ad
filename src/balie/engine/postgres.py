"""The scale-out database: PostgreSQL, which several nodes share. Each node has one writer connection that commits for
many callers at once, and a few readers.

A commit is on disk before anybody hears of it (invariants I1 and I5). When the connection breaks in the midst of a
commit its outcome is unknown: the callers hear UnavailableError and repeat, which their keys make harmless.
"""

import contextlib
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from balie.engine.group import GroupDatabase
from balie.engine.ports import Tx, UnavailableError
from balie.engine.postgres_tx import PostgresTx, Types, types_of

T = TypeVar("T")
CONNECT_TIMEOUT_S = 5
_WRITER_IDLE = "3s"
"""A node that stands still in a transaction must not hold the others up for long: its locks end with it."""
_READER_IDLE = "60s"
_CONNECTION: dict[str, Any] = {
    "connect_timeout": CONNECT_TIMEOUT_S,
    "target_session_attrs": "read-write",
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "application_name": "balie",
}
_SESSION = {
    "statement_timeout": "30s",
    "client_encoding": "UTF8",
    "timezone": "UTC",
    # A node that vanished takes its locks along.
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
}
_STORE_FAILED = (
    psycopg.OperationalError,
    psycopg.InternalError,
    errors.ReadOnlySqlTransaction,
    errors.InsufficientResources,
)
_ANOTHER_WRITER = (errors.SerializationFailure, errors.DeadlockDetected, errors.UniqueViolation)
_STALE_READS = 2


class PostgresDatabase(GroupDatabase[PostgresTx]):
    """Database port on one PostgreSQL database. ``url``: a libpq connection string; it may name several hosts, of which
    the one that takes writes is used."""

    alone = False

    def __init__(self, url: str, lock_timeout_s: int = 10) -> None:
        super().__init__()
        self._url = url
        self._session = _SESSION | {"lock_timeout": f"{lock_timeout_s}s"}
        self._local = threading.local()
        self._opened: list[psycopg.Connection[Any]] = []
        self._types: Types = {}

    # Life

    def _open(self) -> PostgresTx:
        connection = self._connect()
        try:
            row = connection.execute("select epoch from history").fetchone()
            if row is None:
                raise UnavailableError("the database has no history; run: balie migrate")
            self._epoch = str(row[0])
            self._types = types_of(connection)
        except psycopg.Error as error:
            raise UnavailableError(f"the database cannot be used: {_first_line(error)}") from error
        return PostgresTx(connection, self._types)

    def _close(self) -> None:
        for connection in self._opened:
            with contextlib.suppress(psycopg.Error):
                connection.close()
        self._opened.clear()

    def _connect(self, idle: str = _WRITER_IDLE) -> psycopg.Connection[Any]:
        """A connection that takes writes, ended by the server when a transaction stands still for ``idle``.
        UnavailableError when there is none."""
        try:
            # What the operator's URL says wins, session settings (``?options=-c name=value``) too.
            connection = psycopg.connect(**(_CONNECTION | conninfo_to_dict(self._url)), autocommit=True)
            chosen = connection.info.options
            ours = self._session | {"idle_in_transaction_session_timeout": idle}
            for name, value in ours.items():
                if name not in chosen:
                    connection.execute("select set_config(%s, %s, false)", [name, value])
            if connection.execute("show synchronous_commit").fetchone() in (("off",), ("local",)):
                connection.execute("set synchronous_commit = on")
        except psycopg.Error as error:
            raise UnavailableError(f"PostgreSQL cannot be reached: {_first_line(error)}") from error
        self._opened.append(connection)
        return connection

    def _drop(self, connection: psycopg.Connection[Any]) -> None:
        with contextlib.suppress(psycopg.Error):
            connection.close()
        with contextlib.suppress(ValueError):
            self._opened.remove(connection)

    # Reading

    def _read(self, fn: Callable[[Tx], T]) -> T:
        for attempt in range(1, _STALE_READS + 1):
            connection: psycopg.Connection[Any] | None = getattr(self._local, "connection", None)
            try:
                if connection is None or connection.closed:
                    connection = self._local.connection = self._connect(_READER_IDLE)
                connection.execute("begin isolation level repeatable read, read only")
                try:
                    return fn(PostgresTx(connection, self._types, writes=False))
                finally:
                    if not connection.closed:
                        connection.execute("rollback")
            except psycopg.Error as error:
                if not self._is_store_error(error):
                    raise
                if connection is not None:
                    self._local.connection = None
                    self._drop(connection)
                # A connection that broke while nobody used it says so only now; reading twice harms nobody.
                if attempt == _STALE_READS:
                    raise UnavailableError(
                        f"the database cannot be used now: {_first_line(error)}"
                    ) from error
        raise AssertionError

    # Writing

    def _begin(self, tx: PostgresTx) -> PostgresTx:
        if not tx.connection.closed:
            try:
                tx.cursor.execute("begin")
            except psycopg.OperationalError:
                # It broke while nobody used it; nothing was written on it, so nothing is in doubt.
                self._drop(tx.connection)
            else:
                return tx
        tx = PostgresTx(self._connect(), self._types)
        tx.cursor.execute("begin")
        return tx

    def _end(self, tx: PostgresTx) -> None:
        tx.cursor.execute("commit")
        # A failed transaction answers COMMIT with ROLLBACK and no error.
        if tx.cursor.statusmessage != "COMMIT":
            raise psycopg.OperationalError("the transaction was rolled back by the engine")

    def _undo(self, tx: PostgresTx, error: Exception) -> PostgresTx:
        with contextlib.suppress(psycopg.Error):
            if not tx.connection.closed and not isinstance(
                error, psycopg.OperationalError | psycopg.InterfaceError
            ):
                tx.cursor.execute("rollback")
                return tx
        self._drop(tx.connection)
        return tx

    def _is_over(self, tx: PostgresTx, error: Exception) -> bool:
        if isinstance(error, _ANOTHER_WRITER):
            return False
        status = tx.connection.info.transaction_status
        return status != psycopg.pq.TransactionStatus.INTRANS or self._is_store_error(error)

    def _is_store_error(self, error: object) -> bool:
        return isinstance(error, _STORE_FAILED)

    def _may_repeat(self, error: Exception) -> bool:
        return isinstance(error, _ANOTHER_WRITER)


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
