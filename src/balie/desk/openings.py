"""Which desks are open now, on this process: kept in memory, and changed at the minute."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from balie.desk.calendars import Opening, openings
from balie.desk.feed import Feed
from balie.desk.hours import Calendar, Hours, hours_at
from balie.engine.ports import Database, Tx
from balie.lib.clock import Clock

LOOP = "hours"
KINDS = frozenset({"calendar_changed", "calendar_removed", "inbox_changed"})
"""The facts after which everything is read anew."""


AGAIN_MS = 24 * 3_600_000
"""Where no change is in sight, it is looked for again after so long."""


class _Kept(NamedTuple):
    """``at``: when it was worked out."""

    organisation: str
    calendar: Calendar
    hours: Hours
    at: int


class Openings:
    """``run`` is the pass of a loop of the worker. It reads the calendars when facts said that they changed, works out
    what changed by the clock, and tells the visitors of this process."""

    def __init__(self, db: Database, clock: Clock, feed: Feed) -> None:
        self._db = db
        self._clock = clock
        self._feed = feed
        self._kept: Mapping[str, _Kept] = {}
        """By inbox; one without a calendar is always open, and not here."""
        self._stale = True
        self.on_stale: Callable[[], None] = lambda: None
        """Called when ``run`` has something to read, to wake its loop."""
        feed.on_kinds(KINDS, self._changed)

    def hours(self, inbox: str) -> Hours | None:
        """None: this inbox has no hours."""
        kept = self._kept.get(inbox)
        return kept.hours if kept is not None else None

    async def run(self) -> int | None:
        now = self._clock.now()
        if self._stale:
            # Before the reading: what changes meanwhile is read next time.
            self._stale = False
            try:
                kept = await self._db.read(lambda tx: _read(tx, now))
            except BaseException:
                self._stale = True
                raise
        else:
            kept = _at(self._kept, now)
        before, self._kept = self._kept, kept
        for organisation in _differing(before, kept):
            self._feed.desk_changed(organisation)
        return min((one.hours.until for one in kept.values() if one.hours.until is not None), default=None)

    def _changed(self) -> None:
        self._stale = True
        self.on_stale()


def _read(tx: Tx, now: int) -> dict[str, _Kept]:
    """In the reader's thread: a year of holidays takes a while."""
    return {one.inbox: _kept(one, now) for one in openings(tx)}


def _kept(one: Opening, now: int) -> _Kept:
    return _Kept(one.organisation, one.calendar, hours_at(one.calendar, now), now)


def _at(kept: Mapping[str, _Kept], now: int) -> dict[str, _Kept]:
    """The same calendars, now; only what is over is worked out anew, and all of it when the clock ran back."""
    return {
        inbox: one if _holds(one, now) else one._replace(hours=hours_at(one.calendar, now), at=now)
        for inbox, one in kept.items()
    }


def _holds(one: _Kept, now: int) -> bool:
    return one.at <= now < (one.hours.until or one.at + AGAIN_MS)


def _differing(before: Mapping[str, _Kept], after: Mapping[str, _Kept]) -> set[str]:
    """The organisations of which an inbox has other hours now."""
    found: set[str] = set()
    for inbox in before.keys() | after.keys():
        old, new = before.get(inbox), after.get(inbox)
        if (old and old.hours) != (new and new.hours):
            found.update(one.organisation for one in (old, new) if one is not None)
    return found
