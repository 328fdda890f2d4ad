"""What operators and their tools ask: ``/metrics`` (Prometheus), ``/healthz``, ``/readyz``."""

import asyncio
from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from balie.edge.call import call_of
from balie.edge.limits import IPNetwork, within
from balie.edge.plugs import house_of
from balie.engine.ports import UnavailableError
from balie.lib.errors import NotFoundError

_READY_WITHIN_S = 2.0


class Meters:
    """The numbers of one process, in a registry of its own; slices may add theirs to ``registry``."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.calls = Counter(
            "balie_http_requests",
            "HTTP calls answered",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "balie_http_request_seconds",
            "Time to answer an HTTP call",
            ["route"],
            registry=self.registry,
            buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
        )


class Alive(msgspec.Struct, frozen=True):
    status: str


class Ready(msgspec.Struct, frozen=True):
    """``degraded`` names what is away that can be done without for a while."""

    status: Literal["ok", "degraded"]
    degraded: list[str]


@get("/healthz", tags=["operations"], operation_id="getHealth", summary="The process is alive")
async def healthz() -> Alive:
    """Says nothing of the database: a restart would not mend that."""
    return Alive("ok")


@get("/readyz", tags=["operations"], operation_id="getReadiness", summary="It can serve")
async def readyz(request: Request[Any, Any, Any]) -> Ready:
    """503 ``try_later`` while the database cannot be used, and when the process is about to stop."""
    health = house_of(request).health
    if health.draining:
        raise UnavailableError("this process is about to stop")
    try:
        async with asyncio.timeout(_READY_WITHIN_S):
            await house_of(request).db.read(lambda tx: tx.one("select 1"))
    except TimeoutError:
        raise UnavailableError("the database did not answer in time") from None
    return Ready("degraded" if health.degraded else "ok", health.degraded)


def metrics_route(meters: Meters, readers: Sequence[IPNetwork]) -> HTTPRouteHandler:
    """``/metrics`` for callers from these networks; it does not exist for others."""

    @get("/metrics", include_in_schema=False)
    async def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
        # A proxy on this machine that is not named as trusted must not make the whole world local.
        proxied = "x-forwarded-for" in request.headers or "forwarded" in request.headers
        peer = request.client.host if request.client else ""
        if not within(call_of(request.scope).client, readers) or (proxied and within(peer, readers)):
            raise NotFoundError
        return Response(generate_latest(meters.registry), headers={"content-type": CONTENT_TYPE_LATEST})

    return metrics
