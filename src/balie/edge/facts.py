"""Facts as socket frames: encoded once for all agents and once for all visitors."""

import msgspec

from balie.desk.facts import HIDDEN, KINDS, Fact
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


_encode = msgspec.json.Encoder().encode


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
        rest = _rest(entry) if _is_for_everyone(entry) else _encode(_blank(entry))[1:]
        frame = entry.for_visitors = text_frame(b'{"t":"fact","d":{"pos":0,%b}' % rest)
    return frame


def for_visitor(entry: Appended) -> Fact:
    """The fact as a visitor may see it."""
    fact = entry.fact()
    if _is_for_everyone(entry):
        return msgspec.structs.replace(fact, pos=0)
    return msgspec.structs.replace(fact, pos=0, kind=HIDDEN, actor=_NOBODY, body=msgspec.Raw(b"{}"))


def _is_for_everyone(entry: Appended) -> bool:
    return KINDS[entry.kind].audience == "everyone"


def _rest(entry: Appended) -> bytes:
    rest = entry.rest
    if rest is None:
        body = msgspec.Raw(entry.raw)
        rest = entry.rest = _encode(
            _Rest(
                stream=entry.stream, seq=entry.seq, at=entry.at, kind=entry.kind, actor=entry.actor, body=body
            )
        )[1:]
    return rest


def _blank(entry: Appended) -> _Rest:
    return _Rest(
        stream=entry.stream, seq=entry.seq, at=entry.at, kind=HIDDEN, actor=_NOBODY, body=msgspec.Raw(b"{}")
    )
