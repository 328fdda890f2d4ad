"""The socket frames, ``{"t": type, "d": data, "id"?: …}``, both ways. One frame is one JSON text message.

``web/protocol`` is generated from these types; docs/protocol.md shows each with an example.
"""

from typing import Literal

import msgspec

from balie.desk import messages
from balie.desk.drafts import Draft
from balie.desk.facts import Fact
from balie.desk.hours import Hours
from balie.desk.model import (
    Actor,
    Agent,
    AgentStatus,
    AwayReason,
    Conversation,
    Inbox,
    Me,
    Noun,
    PageState,
    PageView,
    Team,
)

TEXT_LIMIT = messages.TEXT_LIMIT
FRAME_LIMIT = 65_536
LOG_PAGE = 200

CLOSE_RESTART = 1012
CLOSE_TRY_AGAIN = 1013
CLOSE_BAD_FRAME = 4400
CLOSE_NOT_SIGNED_IN = 4401
CLOSE_NO_RIGHT = 4403
CLOSE_TOO_SLOW = 4408
CLOSE_TAKEN_OVER = 4409
CLOSE_TOO_MANY = 4429


class Data(Noun, forbid_unknown_fields=False):
    """Base of frame data."""


# Snapshots


class ConversationSnapshot(Data):
    """A conversation with the tail of its log (``logged`` facts only), read in one transaction with its seq.

    ``log`` holds at most LOG_PAGE facts; ``more`` says that older ones exist.
    """

    conversation: Conversation
    log: list[Fact]
    more: bool


class VisitorConversation(Data):
    """A conversation as its visitor sees it."""

    id: str
    seq: int
    status: Literal["open", "closed"]
    assignee: Actor | None
    visitor_mark_read: int
    desk_mark_delivered: int
    desk_mark_read: int
    unread: int
    log: list[Fact]
    more: bool


class Desk(Data):
    """Whether somebody is there for the visitor; ``away`` also outside ``hours``. No hours: always open."""

    status: Literal["online", "away"]
    name: str
    hours: Hours | None = None


class VisitorSnapshot(Data):
    """``conversations`` oldest first; at most one is open."""

    desk: Desk
    conversations: list[VisitorConversation]


class AgentSnapshot(Data):
    """Everything a console starts with: all open conversations the agent may read and the last closed ones."""

    position: int
    me: Me
    agents: list[Agent]
    teams: list[Team]
    inboxes: list[Inbox]
    conversations: list[Conversation]
    drafts: list[Draft]
    slices: dict[str, msgspec.Raw]
    """What features add, by slice name (``replies``: list of CannedReply)."""


# From the client


class Hello(Data):
    """First frame. Without ``epoch`` the server answers with ``resync``. ``streams`` (visitor) maps conversation to
    the last seq shown; ``position`` (agent) is the last global position applied. ``dev`` names the device or tab.
    ``resume``: the ticket of the last ``resume`` frame, on a socket that was opened without one; empty from who wants
    such tickets and has none."""

    dev: str = ""
    resume: str | None = None
    epoch: str | None = None
    streams: dict[str, int] = msgspec.field(default_factory=dict)
    position: int | None = None


class Send(Data):
    """A message, or a note to colleagues. Visitors leave ``conversation`` out for their first message; agents name
    it."""

    cid: str
    text: str
    conversation: str | None = None
    note: bool = False
    sent_at: int | None = None


class Read(Data):
    """This side has the messages up to seq ``upTo`` (``delivered``) or has read them (``read``)."""

    conversation: str
    up_to: int
    level: Literal["delivered", "read"] = "read"


class TypingSent(Data, tag_field="kind", tag="typing"):
    conversation: str
    on: bool


class PageSent(Data, tag_field="kind", tag="page"):
    """The visitor is on this page now. ``visit`` is a bare UUIDv7 that lasts until 30 minutes without a page."""

    visit: str
    url: str
    title: str
    tab: str = ""


class StatusSent(Data, tag_field="kind", tag="status"):
    """The agent's own availability, and why they are away; a fact in the agent's stream."""

    status: AgentStatus
    reason: AwayReason = ""


class Ping(Data):
    pass


# From the server


class Welcome(Data):
    """Answer to hello. ``resumed``: the missing facts follow; otherwise a ``resync`` follows."""

    session: str
    epoch: str
    at: int
    resumed: bool


class Ack(Data):
    """The message is stored as fact ``seq``. A repeat gets the first one's answer; ``mismatch`` when its text
    differed."""

    cid: str
    conversation: str
    seq: int
    at: int
    mismatch: bool = False


class Refuse(Data):
    """A definite no to one frame (named by ``cid``, else by the frame's ``id``). Nothing was stored."""

    code: str
    detail: str
    cid: str | None = None


class Resync(Data):
    """Drop what you hold and start from this snapshot."""

    reason: Literal["first", "epoch", "behind"]
    visitor: VisitorSnapshot | None = None
    agent: AgentSnapshot | None = None


def resync_reason(epoch: str | None, *, same: bool) -> Literal["first", "epoch", "behind"]:
    """Why a session cannot resume: it never had anything, history is another, or it missed too much."""
    if epoch is None:
        return "first"
    return "behind" if same else "epoch"


class TypingSeen(Data, tag_field="kind", tag="typing"):
    conversation: str
    actor: Actor
    on: bool


class PageSeen(Data, tag_field="kind", tag="page"):
    """To agents: the visitor of this contact is on this page."""

    contact: str
    page: PageView


class PageStateSeen(Data, tag_field="kind", tag="page_state"):
    """To agents: how the page of this contact stands, where the looking policy lets them know."""

    contact: str
    state: PageState


class PresenceSeen(Data, tag_field="kind", tag="presence"):
    """To agents: whether the contact has the site open now."""

    contact: str
    online: bool


class DeskSeen(Data, tag_field="kind", tag="desk"):
    """To visitors: the desk opened or everybody went away."""

    desk: Desk


class AgentSeen(Data, tag_field="kind", tag="agent"):
    """To agents: a colleague's console came or went."""

    agent: str
    connected: bool


class ServiceSeen(Data, tag_field="kind", tag="service"):
    """To agents: something is away that the desk can do without for a while. Messages go on; who is there and who
    types may be told late."""

    degraded: bool


class Pong(Data):
    at: int


class Resume(Data):
    """To who wants it: a ticket to come back with, valid for ``valid_ms`` from now. It takes the place of the one
    before. ``spread_ms``: should the line break without a word, over how long at most to spread the tries."""

    ticket: str
    valid_ms: int
    spread_ms: int


class Reconnect(Data):
    """Come back after ``afterMs`` plus a random part of ``spreadMs``."""

    after_ms: int
    spread_ms: int


SignalSent = TypingSent | PageSent | StatusSent
SignalSeen = TypingSeen | PageSeen | PageStateSeen | PresenceSeen | DeskSeen | AgentSeen | ServiceSeen

CLIENT_FRAMES: dict[str, object] = {
    "hello": Hello,
    "send": Send,
    "read": Read,
    "signal": SignalSent,
    "ping": Ping,
}
SERVER_FRAMES: dict[str, object] = {
    "welcome": Welcome,
    "resync": Resync,
    "fact": Fact,
    "ack": Ack,
    "refuse": Refuse,
    "signal": SignalSeen,
    "pong": Pong,
    "resume": Resume,
    "reconnect": Reconnect,
}


class ClientFrame(msgspec.Struct):
    """The envelope; ``d`` is decoded by ``t``."""

    t: str
    d: msgspec.Raw = msgspec.Raw(b"{}")
    id: str | None = None
