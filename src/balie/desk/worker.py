"""The background loops of a process. Every process runs them; what each takes on is claimed in the database, so that
nothing happens twice with several nodes.

A loop runs its pass, then sleeps until a commit wakes it, until what it said is due, or for a moment at most: other
nodes commit too, and clocks jump.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import structlog

from balie.desk.log import Appended
from balie.engine.ports import UnavailableError
from balie.lib.backoff import full_jitter
from balie.lib.clock import Clock

_log = structlog.get_logger("balie.worker")

Pass = Callable[[], Awaitable[int | None]]
"""One look at what there is to do. Returns when something is due next (UTC ms), or none when nothing is known."""

LOOK_S = 2.0
"""A loop looks at least this often."""
BREATH_S = 0.05
"""A loop that commits wake looks at most this often, so that a busy desk is read in pages."""
TROUBLE_S = 60.0
"""The longest wait after a pass that failed."""


class Wake(msgspec.Struct, frozen=True):
    """Emitted by a transaction that made work for the loop of this name."""

    loop: str


class _Loop:
    def __init__(self, name: str, run: Pass, *, on_facts: bool, breath_s: float) -> None:
        self.name = name
        self.run = run
        self.on_facts = on_facts
        self.breath_s = breath_s
        self.woken = asyncio.Event()
        self.failures = 0


class Worker:
    """Runs the loops added to it, each as one task."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._loops: dict[str, _Loop] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False

    def add(self, name: str, run: Pass, *, on_facts: bool = False, breath_s: float = 0.0) -> None:
        """Add a loop before the start; ``on_facts``: every commit of facts wakes it."""
        if name in self._loops:
            raise ValueError(f"there are two loops called {name}")
        self._loops[name] = _Loop(name, run, on_facts=on_facts, breath_s=breath_s)

    def start(self) -> None:
        self._stopping = False
        self._tasks = [asyncio.create_task(self._turn(loop)) for loop in self._loops.values()]

    async def stop(self, within_s: float = 5.0) -> None:
        """Let passes that run come to their end, for a while."""
        self._stopping = True
        self.wake()  # also whoever has just seen that nothing stops it
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=within_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._tasks = []

    def wake(self, name: str | None = None) -> None:
        """Let a loop (all without a name) look now."""
        for loop in self._loops.values():
            if name is None or loop.name == name:
                loop.woken.set()

    def heard(self, items: list[Any]) -> None:
        """Commit listener: wakes whom the committed items concern."""
        facts = False
        for item in items:
            if isinstance(item, Wake):
                self.wake(item.loop)
            elif isinstance(item, Appended):
                facts = True
        if facts:
            for loop in self._loops.values():
                if loop.on_facts:
                    loop.woken.set()

    async def _turn(self, loop: _Loop) -> None:
        while not self._stopping:
            loop.woken.clear()
            wait_s = await self._pass(loop)
            if loop.breath_s:
                await asyncio.sleep(loop.breath_s)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await loop.woken.wait()

    async def _pass(self, loop: _Loop) -> float:
        """Seconds to wait after one pass. Whatever goes wrong in it, the loop goes on."""
        try:
            due_at = await loop.run()
        except Exception as error:  # one of the three places that catch everything: the job runner
            loop.failures += 1
            known = isinstance(error, UnavailableError)
            _log.warning(
                "pass_failed", loop=loop.name, error=str(error)[:200], exc_info=None if known else error
            )
            return full_jitter(loop.failures, longest_s=TROUBLE_S)
        loop.failures = 0
        if due_at is None:
            return LOOK_S
        return min(max((due_at - self._clock.now()) / 1000, 0.0), LOOK_S)
