"""Many idle sockets on one core: what they cost, and how they all come back when the server restarts.

The visitors are made by ``c_load/crowd.c``, which returns as the widget does: with its resume ticket, else with one
over HTTP; the socket, hello with what it has seen. Each has said one message; fifty keep talking while the server goes.
"""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from bench import machine, office, postgres
from bench.paper import gap, gate, remark, table
from bench.servers import PYTHONPATH, free_port, office_folder, wait_for_port

WARM_UP = 300
SETTLE_S = 2.0
RATE = 100


class Back(msgspec.Struct, frozen=True):
    """After one restart. ``up_s``: from the signal until the new process answers; ``away_s``: from the first socket
    lost until the last one greeted; ``return_s``: from the first answer of the new process until then, in which it
    used ``cpu_ms`` of processor time for each return, its talkers' messages included. ``over_http``: how often a
    ticket was fetched."""

    how: str
    up_s: float
    away_s: float
    return_s: float
    cpu_ms: float
    over_http: int
    here: int
    sent: int
    resent: int
    resyncs: int
    unsound: int


class Idle(msgspec.Struct, frozen=True):
    sockets: int
    bytes_each: float
    idle_cpu: float
    """Share of one core."""
    open_s: float
    backs: list[Back]


def measure(engine: str, sockets: int, runs: int, idle_s: float) -> None:
    """Open, hold, restart both ways. Prints its tables."""
    machine.allow_files(sockets + 2_000)
    found = [_one(engine, sockets, idle_s) for _ in range(runs)]
    where = "PostgreSQL" if engine == "postgres" else "SQLite"
    backs = [back for one in found for back in one.backs]
    rows = []
    for how in dict.fromkeys(back.how for back in backs):
        those = [back for back in backs if back.how == how]
        rows.append(
            [
                how,
                *(
                    f"{median(getattr(back, name) for back in those):.1f}"
                    for name in ("up_s", "away_s", "return_s")
                ),
                f"{median(back.cpu_ms for back in those):.2f}",
                f"{max(back.over_http for back in those):,}",
                f"{min(back.here for back in those):,}",
                f"{sum(back.sent for back in those):,} ({sum(back.resent for back in those)})",
                f"{sum(back.resyncs for back in those)}",
                f"{sum(back.unsound for back in those)}",
            ]
        )
    table(
        f"{sockets:,} visitors on one core, {where}: the server is restarted, medians of {runs}",
        ["restart by", "up after s", "all back after s", "since it answers s", "CPU ms each", "HTTP", "back",
         "sent (again)", "snapshots",
         "lost, doubled, disordered"],
        rows,
    )  # fmt: skip
    each = median(one.bytes_each for one in found)
    cpu = median(one.idle_cpu for one in found)
    remark(f"All {sockets:,} opened in {median(one.open_s for one in found):.1f} s, each with a new session.")
    gate(f"{sockets:,} sockets, {where}: memory of one", f"{each / 1000:.1f} kB", "≤ 12 kB", each <= 12_000)
    gate(f"{sockets:,} sockets, {where}: idle", f"{cpu:.1%} of a core", "≤ 5 %", cpu <= 0.05)
    for how in dict.fromkeys(back.how for back in backs):
        those = [back for back in backs if back.how == how]
        away = median(back.away_s for back in those)
        whole = all(back.here == sockets + 1 for back in those)
        gate(
            f"{sockets:,} sockets, {where}: all back after {how}",
            f"{away:.1f} s",
            "≤ 10 s",
            whole and away <= 10,
        )
    lost = sum(back.unsound for back in backs)
    gate(f"{sockets:,} sockets, {where}: messages lost, doubled, disordered", f"{lost}", "0", lost == 0)
    gap()


def _one(engine: str, sockets: int, idle_s: float) -> Idle:
    with ExitStack() as held:
        server = held.enter_context(_server(engine))
        agent = office.Desk(server.port).sign_in()
        with _crowd(server.port, WARM_UP, agent) as crowd:
            crowd.ask("open")
        time.sleep(SETTLE_S)
        before = machine.resident_bytes(server.pid)
        crowd = held.enter_context(_crowd(server.port, sockets, agent))
        started = time.monotonic()
        opened = crowd.ask("open")
        open_s = time.monotonic() - started
        if opened["here"] != sockets + 1:
            raise RuntimeError(f"only {opened['here']} sockets were greeted")
        time.sleep(SETTLE_S)
        each = (machine.resident_bytes(server.pid) - before) / sockets
        used = machine.cpu_s(server.pid)
        time.sleep(idle_s)
        idle = (machine.cpu_s(server.pid) - used) / idle_s
        said = crowd.ask("say")
        backs: list[Back] = []
        for how in ("SIGTERM", "kill -9"):
            crowd.ask("leave")
            crowd.ask("talk")
            time.sleep(1)
            up_s = server.restart(signal.SIGTERM if how == "SIGTERM" else signal.SIGKILL)
            used = machine.cpu_s(server.pid)
            crowd.ask("wait")
            cpu_ms = 1000 * (machine.cpu_s(server.pid) - used) / sockets
            time.sleep(1)
            told = crowd.ask("stop")
            backs.append(_back(how, up_s, cpu_ms, told, said, backs))
        return Idle(sockets, each, idle, open_s, backs)


def _back(
    how: str, up_s: float, cpu_ms: float, told: dict[str, Any], before: dict[str, Any], earlier: list[Back]
) -> Back:
    def fresh(name: str) -> int:
        return int(told[name]) - int(before[name]) - sum(int(getattr(back, name)) for back in earlier)

    unsound = sum(int(told[name]) for name in ("lost", "doubled", "out_of_order", "unacked"))
    counts = fresh("sent"), fresh("resent"), fresh("resyncs"), unsound
    return Back(how, up_s, told["away_s"], told["return_s"], cpu_ms, told["over_http"], told["here"], *counts)


class _Server:
    """Balie, which can be restarted on the same port and data."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.port = free_port()
        self._env = {
            "BALIE_DATA_DIR": str(folder),
            "BALIE_DATABASE_URL": database_url,
            "BALIE_PORT": str(self.port),
            "BALIE_LIMITS": "off",
            "BALIE_SOCKET_LIMIT": "100000",
            "BALIE_LOG_LEVEL": "error",
            "PYTHONPATH": PYTHONPATH,
        }
        self._held = ExitStack()
        self._start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def restart(self, how: signal.Signals) -> float:
        """Seconds from the signal until the new process answers."""
        started = time.monotonic()
        self._process.send_signal(how)
        self._process.wait(60)
        self._start()
        return time.monotonic() - started

    def stop(self) -> None:
        self._held.close()

    def _start(self) -> None:
        command = [sys.executable, "-m", "balie", "serve"]
        running = machine.running(machine.SERVER_CORE, command, self._env, stdout=subprocess.DEVNULL)
        self._process = self._held.enter_context(running)
        wait_for_port(self.port, self._process)


@contextmanager
def _server(engine: str) -> Iterator[_Server]:
    with ExitStack() as held:
        folder = held.enter_context(office_folder())
        url = held.enter_context(postgres.office_database()) if engine == "postgres" else ""
        server = _Server(folder, url)
        held.callback(server.stop)
        yield server


class _Crowd:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, command: str) -> dict[str, Any]:
        """What the crowd answers when it has done this."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the crowd ended")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def _crowd(port: int, sockets: int, agent: tuple[str, str]) -> Iterator[_Crowd]:
    command: list[str | Path] = [
        machine.CROWD,
        str(port),
        "--sockets",
        str(sockets),
        "--rate",
        str(RATE),
        "--agent",
        *agent,
    ]
    with machine.running(
        machine.LOAD_CORE, command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield _Crowd(process)
