"""The courier: sends what is due, through one sender for each channel, and notes how it went.

At least once, with the same key at every attempt: a process killed between sending and noting leaves a lease that runs
out, and the delivery is sent again under its key. How things leave (HTTP, SMTP) is the senders' business.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Protocol

import structlog

from balie.desk import deliveries
from balie.desk.deliveries import Claimed, Outcome, Ready, Settled
from balie.desk.facts import DeliveryFailed
from balie.desk.log import Writer
from balie.desk.roster import system
from balie.engine.ports import Database, Tx
from balie.lib.clock import Clock

_log = structlog.get_logger("balie.courier")

AT_ONCE = 64
"""Attempts under way in this process."""
AT_ONCE_EACH = 8
"""Of these, to one target: a slow receiver takes no room from the others."""
SWEEP_S = 3_600.0


class Sender(Protocol):
    """What a channel does to send. ``repeatable``: the other side knows a repeat by its key."""

    @property
    def repeatable(self) -> bool: ...

    async def send(self, one: Claimed) -> Outcome:
        """One attempt, ended within half a minute. What it raises counts as a failure that may pass."""
        ...

    def settled(self, writer: Writer, one: Claimed, outcome: Outcome, settled: Settled) -> None:
        """Told in the transaction that notes the outcome. Changes of the channel's own tables go here."""
        ...


class Courier:
    """Claims what is due for the channels of this process."""

    def __init__(self, db: Database, clock: Clock, senders: Mapping[str, Sender]) -> None:
        self._db = db
        self._clock = clock
        self._senders = dict(senders)
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy: Counter[tuple[str, str]] = Counter()
        self._swept_s = clock.monotonic()

    async def run(self) -> int | None:
        """Claim what is due and set it off; when there is something to do next (UTC ms)."""
        if not self._senders:
            return None
        await self._sweep()
        targets = await self._db.read(lambda tx: deliveries.ready(tx, list(self._senders)))
        now = self._clock.now()
        for target in targets:
            free = min(AT_ONCE - len(self._tasks), AT_ONCE_EACH - self._busy[target.channel, target.target])
            if target.at <= now and free > 0:
                await self._set_off(target, free)
        later = [target.at for target in targets if target.at > now]
        return min(later, default=None)

    async def settle_all(self) -> None:
        """Wait until every attempt under way is noted."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def stop(self, within_s: float = 5.0) -> None:
        """Let attempts under way end, for a while; those cut off are sent again when their lease runs out."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=within_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _set_off(self, target: Ready, limit: int) -> None:
        repeatable = self._senders[target.channel].repeatable
        claimed = await self._db.write(
            lambda tx: deliveries.claim(tx, target, self._clock.now(), limit, repeatable=repeatable)
        )
        for one in claimed:
            self._busy[target.channel, target.target] += 1
            task = asyncio.create_task(self._deliver(one))
            self._tasks.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # Not noted: the lease runs out, and it is sent again under the same key.
            _log.warning("delivery_not_noted", error=str(error)[:200])

    async def _deliver(self, one: Claimed) -> None:
        sender = self._senders[one.channel]
        try:
            at, began = self._clock.now(), self._clock.monotonic()
            try:
                outcome = await sender.send(one)
            except Exception as error:  # a sender's own fault must not stop the courier
                _log.error("sender_failed", channel=one.channel, delivery=one.id, exc_info=error)
                outcome = Outcome(result="retry", reason="an error of our own; the log names it")
            took_ms = int((self._clock.monotonic() - began) * 1000)
            await self._db.write(lambda tx: self._note(tx, sender, one, outcome, at, took_ms))
        finally:
            self._busy[one.channel, one.target] -= 1

    def _note(self, tx: Tx, sender: Sender, one: Claimed, outcome: Outcome, at: int, took_ms: int) -> None:
        now = self._clock.now()
        settled = deliveries.settle(tx, one, outcome, at=at, took_ms=took_ms, now=now)
        if settled is None:
            return
        with Writer(tx, now) as writer:
            if settled.first_dead:
                body = DeliveryFailed(
                    delivery=one.id, channel=one.channel, target=one.target, reason=outcome.reason[:300]
                )
                home = one.organisation
                writer.record_in(home, home, system(home), "delivery_failed", body)
            sender.settled(writer, one, outcome, settled)

    async def _sweep(self) -> None:
        """Once an hour remove what was settled long ago, in small steps."""
        if self._clock.monotonic() - self._swept_s < SWEEP_S:
            return
        while await self._db.write(lambda tx: deliveries.sweep(tx, self._clock.now())):
            pass
        self._swept_s = self._clock.monotonic()
