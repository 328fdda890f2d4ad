"""The servers under test, driven by one generator: Balie, the C server, a bare relay on Balie's sockets."""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
from tests.servers import redis

from bench import machine, office, postgres

STARTS_WITHIN_S = 120.0


class Running(msgspec.Struct, frozen=True):
    """A server that answers, and who may come in: lines of the generator's plan."""

    name: str
    port: int
    pid: int
    beside: tuple[int, ...] = ()
    """Processes that work for it: those of its database."""

    def plan(self, visitors: int) -> list[str]:
        """One agent and so many visitors."""
        agent = "agent /v1/socket/agent?ticket=a0 http://site.example"
        return [office.Desk(self.port).agent() if self.is_balie else agent, *self.visitors(visitors)]

    def visitors(self, count: int, first: int = 0) -> list[str]:
        if self.is_balie:
            return office.Desk(self.port).visitors(count)
        return [f"visitor /v1/socket/visitor?ticket=v{first + i} http://site.example" for i in range(count)]

    @property
    def is_balie(self) -> bool:
        return self.name.startswith("balie")


PYTHONPATH = f"{machine.ROOT / 'src'}:{machine.ROOT}"


@contextmanager
def serving(name: str, *, counted: Path | None = None) -> Iterator[Running]:
    """``balie``, ``balie-postgres``, ``c`` or ``relay`` with a fresh database, on the server's core.

    ``counted``: a file that gets the number of facts that Balie encoded, at its end.
    """
    with ExitStack() as held:
        folder = held.enter_context(office_folder())
        port = free_port()
        env = {
            "BALIE_DATA_DIR": str(folder),
            "BALIE_PORT": str(port),
            "BALIE_LIMITS": "off",
            "BALIE_LOG_LEVEL": "warning",
            "PYTHONPATH": PYTHONPATH,
        }
        beside: tuple[int, ...] = ()
        if name == "balie-postgres":
            env["BALIE_DATABASE_URL"] = held.enter_context(postgres.office_database())
            beside = (postgres.pid(),)
        balie: list[str | Path] = [
            sys.executable,
            "-m",
            "balie" if counted is None else "bench.counting",
            "serve",
        ]
        if counted is not None:
            env["COUNTED"] = str(counted)
        commands: dict[str, list[str | Path]] = {
            "balie": balie,
            "balie-postgres": balie,
            "c": [machine.C_SERVER, str(port), folder / "balie.db"],
            "relay": [sys.executable, "-m", "bench.relay", str(port)],
        }
        process = held.enter_context(
            machine.running(machine.SERVER_CORE, commands[name], env, stdout=subprocess.DEVNULL)
        )
        wait_for_port(port, process)
        yield Running(name, port, process.pid, beside)


@contextmanager
def nodes(count: int) -> Iterator[list[Running]]:
    """So many Balies with one PostgreSQL and one Redis, all on the server's core."""
    with ExitStack() as held:
        url = held.enter_context(postgres.office_database())
        folder = held.enter_context(office_folder())
        shared = redis.PrivateRedis(folder)
        shared.start()
        held.callback(shared.kill)
        found = []
        for _ in range(count):
            port = free_port()
            env = {
                "BALIE_DATA_DIR": str(folder),
                "BALIE_DATABASE_URL": url,
                "BALIE_REDIS_URL": shared.url,
                "BALIE_PORT": str(port),
                "BALIE_LIMITS": "off",
                "BALIE_LOG_LEVEL": "warning",
                "PYTHONPATH": PYTHONPATH,
            }
            command = [sys.executable, "-m", "balie", "serve"]
            process = held.enter_context(
                machine.running(machine.SERVER_CORE, command, env, stdout=subprocess.DEVNULL)
            )
            wait_for_port(port, process)
            found.append(Running("balie-postgres", port, process.pid))
        yield found


_template: list[Path] = []


@contextmanager
def office_folder() -> Iterator[Path]:
    """A data folder with a migrated office of its own; the office is made once and copied."""
    if not _template:
        made = machine.BUILD / "office"
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        office.make(made)
        _template.append(made)
    folder = Path(tempfile.mkdtemp(prefix="balie-bench-"))
    try:
        shutil.copytree(_template[0], folder, dirs_exist_ok=True)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def wait_for_port(port: int, process: "subprocess.Popen[str]") -> None:
    end = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode} before it answered")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError("the server does not answer")
