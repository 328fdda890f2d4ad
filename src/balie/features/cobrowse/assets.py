"""Images and fonts of mirrored pages: fetched here, from the inbox's own sites only, so that an agent's browser asks
nobody else for anything.

The viewer has an opaque origin and thus no cookie: the address holds a token of its own, which is good for as long as
the agent's sign-in, right and look are."""

import hashlib
import secrets
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

import msgspec
from litestar import Litestar, Request, Response, Router, get
from litestar.params import FromPath, QueryParameter

from balie.desk import roster
from balie.desk.access import find_access
from balie.edge.call import Call, begin_call
from balie.edge.given import GivenHouse
from balie.edge.outward import Answer, OutwardError
from balie.edge.plugs import House
from balie.edge.signin import is_signed_in
from balie.engine.ports import Tx
from balie.features.cobrowse import recordings, steps, store
from balie.lib.errors import ForbiddenError, NotFoundError, TooManyError
from balie.lib.text import origin

BELOW = "/v1/mirror/assets/"
"""Where they lie; the viewer may load from nowhere else."""
TOKEN_S = 12 * 3_600.0
PLAYING_S = 3_600.0
SIZE_MAX = 5 << 20
WITHIN_S = 10.0
HOPS_MAX = 3
OWN_PAGES = "/demo/"
"""Below this the desk serves pages that have a visitor."""
TYPES = frozenset(
    {
        "image/avif", "image/bmp", "image/gif", "image/jpeg", "image/png", "image/svg+xml", "image/vnd.microsoft.icon",
        "image/webp", "image/x-icon", "font/otf", "font/ttf", "font/woff", "font/woff2", "font/collection",
        "application/font-woff", "application/vnd.ms-fontobject", "text/css",
    }
)  # fmt: skip
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = {
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "private, max-age=300",
}


class AssetClaims(msgspec.Struct, frozen=True, kw_only=True):
    """What a token stands for. ``recording``: it is for playing, not for looking along."""

    look: str
    agent: str
    session: str
    recording: bool = False


async def new_folder(house: House, claims: AssetClaims) -> str:
    """The path below which this agent finds what a look's page shows; ends in a slash."""
    token = secrets.token_urlsafe(24)
    lasts_s = PLAYING_S if claims.recording else TOKEN_S
    await house.leases.put(_key(token), msgspec.json.encode(claims), lasts_s)
    return f"{BELOW}{token}/"


@get(
    "/mirror/assets/{token:str}",
    operation_id="getAsset",
    summary="An image or font of a page",
    tags=["looking along"],
)
async def show_asset(
    request: Request[Any, Any, Any],
    token: FromPath[str],
    house: GivenHouse,
    u: Annotated[str, QueryParameter(max_length=2_000)],
) -> Response[bytes]:
    """`u` is its address. 403 `asset_not_listed` when it lies on no site of the inbox; 404 `asset_not_fetched` when it
    is no image, font or style sheet of at most 5 MiB, or did not come within 10 seconds."""
    told = await house.leases.get(_key(token)) if len(token) <= 64 else None
    if told is None:
        raise _unknown()
    claims = msgspec.json.decode(told, type=AssetClaims)
    wait_s = house.agent_calls.take(claims.session)
    if wait_s:
        raise TooManyError(retry_after_s=wait_s)
    now = house.clock.now()
    sites = await house.db.read(lambda tx: _sites(tx, claims, now))
    # The desk's own pages may always talk to its inboxes, as with the chat.
    is_own = house.doorman.is_own(origin(u))
    answer = await _own(request.app, u) if is_own else await _fetched(house, u, sites)
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.status != 200 or answer.cut or kind not in TYPES or "content-encoding" in answer.headers:
        raise _not_fetched()
    return Response(answer.body, media_type=kind, headers=_HEADERS)


def routes() -> Router:
    """Without sign-in: the token in the address is one."""
    return Router("/v1", route_handlers=[show_asset])


async def _fetched(house: House, address: str, sites: frozenset[str]) -> Answer:
    for _ in range(HOPS_MAX):
        if origin(address) not in sites:
            raise ForbiddenError("This address lies on no site of the inbox.", code="asset_not_listed")
        try:
            headers = [("accept", "image/*, font/*, text/css"), ("accept-encoding", "identity")]
            answer = await house.outward.get(address, headers, limit=SIZE_MAX, within_s=WITHIN_S)
        except OutwardError:
            raise _not_fetched() from None
        if answer.status not in _REDIRECTS:
            return answer
        address = answer.headers.get("location", "")
    raise _not_fetched()


async def _own(app: Litestar, address: str) -> Answer:
    """A file of the demo website, which the desk serves itself: no call goes out to come in again."""
    path = unquote(urlsplit(address).path)
    if not path.startswith(OWN_PAGES) or "\x00" in path:
        raise _not_fetched()
    scope: Any = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"", "headers": [],
        "root_path": "", "scheme": "http", "http_version": "1.1", "server": None, "client": None, "extensions": {},
    }  # fmt: skip
    begin_call(scope, Call("", "", path))
    heard: list[Any] = []

    async def hear(message: Any) -> None:
        heard.append(message)

    async def say() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    await app(scope, say, hear)
    told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in heard[0]["headers"]}
    body = b"".join(message.get("body", b"") for message in heard[1:])
    return Answer(heard[0]["status"], told, body, len(body) > SIZE_MAX)


def _sites(tx: Tx, claims: AssetClaims, now: int) -> frozenset[str]:
    """The sites of the look's inbox, while the agent may look along or watch what was recorded."""
    access = find_access(tx, claims.agent) if is_signed_in(tx, claims.session, now) else None
    row = store.for_agent(tx, access, claims.look) if access is not None else None
    if row is None or access is None:
        raise _unknown()
    if claims.recording:
        found = recordings.find(tx, row.id)
        may = found is not None and found.removed_at is None and recordings.may_play(access, row)
    else:
        may = row.state in steps.LOOKING
    if not may:
        raise _unknown()
    return frozenset(roster.inbox_by_id(tx, row.organisation, row.inbox).allowed_origins)


def _key(token: str) -> str:
    return f"look:assets:{hashlib.sha256(token.encode('utf-8', 'replace')).hexdigest()}"


def _unknown() -> NotFoundError:
    return NotFoundError("There is nothing here.", code="asset_unknown")


def _not_fetched() -> NotFoundError:
    return NotFoundError("This could not be fetched.", code="asset_not_fetched")


VIEWER_CSP = (
    "sandbox allow-scripts; default-src 'none'; script-src {desk}/mirror/viewer.js;"
    f" img-src {{desk}}{BELOW} data:; font-src {{desk}}{BELOW}; style-src 'none'; connect-src 'none';"
    " form-action 'none'; base-uri 'none'; frame-src 'none'; frame-ancestors 'self';"
    " require-trusted-types-for 'script'; trusted-types 'none'"
)
"""As ``viewerHeaders`` in web/cobrowse has it; shown inside the console only."""
