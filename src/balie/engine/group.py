"""Group commit: one writer thread runs what many callers hand in and commits once for all of them.

What every database plug shares; a plug brings its connection, its transaction and the meaning of its errors.
"""

import asyncio
import queue
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any, Generic, Protocol, TypeVar

import structlog

from balie.engine.ports import Batch, Tx, UnavailableError
from balie.lib.errors import BalieError

T = TypeVar("T")
log = structlog.get_logger(__name__)

MAX_BATCH = 512
"""Writes that share one commit at most."""
MAX_BACKLOG = 20_000
"""Waiting writes above which new ones are turned away with UnavailableError."""
READERS = 4

Job = tuple[Batch, Any, Callable[[Any, Any], None], int]
"""One queued write: batch, item, done, and how many failures its caller had heard of. A command of its own is an item
of ``run_single``."""


class WriteTx(Tx, Protocol):
    """A transaction of the writer. Emitted items wait in ``emitted`` until the commit."""

    emitted: list[Any]


X = TypeVar("X", bound=WriteTx)


def run_single(tx: Tx, items: list[Any]) -> list[Any]:
    return [fn(tx) for fn in items]


class GroupDatabase(ABC, Generic[X]):
    """The two doors, the queue between them and the writer thread."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._listeners: list[Callable[[list[Any]], None]] = []
        self._readers: ThreadPoolExecutor | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._epoch = ""
        self._pending = 0
        self._troubles = 0
        """Failures of commits and of single callers, as the writer counts them."""
        self._heard = 0
        """How many of them the callers have heard of."""
        self._failed_at = 0
        """The number of the last commit that failed."""
        self._stopped: dict[Callable[[Any, Any], None], int] = {}
        """Callers one of whose writes was turned away, or failed for an unforeseen reason, and the number of that."""

    # What a plug brings

    @abstractmethod
    def _open(self) -> X:
        """Connect the writer and learn the epoch; raises what the driver raises."""

    @abstractmethod
    def _close(self) -> None:
        """Close every connection."""

    @abstractmethod
    def _read(self, fn: Callable[[Tx], T]) -> T:
        """Run ``fn`` in one snapshot, on a reader's thread. UnavailableError where the store gave way."""

    @abstractmethod
    def _begin(self, tx: X) -> X:
        """Begin a transaction, on a new connection when the old one is gone."""

    @abstractmethod
    def _end(self, tx: X) -> None:
        """Commit; raises when the transaction is no longer there."""

    @abstractmethod
    def _undo(self, tx: X, error: Exception) -> X:
        """Roll back after ``error``, without raising; the transaction to go on with, on a new connection when this one
        can no longer be trusted."""

    @abstractmethod
    def _is_over(self, tx: X, error: Exception) -> bool:
        """Whether the whole transaction fails with this error: the engine undid it, or the store itself gave way. Going
        on with the next item would let it overtake this one."""

    @abstractmethod
    def _is_store_error(self, error: object) -> bool:
        """Whether a caller hears UnavailableError instead."""

    def _may_repeat(self, error: Exception) -> bool:
        """Whether another writer was in the way, so that the same command may succeed now."""
        return False

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

        self.submit(run_single, fn, done)
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
        loop = self._loop = asyncio.get_running_loop()
        tx = await loop.run_in_executor(None, self._open)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="balie-read")
        self._thread = threading.Thread(target=self._write_loop, args=(tx,), name="balie-write", daemon=True)
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
        self._close()

    # The writer's thread

    def _write_loop(self, tx: X) -> None:
        while True:
            job = self._queue.get()
            jobs: list[Job] = []
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
                tx = self._commit(tx, jobs)
            if stopping:
                return

    def _turn_away(self, jobs: list[Job]) -> list[Job]:
        """The jobs without those that were handed in before their callers could hear of a failure: a caller may have
        sent them behind a write that failed, and they must not overtake it. Nor may what the same caller sends before
        it has heard of this."""
        if not jobs or jobs[0][3] >= self._troubles:
            self._stopped.clear()
            return jobs
        trouble, behind, ahead = self._troubles + 1, [], []
        for job in jobs:
            if self._is_behind(job):
                self._stopped[job[2]] = trouble
                behind.append(job)
            else:
                ahead.append(job)
        if behind:
            self._troubles = trouble
            self._hand_back(behind, [UnavailableError("a write before this one failed")] * len(behind), [])
        return ahead

    def _is_behind(self, job: Job) -> bool:
        return job[3] < self._failed_at or job[3] < self._stopped.get(job[2], 0)

    def _commit(self, tx: X, jobs: list[Job]) -> X:
        """Run the jobs in one transaction and hand every caller a result or an exception; the transaction to go on
        with."""
        try:
            tx = self._begin(tx)
            tx.emitted = []
            results = self._run(tx, jobs)
            self._end(tx)
        except Exception as error:  # whatever it is, the one writer goes on
            self._troubles += 1
            self._failed_at = self._troubles
            self._hand_back(jobs, [_unavailable(error)] * len(jobs), [])
            log.warning("write_failed", error=str(error), jobs=len(jobs))
            return self._undo(tx, error)
        self._hand_back(jobs, results, tx.emitted)
        return tx

    def _run(self, tx: X, jobs: list[Job]) -> list[Any]:
        results: list[Any] = []
        start = 0
        while start < len(jobs):
            batch = jobs[start][0]
            end = start + 1
            while end < len(jobs) and jobs[end][0] is batch and batch is not run_single:
                end += 1
            alike = jobs[start:end]
            if len(alike) == 1:
                results.append(self._alone(tx, alike[0]))
            else:
                results += self._together(tx, alike)
            start = end
        return results

    def _together(self, tx: X, jobs: list[Job]) -> list[Any]:
        batch, items = jobs[0][0], [job[1] for job in jobs]
        for _ in range(_ATTEMPTS):
            try:
                with tx.savepoint():
                    return batch(tx, items)
            except Exception as error:
                if self._is_over(tx, error):
                    raise
                if not self._may_repeat(error):
                    break
        return [self._alone(tx, job) for job in jobs]

    def _alone(self, tx: X, job: Job) -> Any:
        """One item in its own savepoint, so that it fails alone."""
        if self._stopped and self._is_behind(job):
            return UnavailableError("a write before this one failed")
        batch, item, *_ = job
        for attempt in count(1):
            try:
                with tx.savepoint():
                    return batch(tx, [item])[0]
            except Exception as error:
                if self._is_over(tx, error):
                    raise
                if attempt < _ATTEMPTS and self._may_repeat(error):
                    continue
                if self._is_store_error(error):
                    raise
                return self._stop(job, error)
        raise AssertionError

    def _stop(self, job: Job, error: Exception) -> Exception:
        """Refusals are answers; after anything else the caller's later writes wait until it has heard."""
        if not isinstance(error, BalieError):
            self._troubles += 1
            self._stopped[job[2]] = self._troubles
        return error

    # Back on the loop

    def _hand_back(self, jobs: list[Job], results: list[Any], emitted: list[Any]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._settle, jobs, results, emitted, self._troubles)

    def _settle(self, jobs: list[Job], results: list[Any], emitted: list[Any], troubles: int) -> None:
        self._pending -= len(jobs)
        self._heard = troubles
        if emitted:
            for listener in self._listeners:
                _told(listener, emitted)
        for (_, item, done, _), result in zip(jobs, results, strict=True):
            failed = isinstance(result, Exception) and self._is_store_error(result)
            _told(done, item, _unavailable(result) if failed else result)


_ATTEMPTS = 4


def _told(listener: Callable[..., None], *news: Any) -> None:
    """What was committed concerns many: one who cannot hear it must not keep it from the others."""
    try:
        listener(*news)
    except Exception:
        log.exception("listener_failed")


def _unavailable(error: Exception) -> UnavailableError:
    unavailable = UnavailableError(f"the database cannot be used now: {error}")
    unavailable.__cause__ = error
    return unavailable
