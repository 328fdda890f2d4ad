"""Durable timers (invariant I9): each fires once, across restarts, nodes and jumps of the clock.

A timer is set in the transaction of what causes it. It fires in one transaction too: its row goes and its handler runs,
both or neither, so a kill at any moment leaves it either set or done. A key is one timer: setting it again replaces
what was set before, a dead one included.
"""

import asyncio
from collections.abc import Callable, Mapping

import msgspec
import structlog

from balie.desk.log import Writer
from balie.desk.worker import Wake
from balie.engine.ports import Database, Row, Tx, UnavailableError
from balie.lib.backoff import full_jitter
from balie.lib.clock import Clock
from balie.lib.errors import NotFoundError

_log = structlog.get_logger("balie.timers")

LOOP = "timers"
ATTEMPTS = 12
"""Times a handler may fail before its timer is dead: about three hours of back-off."""
AT_ONCE = 32
"""Timers that fire side by side; the writer commits them together."""
_COLUMNS = "organisation, kind, key, due_at, look_at, payload, attempts"


class Timer(msgspec.Struct, frozen=True, kw_only=True):
    """``kind`` names the handler, ``key`` is unique among the organisation's timers of the kind. ``due_at`` in UTC
    milliseconds; ``payload`` is the setter's own text."""

    organisation: str
    kind: str
    key: str
    due_at: int
    payload: str = ""


class DeadTimer(Timer, frozen=True, kw_only=True):
    """A timer whose handler failed too often, and why."""

    attempts: int
    reason: str


Handler = Callable[[Writer, Timer], None]
"""What happens when a timer is due. Runs in the transaction that takes the timer away; has no effects but through the
writer, since it may run again before the commit."""


class _Claimed(msgspec.Struct, frozen=True):
    timer: Timer
    look_at: int
    attempts: int


def put(tx: Tx, timer: Timer) -> None:
    """Set the timer, in the caller's transaction; one of the same key is replaced."""
    tx.execute(
        "insert into timer (organisation, kind, key, due_at, look_at, payload) values (?, ?, ?, ?, ?, ?)"
        " on conflict (organisation, kind, key) do update set due_at = excluded.due_at,"
        " look_at = excluded.look_at, payload = excluded.payload, state = 'set', attempts = 0, reason = ''",
        [timer.organisation, timer.kind, timer.key, timer.due_at, timer.due_at, timer.payload],
    )
    tx.emit(Wake(LOOP))


def cancel(tx: Tx, organisation: str, kind: str, key: str) -> bool:
    """Take the timer away; whether there was one."""
    return (
        tx.execute(
            "delete from timer where organisation = ? and kind = ? and key = ?", [organisation, kind, key]
        )
        > 0
    )


def find(tx: Tx, organisation: str, kind: str, key: str) -> Timer | None:
    """The timer that is set under this key."""
    row = tx.one(
        f"select {_COLUMNS} from timer where organisation = ? and kind = ? and key = ? and state = 'set'",
        [organisation, kind, key],
    )
    return _claimed(row).timer if row else None


def dead(tx: Tx, organisation: str, limit: int = 100) -> list[DeadTimer]:
    """The organisation's timers that were given up, oldest first."""
    rows = tx.all(
        "select organisation, kind, key, due_at, payload, attempts, reason from timer"
        " where organisation = ? and state = 'dead' order by due_at limit ?",
        [organisation, limit],
    )
    return [
        DeadTimer(
            organisation=r[0], kind=r[1], key=r[2], due_at=r[3], payload=r[4], attempts=r[5], reason=r[6]
        )
        for r in rows
    ]


def revive(tx: Tx, organisation: str, kind: str, key: str, now: int) -> None:
    """Let a dead timer fire now. NotFoundError when there is none."""
    touched = tx.execute(
        "update timer set state = 'set', look_at = ?, attempts = 0, reason = ''"
        " where organisation = ? and kind = ? and key = ? and state = 'dead'",
        [now, organisation, kind, key],
    )
    if not touched:
        raise NotFoundError
    tx.emit(Wake(LOOP))


class Timers:
    """Fires what is due, with one handler for each kind. Kinds without a handler wait for a process that has one."""

    def __init__(self, db: Database, clock: Clock, handlers: Mapping[str, Handler]) -> None:
        self._db = db
        self._clock = clock
        self._handlers = dict(handlers)
        self._kinds = ", ".join("?" * len(self._handlers))

    async def run(self) -> int | None:
        """Fire what is due; when the next one is (UTC ms)."""
        if not self._handlers:
            return None
        due = await self._db.read(self._due)
        now = self._clock.now()
        ready = [one for one in due if one.look_at <= now]
        if ready:
            await asyncio.gather(*(self._fire(one) for one in ready))
            return now
        return due[0].look_at if due else None

    def _due(self, tx: Tx) -> list[_Claimed]:
        """The next ones, whether due or not."""
        rows = tx.all(
            f"select {_COLUMNS} from timer where state = 'set' and kind in ({self._kinds})"
            " order by look_at limit ?",
            [*self._handlers, AT_ONCE],
        )
        return [_claimed(row) for row in rows]

    async def _fire(self, one: _Claimed) -> None:
        timer, handler = one.timer, self._handlers[one.timer.kind]

        def fire(tx: Tx) -> None:
            # The row is the right to fire: whoever takes it away runs the handler, in the same transaction.
            taken = _take(tx, one)
            if taken is not None:
                with Writer(tx, self._clock.now()) as writer:
                    handler(writer, taken)

        try:
            await self._db.write(fire)
        except UnavailableError:
            raise
        except Exception as error:  # whatever the handler's fault is, the other timers go on
            attempt = one.attempts + 1
            trace = error if attempt in (1, ATTEMPTS) else None
            _log.error("timer_failed", kind=timer.kind, key=timer.key, attempt=attempt, exc_info=trace)
            reason = f"{type(error).__name__}: {error}"[:300]
            await self._db.write(lambda tx: self._put_off(tx, one, reason))

    def _put_off(self, tx: Tx, one: _Claimed, reason: str) -> None:
        attempts = one.attempts + 1
        look_at = self._clock.now() + int(full_jitter(attempts) * 1000)
        tx.execute(
            "update timer set attempts = ?, look_at = ?, state = ?, reason = ?"
            " where organisation = ? and kind = ? and key = ? and look_at = ? and attempts = ? and state = 'set'",
            [
                attempts,
                look_at,
                "dead" if attempts >= ATTEMPTS else "set",
                reason,
                *_key(one),
            ],
        )


def _take(tx: Tx, one: _Claimed) -> Timer | None:
    """The timer, gone from the table now; none when somebody else took, replaced or cancelled it."""
    row = tx.one(
        "delete from timer where organisation = ? and kind = ? and key = ? and look_at = ? and attempts = ?"
        f" and state = 'set' returning {_COLUMNS}",
        _key(one),
    )
    return _claimed(row).timer if row else None


def _key(one: _Claimed) -> list[str | int]:
    return [one.timer.organisation, one.timer.kind, one.timer.key, one.look_at, one.attempts]


def _claimed(row: Row) -> _Claimed:
    timer = Timer(organisation=row[0], kind=row[1], key=row[2], due_at=row[3], payload=row[5])
    return _Claimed(timer, row[4], row[6])
