"""The look (one co-browsing session) and its facts, in the conversation's stream. No content of a page stands in a
fact: who, when, under which consent and policy, and what an agent's hand did."""

from typing import Any, Literal

import msgspec

from balie.desk.facts import Body, define, on_the_wire
from balie.desk.model import Actor, Language, Noun

LookState = Literal["invited", "code", "asking", "viewing", "paused", "ended"]
ControlKind = Literal["scroll", "act"]
PausedBy = Literal["visitor", "page"]
Away = Literal["site", "left"]
EndReason = Literal[
    "visitor",
    "agent",
    "escape",
    "closed",
    "signed_out",
    "idle",
    "declined",
    "timeout",
    "recorder_failed",
    "page_too_large",
    "policy_never",
    "restart_impossible",
]


RecordingRefusal = Literal["visitor", "agent", "timeout", "look_ended"]
RecordingEnd = Literal["visitor", "agent", "look_ended", "full", "store_failed"]


class Asked(Noun):
    """A question for the visitor: may ``agent`` scroll, or click and fill? Open until ``until`` (UTC ms)."""

    kind: ControlKind
    agent: Actor
    until: int


class LookRecording(Noun):
    """``asked``: may ``agent`` have what is seen recorded? Open until ``until`` (UTC ms). ``on``: it is, since
    ``since``. ``days``: how long it is kept."""

    state: Literal["asked", "on"]
    agent: Actor
    since: int | None
    until: int | None
    days: int


class Look(Noun):
    """An agent looks along on a visitor's page. Times are UTC milliseconds.

    ``agent`` leads: who invited or joined by code. ``controller`` holds the grants that run until ``scrollUntil`` and
    ``actUntil``. ``watchers`` are on the mirror's socket now, as far as known. ``expiresAt``: until when somebody may
    join or answer. ``away``: no page of the visitor's is told now, because a link led to another ``site``, or because
    it was closed or left without a link."""

    id: str
    conversation: str | None
    contact: str
    inbox: str
    state: LookState
    paused_by: PausedBy | None
    away: Away | None
    agent: Actor | None
    watchers: list[Actor]
    controller: Actor | None
    scroll_until: int | None
    act_until: int | None
    asked: Asked | None
    recording: LookRecording | None
    policy_version: int
    policy_hash: str
    consent_text: str | None
    language: Language | None
    expires_at: int | None
    end_reason: EndReason | None
    created_at: int
    accepted_at: int | None
    ended_at: int | None


class LookBody(Body):
    """What the facts of looks have in common."""

    look: str


@define("look_invited", "conversation", "everyone", logged=True)
class LookInvited(LookBody):
    """An agent asks to look along; with ``code``, after the visitor showed one."""

    code: bool


@define("look_accepted", "conversation", "everyone", logged=True)
class LookAccepted(LookBody):
    """The evidence of consent: which text, in which language, under which policy, on which page (no query)."""

    consent_text: str
    language: Language
    policy_version: int
    policy_hash: str
    address: str


@define("look_declined", "conversation", "everyone", logged=True)
class LookDeclined(LookBody):
    reason: Literal["visitor", "timeout"]


@define("look_continued", "conversation", "everyone", logged=True)
class LookContinued(LookBody):
    """Consent in one more place: another ``tab``, or another ``site`` that the policy trusts. To which text, in which
    language, on which page (no query)."""

    on: Literal["tab", "site"]
    tab: str
    address: str
    language: Language
    consent_text: str


@define("look_paused", "conversation", "everyone")
class LookPaused(LookBody):
    by: PausedBy


@define("look_resumed", "conversation", "everyone")
class LookResumed(LookBody):
    pass


@define("look_ended", "conversation", "everyone", logged=True)
class LookEnded(LookBody):
    reason: EndReason


@define("control_asked", "conversation", "everyone")
class ControlAsked(LookBody):
    kind: ControlKind


@define("control_granted", "conversation", "everyone", logged=True)
class ControlGranted(LookBody):
    kind: ControlKind
    until: int


@define("control_withdrawn", "conversation", "everyone", logged=True)
class ControlWithdrawn(LookBody):
    """A grant, or the question for one, is over."""

    kind: ControlKind
    reason: Literal["visitor", "agent", "expired", "declined", "timeout"]


Deed = Literal["click", "fill", "select", "scroll", "visit"]


@define("control_used", "conversation", "agents")
class ControlUsed(LookBody):
    """The agent's hand did something: on what (its label, never a value) and with which outcome. ``visit``: the visitor
    answered for a page that an agent proposed; the label is its address without query."""

    action: Deed
    label: str
    outcome: str


@define("recording_asked", "conversation", "everyone")
class RecordingAsked(LookBody):
    """An agent asks to record what is seen from here on."""


@define("recording_started", "conversation", "everyone", logged=True)
class RecordingStarted(LookBody):
    """The evidence of this consent, which is none of looking along's: which text, in which language, for how long."""

    consent_text: str
    language: Language
    days: int


@define("recording_declined", "conversation", "everyone", logged=True)
class RecordingDeclined(LookBody):
    reason: RecordingRefusal


@define("recording_ended", "conversation", "everyone", logged=True)
class RecordingEnded(LookBody):
    """``duration`` in milliseconds since the visitor agreed, pauses included."""

    reason: RecordingEnd
    duration: int


@define("recording_removed", "conversation", "everyone", logged=True)
class RecordingRemoved(LookBody):
    """What was recorded is gone for good; who removed it is the fact's actor."""

    reason: Literal["retention", "admin"]


@define("recording_played", "conversation", "agents")
class RecordingPlayed(LookBody):
    """The agent watched it."""


@define("look_watched", "conversation", "agents")
class LookWatched(LookBody):
    """The agent came to the mirror's socket."""


@define("look_left", "conversation", "agents")
class LookLeft(LookBody):
    pass


# The relay's own words on the mirror's socket, as text frames.


class MirrorState(Noun, tag_field="t", tag="state"):
    look: Look


class MirrorGone(Noun, tag_field="t", tag="gone"):
    """To agents: the visitor's socket went; it may come back."""


class MirrorBack(Noun, tag_field="t", tag="back"):
    """To agents: the visitor's socket is there."""


class MirrorJoined(Noun, tag_field="t", tag="joined"):
    """To the visitor: somebody came who needs a snapshot. ``watcher``: the number of their window, to which it may be
    addressed; 0 when it is for everybody."""

    agent: Actor
    watcher: int = 0


class MirrorLeft(Noun, tag_field="t", tag="left"):
    agent: Actor


class MirrorLost(Noun, tag_field="t", tag="lost"):
    """To an agent: frames were dropped for this watcher; ask for a snapshot."""


class MirrorRefused(Noun, tag_field="t", tag="refused"):
    """To an agent: a frame was dropped."""

    why: Literal["no_grant", "not_viewing"]


class MirrorAlive(Noun, tag_field="t", tag="alive"):
    """From the visitor, at most every 10 s: there was input on the page."""


class Leaving(Noun):
    """``page``: for the next page of this site; the others as in ``Look.away``."""

    why: Literal["site", "left", "page"]


class MirrorLeaving(Noun, tag_field="t", tag="leaving"):
    """From the visitor, as the last word of a page."""

    d: Leaving


MirrorFrame = MirrorState | MirrorGone | MirrorBack | MirrorJoined | MirrorLeft | MirrorLost | MirrorRefused


class LookingPolicy(Noun):
    """What an inbox lets its agents see. ``version`` 0 is the one that a new inbox starts with. ``policy``: the keys of
    docs/cobrowse.md; ``hash`` as the recorder computes it."""

    version: int
    hash: str
    profile: Literal["open", "normal", "regulated"]
    policy: dict[str, Any]
    created_at: int
    agent: Actor | None


class RecordingPiece(Noun):
    """Frames in the order they came. ``from`` and ``to``: milliseconds since the recording's beginning; ``bytes``: as
    they are played."""

    n: int
    from_: int = msgspec.field(name="from")
    to: int
    bytes: int


class RecordingMark(Noun):
    """Something that happened ``at`` milliseconds after the beginning: the kind of its fact, and what the agent's hand
    was on, or why it ended."""

    at: int
    kind: str
    label: str


class Recording(Noun):
    """What was seen in a look, as far as the visitor agreed. ``duration`` in milliseconds, until now while it goes on.
    ``assets``: where the viewer finds images and fonts, as they are by now, for an hour. ``removesAt``: when it removes
    itself. No pieces once it is removed."""

    look: str
    started_at: int
    ended_at: int | None
    duration: int
    bytes: int
    pieces: list[RecordingPiece]
    marks: list[RecordingMark]
    assets: str
    removes_at: int | None
    removed_at: int | None


on_the_wire(
    Look=Look,
    MirrorFrame=MirrorFrame,
    MirrorAlive=MirrorAlive,
    MirrorLeaving=MirrorLeaving,
    LookingPolicy=LookingPolicy,
    Recording=Recording,
)
