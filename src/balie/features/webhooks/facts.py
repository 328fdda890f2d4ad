"""The endpoint of a webhook and its facts, in the organisation's stream. No address stands in a fact: addresses of
webhooks often hold a secret, and every agent reads the stream."""

from typing import Literal

from balie.desk.facts import Body, define
from balie.desk.model import Noun

EventType = Literal[
    "conversation.opened",
    "conversation.assigned",
    "conversation.closed",
    "conversation.reopened",
    "message.added",
    "note.added",
    "contact.changed",
]
OffReason = Literal["", "person", "gone", "failing"]


class Webhook(Noun):
    """An endpoint. ``off_reason`` says why it is not active: a person, an answer 410, or days of failure.
    ``old_secret_until``: until then (UTC ms) the secret before the last rotation signs too. ``failing_since``: none
    while it works."""

    id: str
    url: str
    description: str
    events: list[EventType]
    active: bool
    off_reason: OffReason
    created_at: int
    changed_at: int
    old_secret_until: int | None
    failing_since: int | None


@define("webhook_saved", "organisation", "agents")
class WebhookSaved(Body):
    """An endpoint was added or changed."""

    id: str
    description: str
    active: bool


@define("webhook_removed", "organisation", "agents")
class WebhookRemoved(Body):
    id: str


@define("webhook_disabled", "organisation", "agents")
class WebhookDisabled(Body):
    """The desk itself turned an endpoint off: it answered 410 Gone, or failed for days."""

    id: str
    description: str
    reason: OffReason
