"""The SQL of webhook endpoints. Every statement on behalf of an agent names the organisation (invariant I7)."""

import msgspec

from balie.desk import deliveries
from balie.desk.access import Access
from balie.engine.ports import Row, Tx
from balie.features.webhooks.facts import EventType, Webhook

CHANNEL = "webhook"

_SELECT = (
    "select id, url, description, events, active, off_reason, created_at, changed_at, old_secret_until"
    " from webhook"
)


class Endpoint(msgspec.Struct, frozen=True):
    """What the sender needs: where to, and what signs now, the newest secret first."""

    url: str
    active: bool
    secrets: list[str]


class Subscription(msgspec.Struct, frozen=True):
    """What the listener needs: which events from which position on."""

    id: str
    organisation: str
    events: frozenset[str]
    since: int


def webhooks(tx: Tx, access: Access) -> list[Webhook]:
    """All of the organisation's, oldest first."""
    failing = deliveries.failing_since(tx, access.organisation)
    rows = tx.all(f"{_SELECT} where organisation = ? order by created_at, id", [access.organisation])
    return [_webhook(row, failing) for row in rows]


def find(tx: Tx, organisation: str, webhook: str) -> Webhook | None:
    row = tx.one(f"{_SELECT} where organisation = ? and id = ?", [organisation, webhook])
    return _webhook(row, deliveries.failing_since(tx, organisation)) if row else None


def count(tx: Tx, organisation: str) -> int:
    row = tx.one("select count(*) from webhook where organisation = ?", [organisation])
    return int(row[0]) if row else 0


def insert(tx: Tx, organisation: str, webhook: Webhook, secret: str) -> None:
    tx.execute(
        "insert into webhook (id, organisation, url, description, events, active, off_reason, secret, since,"
        " created_at, changed_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [webhook.id, organisation, webhook.url, webhook.description, _joined(webhook.events), webhook.active,
         webhook.off_reason, secret, tx.horizon(), webhook.created_at, webhook.changed_at],
    )  # fmt: skip


def update(tx: Tx, organisation: str, webhook: Webhook) -> None:
    """Save what can be changed."""
    tx.execute(
        "update webhook set url = ?, description = ?, events = ?, active = ?, off_reason = ?, changed_at = ?"
        " where id = ? and organisation = ?",
        [webhook.url, webhook.description, _joined(webhook.events), webhook.active, webhook.off_reason,
         webhook.changed_at, webhook.id, organisation],
    )  # fmt: skip


def start_from_now(tx: Tx, organisation: str, webhook: str) -> None:
    """What happened while it was off is not told afterwards."""
    tx.execute(
        "update webhook set since = ? where id = ? and organisation = ?",
        [tx.horizon(), webhook, organisation],
    )


def rotate(tx: Tx, organisation: str, webhook: str, secret: str, old_until: int, now: int) -> None:
    """The new secret signs from now on, the one before it too until ``old_until`` (UTC ms)."""
    tx.execute(
        "update webhook set old_secret = secret, secret = ?, old_secret_until = ?, changed_at = ?"
        " where id = ? and organisation = ?",
        [secret, old_until, now, webhook, organisation],
    )


def secrets(tx: Tx, organisation: str, webhook: str) -> list[str]:
    """The secret and the one before it, as far as they are kept."""
    row = tx.one(
        "select secret, old_secret from webhook where id = ? and organisation = ?", [webhook, organisation]
    )
    return [one for one in row if one] if row else []


def forget_old_secret(tx: Tx, organisation: str, webhook: str, now: int) -> None:
    """Take the secret before the last rotation away, when it has signed long enough."""
    tx.execute(
        "update webhook set old_secret = '' where id = ? and organisation = ? and old_secret_until <= ?",
        [webhook, organisation, now],
    )


def delete(tx: Tx, organisation: str, webhook: str) -> bool:
    return tx.execute("delete from webhook where id = ? and organisation = ?", [webhook, organisation]) > 0


def endpoint(tx: Tx, organisation: str, webhook: str, now: int) -> Endpoint | None:
    row = tx.one(
        "select url, active, secret, old_secret, old_secret_until from webhook where id = ? and organisation = ?",
        [webhook, organisation],
    )
    if row is None:
        return None
    old = [row[3]] if row[3] and row[4] is not None and row[4] > now else []
    return Endpoint(row[0], bool(row[1]), [row[2], *old])


def first_position(tx: Tx) -> int | None:
    """Where the first active endpoint begins to read; none when there is no active one. Of all organisations."""
    row = tx.one("select min(since) from webhook where active = ?", [True])
    return int(row[0]) if row and row[0] is not None else None


def subscriptions(tx: Tx) -> list[Subscription]:
    """The active endpoints of all organisations."""
    rows = tx.all("select id, organisation, events, since from webhook where active = ? order by id", [True])
    return [Subscription(row[0], row[1], frozenset(row[2].split(",")), row[3]) for row in rows]


def _joined(events: list[EventType]) -> str:
    return ",".join(events)


def _webhook(row: Row, failing: dict[str, int]) -> Webhook:
    return Webhook(
        id=row[0],
        url=row[1],
        description=row[2],
        events=row[3].split(","),
        active=bool(row[4]),
        off_reason=row[5],
        created_at=row[6],
        changed_at=row[7],
        old_secret_until=row[8],
        failing_since=failing.get(row[0]),
    )
