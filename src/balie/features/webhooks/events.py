"""What a webhook says of a fact: the type of its event, and its payload {type, timestamp, data}."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from balie.desk.log import Appended
from balie.features.webhooks.facts import EventType

TYPES: dict[str, EventType] = {
    "conversation_opened": "conversation.opened",
    "conversation_assigned": "conversation.assigned",
    "conversation_closed": "conversation.closed",
    "conversation_reopened": "conversation.reopened",
    "message_added": "message.added",
    "note_added": "note.added",
    "contact_changed": "contact.changed",
}
_encode = msgspec.json.Encoder().encode


def payload(entry: Appended, event: EventType) -> bytes:
    """The body that is sent, the same bytes at every attempt. ``seq`` orders the events of a conversation."""
    where: dict[str, Any] = {}
    if not event.startswith("contact."):
        where = {"conversation": entry.stream, "inbox": entry.inbox}
    data = (
        where | {"seq": entry.seq, "actor": entry.actor} | msgspec.json.decode(entry.raw, type=dict[str, Any])
    )
    return _encode({"type": event, "timestamp": iso(entry.at), "data": data})


def iso(at: int) -> str:
    """UTC milliseconds as ISO 8601."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
