"""The plugs that each contract of ``engine.ports`` runs against."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from balie.engine.ports import Database, Tx
from balie.engine.sqlite import SqliteDatabase

T = TypeVar("T")


class Bench:
    """A database plug on a loop of its own, with one table ``line(id, text)`` to write in."""

    def __init__(self, make: Callable[[], Database], locked: Callable[[], Any]) -> None:
        self.runner = asyncio.Runner()
        self.db = make()
        self.locked = locked
        """A context in which somebody else holds the write lock."""
        self.run(self.db.start())
        self.write(lambda tx: tx.execute("create table line (id integer primary key, text text unique)"))

    def close(self) -> None:
        self.run(self.db.stop())
        self.runner.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def read(self, fn: Callable[[Tx], T]) -> T:
        return self.run(self.db.read(fn))

    def write(self, fn: Callable[[Tx], T]) -> T:
        return self.run(self.db.write(fn))

    def put(self, *texts: str) -> None:
        for text in texts:
            self.write(put(text))

    def lines(self) -> list[str]:
        return [row[0] for row in self.read(lambda tx: tx.all("select text from line order by id"))]


def put(text: str) -> Callable[[Tx], str]:
    """A command that stores a line and emits it; ``bad`` spoils itself after having written."""

    def command(tx: Tx) -> str:
        tx.execute("insert into line (text) values (?)", [text])
        tx.emit(text)
        if text.startswith("bad"):
            raise ValueError(text)
        return text

    return command


def put_all(tx: Tx, items: list[Any]) -> list[Any]:
    """The same as a batch."""
    return [put(item)(tx) for item in items]


def sqlite(path: Path) -> Bench:
    import sqlite3

    @contextmanager
    def locked() -> Iterator[None]:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("begin immediate")
            yield
            other.execute("rollback")

    return Bench(lambda: SqliteDatabase(path), locked)


DATABASES = {"sqlite": sqlite}
