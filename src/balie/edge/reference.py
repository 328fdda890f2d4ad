"""The API's description (OpenAPI 3.1) and its reference page, served locally with nothing from a foreign host."""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Request, Response, Router, get
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, License, SecurityScheme, Tag
from litestar.routes import BaseRoute
from litestar.types import ControllerRouterHandler

from balie import __version__
from balie.edge.auth import CSRF_HEADER, SESSION_COOKIE
from balie.edge.errors import MEDIA_TYPE, Problem
from balie.edge.static import Area

PAGE_PATH = "/v1/reference"
PAGE_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_NEEDED = ("swagger-ui.css", "swagger-ui-bundle.js")

_PAGE = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Balie API reference</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/v1/reference/swagger-ui.css">
<script src="/v1/reference/swagger-ui-bundle.js" defer></script>
<script src="/v1/reference/init.js" defer></script>
</head>
<body><div id="reference"></div></body>
</html>
"""
_INIT = b"""// Unsafe calls of the desk's own session carry the CSRF token that its cookie holds.
const csrf = () => /(?:^|; )(?:__Host-)?balie_csrf=([^;]*)/.exec(document.cookie)?.[1] ?? "";
SwaggerUIBundle({
  url: "/v1/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  displayRequestDuration: true,
  validatorUrl: null,
  requestInterceptor: (request) => {
    request.headers["X-CSRF-Token"] = csrf();
    return request;
  },
});
"""


def reference_area(files: Mapping[str, bytes]) -> Area:
    """The reference page; ``files`` are swagger-ui-dist's, put there by the web build. Without them the page says
    how to build them."""
    built = all(name in files for name in _NEEDED)
    pages = {**files, "index.html": _PAGE, "init.js": _INIT} if built else {}
    return Area(prefix=PAGE_PATH, files=pages, csp=PAGE_CSP)


class _NoPages(Router):
    """Litestar's own pages load from a foreign host, and its 404 is no problem+json: none of them."""

    def register(self, value: ControllerRouterHandler) -> list[BaseRoute]:
        return []


def openapi_config() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Balie",
        version=__version__,
        summary="The customer-contact desk: conversations, contacts, agents and everything around them.",
        description=(
            "JSON in camelCase. Times are UTC milliseconds since 1970. Errors are `application/problem+json`"
            " (RFC 9457) with a stable `code`. Every POST that makes something accepts `Idempotency-Key`."
            " Live traffic goes over sockets; see docs/protocol.md."
        ),
        license=License(name="AGPL-3.0-or-later", identifier="AGPL-3.0-or-later"),
        tags=[
            Tag(name="session", description="Signing in and out, and tickets for the agents' socket."),
            Tag(
                name="conversations",
                description="Threads with contacts: read, answer, assign, close, reopen.",
            ),
            Tag(name="contacts", description="The people who ask, and what they looked at."),
            Tag(name="people", description="Agents, teams and the inboxes they answer."),
            Tag(name="hours", description="When desks are open: weeks, holidays and special days."),
            Tag(name="replies", description="Canned replies: saved texts."),
            Tag(
                name="looking along",
                description="An agent sees what the visitor sees, once the visitor agreed: looks, control, policies.",
            ),
            Tag(name="webhooks", description="What other systems are told, and how each delivery fared."),
            Tag(name="visitor", description="For the chat window on a site."),
            Tag(name="operations", description="For those who run the desk."),
        ],
        components=Components(
            security_schemes={
                "session": SecurityScheme(
                    type="apiKey",
                    security_scheme_in="cookie",
                    name=SESSION_COOKIE,
                    description=f"Unsafe calls also need the {CSRF_HEADER} header, equal to the balie_csrf cookie.",
                ),
                "visitor": SecurityScheme(
                    type="http", scheme="bearer", description="A visitor's opaque token."
                ),
            }
        ),
        render_plugins=[JsonRenderPlugin()],
        openapi_router=_NoPages("/", route_handlers=[]),
        use_handler_docstrings=True,
    )


@get("/v1/openapi.json", include_in_schema=False)
async def openapi_json(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Made once, at the first call."""
    state = request.app.state
    if "openapi_json" not in state:
        state["openapi_json"] = msgspec.json.encode(_described(request.app.openapi_schema.to_schema()))
    return Response(state["openapi_json"], media_type="application/json")


def _described(schema: dict[str, Any]) -> dict[str, Any]:
    """Litestar describes its own error shape; ours is the same everywhere, so it is said once."""
    (_, components) = msgspec.json.schema_components([Problem], ref_template="#/components/schemas/{name}")
    schema.setdefault("components", {}).setdefault("schemas", {}).update(components)
    problem = {
        "description": "A problem; `code` says which.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for path in schema["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict) and "responses" in operation:
                if {} in operation.get("security", ()):
                    operation["security"] = []
                kept = {code: said for code, said in operation["responses"].items() if code[0] in "23"}
                operation["responses"] = {**kept, "default": problem}
    return schema
