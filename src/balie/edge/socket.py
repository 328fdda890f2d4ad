"""The sockets' side of the server: picows' protocol inside uvicorn's ``ws=`` hook, on the same port and loop.

ASGI middleware does not run on the upgrade, so the Origin is looked at here and the one-time ticket by the session
(docs/decisions/0001).
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

import structlog
from picows import WSUpgradeRequest, WSUpgradeResponse, WSUpgradeResponseWithListener
from picows.picows import WSAutoPingStrategy, WSProtocol  # type: ignore[attr-defined]

from balie.edge import frames
from balie.edge.limits import IPNetwork, bucket_key, client_address
from balie.edge.session import GOODBYE_S, Session, encode
from balie.lib import text

log = structlog.get_logger(__name__)

SWEEP_S = 5.0
SPREAD_MS = 500
"""Over how long at least everybody comes back to a desk of one process that restarts."""
RETURNS_PER_S = 2_000
"""Sessions that one process takes in again, beside its other work (bench/README.md)."""
MOVES_PER_S, MOVE_SPREAD_MS, MOVES_WITHIN_S = 1_000, 250, 20.0
"""How fast sessions move to other nodes, and how long that may take."""
STORE_S = 5.0
"""How long what was handed in may take to be stored."""
HANDSHAKE_S = 5.0


class _Silent:
    """picows logs each connection and makes a logger for it; ours are counted instead."""

    def isEnabledFor(self, level: int) -> bool:  # noqa: N802 - the logging interface
        return False

    def _ignore(self, *_: Any, **__: Any) -> None:
        return None

    log = debug = info = warning = error = exception = _ignore


class Upgrade:
    """A request to open a socket: its path, ticket and origin."""

    __slots__ = ("address", "origin", "path", "resume", "ticket")

    def __init__(self, request: WSUpgradeRequest) -> None:
        parts = urlsplit(request.path.decode("latin-1"))
        self.path = parts.path
        self.ticket = parse_qs(parts.query).get("ticket", [""])[0]
        self.origin = text.origin(request.headers.get("origin", ""))
        self.address = ""
        """Whom its messages count for: the caller, as far as limits tell callers apart."""
        self.resume = ""
        """The resume ticket that its hello brought, where it came without a ticket."""


Factory = Callable[[Upgrade, Callable[[Session], None]], Session]


class Sockets:
    """All sockets of this process: opens them by path, checks that they live, sends them away at shutdown. No more
    than ``limit``, and ``per_address`` of one caller, or one machine could take all places (threat S11)."""

    def __init__(self, limit: int, per_address: int | None = None, proxies: Sequence[IPNetwork] = ()) -> None:
        self._limit = limit
        self._per_address = limit if per_address is None else per_address
        self._proxies = proxies
        self._callers: Counter[str] = Counter()
        self._factories: dict[str, Factory] = {}
        self._limits: dict[str, int] = {}
        self.sessions: dict[Session, str] = {}
        """Session → the caller it counts for."""
        self._sweeping: asyncio.TimerHandle | None = None
        self._draining = False
        self._on_gone = self._gone

    def route(self, path: str, factory: Factory, frame_limit: int = frames.FRAME_LIMIT) -> None:
        """Open sockets at ``path``. ``frame_limit``: bytes of one frame; who sends a longer one is hung up on."""
        self._factories[path] = factory
        self._limits[path] = frame_limit

    @property
    def paths(self) -> list[str]:
        """Where sockets can be opened."""
        return list(self._factories)

    def start(self) -> None:
        self._sweeping = asyncio.get_running_loop().call_later(SWEEP_S, self._sweep)

    def spread_ms(self) -> int:
        """Over how long everybody who is here should come back, were they all gone at once."""
        return max(SPREAD_MS, round(1000 * len(self.sessions) / RETURNS_PER_S))

    async def drain(
        self, *, alone: bool, back_in_ms: int = 0, hurry: Callable[[], bool] = lambda: False
    ) -> None:
        """Send everybody away, to come back spread over time; what they handed in is stored and acked before.

        With other nodes about, each session stays until its own moment. ``alone``, all go at once, so that this
        process is soon back, and return over a while from ``back_in_ms`` on. ``hurry`` cuts the waiting short."""
        self._draining = True
        if self._sweeping is not None:
            self._sweeping.cancel()
        sessions = tuple(self.sessions)
        loop = asyncio.get_running_loop()
        start, step_s = loop.time(), 0.0
        if alone:
            hint = encode("reconnect", frames.Reconnect(after_ms=back_in_ms, spread_ms=self.spread_ms()))
        else:
            step_s = min(1 / MOVES_PER_S, MOVES_WITHIN_S / max(1, len(sessions)))
        for place, session in enumerate(sessions):
            if not alone:
                after_ms = round(1000 * place * step_s)
                hint = encode("reconnect", frames.Reconnect(after_ms=after_ms, spread_ms=MOVE_SPREAD_MS))
            session.push(hint)
        for place, session in enumerate(sessions):
            due = start + place * step_s + (0 if alone else MOVE_SPREAD_MS / 1000)
            await _passes(hurry, due - loop.time())
            if place % 200 == 0:
                await asyncio.sleep(0)
            session.retire()
        await _passes(lambda: all(one.ended for one in sessions) or hurry(), STORE_S)
        for session in sessions:
            session.close(frames.CLOSE_RESTART, "restart")
        await _passes(lambda: not self.sessions or hurry(), GOODBYE_S + 0.5)

    def accept(self, peer: list[str], request: WSUpgradeRequest) -> Any:
        """picows' listener factory: a session, or a refusal before the upgrade. ``peer``: the address of the caller."""
        upgrade = Upgrade(request)
        factory = self._factories.get(upgrade.path)
        if factory is None:
            return None
        if not upgrade.origin:
            return _refusal(HTTPStatus.FORBIDDEN, b"An Origin is needed.")
        if self._draining or len(self.sessions) >= self._limit:
            return _refusal(HTTPStatus.SERVICE_UNAVAILABLE, b"Try again later.")
        forwarded = request.headers.getall("x-forwarded-for", [])
        caller = bucket_key(client_address("".join(peer), forwarded, self._proxies))
        if self._callers[caller] >= self._per_address:
            return _refusal(HTTPStatus.TOO_MANY_REQUESTS, b"Too many sockets from this address.")
        upgrade.address = caller
        session = factory(upgrade, self._on_gone)
        self.sessions[session] = caller
        self._callers[caller] += 1
        return session

    def _gone(self, session: Session) -> None:
        caller = self.sessions.pop(session, None)
        if caller is None:
            return
        self._callers[caller] -= 1
        if self._callers[caller] <= 0:
            del self._callers[caller]

    def protocol(self, config: Any, server_state: Any, app_state: Any, path: str = "") -> "SocketProtocol":
        """What uvicorn calls for each upgrade; the connection adds the path."""
        return SocketProtocol(self, self._limits.get(path, frames.FRAME_LIMIT))

    def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for session in tuple(self.sessions):
            session.check(now)
        self._sweeping = loop.call_later(SWEEP_S, self._sweep)


class SocketProtocol(WSProtocol):  # type: ignore[misc]
    """picows' protocol as uvicorn hands a connection over: the upgrade request first, as bytes."""

    __slots__ = ("_peer",)

    def __init__(self, sockets: Sockets, frame_limit: int) -> None:
        self._peer: list[str] = []
        super().__init__(
            None, None, False, partial(sockets.accept, self._peer), _Silent(), True, HANDSHAKE_S,
            False, None, None, WSAutoPingStrategy.PING_WHEN_IDLE, False, frame_limit, None, 2_048,
        )  # fmt: skip

    def connection_made(self, transport: Any) -> None:
        """Called before the upgrade request comes in."""
        name = transport.get_extra_info("peername")
        self._peer[:] = [str(name[0])] if isinstance(name, tuple) and name else []
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            buffer = self.get_buffer(len(view))
            size = min(len(buffer), len(view))
            buffer[:size] = view[:size]
            view = view[size:]
            self.buffer_updated(size)


async def _passes(done: Callable[[], bool], within_s: float) -> None:
    until = asyncio.get_running_loop().time() + within_s
    while not done() and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110 - many things may end it
        await asyncio.sleep(0.02)


def _refusal(status: HTTPStatus, body: bytes) -> Any:
    return WSUpgradeResponseWithListener(WSUpgradeResponse.create_error_response(status, body), None)
