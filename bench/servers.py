"""The servers under test, all driven by the same generator: Balie, the C server, and a bare relay on Balie's sockets."""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from bench import machine, office

STARTS_WITHIN_S = 30.0


class Running(msgspec.Struct, frozen=True):
    """A server that answers. ``plan`` makes its generator's sockets: one agent and so many visitors."""

    name: str
    port: int
    pid: int

    def plan(self, visitors: int) -> list[str]:
        if self.name == "balie":
            desk = office.Desk(self.port)
            return [desk.agent(), *desk.visitors(visitors)]
        agent = "agent /v1/socket/agent?ticket=a0 http://site.example"
        return [
            agent,
            *(f"visitor /v1/socket/visitor?ticket=v{i} http://site.example" for i in range(visitors)),
        ]


@contextmanager
def serving(name: str, core: int = machine.SERVER_CORE) -> Iterator[Running]:
    """``balie``, ``c`` or ``relay`` with a fresh database, pinned to ``core``."""
    folder = Path(tempfile.mkdtemp(prefix="balie-bench-"))
    port = free_port()
    try:
        if name != "relay":
            shutil.copytree(_template(), folder, dirs_exist_ok=True)
        env = {
            "BALIE_DATA_DIR": str(folder),
            "BALIE_PORT": str(port),
            "BALIE_LIMITS": "off",
            "BALIE_LOG_LEVEL": "warning",
            "PYTHONPATH": f"{machine.ROOT / 'src'}:{machine.ROOT}",
        }
        commands: dict[str, list[str | Path]] = {
            "balie": [sys.executable, "-c", "from balie.cli import main; main()", "serve"],
            "c": [machine.C_SERVER, str(port), folder / "balie.db"],
            "relay": [sys.executable, "-m", "bench.relay", str(port)],
        }
        with machine.running(core, commands[name], env, stdout=subprocess.DEVNULL) as process:
            wait_for_port(port, process)
            yield Running(name, port, process.pid)
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


_made: list[Path] = []


def _template() -> Path:
    """A migrated office, made once and copied for each run."""
    if not _made:
        folder = machine.BUILD / "office"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        office.make(folder)
        _made.append(folder)
    return _made[0]
