"""Bus and leases inside one process."""

import heapq
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Generic, TypeVar

from balie.engine.ports import UnavailableError

T = TypeVar("T")

MAX_LEASES = 1_000_000


class LocalBus:
    """Publish/subscribe by direct call."""

    away = False

    def __init__(self) -> None:
        self._listeners: dict[str, list[Callable[[bytes], None]]] = defaultdict(list)

    def publish(self, topic: str, hint: bytes) -> None:
        for listener in tuple(self._listeners.get(topic, ())):
            listener(hint)

    def subscribe(self, topic: str, listener: Callable[[bytes], None]) -> Callable[[], None]:
        self._listeners[topic].append(listener)

        def end() -> None:
            self._listeners[topic].remove(listener)
            if not self._listeners[topic]:
                del self._listeners[topic]

        return end

    def watch(self, listener: Callable[[bool], None]) -> None:
        """There is nobody else to be out of reach."""

    async def start(self) -> None:
        """Nothing to begin."""

    async def stop(self) -> None:
        """Nothing to end."""


class LocalLeases:
    """Values that expire, in dictionaries."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic, most: int = MAX_LEASES) -> None:
        self._values: _Shelf[bytes] = _Shelf(monotonic, most)
        self._counts: _Shelf[int] = _Shelf(monotonic, most)
        self._held: _Shelf[str] = _Shelf(monotonic, most)

    def __len__(self) -> int:
        """How many are in memory."""
        return len(self._values) + len(self._counts) + len(self._held)

    async def put(self, key: str, value: bytes, ttl_s: float) -> None:
        self._values.put(key, value, ttl_s)

    async def get(self, key: str) -> bytes | None:
        return self._values.get(key)

    async def take(self, key: str) -> bytes | None:
        return self._values.take(key)

    async def drop(self, key: str) -> None:
        self._values.take(key)
        self._counts.take(key)

    async def count(self, key: str, window_s: float) -> int:
        n = self._counts.get(key)
        if n is None:
            self._counts.put(key, 1, window_s)
            return 1
        self._counts.change(key, n + 1)
        return n + 1

    async def hold(self, key: str, owner: str, ttl_s: float) -> bool:
        if self._held.get(key) not in (None, owner):
            return False
        self._held.put(key, owner, ttl_s)
        return True

    async def release(self, key: str, owner: str) -> None:
        if self._held.get(key) == owner:
            self._held.take(key)

    async def start(self) -> None:
        """Nothing to begin."""

    async def stop(self) -> None:
        """Nothing to end."""


class _Shelf(Generic[T]):
    """Values with an end. Each ``put`` clears up to two that are over, so that none needs a look at all of them."""

    def __init__(self, monotonic: Callable[[], float], most: int) -> None:
        self._monotonic = monotonic
        self._most = most
        self._kept: dict[str, tuple[float, T]] = {}
        self._ends: list[tuple[float, str]] = []

    def __len__(self) -> int:
        return len(self._kept)

    def put(self, key: str, value: T, ttl_s: float) -> None:
        now = self._monotonic()
        for _ in range(2):
            if self._ends and self._ends[0][0] <= now:
                self._clear(heapq.heappop(self._ends))
        if len(self._kept) >= self._most and key not in self._kept:
            raise UnavailableError("too many leases")
        until = now + ttl_s
        self._kept[key] = (until, value)
        heapq.heappush(self._ends, (until, key))

    def get(self, key: str) -> T | None:
        found = self._kept.get(key)
        return found[1] if found is not None and found[0] > self._monotonic() else None

    def take(self, key: str) -> T | None:
        found = self._kept.pop(key, None)
        return found[1] if found is not None and found[0] > self._monotonic() else None

    def change(self, key: str, value: T) -> None:
        """Another value until the same end."""
        self._kept[key] = (self._kept[key][0], value)

    def _clear(self, end: tuple[float, str]) -> None:
        until, key = end
        found = self._kept.get(key)
        # A key that was put again has a later end of its own.
        if found is not None and found[0] <= until:
            del self._kept[key]
