"""A Redis of the tests' own: a private port and folder, nothing kept on disk. It can be killed, frozen and emptied."""

import contextlib
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

MISSING = "redis-server is not installed. Run bin/test, or: apt-get install redis-server"
UP_WITHIN_S = 90


class PrivateRedis:
    def __init__(self, folder: Path) -> None:
        program = shutil.which("redis-server")
        assert program, MISSING
        self._program = program
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, empty, and wait until it answers."""
        if self._running is not None:
            return
        options = {
            "port": self.port,
            "bind": "127.0.0.1",
            "dir": self._folder,
            "save": "",
            "appendonly": "no",
        }
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        with (self._folder / "redis.log").open("ab") as told:
            self._running = subprocess.Popen([self._program, *words], stdout=told, stderr=told)
        until = time.monotonic() + UP_WITHIN_S
        while not self._answers():
            assert self._running.poll() is None, f"redis-server ended at its start, see {told.name}"
            assert time.monotonic() < until, "redis-server does not come up"
            time.sleep(0.01)  # nothing tells when it listens

    def kill(self) -> None:
        """As a crash does: everything in it is gone."""
        if self._running is not None:
            self._running.kill()
            self._running.wait(60)
            self._running = None

    def freeze(self) -> None:
        assert self._running is not None
        self._running.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._running is not None
        self._running.send_signal(signal.SIGCONT)

    def empty(self) -> None:
        self.say("FLUSHALL")

    def say(self, *words: str) -> bytes:
        """One command in Redis' own protocol; the first bytes of the answer."""
        line = f"*{len(words)}\r\n" + "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
        with contextlib.closing(socket.create_connection(("127.0.0.1", self.port), timeout=60)) as connection:
            connection.sendall(line.encode())
            return connection.recv(65_536)

    def _answers(self) -> bool:
        try:
            return self.say("PING").startswith(b"+PONG")
        except OSError:
            return False
