"""A bare relay on Balie's own socket layer, without storage, rights or facts: what a message costs before it is kept.

A ``send`` goes on to every agent as it came, and its sender gets an ack. ``python -m bench.relay PORT``
"""

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import uvicorn

from balie.edge import frames
from balie.edge.session import Budget, Session, text_frame
from balie.edge.socket import Sockets, Upgrade

_agents: set["RelaySession"] = set()
_decode = msgspec.json.Decoder(frames.Send).decode
_WELCOME = text_frame(b'{"t":"welcome","d":{"session":"relay","epoch":"relay","at":0,"resumed":false}}')
_RESYNC = text_frame(b'{"t":"resync","d":{"reason":"first"}}')


class RelaySession(Session):
    budget = Budget(1e12, 1e12)

    def __init__(self, agent: bool, upgrade: Upgrade, on_gone: Callable[[Session], None]) -> None:
        super().__init__(on_gone)
        self._agent = agent

    def received(self, kind: str, data: msgspec.Raw, reply_to: str | None) -> None:
        if kind == "hello":
            self.greeted = True
            if self._agent:
                _agents.add(self)
            self.push(_WELCOME)
            self.push(_RESYNC)
        elif kind == "send":
            sent = _decode(data)
            frame = text_frame(b'{"t":"send","d":' + bytes(data) + b"}")
            for agent in tuple(_agents):
                agent.push(frame)
            self.send("ack", frames.Ack(cid=sent.cid, conversation="relay", seq=1, at=0))

    def closed(self) -> None:
        _agents.discard(self)


async def _no_http(scope: Any, receive: Any, send: Any) -> None:
    """Sockets only."""


def main() -> None:
    sockets = Sockets(20_000)
    sockets.route("/v1/socket/visitor", partial(RelaySession, False))
    sockets.route("/v1/socket/agent", partial(RelaySession, True))
    protocol: Any = sockets.protocol
    uvicorn.run(
        _no_http, host="127.0.0.1", port=int(sys.argv[1]), loop="uvloop", http="httptools", ws=protocol,
        lifespan="off", log_config=None, access_log=False, backlog=4_096,
    )  # fmt: skip


if __name__ == "__main__":
    main()
