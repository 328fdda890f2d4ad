"""The deliveries as rows: made with the fact that causes them, claimed, settled, looked at, replayed.

States: *due* → *trying* (a lease that expires) → *sent*, *unknown* or *dead*. Deliveries of one target and order key
form a lane: one at a time, in the order of their numbers. A target that fails again and again has its breaker open:
nothing of it is tried until then.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from balie.desk.worker import Wake
from balie.engine.ports import Row, Tx
from balie.lib import ids
from balie.lib.backoff import full_jitter
from balie.lib.errors import NotFoundError

LOOP = "courier"
EXPIRY_MS = 24 * 3_600_000
"""How long a delivery is retried by itself."""
LEASE_MS = 60_000
"""How long a process may take over one attempt; senders have far shorter time limits of their own."""
BREAKER = 5
"""Failures in a row after which a target is tried with one probe at a time."""
KEPT_MS = 30 * 24 * 3_600_000
"""How long a settled delivery can be looked at and replayed."""
RETRY_AFTER_MAX_S = 24 * 3_600.0

State = Literal["due", "trying", "sent", "unknown", "dead"]
Result = Literal["sent", "retry", "refused", "unknown"]


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """What is to leave. ``source`` is unique at a target: the same one again makes no second delivery. ``body`` is what
    leaves, the same bytes at each attempt."""

    organisation: str
    channel: str
    target: str
    order_key: str
    source: str
    topic: str
    body: str


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that this process may try now. ``attempt`` counts from 1."""

    number: int
    id: str
    organisation: str
    channel: str
    target: str
    order_key: str
    topic: str
    body: str
    attempt: int
    expires_at: int
    lease: str

    @property
    def key(self) -> str:
        """What the other side knows a repeat by: the same at every attempt."""
        return f"balie-{self.id}"


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How an attempt ended: *sent*, *retry* (it may work later), *refused* (it never will), or *unknown* (nobody can
    tell whether it arrived, and a repeat might double it). ``reason`` is for people; ``request`` and ``response`` are
    excerpts for the log."""

    result: Result
    reason: str = ""
    status: int | None = None
    retry_after_s: float | None = None
    request: str = ""
    response: str = ""


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What an outcome made of a delivery. ``failing_since`` (UTC ms) is when its target began to fail, none when it
    does not; ``first_dead``: the first one given up since the target worked, or of this day."""

    state: State
    failing_since: int | None
    first_dead: bool


class Ready(msgspec.Struct, frozen=True):
    """A target with something to do: from ``at`` on."""

    channel: str
    target: str
    failures: int
    open_until: int
    at: int


def add(tx: Tx, parcels: Sequence[Parcel], now: int) -> None:
    """Make deliveries, in the transaction of what causes them. Those whose source is known stay as they are."""
    if not parcels:
        return
    for channel, target, organisation in {(one.channel, one.target, one.organisation) for one in parcels}:
        tx.execute(
            "insert into delivery_target (channel, id, organisation) values (?, ?, ?) on conflict do nothing",
            [channel, target, organisation],
        )
    columns = (
        "id", "organisation", "channel", "target", "order_key", "source", "topic", "body", "created_at", "due_at",
        "expires_at",
    )  # fmt: skip
    rows = [
        (ids.new_id(ids.DELIVERY), one.organisation, one.channel, one.target, one.order_key, one.source, one.topic,
         one.body, now, now, now + EXPIRY_MS)
        for one in parcels
    ]  # fmt: skip
    tx.insert_many("delivery", columns, rows, "on conflict (channel, target, source) do nothing")
    tx.emit(Wake(LOOP))


# Claiming


def ready(tx: Tx, channels: Sequence[str]) -> list[Ready]:
    """The targets of these channels with something to do, now or later; soonest first."""
    marks = ", ".join("?" * len(channels))
    of_target = "from delivery d where d.channel = t.channel and d.target = t.id and d.state ="
    rows = tx.all(
        f"select t.channel, t.id, t.failures, t.open_until, (select min(d.due_at) {of_target} 'due'),"
        f" (select min(d.lease_until) {of_target} 'trying') from delivery_target t where t.channel in ({marks})",
        list(channels),
    )
    found = []
    for channel, target, failures, open_until, due_at, lease_until in rows:
        times = [max(due_at, open_until)] if due_at is not None else []
        times += [lease_until] if lease_until is not None else []
        if times:
            found.append(Ready(channel, target, failures, open_until, min(times)))
    return sorted(found, key=lambda one: one.at)


def claim(tx: Tx, target: Ready, now: int, limit: int, *, repeatable: bool) -> list[Claimed]:
    """Up to ``limit`` deliveries of this target that are ours to try now. Those whose lease ran out come first back to
    *due*, or to *unknown* when a repeat might double them."""
    at = [target.channel, target.target]
    tx.execute(
        "update delivery set state = ?, due_at = ?, settled_at = ?, reason = ?, lease = null, lease_until = null"
        " where channel = ? and target = ? and state = 'trying' and lease_until <= ?",
        ["due", now, None, "", *at, now]
        if repeatable
        else ["unknown", now, now, "the attempt was interrupted", *at, now],
    )
    if target.open_until > now:
        return []
    if target.failures >= BREAKER:
        limit = 1 if _probe(tx, target, now) else 0
    if limit <= 0:
        return []
    rows = tx.all(
        "select number, id, organisation, order_key, topic, body, attempts, expires_at from delivery d"
        " where channel = ? and target = ? and state = 'due' and due_at <= ? and not exists"
        " (select 1 from delivery e where e.channel = d.channel and e.target = d.target"
        " and e.order_key = d.order_key and e.number <> d.number"
        " and (e.state = 'trying' or (e.state = 'due' and e.number < d.number)))"
        f" order by due_at, number limit ?{tx.claim}",
        [*at, now, limit],
    )
    claimed = []
    for number, id, organisation, order_key, topic, body, attempts, expires_at in rows:
        lease = ids.new_cid()
        taken = tx.execute(
            "update delivery set state = 'trying', attempts = attempts + 1, lease = ?, lease_until = ?"
            " where number = ? and state = 'due'",
            [lease, now + LEASE_MS, number],
        )
        if taken:
            claimed.append(
                Claimed(
                    number=number,
                    id=id,
                    organisation=organisation,
                    channel=target.channel,
                    target=target.target,
                    order_key=order_key,
                    topic=topic,
                    body=body,
                    attempt=attempts + 1,
                    expires_at=expires_at,
                    lease=lease,
                )
            )
    return claimed


def _probe(tx: Tx, target: Ready, now: int) -> bool:
    """Whether this process may send the one probe to a target that failed: the others wait for its outcome."""
    return (
        tx.execute(
            "update delivery_target set open_until = ? where channel = ? and id = ? and open_until = ?",
            [now + LEASE_MS, target.channel, target.target, target.open_until],
        )
        == 1
    )


# Settling


def settle(tx: Tx, one: Claimed, outcome: Outcome, *, at: int, took_ms: int, now: int) -> Settled | None:
    """Note how an attempt ended; none when its lease ran out and somebody else has the delivery."""
    row = tx.one(f"select state, lease from delivery where number = ?{tx.lock}", [one.number])
    if row is None or row[0] != "trying" or row[1] != one.lease:
        return None
    tx.execute(
        "insert into delivery_attempt (delivery, attempt, at, took_ms, result, status, reason, request, response)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
        [one.number, one.attempt, at, took_ms, outcome.result, outcome.status, outcome.reason[:300],
         outcome.request, outcome.response],
    )  # fmt: skip
    state, reason, due_at = _next(one, outcome, now)
    tx.execute(
        "update delivery set state = ?, reason = ?, due_at = ?, settled_at = ?, lease = null, lease_until = null"
        " where number = ?",
        [state, reason[:300], due_at, None if state == "due" else now, one.number],
    )
    if state == "due":
        # Who waits behind it in the lane need not be looked at before.
        tx.execute(
            "update delivery set due_at = ? where channel = ? and target = ? and order_key = ?"
            " and state = 'due' and due_at < ?",
            [due_at, one.channel, one.target, one.order_key, due_at],
        )
    tx.emit(Wake(LOOP))
    return _settle_target(tx, one, outcome, state, now)


def _next(one: Claimed, outcome: Outcome, now: int) -> tuple[State, str, int]:
    """The delivery's next state, its reason, and when it is due."""
    match outcome.result:
        case "sent":
            return "sent", "", now
        case "unknown":
            return "unknown", outcome.reason, now
        case "refused":
            return "dead", outcome.reason, now
    if now >= one.expires_at:
        return "dead", outcome.reason or "it did not get through in time", now
    wait_s = max(full_jitter(one.attempt), min(outcome.retry_after_s or 0.0, RETRY_AFTER_MAX_S))
    return "due", outcome.reason, now + int(wait_s * 1000)


def _settle_target(tx: Tx, one: Claimed, outcome: Outcome, state: State, now: int) -> Settled:
    at = [one.channel, one.target]
    row = tx.one(
        "select failures, failing_since, open_until, told_at from delivery_target"
        f" where channel = ? and id = ?{tx.lock}",
        at,
    )
    failures, failing_since, open_until, told_at = row or (0, None, 0, None)
    if outcome.result == "sent":
        failures, failing_since, open_until, told_at = 0, None, 0, None
    else:
        failing_since = failing_since if failing_since is not None else now
    if outcome.result == "refused":
        failures, open_until = 0, 0  # it answers
    if outcome.result == "retry":
        failures += 1
        wait_s = full_jitter(failures - BREAKER + 1) if failures >= BREAKER else 0.0
        wait_s = max(wait_s, min(outcome.retry_after_s or 0.0, RETRY_AFTER_MAX_S))
        open_until = now + int(wait_s * 1000) if wait_s else 0
    first_dead = state == "dead" and (told_at is None or told_at <= now - EXPIRY_MS)
    tx.execute(
        "update delivery_target set failures = ?, failing_since = ?, open_until = ?, told_at = ?"
        " where channel = ? and id = ?",
        [failures, failing_since, open_until, now if first_dead else told_at, *at],
    )
    return Settled(state=state, failing_since=failing_since, first_dead=first_dead)


def reconcile(tx: Tx, id: str, *, arrived: bool, now: int) -> None:
    """A provider told what became of an *unknown* delivery: it arrived, or it is tried again."""
    tx.execute(
        "update delivery set state = ?, due_at = ?, settled_at = ?, reason = '' where id = ? and state = 'unknown'",
        ["sent" if arrived else "due", now, now if arrived else None, id],
    )
    tx.emit(Wake(LOOP))


# By hand


def replay(tx: Tx, organisation: str, target: str, id: str, now: int) -> None:
    """Try a settled delivery again, with the key it had. NotFoundError when there is none; one that is still under way
    stays as it is."""
    known = tx.one(
        f"select number from delivery where id = ? and organisation = ? and target = ?{tx.lock}",
        [id, organisation, target],
    )
    if known is None:
        raise NotFoundError
    tx.execute(
        f"{_AGAIN} where number = ? and state in ('sent', 'unknown', 'dead')",
        [now, now + EXPIRY_MS, known[0]],
    )
    _close_breaker(tx, organisation, target)
    tx.emit(Wake(LOOP))


def replay_dead(tx: Tx, organisation: str, target: str, since: int, now: int) -> int:
    """Try all deliveries of a target again that were given up and made since then (UTC ms); how many."""
    count = tx.execute(
        f"{_AGAIN} where organisation = ? and target = ? and state = 'dead' and created_at >= ?",
        [now, now + EXPIRY_MS, organisation, target, since],
    )
    _close_breaker(tx, organisation, target)
    tx.emit(Wake(LOOP))
    return count


_AGAIN = "update delivery set state = 'due', reason = '', due_at = ?, expires_at = ?, settled_at = null"


def _close_breaker(tx: Tx, organisation: str, target: str) -> None:
    """Somebody says that it should work now."""
    tx.execute(
        "update delivery_target set open_until = 0, failures = 0 where organisation = ? and id = ?",
        [organisation, target],
    )


def fresh_start(tx: Tx, organisation: str, target: str) -> None:
    """Forget how a target fared: it is another address now, or somebody turned it on again."""
    tx.execute(
        "update delivery_target set failures = 0, failing_since = null, open_until = 0, told_at = null"
        " where organisation = ? and id = ?",
        [organisation, target],
    )


def give_up(tx: Tx, organisation: str, target: str, reason: str, now: int) -> None:
    """Nothing more leaves for this target by itself: what is due is dead, and can be replayed."""
    tx.execute(
        "update delivery set state = 'dead', reason = ?, settled_at = ?"
        " where organisation = ? and target = ? and state = 'due'",
        [reason[:300], now, organisation, target],
    )


def forget(tx: Tx, organisation: str, target: str) -> None:
    """Remove a target with all its deliveries. An attempt under way finds nothing to settle."""
    scope = [organisation, target]
    tx.execute(
        "delete from delivery_attempt where delivery in"
        " (select number from delivery where organisation = ? and target = ?)",
        scope,
    )
    tx.execute("delete from delivery where organisation = ? and target = ?", scope)
    tx.execute("delete from delivery_target where organisation = ? and id = ?", scope)


def sweep(tx: Tx, now: int, limit: int = 500) -> int:
    """Remove deliveries that were settled long ago; how many."""
    old = tx.all(
        "select number from delivery where settled_at < ? order by settled_at limit ?", [now - KEPT_MS, limit]
    )
    for row in old:
        tx.execute("delete from delivery_attempt where delivery = ?", row)
        tx.execute("delete from delivery where number = ? and settled_at is not null", row)
    return len(old)


# Looking


class Attempt(msgspec.Struct, frozen=True, rename="camel"):
    """One try: when (UTC ms), how long it took, and how it ended."""

    attempt: int
    at: int
    took_ms: int
    result: Result
    status: int | None
    reason: str
    request: str
    response: str


class Delivery(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A delivery as an admin sees it. ``due_at`` is when it is tried next, while it is *due*."""

    id: str
    number: int
    topic: str
    state: State
    attempts: int
    created_at: int
    due_at: int
    settled_at: int | None
    reason: str


_LIST = "select id, number, topic, state, attempts, created_at, due_at, settled_at, reason from delivery"


def page(
    tx: Tx, organisation: str, target: str, states: Sequence[State], before: int | None, limit: int
) -> list[Delivery]:
    """A target's deliveries in these states (all when empty), newest first, with a number below ``before``."""
    marks = ", ".join("?" * len(states))
    of_state = f" and state in ({marks})" if states else ""
    rows = tx.all(
        f"{_LIST} where organisation = ? and target = ? and number < ?{of_state} order by number desc limit ?",
        [organisation, target, before if before is not None else 1 << 62, *states, limit],
    )
    return [_delivery(row) for row in rows]


def one(tx: Tx, organisation: str, target: str, id: str) -> tuple[Delivery, str, list[Attempt]]:
    """A delivery with its body and its attempts, oldest first. NotFoundError when there is none."""
    row = tx.one(f"{_LIST} where organisation = ? and target = ? and id = ?", [organisation, target, id])
    if row is None:
        raise NotFoundError
    found = _delivery(row)
    body = tx.one("select body from delivery where number = ?", [found.number])
    attempts = tx.all(
        "select attempt, at, took_ms, result, status, reason, request, response from delivery_attempt"
        " where delivery = ? order by attempt",
        [found.number],
    )
    return found, body[0] if body else "", [Attempt(*attempt) for attempt in attempts]


def counts(tx: Tx, organisation: str, target: str) -> dict[str, int]:
    """How many deliveries of a target are in which state."""
    rows = tx.all(
        "select state, count(*) from delivery where organisation = ? and target = ? group by state",
        [organisation, target],
    )
    return {row[0]: row[1] for row in rows}


def failing_since(tx: Tx, organisation: str) -> dict[str, int]:
    """Since when which targets fail."""
    rows = tx.all(
        "select id, failing_since from delivery_target where organisation = ? and failing_since is not null",
        [organisation],
    )
    return {row[0]: row[1] for row in rows}


def _delivery(row: Row) -> Delivery:
    return Delivery(
        id=row[0],
        number=row[1],
        topic=row[2],
        state=row[3],
        attempts=row[4],
        created_at=row[5],
        due_at=row[6],
        settled_at=row[7],
        reason=row[8],
    )
