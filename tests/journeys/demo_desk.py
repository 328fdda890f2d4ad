"""The demo office in a process of its own that can be killed, behind a wire that can be cut."""

import os
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import closing, suppress
from pathlib import Path

_START_S = 120.0
_POLL_S = 0.05


class Wire:
    """A TCP proxy between the browsers and the desk. While it is cut, connections are reset and refused."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._target = 0
        self._whole = threading.Event()
        self._whole.set()
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def lead_to(self, port: int) -> None:
        self._target = port

    def cut(self, seconds: float) -> threading.Timer:
        """Cut now, mend by itself after ``seconds``."""
        self._whole.clear()
        with self._lock:
            pairs, self._pairs = self._pairs, set()
        for pair in pairs:
            for end in pair:
                # Linger 0: the browser sees a reset, not a polite end.
                with suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
                    end.shutdown(socket.SHUT_RDWR)
                end.close()
        mend = threading.Timer(seconds, self._whole.set)
        mend.start()
        return mend

    def close(self) -> None:
        self.cut(0).join()
        self._listener.close()

    def _target_of(self, near: socket.socket) -> int:
        return self._target

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        if not self._whole.is_set():
            near.close()
            return
        try:
            far = socket.create_connection(("127.0.0.1", self._target_of(near)), timeout=60)
        except OSError:
            near.close()
            return
        pair = (near, far)
        with self._lock:
            self._pairs.add(pair)
        with suppress(OSError, ValueError):
            while True:
                readable, _, _ = select.select(pair, [], [])
                for end in readable:
                    data = end.recv(65_536)
                    if not data:
                        raise OSError("one end is closed")
                    (far if end is near else near).sendall(data)
        with self._lock:
            self._pairs.discard(pair)
        for end in pair:
            end.close()


class Balancer(Wire):
    """One address in front of several desks. A browser's connections go to the desk of its kind: ``kinds`` maps a word
    in its User-Agent to a port."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds: dict[str, int] = {}

    def _target_of(self, near: socket.socket) -> int:
        head = near.recv(4_096, socket.MSG_PEEK).decode("latin-1")
        return next((port for kind, port in self.kinds.items() if kind in head), self._target)


class DemoDesk:
    """``balie demo`` as a newcomer starts it, in an empty folder; with ``settings`` on other engines."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self._settings = settings
        self.wire = Wire()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.wire.lead_to(self.port)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where browsers find the desk: through the wire."""
        return self.wire.address

    def start(self) -> None:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("BALIE_")}
        environment |= {
            "BALIE_DATA_DIR": str(self.folder),
            "BALIE_PORT": str(self.port),
            "BALIE_PUBLIC_URL": self.address,
            "BALIE_LOG": "json",
            **self._settings,
        }
        with (self.folder / "desk.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "balie", "demo"], env=environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + _START_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the desk did not start:\n{self.log()}")
            self._process.poll()
            select.select([], [], [], _POLL_S)

    def kill(self) -> None:
        """SIGKILL: no farewell, nothing flushed."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def close(self) -> None:
        if self._process is not None:
            self.stop()
        self.wire.close()

    def log(self) -> str:
        return (self.folder / "desk.log").read_text(errors="replace")[-4_000:]

    def rows(self, sql: str, *params: object) -> list[tuple[object, ...]]:
        """What the database holds."""
        with closing(sqlite3.connect(self.folder / "balie.db")) as connection:
            return connection.execute(sql, params).fetchall()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=10) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            process.wait(90)
