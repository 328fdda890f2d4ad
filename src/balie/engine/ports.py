"""What the desk asks of its engines. Plugs: ``sqlite``, ``local``, ``disk`` (embedded),
``postgres``, ``redis``, ``s3`` (scale-out)."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
Row = Sequence[Any]
Params = Sequence[Any]


class Tx(Protocol):
    """One transaction. SQL in the common dialect with ``?`` for parameters. A command may be run again before the
    commit when another writer was in its way, so it has no effects but through its transaction."""

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

    def insert_many(self, table: str, columns: Sequence[str], rows: Sequence[Params], tail: str = "") -> int:
        """Insert rows in as few statements as the engine allows, with ``tail`` (such as ``on conflict do nothing``);
        the number of rows it stored."""
        ...

    def update_many(self, table: str, key: str, columns: Sequence[str], rows: Sequence[Params]) -> int:
        """Set ``columns`` of the rows that ``key`` names: each of ``rows`` is the key's value and then theirs. The
        number of rows it touched."""
        ...

    def positions(self, count: int) -> int:
        """The first of ``count`` fresh global positions for facts. Nobody else gets any before this transaction ends,
        so positions are gap-free and in the order of the commits."""
        ...

    def horizon(self) -> int:
        """The newest global position in this snapshot, 0 for an empty log. Every fact up to it is there and none can
        still come in, so it is the cursor of who has read them."""
        ...

    @property
    def lock(self) -> str:
        """Ends a select whose rows nobody else may change before the commit."""
        ...

    @property
    def claim(self) -> str:
        """Ends the select of rows to claim: those that another node is claiming are left out."""
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
    def alone(self) -> bool:
        """Whether this process is the only writer, so that its own commits are all there is to hear of."""
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

    @property
    def away(self) -> bool:
        """Whether other nodes are out of reach: hints are heard in this process only."""
        ...

    def watch(self, listener: Callable[[bool], None]) -> None:
        """Call ``listener(True)`` when other nodes get out of reach, and ``listener(False)`` when hints flow but some
        of other nodes may have been lost: whoever depends on them then looks for itself."""
        ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


class Leases(Protocol):
    """Small values that expire by themselves: rate limits, one-time tickets, who does a job that one node does. All
    raise UnavailableError when the store is away, but for ``count``."""

    def put(self, key: str, value: bytes, ttl_s: float) -> Awaitable[None]: ...

    def take(self, key: str) -> Awaitable[bytes | None]:
        """Read and remove, at most one caller gets it."""
        ...

    def get(self, key: str) -> Awaitable[bytes | None]: ...

    def drop(self, key: str) -> Awaitable[None]: ...

    def count(self, key: str, window_s: float) -> Awaitable[int]:
        """How many times ``key`` was counted in the window that started at its first count, this one included. While
        the store is away this process counts alone: a limit that is too wide locks nobody out."""
        ...

    def hold(self, key: str, owner: str, ttl_s: float) -> Awaitable[bool]:
        """Become or remain the only ``owner`` of ``key`` for ``ttl_s``; False when somebody else is."""
        ...

    def release(self, key: str, owner: str) -> Awaitable[None]:
        """Let ``key`` go, where ``owner`` holds it."""
        ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


class Blobs(Protocol):
    """Attachments and recordings by random key."""

    async def put(self, key: str, data: Iterable[bytes]) -> None: ...

    async def get(self, key: str) -> bytes | None: ...

    def pieces(self, key: str) -> AsyncIterator[bytes]:
        """The content in pieces of bounded size, for what is too large to hold. KeyError when there is no such blob."""
        ...

    async def drop(self, key: str) -> None: ...


class UnavailableError(Exception):
    """The store cannot be used now; the caller may try again later. Nothing was stored."""


class DamagedError(Exception):
    """The engine cannot read what it stored."""


class SchemaError(Exception):
    """The stored schema is not one that this version can work with; the message says what to do."""
