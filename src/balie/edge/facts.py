"""Facts as socket frames: encoded once for all agents and once for all visitors."""

import msgspec

from balie.desk.facts import HIDDEN, KINDS, Fact
from balie.desk.log import Appended
from balie.desk.model import Actor
from balie.edge.session import text_frame

_encode = msgspec.json.Encoder().encode
_NOBODY = Actor(kind="system", id="", name="")


def agents_frame(entry: Appended) -> bytes:
    """The fact for agents, with its global position."""
    frame = entry.for_agents
    if frame is None:
        frame = entry.for_agents = text_frame(b'{"t":"fact","d":' + _encode(entry.fact()) + b"}")
    return frame


def visitors_frame(entry: Appended) -> bytes:
    """The fact for visitors: no position, and a blank in place of what is for agents only."""
    frame = entry.for_visitors
    if frame is None:
        frame = entry.for_visitors = text_frame(b'{"t":"fact","d":' + _encode(for_visitor(entry)) + b"}")
    return frame


def for_visitor(entry: Appended) -> Fact:
    """The fact as a visitor may see it."""
    fact = entry.fact()
    if KINDS[entry.kind].audience == "everyone":
        return msgspec.structs.replace(fact, pos=0)
    return msgspec.structs.replace(fact, pos=0, kind=HIDDEN, actor=_NOBODY, body=msgspec.Raw(b"{}"))
