"""Desks as processes: started, killed, stopped, frozen. The files and the database outlive them."""

import asyncio
import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
UP_WITHIN_S = 90.0


class Launcher:
    """The process that forks desks (``launcher.py``). ``preload``: libraries for LD_PRELOAD; ``inside``: a network
    namespace to live in."""

    def __init__(
        self, mutant: str = "", env: Mapping[str, str] | None = None, inside: str = "", preload: str = ""
    ) -> None:
        clean = {key: value for key, value in os.environ.items() if not key.startswith("BALIE_")}
        path = os.pathsep.join([str(HERE), str(HERE.parent), clean.get("PYTHONPATH", "")])
        clean |= {"PYTHONPATH": path, **(env or {})}
        if preload:
            clean["LD_PRELOAD"] = preload
        command = [sys.executable, str(HERE / "launcher.py"), *([mutant] if mutant else [])]
        if inside:
            command = ["ip", "netns", "exec", inside, *command]
        self._process = subprocess.Popen(
            command, env=clean, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self._codes: dict[int, int] = {}
        self._rest = b""
        self._hear("ready")

    def start(self, env: Mapping[str, str], log: Path, *, handles: int = 0) -> int:
        """Fork a desk; its process id."""
        assert self._process.stdin
        order = {"env": dict(env), "log": str(log), "handles": handles}
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        return int(self._hear("started")["started"])

    def wait(self, pid: int) -> int:
        """Wait for the end of a desk; its exit code, minus the signal where it was killed."""
        while pid not in self._codes:
            self._hear("ended")
        return self._codes[pid]

    def has_ended(self, pid: int) -> bool:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, 0)
            return False
        return True

    def close(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(20)
        if self._process.stdout:
            self._process.stdout.close()

    def _hear(self, word: str) -> dict[str, Any]:
        assert self._process.stdout
        while True:
            while b"\n" in self._rest:
                line, _, self._rest = self._rest.partition(b"\n")
                said: dict[str, Any] = json.loads(line)
                if "ended" in said:
                    self._codes[said["ended"]] = said["code"]
                if word in said:
                    return said
            data = self._process.stdout.read(65_536)
            if not data:
                raise RuntimeError("the launcher ended")
            self._rest += data


@cache
def shared(mutant: str = "", preload: str = "") -> Launcher:
    """A launcher for all worlds that want the same kind."""
    launcher = Launcher(mutant, preload=preload)
    atexit.register(launcher.close)
    return launcher


class Node:
    """One desk on a port of its own."""

    def __init__(
        self, launcher: Launcher, folder: Path, settings: Mapping[str, str], name: str = "desk"
    ) -> None:
        self.launcher = launcher
        self.name = name
        self.log = folder.with_name(f"{name}.log")
        self.host = settings.get("BALIE_HOST", "127.0.0.1")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.env = {
            "BALIE_DATA_DIR": str(folder),
            "BALIE_PORT": str(self.port),
            "BALIE_LOG": "json",
            "BALIE_LOG_LEVEL": "info",
            **settings,
        }
        self.pid = 0
        self.starts = 0
        self.handles = 0
        """The most open files it may have; 0: as many as the tests."""

    @property
    def runs(self) -> bool:
        return self.pid != 0

    def has_ended(self) -> bool:
        """Whether it ended by itself; ``kill`` then takes note of it."""
        return bool(self.pid) and self.launcher.has_ended(self.pid)

    def start(self) -> None:
        """Start it; it is not up yet."""
        assert not self.pid
        self.pid = self.launcher.start(self.env, self.log, handles=self.handles)
        self.starts += 1

    async def up(self) -> None:
        """Until it serves. RuntimeError when it ends instead, TimeoutError when it takes too long."""
        async with asyncio.timeout(UP_WITHIN_S):
            while (await ask(self.host, self.port, "/readyz"))[0] != 200:
                if self.launcher.has_ended(self.pid):
                    raise RuntimeError(f"{self.name} ended at its start: {self.tail()}")
                await asyncio.sleep(0.02)

    def kill(self) -> None:
        """As a crash does."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """As a restart does; the exit code."""
        return self._end(signal.SIGTERM)

    def freeze(self) -> None:
        os.killpg(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.killpg(self.pid, signal.SIGCONT)

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-1500:] if self.log.exists() else ""

    def usage(self) -> tuple[int, int]:
        """Resident memory in kB and open file handles."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(resident.split()[1]), len(os.listdir(f"/proc/{self.pid}/fd"))

    def _end(self, how: signal.Signals) -> int:
        pid, self.pid = self.pid, 0
        if not pid:
            return 0
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, how)
        return self.launcher.wait(pid)


async def ask(host: str, port: int, path: str, within_s: float = 5) -> tuple[int, bytes]:
    """GET over a connection of its own: status (0 when nobody answers) and body."""
    try:
        async with asyncio.timeout(within_s):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(f"GET {path} HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n".encode())
                answer = await reader.read()
            finally:
                writer.transport.abort()
    except (OSError, TimeoutError):
        return 0, b""
    head, _, body = answer.partition(b"\r\n\r\n")
    return (int(head.split()[1]), body) if head.startswith(b"HTTP/") else (0, b"")
