"""Bus and leases inside one process."""

import time
from collections import defaultdict
from collections.abc import Callable

from balie.engine.ports import UnavailableError

MAX_LEASES = 1_000_000
_SWEEP_EVERY = 4_096


class LocalBus:
    """Publish/subscribe by direct call."""

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


class LocalLeases:
    """Values that expire, in a dictionary. Expired ones are swept every few thousand calls."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._values: dict[str, tuple[float, bytes]] = {}
        self._counts: dict[str, tuple[float, int]] = {}
        self._calls = 0

    async def put(self, key: str, value: bytes, ttl_s: float) -> None:
        self._sweep()
        if len(self._values) >= MAX_LEASES:
            raise UnavailableError("too many leases")
        self._values[key] = (self._monotonic() + ttl_s, value)

    async def get(self, key: str) -> bytes | None:
        found = self._values.get(key)
        return found[1] if found is not None and found[0] > self._monotonic() else None

    async def take(self, key: str) -> bytes | None:
        found = self._values.pop(key, None)
        return found[1] if found is not None and found[0] > self._monotonic() else None

    async def drop(self, key: str) -> None:
        self._values.pop(key, None)
        self._counts.pop(key, None)

    async def count(self, key: str, window_s: float) -> int:
        self._sweep()
        now = self._monotonic()
        until, n = self._counts.get(key, (0.0, 0))
        if until <= now:
            until, n = now + window_s, 0
        self._counts[key] = (until, n + 1)
        return n + 1

    def _sweep(self) -> None:
        self._calls += 1
        if self._calls % _SWEEP_EVERY:
            return
        now = self._monotonic()
        self._values = {key: held for key, held in self._values.items() if held[0] > now}
        self._counts = {key: held for key, held in self._counts.items() if held[0] > now}
