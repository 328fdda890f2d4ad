"""What a node hears of the log that other nodes write too: every fact, once, in the order of the commits.

Positions have no gaps, so the node knows from its own commits and from the hints of others whether it missed anything,
and reads only what it missed. A lost hint costs at most one second.
"""

import asyncio
import contextlib
from collections.abc import Callable

import structlog

from balie.desk import log
from balie.desk.log import Appended
from balie.engine.ports import Database, Tx, UnavailableError

logger = structlog.get_logger(__name__)

PAGE = 1_000
LOOK_EVERY_S = 1.0

Meetings = list[tuple[str, str]]
"""Visitors that became contacts."""


class Tail:
    """Hands facts to ``deliver`` and new (visitor, contact) pairs to ``meet``, on the event loop."""

    def __init__(
        self, database: Database, deliver: Callable[[list[Appended]], None], meet: Callable[[str, str], None]
    ) -> None:
        self._db = database
        self._deliver = deliver
        self._meet = meet
        self._at = 0
        """Every fact up to this position was handed out."""
        self._ahead: dict[int, Appended] = {}
        """Own facts that stand behind somebody else's, which were not read yet."""
        self._behind = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._at = await self._db.read(log.position)
        self._task = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    @property
    def at(self) -> int:
        """Every fact up to this position was handed out."""
        return self._at

    def committed(self, entries: list[Appended]) -> None:
        """Facts of this node's own, from one commit."""
        self._ahead.update((entry.position, entry) for entry in entries if entry.position > self._at)
        self._pass_own()
        if self._ahead:
            self._behind.set()

    def hinted(self, position: int) -> None:
        """Some node wrote up to ``position``."""
        if position > self._at:
            self._behind.set()

    async def _follow(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._behind.wait(), LOOK_EVERY_S)
            self._behind.clear()
            try:
                while await self._read() == PAGE:
                    pass
            except UnavailableError as error:
                logger.warning("catch_up_failed", error=str(error))
                await asyncio.sleep(LOOK_EVERY_S)
            except Exception:
                logger.exception("catch_up_failed")
                await asyncio.sleep(LOOK_EVERY_S)

    async def _read(self) -> int:
        after = self._at
        entries, meetings = await self._db.read(lambda tx: _news(tx, after))
        for visitor, contact in meetings:
            self._meet(visitor, contact)
        found = len(entries)
        entries = [self._ahead.pop(entry.position, entry) for entry in entries if entry.position > self._at]
        if entries:
            self._pass(entries)
        for position in [one for one in self._ahead if one <= self._at]:
            del self._ahead[position]
        self._pass_own()
        return found

    def _pass_own(self) -> None:
        """Hand out the own facts that nothing stands before any more."""
        entries: list[Appended] = []
        while (entry := self._ahead.pop(self._at + 1 + len(entries), None)) is not None:
            entries.append(entry)
        if entries:
            self._pass(entries)

    def _pass(self, entries: list[Appended]) -> None:
        self._at = entries[-1].position
        self._deliver(entries)


def _news(tx: Tx, after: int) -> tuple[list[Appended], Meetings]:
    entries = log.since(tx, after, PAGE)
    fresh = [entry.contact for entry in entries if entry.kind == "conversation_opened" and entry.contact]
    if not fresh:
        return entries, []
    marks = ",".join("?" * len(fresh))
    found = tx.all(f"select id, contact from visitor where contact in ({marks})", fresh)
    return entries, [(row[0], row[1]) for row in found]
