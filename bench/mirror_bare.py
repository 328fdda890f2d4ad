"""A bare picows relay: what the visitor of a pair sends goes to the agent of it. ``python -m bench.mirror_bare PORT``

The least that a relay of frames can do in this language: no consent, no envelope, no bounds, no other node.
"""

import sys

import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, WSUpgradeRequest, ws_create_server

_agents: dict[str, WSTransport] = {}


class _Side(WSListener):
    def __init__(self, path: str) -> None:
        self._role, self._pair = path[1], path[2:]

    def on_ws_connected(self, transport: WSTransport) -> None:
        if self._role == "a":
            _agents[self._pair] = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.BINARY:
            _agents[self._pair].send(WSMsgType.BINARY, frame.get_payload_as_memoryview())


async def _serve(port: int) -> None:
    def accept(request: WSUpgradeRequest) -> WSListener:
        return _Side(request.path.decode())

    server = await ws_create_server(accept, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
