"""How this process is: well, degraded (something is away that it can do without) or on its way out."""

from collections.abc import Callable

from balie.engine.ports import Bus, UnavailableError

REDIS = "redis"


class Health:
    """``draining``: the process is stopping and takes nobody in any more."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._listeners: list[Callable[[bool], None]] = []
        self._told = False
        self.draining = False
        bus.watch(self._changed)

    @property
    def degraded(self) -> list[str]:
        """What is away, by the name that operators know."""
        return [REDIS] if self._bus.away else []

    def check_staying(self) -> None:
        """UnavailableError once the process stops: a ticket would be to a socket that is opened no more."""
        if self.draining:
            raise UnavailableError("this process stops")

    def listen(self, listener: Callable[[bool], None]) -> None:
        """Call ``listener(whether degraded)`` when that changes."""
        self._listeners.append(listener)

    def _changed(self, away: bool) -> None:
        if away != self._told:
            self._told = away
            for listener in self._listeners:
                listener(away)
