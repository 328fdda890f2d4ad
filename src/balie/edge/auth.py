"""Who the caller is: session and CSRF cookies, the Origin of unsafe calls, and guards for roles."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.handlers import BaseRouteHandler

from balie.desk.access import Access
from balie.desk.model import Role
from balie.edge.call import call_of
from balie.edge.plugs import House, house_of
from balie.edge.signin import ABSOLUTE_MS, SignedIn, find_sign_in, keep_alive
from balie.lib.errors import ForbiddenError, NotSignedInError, TooManyError

SESSION_COOKIE = "balie_session"
CSRF_COOKIE = "balie_csrf"
HOST_PREFIX = "__Host-"
"""Before a cookie's name on a desk behind https: browsers then refuse it from a sister domain (RFC 6265bis §4.1.3)."""
CSRF_HEADER = "x-csrf-token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
BEFORE_SIGN_IN = {"before_sign_in": True}
"""``opt`` of the one route among the agents' that needs no session."""
_KEY = "balie.signed_in"

Connection = ASGIConnection[Any, Any, Any, Any]


async def own_origin(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard: an unsafe call of a browser comes from a page of the desk itself (threat S9)."""
    if connection.scope["method"] in SAFE_METHODS:  # type: ignore[typeddict-item]
        return
    if not _is_own_origin(connection):
        raise ForbiddenError("This call must come from the desk's own pages.", code="origin_not_allowed")


async def signed_in(connection: Connection, handler: BaseRouteHandler) -> None:
    """Guard: a valid session, and for unsafe calls the CSRF token that belongs to it."""
    await own_origin(connection, handler)
    if handler.opt.get("before_sign_in"):
        return
    house = house_of(connection)
    token = connection.cookies.get(_cookie_name(house, SESSION_COOKIE), "")
    if not token:
        raise NotSignedInError
    unsafe = connection.scope["method"] not in SAFE_METHODS  # type: ignore[typeddict-item]
    if unsafe and not hmac.compare_digest(
        connection.headers.get(CSRF_HEADER, "").encode(), csrf_token(token).encode()
    ):
        raise ForbiddenError("The X-CSRF-Token header is missing or not this session's.", code="csrf")
    now = house.clock.now()
    found = await house.db.read(lambda tx: find_sign_in(tx, token, now))
    if found is None:
        raise NotSignedInError
    wait_s = house.agent_calls.take(found.session)
    if wait_s:
        raise TooManyError(retry_after_s=wait_s)
    call_of(connection.scope).agent = found.access.agent
    connection.scope[_KEY] = found  # type: ignore[literal-required]
    await keep_alive(house.db, found, now)


def role(*roles: Role) -> Callable[[Connection, BaseRouteHandler], None]:
    """Guard, after ``signed_in``: the agent has one of these roles."""

    def has_role(connection: Connection, _: BaseRouteHandler) -> None:
        if signed_in_of(connection).access.role not in roles:
            raise ForbiddenError

    return has_role


def signed_in_of(connection: Connection) -> SignedIn:
    """What the guard found; NotSignedInError on a route without the guard."""
    found: SignedIn | None = connection.scope.get(_KEY)  # type: ignore[assignment]
    if found is None:
        raise NotSignedInError
    return found


def access_of(connection: Connection) -> Access:
    return signed_in_of(connection).access


def csrf_token(token: str) -> str:
    """Bound to the session: only who holds its token could make it, and it does not give the token away."""
    mac = hmac.new(token.encode(), b"balie csrf", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def session_cookies(house: House, token: str) -> list[Cookie]:
    """The pair of cookies of a new session: one that scripts never see, one that the console sends back."""
    return _cookies(house, token, csrf_token(token), ABSOLUTE_MS // 1000)


def gone_cookies(house: House) -> list[Cookie]:
    return _cookies(house, "", "", 0)


def _cookies(house: House, session: str, csrf: str, max_age: int) -> list[Cookie]:
    shared: dict[str, Any] = {
        "path": "/",
        "samesite": "lax",
        "secure": _behind_https(house),
        "max_age": max_age,
    }
    return [
        Cookie(key=_cookie_name(house, SESSION_COOKIE), value=session, httponly=True, **shared),
        Cookie(key=_cookie_name(house, CSRF_COOKIE), value=csrf, **shared),
    ]


def _cookie_name(house: House, name: str) -> str:
    return HOST_PREFIX + name if _behind_https(house) else name


def _behind_https(house: House) -> bool:
    return house.public_url.startswith("https://")


def _is_own_origin(connection: Connection) -> bool:
    """Browsers always name themselves on unsafe calls; a caller that names nothing is no browser, and then
    cannot be made to send a victim's cookies."""
    site = connection.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = connection.headers.get("origin")
    if origin is None:
        return True
    own = house_of(connection).public_url
    if own and origin == _origin_of(own):
        return True
    scheme, _, netloc = origin.partition("://")
    return scheme in ("http", "https") and netloc != "" and netloc == connection.headers.get("host", "")


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
