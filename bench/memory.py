"""Memory an idle visitor costs: real sessions with ticket and hello, sockets open, nothing said.

The process's resident memory after minus before, divided by the sockets. Sessions, presence and every cache that
grows with visitors are in it; what the first visitors warm up is not.
"""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import msgspec

from bench import machine
from bench.servers import Running, serving

SLICE = 500
"""Visitors made at once, so that no ticket outlives its 30 s."""
WARM_UP = 200
SETTLE_S = 2.0


class Idle(msgspec.Struct, frozen=True):
    sockets: int
    before_mb: float
    after_mb: float
    bytes_each: float


def measure(sockets: int, server: str = "balie") -> Idle:
    with serving(server) as running, ExitStack() as held:
        with _held(running, WARM_UP):
            pass
        time.sleep(SETTLE_S)
        before = machine.resident_bytes(running.pid)
        opened = 0
        while opened < sockets:
            count = min(SLICE, sockets - opened)
            held.enter_context(_held(running, count, first=WARM_UP + opened))
            opened += count
        time.sleep(SETTLE_S)
        after = machine.resident_bytes(running.pid)
    return Idle(sockets, before / 1e6, after / 1e6, (after - before) / sockets)


@contextmanager
def _held(running: Running, count: int, first: int = 0) -> Iterator[None]:
    """So many greeted visitor sockets, open until the end of the block."""
    with tempfile.NamedTemporaryFile("w", suffix=".plan") as file:
        file.write("\n".join(running.visitors(count, first)) + "\n")
        file.flush()
        command = machine.pinned(machine.LOAD_CORE, [machine.LOAD, str(running.port), file.name, "--idle"])
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            if f'"ready":{count}' not in process.stdout.readline():
                raise RuntimeError("the sockets were not greeted")
            yield
        finally:
            process.stdin.close()
            process.wait(30)
