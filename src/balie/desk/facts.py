"""Every kind of fact: its body, its home stream and who may read it. Slices add theirs with ``define``.

A fact is stored, numbered and never changed. Facts are past participles.
"""

from typing import Any, Literal, TypeVar

import msgspec

from balie.desk.model import Actor, Agent, AgentStatus, AwayReason, Contact, Inbox, Noun, PageView, Side

Home = Literal["conversation", "agent", "organisation"]
Audience = Literal["everyone", "agents"]

B = TypeVar("B", bound="type[Body]")


class Body(Noun):
    """Base of fact bodies."""


class Fact(Noun):
    """One fact as readers get it; stream and seq together are its identity. ``seq`` counts its stream from 1 without
    gaps; ``pos`` orders all streams and is for agents only (0 for visitors)."""

    pos: int
    stream: str
    seq: int
    at: int
    kind: str
    actor: Actor
    body: msgspec.Raw


class Kind(msgspec.Struct, frozen=True):
    """What is known of a fact kind. ``logged`` facts are lines of a conversation's log."""

    name: str
    body: type[Body]
    home: Home
    audience: Audience
    logged: bool


KINDS: dict[str, Kind] = {}


def define(name: str, home: Home, audience: Audience, *, logged: bool = False) -> Any:
    """Class decorator: make ``name`` a kind of fact with this body."""

    def add(body: B) -> B:
        if name in KINDS:
            raise ValueError(f"fact kind {name} is defined twice")
        KINDS[name] = Kind(name, body, home, audience, logged)
        return body

    return add


ALSO: dict[str, Any] = {}
"""What crosses the wire outside the frames and facts: name → type."""


def on_the_wire(**types: Any) -> None:
    """Let the generated TypeScript have these too: nouns that HTTP answers, frames of a socket of the slice's own."""
    ALSO.update(types)


@define("conversation_opened", "conversation", "everyone", logged=True)
class ConversationOpened(Body):
    number: int
    inbox: str
    contact: Contact
    language: Literal["nl", "en"]
    page: PageView | None = None


@define("message_added", "conversation", "everyone", logged=True)
class MessageAdded(Body):
    """``cid`` is the sender's own id of the message. ``sentAt`` is the sender's clock: shown, never ordered by."""

    cid: str
    text: str
    sent_at: int | None = None


@define("note_added", "conversation", "agents", logged=True)
class NoteAdded(Body):
    cid: str
    text: str


@define("conversation_assigned", "conversation", "everyone", logged=True)
class ConversationAssigned(Body):
    """``agent`` is none when the conversation went back to unassigned."""

    agent: Actor | None


@define("conversation_closed", "conversation", "everyone", logged=True)
class ConversationClosed(Body):
    pass


@define("conversation_reopened", "conversation", "everyone", logged=True)
class ConversationReopened(Body):
    pass


@define("messages_delivered", "conversation", "everyone")
class MessagesDelivered(Body):
    """The messages up to seq ``upTo`` are on a device of ``side``."""

    side: Side
    up_to: int


@define("messages_read", "conversation", "everyone")
class MessagesRead(Body):
    """``side`` has read up to seq ``upTo``; ``unread`` messages of the other side remain."""

    side: Side
    up_to: int
    unread: int


@define("contact_changed", "organisation", "agents")
class ContactChanged(Body):
    contact: Contact


@define("agent_changed", "organisation", "agents")
class AgentChanged(Body):
    agent: Agent


@define("inbox_changed", "organisation", "agents")
class InboxChanged(Body):
    inbox: Inbox


@define("agent_status_changed", "agent", "agents")
class AgentStatusChanged(Body):
    """``reason``: why the agent is away."""

    status: AgentStatus
    reason: AwayReason = ""


@define("delivery_failed", "organisation", "agents")
class DeliveryFailed(Body):
    """The courier gave a delivery up: the first one since its target worked, at most one a day. The target's log names
    the others."""

    delivery: str
    channel: str
    target: str
    reason: str


HIDDEN = "hidden"
"""The kind a reader sees in place of a fact they may not read, so that seq stays gap-free for everyone."""
