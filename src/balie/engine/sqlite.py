"""The embedded database: SQLite in WAL mode, one writer thread that commits for many callers at once.

``synchronous=FULL``: a commit is on disk before anybody hears of it (invariants I1 and I5).
"""

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import structlog

from balie.engine.ports import Batch, Tx, UnavailableError
from balie.engine.sqlite_tx import SqliteTx

T = TypeVar("T")
log = structlog.get_logger(__name__)

MAX_BATCH = 512
"""Writes that share one commit at most."""
MAX_BACKLOG = 20_000
"""Waiting writes above which new ones are turned away with UnavailableError."""
READERS = 4
_BUSY_TIMEOUT_MS = 5_000
_STORE_FAILED = (
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CORRUPT,
)  # fmt: skip


_Job = tuple[Batch, Any, Callable[[Any, Any], None], int]
"""One queued write: batch, item, done, and how many failures its caller had heard of. A command of its own is an item
of ``_run_single``."""


def _run_single(tx: Tx, items: list[Any]) -> list[Any]:
    return [fn(tx) for fn in items]


class SqliteDatabase:
    """Database port on one SQLite file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._listeners: list[Callable[[list[Any]], None]] = []
        self._readers: ThreadPoolExecutor | None = None
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._epoch = ""
        self._pending = 0
        self._failures = 0
        """Commits that failed, as the writer counts them."""
        self._heard = 0
        """How many of them the callers have heard of."""

    # Doors

    async def read(self, fn: Callable[[Tx], T]) -> T:
        if self._readers is None or self._loop is None:
            raise UnavailableError("the database is not open")
        return await self._loop.run_in_executor(self._readers, self._read, fn)

    async def write(self, fn: Callable[[Tx], T]) -> T:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def done(_: Any, result: Any) -> None:
            if future.done():
                return
            if isinstance(result, BaseException):
                future.set_exception(result)
            else:
                future.set_result(result)

        self.submit(_run_single, fn, done)
        return await future

    def submit(self, batch: Batch, item: Any, done: Callable[[Any, Any], None]) -> None:
        if self._thread is None:
            done(item, UnavailableError("the database is not open"))
        elif self._pending >= MAX_BACKLOG:
            done(item, UnavailableError("too many writes are waiting"))
        else:
            self._pending += 1
            self._queue.put((batch, item, done, self._heard))

    def on_commit(self, listener: Callable[[list[Any]], None]) -> None:
        self._listeners.append(listener)

    @property
    def epoch(self) -> str:
        return self._epoch

    @property
    def backlog(self) -> int:
        return self._pending

    # Life

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        connection = self._connect()
        row = connection.execute("select epoch from history").fetchone()
        self._epoch = str(row[0])
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="balie-read")
        self._thread = threading.Thread(
            target=self._write_loop, args=(connection,), name="balie-write", daemon=True
        )
        self._thread.start()

    async def stop(self) -> None:
        """Commit what is queued, then close."""
        if self._thread is not None:
            thread, self._thread = self._thread, None
            self._queue.put(None)
            await asyncio.get_running_loop().run_in_executor(None, thread.join)
            await asyncio.sleep(0)
        if self._readers is not None:
            self._readers.shutdown(wait=True)
            self._readers = None
        for connection in self._opened:
            connection.close()
        self._opened.clear()

    # Inside

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, isolation_level=None, check_same_thread=False, cached_statements=256, timeout=0
        )
        connection.execute(f"pragma busy_timeout={_BUSY_TIMEOUT_MS}")
        connection.execute("pragma journal_mode=wal")
        connection.execute("pragma synchronous=full")
        connection.execute("pragma foreign_keys=on")
        connection.execute("pragma cache_size=-65536")
        # The default of 1,000 pages is one busy commit: then every commit would copy the log into the database.
        connection.execute("pragma wal_autocheckpoint=8000")
        self._opened.append(connection)
        return connection

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
        except sqlite3.OperationalError as error:
            raise _translated(error) from error

    def _write_loop(self, connection: sqlite3.Connection) -> None:
        tx = SqliteTx(connection)
        while True:
            job = self._queue.get()
            jobs: list[_Job] = []
            stopping = job is None
            while job is not None:
                jobs.append(job)
                if len(jobs) >= MAX_BATCH:
                    break
                try:
                    job = self._queue.get_nowait()
                except queue.Empty:
                    break
                stopping = stopping or job is None
            jobs = self._turn_away(jobs)
            if jobs:
                results, emitted, broken = self._commit(tx, jobs)
                self._hand_back(jobs, results, emitted)
                if broken:
                    tx = self._reopened(connection, tx)
                    connection = tx.connection
            if stopping:
                return

    def _turn_away(self, jobs: list[_Job]) -> list[_Job]:
        """The jobs without those that were handed in before their callers could hear of a failure: a caller may have
        sent them behind a write that failed, and they must not overtake it."""
        behind = sum(job[3] < self._failures for job in jobs)
        if behind:
            error = UnavailableError("a write before this one failed")
            self._hand_back(jobs[:behind], [error] * behind, [])
        return jobs[behind:]

    def _hand_back(self, jobs: list[_Job], results: list[Any], emitted: list[Any]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._settle, jobs, results, emitted, self._failures)

    def _commit(self, tx: SqliteTx, jobs: list[_Job]) -> tuple[list[Any], list[Any], bool]:
        """Run the jobs in one transaction. Returns a result or exception per job, what was emitted, and whether
        the connection can no longer be trusted."""
        cursor = tx.cursor
        tx.emitted = []
        try:
            cursor.execute("begin immediate")
            results = self._run(tx, jobs)
            if not tx.connection.in_transaction:
                raise sqlite3.OperationalError("the transaction was rolled back by the engine")  # noqa: TRY301
            cursor.execute("commit")
        except Exception as error:  # whatever it is, the one writer goes on
            self._failures += 1
            tx.kept.clear()
            log.warning("write_failed", error=str(error), jobs=len(jobs))
            io_error = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF == sqlite3.SQLITE_IOERR
            broken = io_error or isinstance(error, sqlite3.ProgrammingError)
            with contextlib.suppress(sqlite3.Error):
                if tx.connection.in_transaction:
                    cursor.execute("rollback")
            return [_translated(error)] * len(jobs), [], broken
        return results, tx.emitted, False

    def _run(self, tx: SqliteTx, jobs: list[_Job]) -> list[Any]:
        results: list[Any] = []
        start = 0
        while start < len(jobs):
            batch = jobs[start][0]
            end = start + 1
            while end < len(jobs) and jobs[end][0] is batch and batch is not _run_single:
                end += 1
            items = [job[1] for job in jobs[start:end]]
            try:
                with tx.savepoint():
                    results += batch(tx, items)
            except Exception as error:
                if _is_over(tx, error):
                    raise
                if len(items) == 1:
                    results.append(error)
                else:
                    results += self._one_by_one(tx, batch, items)
            start = end
        return results

    @staticmethod
    def _one_by_one(tx: SqliteTx, batch: Batch, items: list[Any]) -> list[Any]:
        """One item spoiled its batch: give each its own savepoint, so that only the guilty one fails."""
        results: list[Any] = []
        for item in items:
            try:
                with tx.savepoint():
                    results += batch(tx, [item])
            except Exception as error:
                if _is_over(tx, error):
                    raise
                results.append(error)
        return results

    def _reopened(self, connection: sqlite3.Connection, tx: SqliteTx) -> SqliteTx:
        """After an I/O error the page cache may disagree with the file: a failed fsync is never retried as if fine."""
        with contextlib.suppress(sqlite3.Error):
            connection.close()
        if connection in self._opened:
            self._opened.remove(connection)
        try:
            return SqliteTx(self._connect())
        except sqlite3.Error as error:
            log.warning("reopen_failed", error=str(error))
            return tx

    def _settle(self, jobs: list[_Job], results: list[Any], emitted: list[Any], failures: int) -> None:
        self._pending -= len(jobs)
        if emitted:
            for listener in self._listeners:
                _told(listener, emitted)
        for (_, item, done, _), result in zip(jobs, results, strict=True):
            _told(done, item, _translated(result) if isinstance(result, sqlite3.OperationalError) else result)
        self._heard = failures


def _told(listener: Callable[..., None], *news: Any) -> None:
    """What was committed concerns many: one who cannot hear it must not keep it from the others."""
    try:
        listener(*news)
    except Exception:
        log.exception("listener_failed")


def _is_over(tx: SqliteTx, error: Exception) -> bool:
    """Whether the whole transaction fails with this error: the engine undid it, or the store itself gave way. Going on
    with the next item would let it overtake this one."""
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    return not tx.connection.in_transaction or code in _STORE_FAILED


def _translated(error: Exception) -> UnavailableError:
    unavailable = UnavailableError(f"the database cannot be used now: {error}")
    unavailable.__cause__ = error
    return unavailable
