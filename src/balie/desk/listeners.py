"""Listeners: parts of the house that read the whole log behind their own durable cursor.

What a listener makes of facts commits together with its cursor, so each fact counts once, also with several nodes.
"""

from typing import Protocol

from balie.desk import log
from balie.desk.log import Appended
from balie.engine.ports import Database, Tx
from balie.lib.clock import Clock

PAGE = 500


class Listener(Protocol):
    """A reader of the log. Both are called inside a transaction."""

    def start(self, tx: Tx) -> int | None:
        """The position up to which nothing interests the listener; none while nothing at all does. Cheap: it is
        asked after commits."""
        ...

    def take(self, tx: Tx, facts: list[Appended], now: int) -> None:
        """Make something of these facts, in the order of their positions."""
        ...


class Listening:
    """The loop of one listener."""

    def __init__(self, db: Database, clock: Clock, name: str, listener: Listener) -> None:
        self._db = db
        self._clock = clock
        self._name = name
        self._listener = listener

    async def run(self) -> int | None:
        """Read a page of the log; due again at once when there is more."""
        if not await self._db.read(self._behind):
            return None
        more = await self._db.write(self._page)
        return self._clock.now() if more else None

    def _behind(self, tx: Tx) -> bool:
        start = self._listener.start(tx)
        return start is not None and max(start, _position(tx, self._name)) < tx.horizon()

    def _page(self, tx: Tx) -> bool:
        """Whether there is more to read."""
        tx.execute("insert into listener (name) values (?) on conflict do nothing", [self._name])
        row = tx.one(f"select position from listener where name = ?{tx.claim}", [self._name])
        start = self._listener.start(tx)
        if row is None or start is None:
            return False  # another node is reading, or nobody is interested any more
        cursor, horizon = max(start, int(row[0])), tx.horizon()
        facts = [entry for entry in log.since(tx, cursor, PAGE) if entry.position <= horizon]
        if not facts:
            return False
        self._listener.take(tx, facts, self._clock.now())
        tx.execute("update listener set position = ? where name = ?", [facts[-1].position, self._name])
        return len(facts) == PAGE


def _position(tx: Tx, name: str) -> int:
    row = tx.one("select position from listener where name = ?", [name])
    return int(row[0]) if row else 0
