"""The front door around every HTTP call: request id, caller's address and limit, security headers, log, numbers."""

import os
import time
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import structlog
from litestar import Litestar
from litestar.enums import ScopeType
from litestar.types import Receive, Scope, Send

from balie.edge.call import Call, begin_call
from balie.edge.errors import MEDIA_TYPE, to_problem
from balie.edge.limits import Buckets, IPNetwork, bucket_key, client_address, header_lines
from balie.edge.metrics import Meters
from balie.lib.errors import BalieError, NotFoundError, TooManyError

API_PREFIX = "/v1/"
VISITOR_PREFIX = "/v1/visitor/"
_log = structlog.get_logger("balie.http")

_HEADERS = [
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
    (b"x-frame-options", b"DENY"),
    (b"cache-control", b"no-store"),
]
_HSTS = (b"strict-transport-security", b"max-age=31536000")
_PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, POST, PATCH, DELETE"),
    (b"access-control-allow-headers", b"authorization, content-type, idempotency-key"),
    (b"access-control-max-age", b"7200"),
]


class HttpOptions(msgspec.Struct, frozen=True, kw_only=True):
    """``proxies``: whose X-Forwarded-For counts. ``metrics_readers``: who may read /metrics. ``calls``: of the API,
    per address; generous, for a whole office or town hall may share one."""

    proxies: Sequence[IPNetwork] = ()
    metrics_readers: Sequence[IPNetwork] = ()
    calls: Buckets = msgspec.field(default_factory=lambda: Buckets(rate=100, burst=1000))


class Front:
    """The outermost ASGI app. ``litestar`` is what it stands before; ``https``: browsers shall insist on it (HSTS)."""

    def __init__(self, litestar: Litestar, meters: Meters, options: HttpOptions, *, https: bool) -> None:
        self.litestar = litestar
        self._meters = meters
        self._options = options
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.litestar(scope, receive, send)
            return
        started = time.perf_counter()
        peer = scope["client"][0] if scope["client"] else ""
        client = client_address(peer, header_lines(scope, b"x-forwarded-for"), self._options.proxies)
        call = Call(os.urandom(8).hex(), client, scope["path"])
        begin_call(scope, call)
        status = 500

        async def send_on(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._complete(scope, call, message.get("headers", ()))
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=call.request_id):
            try:
                await self._answer(scope, receive, send_on, call)
            finally:
                self._note(scope, call, status, time.perf_counter() - started)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, call: Call) -> None:
        path, method = call.path, scope["method"]  # type: ignore[typeddict-item]
        if "\x00" in path:
            await _refuse(send, NotFoundError(), call)
            return
        if path.startswith(API_PREFIX):
            wait_s = self._options.calls.take(bucket_key(call.client))
            if wait_s:
                await _refuse(send, TooManyError(retry_after_s=wait_s), call)
                return
        if method == "OPTIONS" and path.startswith(VISITOR_PREFIX):
            await _send(send, 204, _PREFLIGHT, b"")
            return
        await self.litestar(scope, receive, send)

    def _complete(
        self, scope: Scope, call: Call, given: Iterable[tuple[bytes, bytes]]
    ) -> list[tuple[bytes, bytes]]:
        """The answer's headers and the ones every answer has; what the answer says of itself goes first."""
        headers = list(given)
        said = {key.lower() for key, _ in headers}
        ours = [*_HEADERS, (b"x-request-id", call.request_id.encode())]
        if self._https:
            ours.append(_HSTS)
        if call.path.startswith(VISITOR_PREFIX):
            # Sites read the answers, refusals too. No cookie counts here, and each handler checks the Origin.
            origin = header_lines(scope, b"origin")
            allowed = origin[0].encode("latin-1") if len(origin) == 1 else b"null"
            ours = [(b"access-control-allow-origin", allowed), (b"vary", b"origin"), *ours]
            ours = [pair for pair in ours if pair[0] != b"cross-origin-resource-policy"]
        return headers + [pair for pair in ours if pair[0] not in said]

    def _note(self, scope: Scope, call: Call, status: int, took_s: float) -> None:
        route = str(scope.get("path_template") or "other")
        method = scope["method"]  # type: ignore[typeddict-item]
        self._meters.calls.labels(method if method in _METHODS else "other", route, str(status)).inc()
        self._meters.seconds.labels(route).observe(took_s)
        # Never the query string: tickets travel there. The caller's address only as far as its network.
        _log.info(
            "http",
            method=method[:10],
            path=call.path[:200],
            status=status,
            ms=round(took_s * 1000, 1),
            network=_network(call.client),
            agent=call.agent or None,
        )


_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


def _network(address: str) -> str:
    """The address without the part that names a person's own line."""
    if ":" in address:
        return ":".join(address.split(":")[:3]) + "::"
    return ".".join(address.split(".")[:3]) + ".0" if "." in address else ""


async def _refuse(send: Send, error: BalieError, call: Call) -> None:
    problem, extra = to_problem(error, call.request_id)
    headers = [(key.encode(), value.encode()) for key, value in extra.items()]
    headers.append((b"content-type", MEDIA_TYPE.encode()))
    await _send(send, problem.status, headers, msgspec.json.encode(problem))


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    headers = [*headers, (b"content-length", str(len(body)).encode())] if status != 204 else headers
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
