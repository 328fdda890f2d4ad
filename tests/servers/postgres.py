"""A private PostgreSQL for the tests: its own folder and port, started once a run and stopped at its end."""

import atexit
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

_FAST = {"fsync": "off", "synchronous_commit": "on", "full_page_writes": "off"}
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "log_min_messages": "fatal",
    "deadlock_timeout": "100ms",
}


# Between two statements of a transaction a test's process may stand still for long, where all work on two cores.
_PATIENCE = "?options=-c%20idle_in_transaction_session_timeout%3D2min&connect_timeout=60"


class Server:
    """One cluster. ``durable``: it really writes to disk before a commit returns."""

    def __init__(self, *, durable: bool, **settings: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="balie-postgres-"))
        self.port = _free_port()
        self.settings = _SETTINGS | ({} if durable else _FAST) | settings
        self._process: subprocess.Popen[bytes] | None = None
        self._names = count(1)
        self._patience = "" if durable else _PATIENCE
        # PostgreSQL refuses to run as root.
        self._as: dict[str, Any] = {"user": "nobody", "group": "nogroup"} if os.getuid() == 0 else {}
        if self._as:
            os.chown(self.folder, pwd.getpwnam("nobody").pw_uid, -1)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://balie@127.0.0.1:{self.port}/{database}"

    def make(self) -> "Server":
        """Create the cluster's folder."""
        self.run(
            "initdb",
            "-D",
            str(self.data),
            "-U",
            "balie",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        )
        return self

    def start(self) -> "Server":
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [program("postgres"), "-D", str(self.data), "-p", str(self.port), *options],
                cwd=self.folder,
                stdout=subprocess.DEVNULL,
                stderr=log,
                **self._as,
            )
        self.run("pg_isready", "-h", "127.0.0.1", "-p", str(self.port), tries=600)
        return self

    def signal(self, number: int) -> None:
        """SIGQUIT is an immediate stop, SIGINT a fast one; waits for the end."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(60)
            self._process = None

    def start_again(self) -> bool:
        """Start it when it ended by itself; whether it had."""
        if self._process is None or self._process.poll() is None:
            return False
        self._process = None
        self.start()
        return True

    def processes(self) -> list[int]:
        """The ids of the server's own processes, those of its connections included."""
        if self._process is None:
            return []
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def remove(self) -> None:
        self.signal(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, name: str, *arguments: str, tries: int = 1) -> None:
        """Run one of PostgreSQL's programs as the server's owner; RuntimeError with what it said when it fails."""
        for _ in range(tries):
            done = subprocess.run(
                [program(name), *arguments],
                cwd=self.folder,
                capture_output=True,
                text=True,
                check=False,
                **self._as,
            )
            if done.returncode == 0:
                return
            if self._process is not None and self._process.poll() is not None:
                break
            if tries > 1:
                signal.sigtimedwait([], 0.05)
        log = self.folder / "log"
        raise RuntimeError(f"{name}: {done.stderr}{log.read_text()[-2_000:] if log.exists() else ''}")

    def database(self, template: str = "template0") -> str:
        """A new database; its URL."""
        name = f"balie_{next(self._names)}"
        self.execute(f"create database {name} template {template}")
        return self.url(name) + self._patience

    def drop(self, url: str) -> None:
        self.execute(f"drop database if exists {name_of(url)} with (force)")

    def execute(self, sql: Any, database: str = "postgres") -> None:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(sql)


@cache
def shared() -> Server:
    """The one that all tests use, each with databases of its own. It need not survive a power cut."""
    server = Server(durable=False).make()
    atexit.register(server.remove)
    return server.start()


def name_of(url: str) -> str:
    """The database that a URL names."""
    return urlsplit(url).path[1:]


def program(name: str) -> str:
    """The path of one of PostgreSQL's programs."""
    found = shutil.which(name) or next(
        (str(one) for one in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)), None
    )
    if found is None:
        raise RuntimeError("These tests need PostgreSQL: apt-get install postgresql")
    return found


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
