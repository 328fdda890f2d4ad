"""What the nodes of a desk tell each other of looks, over the bus. Any of it may get lost: the state heals by a look
into the database, frames by a replay or a snapshot."""

import msgspec

from balie.desk.model import Actor
from balie.features.cobrowse.store import LookRow

CHANGED = "looks"
HERE = "looks:here"


def towards_agents(look: str) -> str:
    return f"look:{look}:a"


def towards_visitor(look: str) -> str:
    return f"look:{look}:v"


class Here(msgspec.Struct, array_like=True, frozen=True):
    """Who of a look is on a node: the number of the visitor's socket (0: none) and the agents by session. ``ask``:
    everybody else with somebody there, say so too."""

    node: bytes
    look: str
    visitor: int
    watchers: dict[str, Actor]
    ask: bool


class ToAgents(msgspec.Struct, array_like=True, frozen=True):
    """A frame of the visitor's."""

    node: bytes
    frame: bytes


class ToVisitor(msgspec.Struct, array_like=True, frozen=True):
    """A frame of an agent's."""

    node: bytes
    agent: str
    frame: bytes


encode = msgspec.msgpack.Encoder().encode
here_of = msgspec.msgpack.Decoder(Here).decode
row_of = msgspec.msgpack.Decoder(LookRow).decode
to_agents_of = msgspec.msgpack.Decoder(ToAgents).decode
to_visitor_of = msgspec.msgpack.Decoder(ToVisitor).decode
