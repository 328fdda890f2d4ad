"""Deliberate bugs, put into a desk by the launcher: a harness that lets one pass is itself broken. For tests only."""

import asyncio
import itertools
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import msgspec

from balie import app
from balie.desk.deliveries import Claimed
from balie.desk.feed import Feed
from balie.desk.log import Writer
from balie.desk.messages import Receipt, Receive
from balie.desk.tail import Tail
from balie.edge import frames
from balie.edge.session import encode
from balie.edge.talk import Talk
from balie.engine.ports import UnavailableError
from balie.lib import ids
from balie.lib.errors import InvalidError

WINDOW_S = 0.03
"""How long a mutant keeps its window open: enough for a kill to hit it now and then."""

_receive = Receive.__call__
_send_in: Callable[[Talk, frames.Send], None] = Talk._send_in


class _Spoiled:
    """A transaction with some of its methods replaced."""

    def __init__(self, tx: Any, **replaced: Any) -> None:
        self._tx = tx
        self.__dict__.update(replaced)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)


def ack_before_commit() -> None:
    """Says yes at once, and stores the message a moment later."""

    def send_in(self: Talk, send: frames.Send) -> None:
        if send.conversation is None:
            _send_in(self, send)
            return
        ack = frames.Ack(cid=send.cid, conversation=send.conversation, seq=0, at=0, mismatch=False)
        self.push(encode("ack", ack))
        kept = msgspec.structs.replace(send)
        inbound = self.inbound(kept, kept.text)

        def store() -> None:
            self.parts.db.submit(self.parts.receive, inbound, lambda *_: None)

        asyncio.get_running_loop().call_later(WINDOW_S, store)

    Talk._send_in = send_in  # type: ignore[method-assign]


def no_dedupe() -> None:
    """Stores what comes, without the unique key."""

    def receive(self: Receive, tx: Any, items: list[Any]) -> list[Any]:
        def insert_many(table: str, columns: Any, rows: Any, tail: str = "") -> int:
            return len(rows) if table == "message" else tx.insert_many(table, columns, rows, tail)

        return _receive(self, _Spoiled(tx, insert_many=insert_many), items)

    Receive.__call__ = receive  # type: ignore[method-assign]


def dedupe_in_memory() -> None:
    """Knows what was sent before, until it is killed."""
    no_dedupe()
    store, known = Receive.__call__, {}

    def receive(self: Receive, tx: Any, items: list[Any]) -> list[Any]:
        fresh = [item for item in items if item.external_id not in known]
        for item, result in zip(fresh, store(self, tx, fresh), strict=True):
            known[item.external_id] = result
        return [known[item.external_id] for item in items]

    Receive.__call__ = receive  # type: ignore[method-assign]


def publish_before_commit() -> None:
    """Shows facts while they are being written."""
    create, told = app.create_database, []

    def create_database(settings: Any) -> Any:
        db = create(settings)
        db.on_commit = told.append  # type: ignore[method-assign]
        start = db.start

        async def started() -> None:
            loop[:] = [asyncio.get_running_loop()]
            await start()

        db.start = started  # type: ignore[method-assign]
        return db

    loop: list[asyncio.AbstractEventLoop] = []

    def receive(self: Receive, tx: Any, items: list[Any]) -> list[Any]:
        early: list[Any] = []
        results = _receive(self, _Spoiled(tx, emit=early.append), items)
        for listener in told:
            loop[0].call_soon_threadsafe(listener, early)
        time.sleep(WINDOW_S)
        return results

    app.create_database = create_database
    Receive.__call__ = receive  # type: ignore[method-assign]


def go_on_after_a_failure() -> None:
    """A write fails now and then; the socket lives on, and what came behind it is stored before it."""
    counter = itertools.count(1)

    def receive(self: Receive, tx: Any, items: list[Any]) -> list[Any]:
        if next(counter) % 5:
            return _receive(self, tx, items)
        rest = _receive(self, tx, items[1:]) if items[1:] else []
        return [UnavailableError("a deliberate failure"), *rest]

    stored = Talk._stored

    def lenient(self: Talk, inbound: Any, result: Any) -> None:
        if not isinstance(result, UnavailableError):
            stored(self, inbound, result)

    Receive.__call__ = receive  # type: ignore[method-assign]
    Talk._stored = lenient  # type: ignore[method-assign]


def commit_without_sync() -> None:
    """Leaves it to the kernel when a commit reaches the disk."""
    connect = sqlite3.connect

    class Hasty(sqlite3.Connection):
        def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
            return super().execute(sql.replace("synchronous=full", "synchronous=off"), *parameters)

    def hasty(*args: Any, **options: Any) -> sqlite3.Connection:
        return connect(*args, **{**options, "factory": Hasty})

    sqlite3.connect = hasty  # type: ignore[assignment]


def commit_without_sync_of_the_log() -> None:
    """SQLite's own default for a write-ahead log: safe against a crash of the process, not against a power cut."""
    connect = sqlite3.connect

    class Hasty(sqlite3.Connection):
        def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
            return super().execute(sql.replace("synchronous=full", "synchronous=normal"), *parameters)

    sqlite3.connect = lambda *args, **options: connect(*args, **{**options, "factory": Hasty})  # type: ignore[assignment]


class _Everybody(defaultdict[str, set[Any]]):
    """Whoever is asked for, the answer is all."""

    def get(self, *_: Any) -> set[Any]:  # type: ignore[override]
        return set().union(*self.values())


def mix_organisations() -> None:
    """Forgets whose fact it is: every agent of every organisation hears it."""
    begin = Feed.__init__

    def init(self: Feed, *args: Any) -> None:
        begin(self, *args)
        self._agents = _Everybody(set)

    Feed.__init__ = init  # type: ignore[method-assign]


def lose_the_tail() -> None:
    """Does not tell a browser every third message; who gets another one sees the gap, who gets none does not."""
    take, counter = Talk.take, itertools.count(1)

    def forgetful(self: Talk, entry: Any) -> None:
        if entry.kind != "message_added" or next(counter) % 3:
            take(self, entry)

    Talk.take = forgetful  # type: ignore[method-assign]


def no_catch_up() -> None:
    """Never reads what other nodes wrote."""

    async def follow(self: Tail) -> None:
        await asyncio.Event().wait()

    Tail._follow = follow  # type: ignore[method-assign]


def guess_the_number() -> None:
    """Acks with the number that the message would have had in a conversation of its own."""
    stored, counter = Talk._stored, itertools.count(1)

    def guess(self: Talk, inbound: Any, result: Any) -> None:
        if isinstance(result, Receipt) and not next(counter) % 5:
            result = msgspec.structs.replace(result, seq=result.seq + 1)
        stored(self, inbound, result)

    Talk._stored = guess  # type: ignore[method-assign]


def cut_texts() -> None:
    """Stores a text without its end."""

    def receive(self: Receive, tx: Any, items: list[Any]) -> list[Any]:
        for item in items:
            item.text = item.text[:-1]
        return _receive(self, tx, items)

    Receive.__call__ = receive  # type: ignore[method-assign]


def refuse_what_is_stored() -> None:
    """Says no now and then, after it was stored."""
    stored, counter = Talk._stored, itertools.count(1)

    def refuse(self: Talk, inbound: Any, result: Any) -> None:
        if isinstance(result, Receipt) and not next(counter) % 5:
            stored(self, inbound, InvalidError("a deliberate refusal"))
        else:
            stored(self, inbound, result)

    Talk._stored = refuse  # type: ignore[method-assign]


def skip_a_number() -> None:
    """Leaves a number of a conversation out now and then, as a shared sequence does after a rollback."""
    record, counter = Writer.record, itertools.count(1)

    def skip(self: Writer, row: Any, *rest: Any) -> int:
        if not next(counter) % 9:
            row.seq += 1
        return record(self, row, *rest)

    Writer.record = skip  # type: ignore[method-assign]


def new_key_for_a_retry() -> None:
    """Gives every attempt of a delivery a key of its own."""
    Claimed.key = property(lambda self: f"balie-{ids.new_id(ids.DELIVERY)}")  # type: ignore[assignment, method-assign]


MUTANTS: dict[str, Callable[[], None]] = {
    mutant.__name__: mutant
    for mutant in (
        ack_before_commit,
        no_dedupe,
        dedupe_in_memory,
        publish_before_commit,
        go_on_after_a_failure,
        commit_without_sync,
        commit_without_sync_of_the_log,
        mix_organisations,
        lose_the_tail,
        no_catch_up,
        guess_the_number,
        cut_texts,
        refuse_what_is_stored,
        skip_a_number,
        new_key_for_a_retry,
    )
}
