"""Durable messages a second beside the raw limits. The servers take turns, so that a slower moment of the machine hits
all of them."""

import os
import subprocess
import sys

import msgspec

from bench import inserts, machine, postgres, report, servers, throughput


def measure(engine: str, conversations: int, runs: int, seconds: float) -> None:
    """``engine``: sqlite or postgres. Prints one table."""
    ours = "balie" if engine == "sqlite" else "balie-postgres"
    names = [ours, "c", "relay"] if engine == "sqlite" else [ours]
    loads: dict[str, list[throughput.Load]] = {name: [] for name in [names[0], "balie-half", *names[1:]]}
    raw: dict[str, list[inserts.Figures]] = {}
    for _ in range(runs):
        for name in names:
            loads[name].append(throughput.measure(name, conversations, seconds))
        for how in ("raw",) if engine == "sqlite" else ("pipeline", "unnest"):
            raw.setdefault(how, []).append(_raw(engine, conversations, seconds, how))
    half = sorted(load.per_second for load in loads[ours])[runs // 2] / 2
    for _ in range(runs):
        loads["balie-half"].append(throughput.measure(ours, conversations, seconds, rate=half))
    report.throughput(conversations, loads, raw)


def _raw(engine: str, conversations: int, seconds: float, how: str) -> inserts.Figures:
    if engine == "sqlite":
        with servers.office_folder() as folder:
            return _inserted(str(folder / "balie.db"), conversations, seconds, how)
    with postgres.office_database() as url:
        return _inserted(url, conversations, seconds, how)


def _inserted(database: str, conversations: int, seconds: float, how: str) -> inserts.Figures:
    command = [sys.executable, "-m", "bench.inserts", database, str(conversations), str(seconds), how]
    done = subprocess.run(
        machine.pinned(machine.SERVER_CORE, command),
        env={**os.environ, "PYTHONPATH": servers.PYTHONPATH},
        cwd=machine.ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return msgspec.json.decode(done.stdout, type=inserts.Figures)
