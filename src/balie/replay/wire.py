"""The frames as the replay reads and writes them: only what it needs; a stranger to the server."""

from typing import Any

import msgspec


class Body(msgspec.Struct, frozen=True):
    """The part of a fact's body that names a message."""

    cid: str = ""
    text: str = ""


class Fact(msgspec.Struct, frozen=True):
    stream: str
    seq: int
    kind: str
    body: Body = Body()
    pos: int = 0


class Envelope(msgspec.Struct):
    t: str
    d: msgspec.Raw = msgspec.Raw(b"{}")


class Welcome(msgspec.Struct, rename="camel"):
    epoch: str
    resumed: bool


class Ack(msgspec.Struct):
    cid: str
    conversation: str
    seq: int


class Refuse(msgspec.Struct):
    code: str
    detail: str = ""
    cid: str | None = None


class Reconnect(msgspec.Struct, rename="camel"):
    after_ms: int
    spread_ms: int


class Log(msgspec.Struct):
    """A conversation with the tail of its log."""

    id: str
    seq: int
    log: list[Fact] = []
    more: bool = False


class AgentResync(msgspec.Struct):
    position: int


class VisitorResync(msgspec.Struct):
    conversations: list[Log]


class Resync(msgspec.Struct):
    reason: str
    visitor: VisitorResync | None = None
    agent: AgentResync | None = None


_encode = msgspec.json.Encoder().encode
decode_envelope = msgspec.json.Decoder(Envelope).decode
decode_fact = msgspec.json.Decoder(Fact).decode
decode_ack = msgspec.json.Decoder(Ack).decode
decode_refuse = msgspec.json.Decoder(Refuse).decode
decode_welcome = msgspec.json.Decoder(Welcome).decode
decode_resync = msgspec.json.Decoder(Resync).decode
decode_reconnect = msgspec.json.Decoder(Reconnect).decode


def frame(kind: str, data: dict[str, Any]) -> bytes:
    return _encode({"t": kind, "d": data})
