"""What can be done with webhook endpoints: guard, change, fact, in one transaction."""

import msgspec

from balie.desk import deliveries, roster, timers
from balie.desk.access import Access
from balie.desk.deliveries import Delivery, Parcel
from balie.desk.log import Writer
from balie.desk.model import Actor
from balie.desk.timers import Timer
from balie.features.webhooks import store
from balie.features.webhooks.events import iso
from balie.features.webhooks.facts import OffReason, Webhook, WebhookDisabled, WebhookRemoved, WebhookSaved
from balie.lib import ids
from balie.lib.errors import ConflictError, NotFoundError

LIMIT = 50
"""Endpoints of one organisation."""
OLD_SECRET_MS = 24 * 3_600_000
"""How long the secret before a rotation signs too."""
FAILING_MS = 5 * 24 * 3_600_000
"""Failure without a single success after which an endpoint is turned off."""
ROTATION = "webhook_rotation"
"""The kind of the timer that ends one."""
TEST = "webhook.test"


def add(writer: Writer, access: Access, webhook: Webhook, secret: str) -> Webhook:
    if store.count(writer.tx, access.organisation) >= LIMIT:
        raise ConflictError(f"An organisation has at most {LIMIT} webhooks.", code="webhooks_full")
    store.insert(writer.tx, access.organisation, webhook, secret)
    _saved(writer, access.organisation, access.actor, webhook)
    return webhook


def replace(writer: Writer, access: Access, wanted: Webhook) -> Webhook:
    """Take over address, description, events and whether it is active."""
    before = found(writer, access, wanted.id)
    off: OffReason = "" if wanted.active else (before.off_reason or "person")
    changed = msgspec.structs.replace(
        before,
        url=wanted.url,
        description=wanted.description,
        events=wanted.events,
        active=wanted.active,
        off_reason=off,
    )
    if changed == before:
        return before
    changed = msgspec.structs.replace(changed, changed_at=writer.now)
    store.update(writer.tx, access.organisation, changed)
    if changed.active and not before.active:
        store.start_from_now(writer.tx, access.organisation, changed.id)
    if changed.active and (not before.active or changed.url != before.url):
        deliveries.fresh_start(writer.tx, access.organisation, changed.id)
        changed = msgspec.structs.replace(changed, failing_since=None)
    if before.active and not changed.active:
        deliveries.give_up(writer.tx, access.organisation, changed.id, "the webhook is off", writer.now)
    _saved(writer, access.organisation, access.actor, changed)
    return changed


def rotate(writer: Writer, access: Access, webhook: str, secret: str) -> Webhook:
    """A new secret; the old one signs beside it for a day."""
    found(writer, access, webhook)
    until = writer.now + OLD_SECRET_MS
    store.rotate(writer.tx, access.organisation, webhook, secret, until, writer.now)
    timers.put(writer.tx, Timer(organisation=access.organisation, kind=ROTATION, key=webhook, due_at=until))
    changed = found(writer, access, webhook)
    _saved(writer, access.organisation, access.actor, changed)
    return changed


def forget_old_secret(writer: Writer, timer: Timer) -> None:
    """The old secret's day is over: it signs nothing any more, so it need not lie there."""
    store.forget_old_secret(writer.tx, timer.organisation, timer.key, writer.now)


def remove(writer: Writer, access: Access, webhook: str) -> None:
    """The endpoint goes, and its deliveries with it."""
    if not store.delete(writer.tx, access.organisation, webhook):
        raise NotFoundError
    timers.cancel(writer.tx, access.organisation, ROTATION, webhook)
    deliveries.forget(writer.tx, access.organisation, webhook)
    home = access.organisation
    writer.record_in(home, home, access.actor, "webhook_removed", WebhookRemoved(id=webhook))


def send_test(writer: Writer, access: Access, webhook: str) -> Delivery:
    """A delivery that says nothing but that it is one."""
    active(writer, access, webhook)
    body = {
        "type": TEST,
        "timestamp": iso(writer.now),
        "data": {"webhook": webhook, "actor": access.actor, "text": "Balie can reach this address."},
    }
    test = f"test:{ids.new_cid()}"
    parcel = Parcel(
        organisation=access.organisation,
        channel=store.CHANNEL,
        target=webhook,
        order_key=test[:40],
        source=test,
        topic=TEST,
        body=msgspec.json.encode(body).decode(),
    )
    deliveries.add(writer.tx, [parcel], writer.now)
    return deliveries.page(writer.tx, access.organisation, webhook, (), None, 1)[0]


def disable(writer: Writer, organisation: str, webhook: str, reason: OffReason) -> None:
    """The desk itself turns an endpoint off."""
    before = store.find(writer.tx, organisation, webhook)
    if before is None or not before.active:
        return
    changed = msgspec.structs.replace(before, active=False, off_reason=reason, changed_at=writer.now)
    store.update(writer.tx, organisation, changed)
    deliveries.give_up(writer.tx, organisation, webhook, "the webhook was turned off", writer.now)
    body = WebhookDisabled(id=webhook, description=before.description, reason=reason)
    actor = roster.system(organisation)
    writer.record_in(organisation, organisation, actor, "webhook_disabled", body)


def found(writer: Writer, access: Access, webhook: str) -> Webhook:
    """The organisation's endpoint, or NotFoundError."""
    known = store.find(writer.tx, access.organisation, webhook)
    if known is None:
        raise NotFoundError
    return known


def active(writer: Writer, access: Access, webhook: str) -> Webhook:
    """The organisation's endpoint, or ConflictError when it is off."""
    known = found(writer, access, webhook)
    if not known.active:
        raise ConflictError("This webhook is off. Turn it on first.", code="webhook_off")
    return known


def _saved(writer: Writer, organisation: str, actor: Actor, webhook: Webhook) -> None:
    body = WebhookSaved(id=webhook.id, description=webhook.description, active=webhook.active)
    writer.record_in(organisation, organisation, actor, "webhook_saved", body)
