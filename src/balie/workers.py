"""Several workers on one port of one machine: starts them, restarts one that dies, and stops them all.

The supervisor opens the port; the workers inherit it, so a port that is taken is found before anything starts. Each
worker holds the end of a pipe: when the supervisor dies, however it dies, the worker notices and drains.
"""

import asyncio
import contextlib
import os
import random
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from balie.edge.siblings import Siblings

log = structlog.get_logger(__name__)

STEADY_S = 60.0
"""A worker that lived so long had no trouble starting."""
PAUSE_S = (0.5, 30.0)
STOP_S = 60.0
"""How long workers get to drain before they are killed; they give up earlier by themselves."""


class Place:
    """What a worker inherits, as numbers of open files: the port, the supervisor's lifeline, where to say *ready*; and
    its place among the others."""

    def __init__(self, listener: int, lifeline: int, ready: int, siblings: Siblings) -> None:
        self._numbers = (listener, lifeline, ready)
        self.listener = socket.socket(fileno=listener)
        self.siblings = siblings

    @classmethod
    def of(cls, text: str) -> "Place":
        """From the word on the worker's command line."""
        *numbers, folder = text.split(",", 5)
        listener, lifeline, ready, number, count = map(int, numbers)
        return cls(listener, lifeline, ready, Siblings(Path(folder), number, count))

    def is_up(self, stop: Callable[[], None]) -> None:
        """The worker serves. ``stop`` is called when the supervisor is gone. Within the worker's event loop."""
        _, lifeline, ready = self._numbers
        with contextlib.suppress(OSError):
            os.write(ready, b"1")
            os.close(ready)
        loop = asyncio.get_running_loop()

        def gone() -> None:
            loop.remove_reader(lifeline)
            log.warning("supervisor_gone")
            stop()

        loop.add_reader(lifeline, gone)


class Workers:
    """The supervisor. ``words``: the command line of a worker, to which its place is added. ``folder``: where workers
    find each other."""

    def __init__(self, words: Sequence[str], count: int, listener: socket.socket, folder: Path) -> None:
        self._words = words
        self._count = count
        self._folder = folder
        self._listener = listener
        self._lifeline, self._held = os.pipe()
        self._running: dict[int, asyncio.subprocess.Process] = {}
        self._stopping = asyncio.Event()
        self._failed = 0

    async def run(self) -> int:
        """Until SIGTERM or SIGINT; the exit code: 0, or that of a worker that could not start."""
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, self._stopping.set)
        keeping = [asyncio.create_task(self._keep(number)) for number in range(self._count)]
        await self._stopping.wait()
        await self._stop_all()
        for task in keeping:
            task.cancel()
        await asyncio.gather(*keeping, return_exceptions=True)
        return self._failed

    async def _keep(self, number: int) -> None:
        """Have worker ``number`` run, again and again, with ever longer pauses when it does not live long."""
        tries, came_up = 0, False
        while not self._stopping.is_set():
            started = time.monotonic()
            process, ready = await self._start(number)
            self._running[number] = process
            came_up = await self._has_come_up(process, ready) or came_up
            code = await process.wait()
            del self._running[number]
            if self._stopping.is_set():
                return
            if not came_up:
                # It never served: the reason is in the settings or the machine, and it has said so itself.
                self._failed = self._failed or (code if code > 0 else 1)
                self._stopping.set()
                return
            log.error("worker_ended", worker=number, code=code)
            tries = 0 if time.monotonic() - started >= STEADY_S else tries + 1
            pause = min(PAUSE_S[0] * 2 ** max(0, tries - 1), PAUSE_S[1])
            with contextlib.suppress(TimeoutError):
                wait = pause * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
                await asyncio.wait_for(self._stopping.wait(), wait)

    async def _start(self, number: int) -> tuple[asyncio.subprocess.Process, int]:
        """The worker and the end of the pipe on which it says that it is up."""
        ready, say = os.pipe()
        inherited = (self._listener.fileno(), self._lifeline, say)
        place = ",".join(map(str, (*inherited, number, self._count, self._folder)))
        try:
            process = await asyncio.create_subprocess_exec(*self._words, "--place", place, pass_fds=inherited)
        finally:
            os.close(say)
        return process, ready

    async def _has_come_up(self, process: asyncio.subprocess.Process, ready: int) -> bool:
        """Wait for its word; False when the pipe closes without one, as it does when the worker ends."""
        loop = asyncio.get_running_loop()
        told: asyncio.Future[bool] = loop.create_future()

        def said() -> None:
            loop.remove_reader(ready)
            told.set_result(os.read(ready, 1) == b"1")

        loop.add_reader(ready, said)
        try:
            return await told
        finally:
            loop.remove_reader(ready)
            os.close(ready)

    async def _stop_all(self) -> None:
        """Have all drain at once, and kill those that do not end."""
        running = list(self._running.values())
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        if not running:
            return
        waits = [asyncio.create_task(process.wait()) for process in running]
        _, late = await asyncio.wait(waits, timeout=STOP_S)
        if late:
            log.error("workers_killed", count=len(late))
            for process in running:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()


def supervise(count: int, host: str, port: int) -> int:
    """Run ``count`` workers on this address; the exit code. OSError when the address cannot be used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with (
        socket.create_server((host, port), family=family, backlog=4_096) as listener,
        tempfile.TemporaryDirectory(prefix="balie-", ignore_cleanup_errors=True) as folder,
    ):
        listener.set_inheritable(True)
        words = [sys.executable, "-m", "balie", "serve"]

        async def run() -> int:
            return await Workers(words, count, listener, Path(folder)).run()

        return asyncio.run(run())
