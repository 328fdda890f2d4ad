"""Facts as socket frames: encoded once for all agents and once for all visitors."""

from typing import Any

import msgspec

from balie.desk.facts import HIDDEN, KINDS, Fact
from balie.desk.feed import News
from balie.desk.log import Appended
from balie.desk.model import Actor, Noun
from balie.edge.session import text_frame

_NOBODY = Actor(kind="system", id="", name="")


class _Rest(Noun):
    """A fact without its position: the same bytes for everybody who may read it."""

    stream: str
    seq: int
    at: int
    kind: str
    actor: Actor
    body: msgspec.Raw


_OPENED = "conversation_opened"
_encode = msgspec.json.Encoder().encode


def agents_frames(news: News) -> bytes:
    """The facts of a commit, a frame each, to be written together."""
    frames = news.frames
    if frames is None:
        frames = news.frames = b"".join(map(agents_frame, news.entries))
    return frames


def agents_frame(entry: Appended) -> bytes:
    """The fact for agents, with its global position."""
    frame = entry.for_agents
    if frame is None:
        frame = entry.for_agents = text_frame(
            b'{"t":"fact","d":{"pos":%d,%b}' % (entry.position, _rest(entry))
        )
    return frame


def visitors_frame(entry: Appended) -> bytes:
    """The fact for visitors: no position, and a blank in place of what is for agents only."""
    frame = entry.for_visitors
    if frame is None:
        if entry.kind == _OPENED:
            rest = _encode(_rest_with(entry, _without_card(entry.raw)))[1:]
        else:
            rest = _rest(entry) if _is_for_everyone(entry) else _encode(_blank(entry))[1:]
        frame = entry.for_visitors = text_frame(b'{"t":"fact","d":{"pos":0,%b}' % rest)
    return frame


def for_visitor(entry: Appended) -> Fact:
    """The fact as a visitor may see it."""
    fact = entry.fact()
    if entry.kind == _OPENED:
        return msgspec.structs.replace(fact, pos=0, body=_without_card(entry.raw))
    if _is_for_everyone(entry):
        return msgspec.structs.replace(fact, pos=0)
    return msgspec.structs.replace(fact, pos=0, kind=HIDDEN, actor=_NOBODY, body=msgspec.Raw(b"{}"))


def _is_for_everyone(entry: Appended) -> bool:
    return KINDS[entry.kind].audience == "everyone"


def _rest(entry: Appended) -> bytes:
    rest = entry.rest
    if rest is None:
        rest = entry.rest = _encode(_rest_with(entry, msgspec.Raw(entry.raw)))[1:]
    return rest


def _rest_with(entry: Appended, body: msgspec.Raw) -> _Rest:
    return _Rest(
        stream=entry.stream, seq=entry.seq, at=entry.at, kind=entry.kind, actor=entry.actor, body=body
    )


def _without_card(raw: bytes) -> msgspec.Raw:
    """The opening without what agents wrote on the contact's card: whoever sits at this browser gets to see it."""
    body = msgspec.json.decode(raw, type=dict[str, Any])
    if "contact" in body:
        body["contact"] |= {"name": "", "email": "", "phone": ""}
    return msgspec.Raw(_encode(body))


def _blank(entry: Appended) -> _Rest:
    return _Rest(
        stream=entry.stream, seq=entry.seq, at=entry.at, kind=HIDDEN, actor=_NOBODY, body=msgspec.Raw(b"{}")
    )
