"""HTTP calls to addresses that people typed in: the one place that makes them (threat S7).

The name is resolved here, every address it has is checked, and the connection goes to the checked address, so that a
name which changes its mind in between gains nothing. No redirects, no cookies, no proxy from the environment, no
unpacking of answers; time and size have limits.
"""

import asyncio
import contextlib
import ipaddress
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from urllib.parse import urlsplit

import anyio
import httpcore2 as httpcore
import msgspec

from balie.lib.errors import InvalidError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], Awaitable[list[str]]]
"""A host name and a port to the addresses behind them, as text. Raises OSError when there are none."""

CONNECT_S = 5.0
TOTAL_S = 15.0
"""From the first look at the name to the last byte read."""
ANSWER_LIMIT = 65_536
"""Bytes of an answer that are read at most; the rest is left where it is."""
URL_LIMIT = 2_000
_ADDRESSES_TRIED = 3
# Printable ASCII without blanks, backslashes and fragments: what parsers do not agree on is no address for us.
_PLAIN = re.compile(r"https?://[!$-\[\]-~]+")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,252})")
_WEB_PORTS = (80, 443)
_FIRST_FREE_PORT = 1_024

# IANA's special-purpose registries (RFC 6890 and its updates), multicast, and what clouds hide in public space.
_CLOSED_4 = [
    ipaddress.IPv4Network(net)
    for net in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
    )
]  # fmt: skip
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
# Inside 2000::/3: protocol assignments with Teredo, documentation, 6to4, AS112, SRv6. NAT64 lies outside.
_CLOSED_6 = [
    ipaddress.IPv6Network(net)
    for net in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "5f00::/16")
]


class Answer(msgspec.Struct, frozen=True):
    """What came back: ``body`` holds at most the limit's bytes, ``cut`` says that there was more."""

    status: int
    headers: dict[str, str]
    body: bytes
    cut: bool


class OutwardError(Exception):
    """No answer. ``reason`` in plain English, for people; ``lasting``: another attempt would end the same."""

    def __init__(self, reason: str, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.lasting = lasting


def is_public(address: Address) -> bool:
    """Whether the address belongs to the open internet and to nothing else."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in net for net in _CLOSED_4)
    if address.scope_id is not None or address not in _GLOBAL_6:
        return False  # mapped, compatible, NAT64, unique local, link-local and multicast ones are all outside
    return not any(address in net for net in _CLOSED_6)


async def system_resolver(host: str, port: int) -> list[str]:
    """The machine's own resolver."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Outward:
    """Calls outward. ``allowed`` are the internal networks that may be reached too, also without TLS."""

    def __init__(
        self,
        allowed: Sequence[Network] = (),
        *,
        resolver: Resolver = system_resolver,
        tls: ssl.SSLContext | None = None,
        total_s: float = TOTAL_S,
    ) -> None:
        self._guard = _Guard(allowed, resolver)
        self._total_s = total_s
        context = tls or ssl.create_default_context()
        # Without TLS nothing proves who answers: that pool reaches the allowed networks only.
        self._pools = {
            b"https": _pool(self._guard, context),
            b"http": _pool(_Guard(allowed, resolver, public=False), context),
        }

    async def close(self) -> None:
        for pool in self._pools.values():
            await pool.aclose()

    async def check(self, url: str) -> None:
        """InvalidError (``url_invalid``, ``url_not_https``, ``url_not_public``) for an address that no call may go
        to. A name that cannot be resolved now passes: it may tomorrow, and each call is checked again."""
        parsed = parse(url)
        addresses: list[Address] = []
        with contextlib.suppress(OSError, TimeoutError, UnicodeError):
            async with asyncio.timeout(CONNECT_S):
                addresses = await self._guard.resolve(_host(parsed), _port(parsed))
        if any(not self._guard.allows(address) for address in addresses):
            raise InvalidError("This address is not on the public internet.", code="url_not_public")
        if parsed.scheme == b"http" and not (addresses and all(map(self._guard.is_own, addresses))):
            raise InvalidError("The address must begin with https://", code="url_not_https")

    async def post(self, url: str, headers: Iterable[tuple[str, str]], body: bytes) -> Answer:
        """Send ``body``; OutwardError when no answer came."""
        sent = [("content-length", str(len(body))), *headers]
        return await self._ask("POST", url, sent, body, ANSWER_LIMIT, self._total_s)

    async def get(
        self, url: str, headers: Iterable[tuple[str, str]], *, limit: int, within_s: float
    ) -> Answer:
        """Read up to ``limit`` bytes; OutwardError when no answer came in time."""
        return await self._ask("GET", url, list(headers), None, limit, within_s)

    async def _ask(
        self,
        method: str,
        url: str,
        headers: Iterable[tuple[str, str]],
        body: bytes | None,
        limit: int,
        within_s: float,
    ) -> Answer:
        try:
            parsed = parse(url)
        except InvalidError as error:
            raise OutwardError(error.detail, lasting=True) from None
        try:
            async with asyncio.timeout(within_s):
                return await self._exchange(method, parsed, headers, body, limit)
        except TimeoutError:
            raise OutwardError(f"no full answer within {within_s:.0f} seconds") from None
        except httpcore.ConnectTimeout:
            raise OutwardError(f"no connection within {CONNECT_S:.0f} seconds") from None
        except httpcore.ConnectError as error:
            raise OutwardError(_connect_reason(error)) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
            raise OutwardError("the connection broke before an answer came") from error
        except (httpcore.UnsupportedProtocol, ssl.SSLError, OSError) as error:
            raise OutwardError(f"no connection: {error}"[:200]) from error

    async def _exchange(
        self,
        method: str,
        url: httpcore.URL,
        headers: Iterable[tuple[str, str]],
        body: bytes | None,
        limit: int,
    ) -> Answer:
        sent = [(b"host", _host_header(url))]
        sent += [(name.encode("ascii"), value.encode("ascii")) for name, value in headers]
        extensions = {"timeout": {"connect": CONNECT_S, "pool": CONNECT_S}}
        pool = self._pools[url.scheme]
        async with pool.stream(method, url, headers=sent, content=body, extensions=extensions) as answer:
            read = bytearray()
            cut = False
            async for piece in answer.aiter_stream():
                read += piece
                if len(read) > limit:
                    cut = True
                    break
            told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
            return Answer(answer.status, told, bytes(read[:limit]), cut)


class _Guard(httpcore.AsyncNetworkBackend):
    """Connects to checked addresses only. Whatever spelling a host has, what counts is the address it leads to."""

    def __init__(self, allowed: Sequence[Network], resolver: Resolver, *, public: bool = True) -> None:
        self._allowed = tuple(allowed)
        self._resolver = resolver
        self._public = public
        self._wire = httpcore.AnyIOBackend()

    def is_own(self, address: Address) -> bool:
        """Whether the address lies in one of the allowed internal networks."""
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        return any((mapped or address) in net for net in self._allowed)

    def allows(self, address: Address) -> bool:
        return self.is_own(address) or (self._public and is_public(address))

    async def resolve(self, host: str, port: int) -> list[Address]:
        """The addresses of a host. OSError when it has none."""
        literal = _literal(host)
        if literal is not None:
            return [literal]
        found = [ipaddress.ip_address(text) for text in await self._resolver(host, port)]
        if not found:
            raise OSError("the name has no address")
        return found

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface of httpcore
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._checked(host, port)
        last: Exception = OSError("the name has no address")
        for address in addresses[:_ADDRESSES_TRIED]:
            try:
                return await self._wire.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface of httpcore
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise httpcore.ConnectError("no call outward goes to a file")

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds)

    async def _checked(self, host: str, port: int) -> list[Address]:
        """The addresses of the host, all of them fit to connect to: one that is not spoils the name."""
        try:
            addresses = await self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("the name cannot be resolved") from error
        if not all(map(self.allows, addresses)):
            word = (
                "the address is not on the public internet" if self._public else "the address must be https"
            )
            raise OutwardError(word, lasting=True)
        return addresses


def parse(url: str) -> httpcore.URL:
    """The address in parts. InvalidError ``url_invalid`` for what is no plain http(s) address."""
    bad = InvalidError(
        "This is not a complete address, such as https://example.com/hook.", code="url_invalid"
    )
    if len(url) > URL_LIMIT or not _PLAIN.fullmatch(url):
        raise bad
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise bad from None
    if parts.username is not None or parts.password is not None or not _is_host(host):
        raise bad
    if port is not None and port not in _WEB_PORTS and not _FIRST_FREE_PORT <= port <= 65_535:
        raise bad
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return httpcore.URL(scheme=parts.scheme, host=host, port=port, target=target)


def _is_host(host: str) -> bool:
    if "%" in host:
        return False  # a zone: an interface of this machine
    return _HOST.fullmatch(host) is not None or isinstance(_literal(host), ipaddress.IPv6Address)


def _pool(guard: "_Guard", tls: ssl.SSLContext) -> httpcore.AsyncConnectionPool:
    return httpcore.AsyncConnectionPool(
        ssl_context=tls,
        network_backend=guard,
        max_connections=200,
        max_keepalive_connections=20,
        keepalive_expiry=5.0,
        retries=0,
    )


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _host(url: httpcore.URL) -> str:
    return url.host.decode("ascii").strip("[]")


def _port(url: httpcore.URL) -> int:
    return url.port or (443 if url.scheme == b"https" else 80)


def _host_header(url: httpcore.URL) -> bytes:
    host = b"[" + url.host.strip(b"[]") + b"]" if b":" in url.host else url.host
    return host if url.port is None else host + b":%d" % url.port


def _connect_reason(error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"the certificate is not right: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return "no secure connection could be made"
        if isinstance(cause, ConnectionRefusedError):
            return "the connection was refused"
        cause = cause.__cause__ or cause.__context__
    text = str(error)
    return text if text.startswith("the ") else "no connection could be made"
