"""Fills a database from a back-up: all of it in one step, or nothing. Opened by URL; the counterpart of ``whole``."""

import os
import sqlite3
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from balie.engine import migrate
from balie.engine.ports import Row, UnavailableError

_OWN = ("alembic_version", "history")
"""Tables that the migrations fill themselves: each restored database begins a history of its own."""


class RefillError(Exception):
    """The database cannot be filled; the message says why. It is as it was."""


class Refill(ABC):
    """An empty database with the schema of the back-up. ``tables``: their names."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.tables = [name for name in sa.inspect(connection).get_table_names() if name not in _OWN]

    def load(self, table: str, columns: Sequence[str], pieces: Iterable[list[Row]]) -> None:
        """Add rows. A table comes after those it refers to."""
        known = {column["name"] for column in sa.inspect(self.connection).get_columns(table)}
        if not set(columns) <= known:
            raise RefillError(f"The back-up has columns in {table} that its schema does not know.")
        try:
            self._load(table, columns, pieces)
        except (sqlite3.IntegrityError, psycopg.IntegrityError, psycopg.DataError) as error:
            raise RefillError(f"The rows of {table} do not fit: {_line(error)}") from error

    @abstractmethod
    def _load(self, table: str, columns: Sequence[str], pieces: Iterable[list[Row]]) -> None: ...

    @abstractmethod
    def finish(self) -> None:
        """What is to be done when all rows are there."""


def refill(
    url: str, lines: Sequence[Path], revisions: Sequence[str], *, replace: bool
) -> AbstractContextManager[Refill]:
    """A context that fills the database at ``url`` and brings it to the newest schema of ``lines`` at its end; when it
    is left by an exception nothing has changed. RefillError: a desk runs on it, or it holds data and ``replace`` was
    not asked for. UnavailableError when it cannot be reached."""
    if url.startswith("sqlite:///"):
        return _sqlite(Path(url.removeprefix("sqlite:///")), lines, revisions, replace=replace)
    return _postgres(url, lines, revisions, replace=replace)


def renew_epoch(url: str) -> None:
    """Begin a new history: every client drops what it holds and fetches everything anew."""
    with migrate.opened(url, "begin immediate") as connection, connection.begin():
        connection.execute(sa.text("update history set epoch = :epoch"), {"epoch": str(uuid.uuid4())})


def _filling(target: Refill, lines: Sequence[Path]) -> Iterator[Refill]:
    for table in reversed(sa.inspect(target.connection).get_sorted_table_and_fkc_names()):
        if table[0] in target.tables:
            target.connection.exec_driver_sql(f'delete from "{table[0]}"')
    yield target
    target.finish()
    migrate.upgrade(target.connection, lines)


# SQLite: a new file that takes the place of the old one


class _SqliteRefill(Refill):
    def _load(self, table: str, columns: Sequence[str], pieces: Iterable[list[Row]]) -> None:
        marks = ",".join("?" * len(columns))
        driver: Any = self.connection.connection.driver_connection
        for piece in pieces:
            driver.executemany(f"insert into {table} ({', '.join(columns)}) values ({marks})", piece)

    def finish(self) -> None:
        wrong = self.connection.exec_driver_sql("pragma foreign_key_check").fetchone()
        if wrong is not None:
            raise RefillError(f"A row of {wrong[0]} refers to one of {wrong[2]} that is not in the back-up.")


@contextmanager
def _sqlite(
    path: Path, lines: Sequence[Path], revisions: Sequence[str], *, replace: bool
) -> Iterator[Refill]:
    path.parent.mkdir(parents=True, exist_ok=True)
    staging = path.with_name(f".{path.name}.restoring")
    if path.exists():
        _prepare_old(path, replace=replace)
    _forget(staging)
    try:
        with migrate.opened(f"sqlite:///{staging}", "begin immediate") as connection, connection.begin():
            migrate.upgrade(connection, lines, revisions)
            yield from _filling(_SqliteRefill(connection), lines)
        with staging.open("rb") as file:
            os.fsync(file.fileno())
        if path.exists() and path.stat().st_size:
            # A second name first, so that at no moment there is no database at all.
            os.link(path, path.with_name(f"{path.name}.before-restore-{time.time_ns() // 1_000_000}"))
        staging.replace(path)
        descriptor = os.open(path.parent, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
    finally:
        _forget(staging)


def _prepare_old(path: Path, *, replace: bool) -> None:
    """Nobody may have the old file open; what is in its log moves into it, so that the file alone is everything."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=1)) as connection:
            connection.execute("pragma locking_mode=exclusive")
            connection.execute("begin exclusive")
            connection.execute("rollback")
            filled = _is_filled(connection.execute("select name from sqlite_master").fetchall(), connection)
            if filled and not replace:
                raise RefillError(_filled_word(str(path)))
            connection.execute("pragma wal_checkpoint(truncate)")
            connection.execute("pragma journal_mode=delete")
    except sqlite3.OperationalError as error:
        if (error.sqlite_errorcode & 0xFF) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise RefillError(f"{path} is in use. Stop the desk first.") from None
        raise UnavailableError(f"{path} cannot be used: {error}") from error
    except sqlite3.DatabaseError as error:
        # Damaged: that is why somebody restores.
        if not replace:
            raise RefillError(f"{_filled_word(str(path))} It cannot be read: {error}.") from None
        for suffix in ("-wal", "-shm"):
            old = path.with_name(path.name + suffix)
            if old.exists():
                old.rename(path.with_name(f"{path.name}.damaged{suffix}"))


def _forget(staging: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        staging.with_name(staging.name + suffix).unlink(missing_ok=True)


# PostgreSQL: one transaction


class _PostgresRefill(Refill):
    def _load(self, table: str, columns: Sequence[str], pieces: Iterable[list[Row]]) -> None:
        driver: Any = self.connection.connection.driver_connection
        with (
            driver.cursor() as cursor,
            cursor.copy(f"copy {table} ({', '.join(columns)}) from stdin") as copy,
        ):
            for piece in pieces:
                for row in piece:
                    copy.write_row(row)

    def finish(self) -> None:
        for table in self.tables:
            for column in sa.inspect(self.connection).get_columns(table):
                found = self.connection.execute(
                    sa.text("select pg_get_serial_sequence(:table, :column)"),
                    {"table": table, "column": column["name"]},
                ).scalar()
                if found:
                    self.connection.exec_driver_sql(
                        f"select setval('{found}', coalesce((select max({column['name']}) from {table}), 0) + 1, false)"
                    )
        self.connection.exec_driver_sql("analyze")


@contextmanager
def _postgres(
    url: str, lines: Sequence[Path], revisions: Sequence[str], *, replace: bool
) -> Iterator[Refill]:
    with migrate.opened(url) as connection, connection.begin():
        nodes = connection.exec_driver_sql(
            "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'balie'"
        ).scalar_one()
        if nodes:
            raise RefillError(f"A desk has {nodes} connections to this database. Stop all nodes first.")
        tables = sa.inspect(connection).get_table_names()
        if _is_filled([(name,) for name in tables], connection) and not replace:
            raise RefillError(_filled_word("The database"))
        if "alembic_version" in tables:
            for name in tables:
                connection.exec_driver_sql(f'drop table "{name}" cascade')
        elif tables:
            raise RefillError("The database holds tables that are not Balie's. Give Balie one of its own.")
        migrate.upgrade(connection, lines, revisions)
        yield from _filling(_PostgresRefill(connection), lines)


def _is_filled(tables: Sequence[Row], connection: Any) -> bool:
    names = {row[0] for row in tables}
    run = connection.execute if isinstance(connection, sqlite3.Connection) else connection.exec_driver_sql
    return any(
        name in names and run(f"select 1 from {name} limit 1").fetchone() for name in ("organisation", "fact")
    )


def _filled_word(name: str) -> str:
    return f"{name} holds an office already. Add --replace to put the back-up in its place."


def _line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
