"""The HTTP side as one app: Litestar with the slices' routes and the areas' files, behind the front door."""

from collections.abc import Sequence

from litestar import Litestar, Router, asgi, get
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.handlers import ASGIRouteHandler
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler, Guard, LifespanHook

from balie.edge import bodies, errors, metrics, reference, static
from balie.edge.auth import signed_in
from balie.edge.front import Front, HttpOptions
from balie.edge.given import providers
from balie.edge.plugs import House, Slice

BODY_LIMIT = 131_072
"""Twice what the longest text needs when every character of it is escaped."""


def agent_routes(*routes: ControllerRouterHandler, guards: Sequence[Guard] = ()) -> Router:
    """Routes under /v1 for signed-in agents. ``edge.given`` names what handlers may ask for."""
    return Router("/v1", route_handlers=routes, guards=[signed_in, *guards], security=[{"session": []}])


def create_http(
    house: House,
    slices: Sequence[Slice],
    *,
    areas: Sequence[static.Area] = (),
    options: HttpOptions | None = None,
    meters: metrics.Meters | None = None,
    on_startup: Sequence[LifespanHook] = (),
    on_shutdown: Sequence[LifespanHook] = (),
) -> Front:
    """The app with the routes of these slices and the files of these areas (the reference page is an area too)."""
    options = options or HttpOptions()
    meters = meters or metrics.Meters()
    litestar = Litestar(
        route_handlers=[
            *(route for one in slices for route in one.routes),
            *(_files(area) for area in areas),
            metrics.healthz,
            metrics.readyz,
            metrics.metrics_route(meters, options.metrics_readers),
            reference.openapi_json,
            _start,
        ],
        dependencies=providers(house),
        exception_handlers={HTTPException: errors.answer_error, Exception: errors.answer_error},
        request_class=bodies.JsonRequest,
        request_max_body_size=BODY_LIMIT,
        state=State({"house": house}),
        openapi_config=reference.openapi_config(),
        logging_config=None,
        on_startup=list(on_startup),
        on_shutdown=list(on_shutdown),
    )
    return Front(litestar, meters, options, https=house.public_url.startswith("https://"))


def _files(area: static.Area) -> ASGIRouteHandler:
    # A lone file must be no mount: /widget.js would be taken for a path below the mount /widget.
    return asgi(area.prefix, is_mount="." not in area.prefix, copy_scope=True)(static.serve(area))


@get("/", include_in_schema=False)
async def _start() -> Redirect:
    return Redirect("/console/")
