"""The clock everything asks for the time, so that tests can set it. UTC milliseconds since 1970 (suffix ``_at``)."""

import time
from typing import Protocol


class Clock(Protocol):
    def now(self) -> int:
        """Wall time: UTC milliseconds since the epoch."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards; for durations and expiry inside one process."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic()


class SetClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: int = 1_790_000_000_000) -> None:
        self._now = now
        self._monotonic = 0.0

    def now(self) -> int:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        self._now += int(seconds * 1000)
        self._monotonic += seconds
