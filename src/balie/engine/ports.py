"""What the desk asks of its engines. Plugs: ``sqlite``, ``local``, ``disk`` (embedded)."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
Row = Sequence[Any]
Params = Sequence[Any]


class Tx(Protocol):
    """One transaction. SQL in the common dialect with ``?`` for parameters."""

    @property
    def kept(self) -> dict[str, Any]:
        """What a command may find again in a later transaction, as long as nobody else can have changed it: for an
        engine with one writer. It empties itself when anything is undone, and may be empty at any time."""
        ...

    def one(self, sql: str, params: Params = ()) -> Row | None: ...

    def all(self, sql: str, params: Params = ()) -> list[Row]: ...

    def execute(self, sql: str, params: Params = ()) -> int:
        """Run a change; the number of rows it touched."""
        ...

    def insert_many(self, sql: str, rows: Sequence[Params], tail: str = "") -> int:
        """``sql`` up to the word ``values``, then the rows, then ``tail`` (such as ``on conflict do nothing``), in as
        few statements as the engine allows; the number of rows it touched. All rows have the same width."""
        ...

    def positions(self, count: int) -> int:
        """The first of ``count`` fresh global positions for facts."""
        ...

    def savepoint(self) -> AbstractContextManager[None]:
        """What happens inside is undone, emitted items included, when the block raises."""
        ...

    def emit(self, item: Any) -> None:
        """Hand ``item`` to the commit listeners, after the commit and only then (invariant I5)."""
        ...


class Batch(Protocol):
    """A command that the writer may run for many callers at once."""

    def __call__(self, tx: Tx, items: list[Any], /) -> list[Any]:
        """One result (or an exception, as a value) per item, in order."""
        ...


class Database(Protocol):
    """Two doors: ``read`` sees one committed snapshot, ``write`` commits before it returns.

    Both raise ``UnavailableError`` when the store cannot be used now (disk full, locked).
    """

    async def read(self, fn: Callable[[Tx], T]) -> T: ...

    async def write(self, fn: Callable[[Tx], T]) -> T: ...

    def submit(self, batch: Batch, item: Any, done: Callable[[Any, Any], None]) -> None:
        """Queue ``item`` for ``batch``; ``done(item, result or exception)`` is called on the event loop after the
        commit. No future, task or closure per item: this is the message path."""
        ...

    def on_commit(self, listener: Callable[[list[Any]], None]) -> None:
        """Call ``listener(emitted items, in commit order)`` on the event loop after each commit, before the
        ``done`` calls of that commit."""
        ...

    @property
    def epoch(self) -> str:
        """The id of this database's history; it changes when a backup is restored."""
        ...

    @property
    def backlog(self) -> int:
        """How many writes wait."""
        ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


class Bus(Protocol):
    """Lossy publish/subscribe of hints of a few bytes: a lost one costs delay, never a message."""

    def publish(self, topic: str, hint: bytes) -> None: ...

    def subscribe(self, topic: str, listener: Callable[[bytes], None]) -> Callable[[], None]:
        """Returns the call that ends the subscription."""
        ...


class Leases(Protocol):
    """Small values that expire by themselves: presence, rate limits, one-time tickets."""

    def put(self, key: str, value: bytes, ttl_s: float) -> Awaitable[None]: ...

    def take(self, key: str) -> Awaitable[bytes | None]:
        """Read and remove, at most one caller gets it."""
        ...

    def get(self, key: str) -> Awaitable[bytes | None]: ...

    def drop(self, key: str) -> Awaitable[None]: ...

    def count(self, key: str, window_s: float) -> Awaitable[int]:
        """How many times ``key`` was counted in the window that started at its first count, this one included."""
        ...


class Blobs(Protocol):
    """Attachments and recordings by random key."""

    async def put(self, key: str, data: Iterable[bytes]) -> None: ...

    async def get(self, key: str) -> bytes | None: ...

    async def drop(self, key: str) -> None: ...


class UnavailableError(Exception):
    """The store cannot be used now; the caller may try again later. Nothing was stored."""
