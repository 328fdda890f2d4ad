"""Built web files, served from memory: nothing outside the list that was read at the start can be asked for."""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import msgspec
from litestar.types import ASGIApp, Receive, Scope, Send

from balie.edge.call import call_of
from balie.edge.limits import header_lines
from balie.lib.errors import BalieError, NotFoundError
from balie.lib.text import origin

WIDGET_CSP = "default-src 'none'; frame-ancestors 'none'"
CONSOLE_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self';"
    " connect-src 'self'; media-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none';"
    " frame-src 'self'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script';"
    " trusted-types balie"
)
DEMO_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; media-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
    " require-trusted-types-for 'script'; trusted-types balie"
)

FOREVER = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
_TEXT = ("text/", "application/javascript", "application/json", "image/svg+xml", "application/manifest+json")
_GZIP_FROM = 1024
_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?|\[[0-9a-fA-F:.]+\](:[0-9]+)?")


class NotBuiltError(BalieError):
    """The web files are not built yet; run bin/setup (or: npm run build, in web/)."""

    status = 503
    code = "not_built"


_NOT_BUILT = (
    b"<!doctype html><html lang=en><meta charset=utf-8><title>Not built yet</title>"
    b"<h1>The web files are not built yet</h1><p>Run <code>bin/setup</code> and <code>npm run build</code> in"
    b" <code>web/</code>, then start Balie again. <code>bin/demo</code> does all of it.</p>"
)


class Asset(msgspec.Struct, frozen=True):
    """A file as it goes out, in the encodings there are (identity, gzip, br)."""

    media_type: str
    etag: str
    encodings: dict[str, bytes]


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the address space that is served from files.

    ``files`` maps paths below ``prefix`` to contents. ``immutable``: folders whose names carry hashes. ``fallback``:
    the file for every page path that is no file (a single-page app). ``missing``: the file name of the page that says
    there is no such page; the nearest one up the path is sent, with 404. ``open_to_sites``: other sites load these.
    ``framed``: pages of the desk itself may show these in a frame. In ``csp``, ``{desk}`` stands for the desk's own
    origin as the browser sees it: ``desk``, or what the call names where that is empty.
    """

    prefix: str
    files: Mapping[str, bytes]
    csp: str
    immutable: tuple[str, ...] = ()
    cache: str = REVALIDATE
    fallback: str | None = None
    missing: str | None = None
    index: str = "index.html"
    open_to_sites: bool = False
    framed: bool = False
    desk: str = ""


def read_folder(folder: Path) -> dict[str, bytes]:
    """All files below ``folder`` by their relative path; nothing when there is no such folder. Links that lead
    out of the folder are left out."""
    root = folder.resolve()
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.resolve().is_relative_to(root)
    }


def serve(area: Area) -> ASGIApp:
    """The ASGI app of an area; the path it gets is the one below the prefix."""
    shelf = _shelve(area.files)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):  # type: ignore[typeddict-item]
            raise _MethodError
        path = call_of(scope).path.removeprefix(area.prefix)
        if not path and area.index.endswith(".html"):
            # Relative addresses in a page count from its folder.
            await _say(send, 307, [(b"location", f"{area.prefix}/".encode())], b"")
            return
        wanted = {key: value.decode("latin-1") for key, value in scope["headers"]}
        if not shelf and "text/html" in wanted.get(b"accept", ""):
            await _say(send, 503, [(b"content-type", b"text/html; charset=utf-8")], _NOT_BUILT)
            return
        status, asset, cache = _find(area, shelf, path.lstrip("/"))
        encoding, body = _encoded(asset, wanted.get(b"accept-encoding", ""))
        etag = f'"{asset.etag}{"-" + encoding if encoding else ""}"'
        headers = [
            (b"content-type", asset.media_type.encode()),
            (b"cache-control", cache.encode()),
            (b"content-security-policy", _csp(area, scope)),
            (b"etag", etag.encode()),
            (b"vary", b"accept-encoding"),
        ]
        if encoding:
            headers.append((b"content-encoding", encoding.encode()))
        if area.open_to_sites:
            headers += [
                (b"access-control-allow-origin", b"*"),
                (b"cross-origin-resource-policy", b"cross-origin"),
            ]
        if area.framed:
            headers += [(b"x-frame-options", b"SAMEORIGIN"), (b"x-dns-prefetch-control", b"off")]
        fresh = status == 200 and _matches(wanted.get(b"if-none-match", ""), etag)
        if not fresh:
            headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": 304 if fresh else status, "headers": headers})
        silent = fresh or scope["method"] == "HEAD"  # type: ignore[typeddict-item]
        await send({"type": "http.response.body", "body": b"" if silent else body, "more_body": False})

    return app


def _csp(area: Area, scope: Scope) -> bytes:
    if "{desk}" not in area.csp:
        return area.csp.encode()
    hosts = header_lines(scope, b"host")
    host = hosts[0] if len(hosts) == 1 and _HOST.fullmatch(hosts[0]) else ""
    scheme = scope.get("scheme", "http")
    own = area.desk if not host or origin(area.desk).endswith(f"//{host}") else f"{scheme}://{host}"
    return area.csp.replace("{desk}", own).encode()


class _MethodError(BalieError):
    """Files are only read."""

    status = 405
    code = "method_not_allowed"


async def _say(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _shelve(files: Mapping[str, bytes]) -> dict[str, Asset]:
    shelf = {}
    for path, content in files.items():
        if path.endswith((".gz", ".br", ".map")) or path.rsplit("/", 1)[-1].startswith("."):
            continue
        media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
        encodings = {"": content}
        if f"{path}.br" in files:
            encodings["br"] = files[f"{path}.br"]
        if f"{path}.gz" in files:
            encodings["gzip"] = files[f"{path}.gz"]
        elif len(content) >= _GZIP_FROM and media_type.startswith(_TEXT):
            encodings["gzip"] = gzip.compress(content, 6, mtime=0)
        if media_type.startswith("text/") or media_type.endswith("javascript"):
            media_type += "; charset=utf-8"
        shelf[path] = Asset(media_type, hashlib.sha256(content).hexdigest()[:32], encodings)
    return shelf


def _find(area: Area, shelf: dict[str, Asset], path: str) -> tuple[int, Asset, str]:
    if not shelf:
        raise NotBuiltError
    if not path or path.endswith("/"):
        path += area.index
    cache = FOREVER if path.startswith(area.immutable) and area.immutable else area.cache
    for candidate in (path, f"{path}.html", f"{path}/{area.index}"):
        if candidate in shelf:
            return 200, shelf[candidate], cache
    # A missing file is missing; only a page of the app is answered with the app.
    if area.fallback is not None and "." not in path.removesuffix(f"/{area.index}").rsplit("/", 1)[-1]:
        return 200, shelf[area.fallback], area.cache
    if area.missing is not None:
        for folder in PurePosixPath(path).parents:
            page = (folder / area.missing).as_posix()
            if page in shelf:
                return 404, shelf[page], area.cache
    raise NotFoundError


def _encoded(asset: Asset, accepted: str) -> tuple[str, bytes]:
    offers = {}
    for offer in accepted.lower().split(","):
        name, _, weight = offer.partition(";")
        offers[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0")
    for encoding in ("br", "gzip"):
        if offers.get(encoding) and encoding in asset.encodings:
            return encoding, asset.encodings[encoding]
    return "", asset.encodings[""]


def _matches(header: str, etag: str) -> bool:
    return any(tag.strip().removeprefix("W/") in (etag, "*") for tag in header.split(","))
