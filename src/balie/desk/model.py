"""The nouns as the outside sees them: what HTTP answers, snapshots and facts are made of.

Times are UTC milliseconds (``_at``). camelCase outside, snake_case here.
"""

from typing import Literal, dataclass_transform

import msgspec


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Noun(msgspec.Struct, rename="camel", frozen=True, kw_only=True):
    """Base of everything that crosses the wire."""


ActorKind = Literal["contact", "agent", "bot", "system"]
Role = Literal["admin", "supervisor", "agent"]
Language = Literal["nl", "en"]
Side = Literal["visitor", "desk"]
ConversationStatus = Literal["open", "closed"]
AgentStatus = Literal["online", "away"]
AwayReason = Literal["", "wrap_up", "break", "meeting", "training", "other"]
"""Why an agent is away; empty: not told, or not away."""


class Actor(Noun):
    """Who did it. ``name`` is the public name at that moment."""

    kind: ActorKind
    id: str
    name: str


class PageView(Noun):
    """One page the visitor saw; ``url`` without query and fragment. ``tab`` tells tabs of one browser apart."""

    url: str
    title: str
    at: int
    tab: str = ""


class Viewport(Noun):
    """CSS pixels."""

    width: int
    height: int


FormError = Literal["required", "pattern", "type", "range", "length", "message"]
"""``message``: the page itself says that something is wrong. The others are the browser's words for what a field
lacks."""


class PageState(Noun):
    """How the visitor's page stands: ``form`` names the kinds of error on it, never a text, a name or a value.
    ``since`` it is open, ``at`` this was told."""

    url: str
    tab: str
    viewport: Viewport
    form: list[FormError]
    since: int
    at: int


class Organisation(Noun):
    id: str
    name: str


class Team(Noun):
    id: str
    name: str


class Inbox(Noun):
    """``key`` is the public key that a site's script tag names. ``calendar``: when it is open; none: always."""

    id: str
    name: str
    kind: Literal["web"]
    key: str
    team: str | None
    language: Language
    allowed_origins: list[str]
    calendar: str | None = None


class Agent(Noun):
    """An agent as colleagues see them; ``status`` is the agent's own choice, and so is why they are away."""

    id: str
    name: str
    kind: Literal["person", "bot"]
    role: Role
    active: bool
    status: AgentStatus
    teams: list[str]
    away_reason: AwayReason = ""


class Me(Noun):
    """The signed-in agent."""

    id: str
    name: str
    email: str
    role: Role
    language: Language
    organisation: Organisation


class Contact(Noun):
    """A person. Name and e-mail are claims unless verified (verification is a later slice)."""

    id: str
    name: str
    email: str
    phone: str
    language: Language


class Mark(Noun):
    """How far one side has come in a conversation, as seq numbers."""

    delivered: int = 0
    read: int = 0


class Preview(Noun):
    """The last message in a list row; ``text`` at most 140 characters, on one line."""

    kind: Literal["message", "note"]
    actor: Actor
    text: str


class Conversation(Noun):
    """A conversation without its log: one row of a list."""

    id: str
    seq: int
    number: int
    inbox: str
    contact: Contact
    status: ConversationStatus
    assignee: Actor | None
    language: Language
    opened_at: int
    closed_at: int | None
    last_at: int
    last: Preview | None
    waiting_since: int | None
    """When the visitor's oldest unanswered message came; none while nobody waits."""
    visitor_mark: Mark
    desk_mark: Mark
    visitor_unread: int
    desk_unread: int
