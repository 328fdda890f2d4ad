"""Uvicorn, and how this process goes: taking nobody in any more, sending the sockets away over time, then the rest."""

from collections.abc import Callable
from typing import Any

import uvicorn

from balie.desk.nodes import Nodes
from balie.edge.health import Health
from balie.edge.socket import Sockets


class Server(uvicorn.Server):
    """Uvicorn does not know the sockets as connections: they are sent away here. ``up`` is called once it serves."""

    def __init__(self, config: uvicorn.Config, sockets: Sockets, nodes: Nodes, health: Health) -> None:
        super().__init__(config)
        self._sockets = sockets
        self._nodes = nodes
        self._health = health
        self.up: Callable[[], None] = lambda: None

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        if self.started and not self.should_exit:
            self.up()

    async def shutdown(self, sockets: Any = None) -> None:
        """Stop accepting first: a proxy then tries another node. Sessions that are still here talk on until it is
        their turn."""
        self._health.draining = True
        for server in self.servers:
            server.close()
        for one in sockets or ():
            one.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        alone = self._nodes.count == 1
        self._nodes.leaving = not alone
        await self._sockets.drain(alone=alone, hurry=lambda: self.force_exit)
        await super().shutdown(sockets)
