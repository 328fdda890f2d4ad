"""Throws away what nobody needs any more: sign-ins and tickets that ended, remembered answers, visitors who never came
back. In small bites, so that messages never wait long behind it."""

from balie.desk import visitors
from balie.edge.writes import KEEP_MS
from balie.engine.ports import Database, Tx
from balie.lib.clock import Clock

LOOP = "housekeeping"
EVERY_MS = 3_600_000
BITE = 500
"""Rows of a kind in one transaction."""


class Housekeeping:
    """A loop of the worker. Several nodes may do it side by side: what is gone is gone."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._due = 0

    async def run(self) -> int | None:
        """One bite, when it is time; when the next one is due."""
        now = self._clock.now()
        if now >= self._due:
            full = await self._db.write(lambda tx: clean_up(tx, now))
            self._due = now + (0 if full else EVERY_MS)
        return self._due


def clean_up(tx: Tx, now: int) -> bool:
    """Take one bite. Whether there may be more."""
    gone = [
        visitors.forget_expired(tx, now, BITE),
        _bite(tx, "idempotency_key", "organisation, agent, route, key", "created_at <= ?", now - KEEP_MS),
        _bite(tx, "agent_session", "digest", "expires_at <= ?", now),
        _bite(tx, "ticket", "digest", "expires_at <= ?", now),
    ]
    return any(count >= BITE for count in gone)


def _bite(tx: Tx, table: str, key: str, where: str, *params: object) -> int:
    # Names and conditions are the constants above.
    sql = f"delete from {table} where ({key}) in (select {key} from {table} where {where} limit {BITE})"  # noqa: S608
    return tx.execute(sql, params)
