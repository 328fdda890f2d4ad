"""What operators and their tools ask: ``/metrics`` (Prometheus), ``/healthz``, ``/readyz``."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from balie.edge.call import call_of
from balie.edge.limits import IPNetwork, within
from balie.edge.plugs import house_of
from balie.edge.siblings import Family, Figures, Sample, Siblings
from balie.engine.ports import UnavailableError
from balie.lib.errors import NotFoundError

_READY_WITHIN_S = 2.0


class Meters:
    """The numbers of one process, in a registry of its own; slices may add theirs to ``registry``. ``siblings``: the
    workers that share the port; each tells the figures of all."""

    def __init__(self, siblings: Siblings | None = None) -> None:
        self._siblings = siblings
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

    async def start(self) -> None:
        if self._siblings is not None:
            await self._siblings.start(self._own)

    async def stop(self) -> None:
        if self._siblings is not None:
            await self._siblings.stop()

    async def told(self) -> bytes:
        """All figures as Prometheus reads them; with several workers each with a label ``worker``."""
        if self._siblings is None:
            return generate_latest(self.registry)
        everybodys = CollectorRegistry()
        everybodys.register(_Everybodys(await self._siblings.figures(self._own())))
        return generate_latest(everybodys)

    def _own(self) -> Figures:
        return [
            Family(
                metric.name,
                metric.documentation,
                metric.type,
                [Sample(one.name, one.labels, one.value) for one in metric.samples],
            )
            for metric in self.registry.collect()
        ]


class _Everybodys(Collector):
    """Families of the same name become one, told apart by the label."""

    def __init__(self, figures: dict[str, Figures | None]) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        up = Metric("balie_worker_up", "Whether this worker told its figures", "gauge")
        merged = {up.name: up}
        for worker, families in self._figures.items():
            up.add_sample(up.name, {"worker": worker}, 0 if families is None else 1)
            for family in families or ():
                metric = merged.setdefault(
                    family.name, Metric(family.name, family.documentation, family.kind)
                )
                for sample in family.samples:
                    metric.add_sample(sample.name, {**sample.labels, "worker": worker}, sample.value)
        return merged.values()


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
        return Response(await meters.told(), headers={"content-type": CONTENT_TYPE_LATEST})

    return metrics
