"""Looking along: frames a second that one process relays between a hundred visitors and their agents, and what the way
of a frame takes, beside a bare picows relay in the same run."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import msgspec

from bench import machine, servers
from bench.mirror_load import IN_FLIGHT, Result
from bench.paper import gap, gate, remark, table

PAIRS = 100
SIZE = 200
"""Bytes of a frame: what a change of a page takes as a rule."""
RATE = 30.0
"""Frames a second of each pair in the paced run: somebody who scrolls and types without a pause."""


STALLED_PAIRS, STALLED_SIZE = 10, 100_000
"""For the run with windows that do not read: so much a second that what waits for them is more than may wait."""


class Run(msgspec.Struct, frozen=True):
    result: Result
    cpu_us: float
    """Of the relay, for each frame."""


def measure(runs: int, seconds: float) -> None:
    found: dict[tuple[str, float], list[Run]] = {}
    for _ in range(runs):
        for rate in (RATE, 0.0):
            for kind in ("balie", "bare"):
                found.setdefault((kind, rate), []).append(_run(kind, rate, seconds))
    names = {"balie": "Balie", "bare": "bare picows relay"}
    pace = {RATE: f"{RATE:.0f} a second each", 0.0: f"{IN_FLIGHT} in flight each"}
    table(
        f"Frames of {SIZE} bytes between {PAIRS} visitors and their agents on one core, medians of {runs}",
        ["", "frames/s", "p50 / p95 / p99 ms", "CPU µs a frame", "lost"],
        [
            [
                f"{names[kind]}, {pace[rate]}",
                f"{_mid(those, lambda one: one.result.frames / one.result.seconds):,.0f}",
                " / ".join(f"{_mid(those, _part(name)):.2f}" for name in ("p50_ms", "p95_ms", "p99_ms")),
                f"{_mid(those, _cpu):.1f}",
                f"{sum(one.result.lost for one in those)}",
            ]
            for (kind, rate), those in found.items()
        ],
    )
    ours, bare = found["balie", RATE], found["bare", RATE]
    added = _mid(ours, _part("p50_ms")) - _mid(bare, _part("p50_ms"))
    gate("what the relay adds to a frame's way, p50", f"{added:.2f} ms", "≤ 1 ms", added <= 1)
    cost = _mid(found["balie", 0.0], _cpu) / _mid(found["bare", 0.0], _cpu)
    gate("CPU of a frame beside the bare relay, at full pressure", f"{cost:.2f} ×", "≤ 2.5 ×", cost <= 2.5)
    remark(
        "Under full pressure the generator is as busy as the relay: compare what a frame costs, not how many came."
    )
    gap()
    _stalled(runs, seconds)


def _stalled(runs: int, seconds: float) -> None:
    """What those who read notice of one who does not."""
    found: dict[int, list[Run]] = {0: [], 1: []}
    for _ in range(runs):
        for stalled, those in found.items():
            those.append(_run("balie", RATE, seconds, STALLED_PAIRS, STALLED_SIZE, stalled))
    table(
        f"{STALLED_PAIRS} looks, frames of {STALLED_SIZE:,} bytes, {RATE:.0f} a second each, medians of {runs}",
        ["", "p50 / p95 / p99 ms", "lost"],
        [
            [
                "beside each a window that does not read" if stalled else "everybody reads",
                " / ".join(f"{_mid(those, _part(name)):.2f}" for name in ("p50_ms", "p95_ms", "p99_ms")),
                f"{sum(one.result.lost for one in those)}",
            ]
            for stalled, those in found.items()
        ],
    )
    more = _mid(found[1], _part("p95_ms")) - _mid(found[0], _part("p95_ms"))
    gate("what one who does not read adds for the others, p95", f"{more:+.2f} ms", "≤ 2 ms", more <= 2)
    gap()


def _run(
    kind: str, rate: float, seconds: float, pairs: int = PAIRS, size: int = SIZE, stalled: int = 0
) -> Run:
    with _relay(kind) as (port, pid):
        command = [
            sys.executable,
            "-m",
            "bench.mirror_load",
            str(port),
            kind,
            str(pairs),
            str(rate),
            str(seconds),
            str(size),
            str(stalled),
        ]
        load = subprocess.Popen(
            machine.pinned(machine.LOAD_CORE, command),
            env={**os.environ, "PYTHONPATH": servers.PYTHONPATH},
            cwd=machine.ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert load.stdout is not None
        used, before = 0.0, 0.0
        for line in load.stdout:
            if line == "begin\n":
                before = machine.cpu_s(pid)
            elif line == "end\n":
                used = machine.cpu_s(pid) - before
            else:
                result = msgspec.json.decode(line, type=Result)
        if load.wait() != 0:
            raise RuntimeError("the generator failed")
        return Run(result, used / max(1, result.frames) * 1e6)


@contextmanager
def _relay(kind: str) -> Iterator[tuple[int, int]]:
    """Port and process of a relay on the server's core."""
    if kind == "balie":
        with servers.serving("balie") as running:
            yield running.port, running.pid
        return
    port = servers.free_port()
    command = [sys.executable, "-m", "bench.mirror_bare", str(port)]
    with machine.running(machine.SERVER_CORE, command, {"PYTHONPATH": servers.PYTHONPATH}) as process:
        servers.wait_for_port(port, process)
        yield port, process.pid


def _mid(runs: list[Run], of: object) -> float:
    return median(of(one) for one in runs)  # type: ignore[operator]


def _part(name: str) -> object:
    return lambda one: getattr(one.result, name)


def _cpu(one: Run) -> float:
    return one.cpu_us
