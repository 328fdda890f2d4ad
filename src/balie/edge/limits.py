"""Who calls, and how often they may: the client's address behind trusted proxies, and token buckets."""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


def networks(texts: Iterable[str]) -> tuple[IPNetwork, ...]:
    """``["10.0.0.0/8", "::1"]`` as networks; ValueError for anything else."""
    return tuple(ipaddress.ip_network(text.strip(), strict=False) for text in texts)


def client_address(peer: str, forwarded_for: Sequence[str], proxies: Sequence[IPNetwork]) -> str:
    """The address of the caller. ``X-Forwarded-For`` counts only from trusted proxies and is read from
    the right: what stands left of the first address that is no proxy, the caller wrote (threat S11)."""
    address = peer
    hops = [hop.strip() for line in forwarded_for for hop in line.split(",")]
    while hops and _within(address, proxies):
        hop = _parse(hops.pop())
        if hop is None:
            break
        address = str(hop)
    return address


def bucket_key(address: str) -> str:
    """One caller, one key: an IPv6 caller owns a whole /64."""
    parsed = _parse(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address


def within(address: str, trusted: Sequence[IPNetwork]) -> bool:
    return _within(address, trusted)


class Buckets:
    """A token bucket per key: ``rate`` calls a second on average, ``burst`` at once. Holds at most
    ``capacity`` keys; the one unused for longest goes first, and by then is as good as full.

    ``among``: how many processes give out of the same limit now; each gives its part, at least one call at once."""

    def __init__(
        self,
        rate: float,
        burst: float,
        capacity: int = 50_000,
        monotonic: Callable[[], float] = time.monotonic,
        among: Callable[[], int] = lambda: 1,
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._among = among
        self._capacity = capacity
        self._monotonic = monotonic
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> float:
        """0 when the call may go on, else the seconds to wait."""
        now, among = self._monotonic(), self._among()
        rate, burst = self._rate / among, max(1.0, self._burst / among)
        left, at = self._held.get(key, (burst, now))
        left = min(burst, left + (now - at) * rate)
        wait = 0.0
        if left >= 1:
            left -= 1
        else:
            wait = (1 - left) / rate
        self._held[key] = (left, now)
        self._held.move_to_end(key)
        if len(self._held) > self._capacity:
            self._held.popitem(last=False)
        return wait

    def __len__(self) -> int:
        return len(self._held)


def header_lines(scope: Any, name: bytes) -> list[str]:
    """All values of a header of an ASGI scope; ``name`` in lower case."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def _parse(text: str) -> IPAddress | None:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def _within(text: str, trusted: Sequence[IPNetwork]) -> bool:
    address = _parse(text)
    return address is not None and any(address in network for network in trusted)
