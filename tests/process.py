"""The desk as a process of its own, on a database that outlives it: it can be killed, stopped and started again."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import cast
from balie.lib.clock import SetClock, SystemClock
from core import Core, Template

UP_WITHIN_S = 120


class Process:
    """``cast`` holds the office; ``core()`` opens its database beside or without the running desk."""

    def __init__(self, template: Template, folder: Path) -> None:
        self.folder = folder
        self.cast = template.cast
        self.settings = template.settings(folder)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.origin = f"http://127.0.0.1:{self.port}"
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start and wait until it serves; the seconds that took."""
        started = time.monotonic()
        env = {key: value for key, value in os.environ.items() if not key.startswith("BALIE_")}
        env |= {"BALIE_DATABASE_URL": self.settings.database}
        env |= {"BALIE_DATA_DIR": str(self.folder), "BALIE_PORT": str(self.port), "BALIE_LOG_LEVEL": "error"}
        self._running = subprocess.Popen([sys.executable, "-m", "balie", "serve"], env=env)
        while not self._is_up():
            assert self._running.poll() is None, "the desk ended at its start"
            assert time.monotonic() - started < UP_WITHIN_S, "the desk does not come up"
        return time.monotonic() - started

    def kill(self) -> None:
        """As a crash does."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """As a restart does; the exit code."""
        return self._end(signal.SIGTERM)

    def core(self) -> Core:
        core = Core(self.settings, SetClock(SystemClock().now()))
        core.cast = self.cast
        return core

    def visits(self, count: int) -> list[cast.Visit]:
        """Browsers that have not written yet."""
        core = self.core()
        made = [core.visit() for _ in range(count)]
        core.close()
        return made

    def _end(self, how: signal.Signals) -> int:
        if self._running is None:
            return 0
        if self._running.poll() is None:
            self._running.send_signal(how)
        return self._running.wait(90)

    def _is_up(self) -> bool:
        try:
            with contextlib.closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
                connection.request("GET", "/readyz")
                return connection.getresponse().status == 200
        except OSError:
            time.sleep(0.05)  # nothing listens yet, and nothing tells when it will
            return False
