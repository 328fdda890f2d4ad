"""Uvicorn, and how this process goes: taking nobody in any more, sending the sockets away over time, then the rest."""

import math
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn

from balie.desk.nodes import Nodes
from balie.edge.health import Health
from balie.edge.socket import Sockets

START_MAX_S = 20.0
"""What took longer than this was not only a start."""


class Server(uvicorn.Server):
    """Uvicorn does not know the sockets as connections: they are sent away here. ``up`` is called once it serves."""

    def __init__(self, config: uvicorn.Config, sockets: Sockets, nodes: Nodes, health: Health) -> None:
        super().__init__(config)
        self._sockets = sockets
        self._nodes = nodes
        self._health = health
        self.up: Callable[[], None] = lambda: None
        self._made = time.monotonic()
        self._start_s = 0.0
        """How long the start of this process took; the next one's will take about as long."""

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        if self.started and not self.should_exit:
            self._start_s = _age_s()
            if self._start_s > START_MAX_S:
                self._start_s = time.monotonic() - self._made
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
        back_in_ms = round(1000 * min(self._start_s, START_MAX_S))
        await self._sockets.drain(alone=alone, back_in_ms=back_in_ms, hurry=lambda: self.force_exit)
        await super().shutdown(sockets)


def _age_s() -> float:
    """How long ago this process began (proc(5)); infinite where the system does not tell."""
    try:
        fields = (
            Path("/proc/self/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        )
        began_s = int(fields[19]) / os.sysconf("SC_CLK_TCK")
        return time.clock_gettime(time.CLOCK_BOOTTIME) - began_s
    except (OSError, ValueError, IndexError, AttributeError):
        return math.inf
