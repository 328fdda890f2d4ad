"""A PostgreSQL of the benchmark's own that really writes to disk before a commit returns, on the server's core."""

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tests.servers.postgres import Server, program

from bench import machine, office


@cache
def server() -> Server:
    """Started once a run, stopped at its end. 1 GB of buffers, so that reads do not measure the disk; MissingError
    when PostgreSQL is not on this machine."""
    try:
        program("postgres")
    except RuntimeError as error:
        raise machine.MissingError("This needs PostgreSQL: apt-get install postgresql") from error
    made = Server(durable=True, shared_buffers="1GB", max_wal_size="8GB").make()
    atexit.register(made.remove)
    made.start()
    first = _postmaster(made)
    for pid in [first, *map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split())]:
        machine.pin(pid)
    return made


def pid() -> int:
    """The server's first process; the others are its children."""
    return _postmaster(server())


@contextmanager
def office_database() -> Iterator[str]:
    """The URL of a migrated office of its own."""
    url = server().database(_office())
    try:
        yield url
    finally:
        server().drop(url)


@cache
def _office() -> str:
    """The name of a database with the office; it is made once and copied."""
    url = server().database()
    office.make(Path(), url)
    return url.rpartition("/")[2]


def _postmaster(made: Server) -> int:
    return int((made.data / "postmaster.pid").read_text().split()[0])
