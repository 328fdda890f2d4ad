"""Brings a database to the newest schema, wholly or not at all. Each slice keeps its own line of revisions in its own
folder."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from balie.engine.ports import SchemaError, UnavailableError
from balie.engine.revisions import read_graph, refuse_newer

_HERE = Path(__file__).parent / "migrations"
_LOCK = 0x62616C696D
"""The advisory lock of whoever migrates a PostgreSQL database."""
_LOCK_TIMEOUT = "10s"
"""How long a change may wait for a table in use; meanwhile everybody else waits behind it."""


def migrate(url: str, locations: Sequence[Path]) -> list[str]:
    """Apply what is missing; the revisions applied, oldest first. Safe to run twice, and on several nodes at once.
    UnavailableError when the database cannot be reached, SchemaError when its schema is newer than ``locations``."""
    with opened(url, "begin immediate") as connection, connection.begin():
        return upgrade(connection, locations)


def upgrade(
    connection: sa.Connection, locations: Sequence[Path], to: Sequence[str] = ("heads",)
) -> list[str]:
    """The same, in the transaction that ``connection`` has begun, up to the revisions ``to``."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        connection.execute(sa.text(f"set local lock_timeout = '{_LOCK_TIMEOUT}'"))
    refuse_newer(MigrationContext.configure(connection).get_current_heads(), read_graph(locations))
    applied: list[str] = []
    config = _config(locations)
    config.attributes["connection"] = connection
    config.attributes["on_applied"] = lambda step, **_: applied.append(step.up_revision_id)
    for revision in to:
        command.upgrade(config, revision)
    return applied


@contextmanager
def opened(url: str, begin: str = "begin") -> Iterator[sa.Connection]:
    """A connection whose transactions hold changes of the schema too. ``begin``: how they begin on SQLite."""
    if url.startswith("postgresql://"):
        # The driver itself reads the address, as it does for the desk: several hosts, certificates and all.
        engine = sa.create_engine(
            "postgresql+psycopg://", creator=partial(_connect, url), poolclass=sa.NullPool
        )
    else:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        sa.event.listen(engine, "connect", _without_magic)
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    try:
        with engine.connect() as connection:
            yield connection
    except (psycopg.OperationalError, sqlite3.OperationalError) as error:
        raise UnavailableError(_line(error)) from error
    except sa.exc.DatabaseError as error:
        # Its subclasses but one are about a statement; the class itself says that the file is no database.
        if type(error) in (sa.exc.DatabaseError, sa.exc.OperationalError):
            where = f"{url.removeprefix('sqlite:///')}: " if url.startswith("sqlite:") else ""
            raise UnavailableError(f"{where}{_line(error.orig)}") from error
        raise SchemaError(
            f"The schema could not be changed, and is as it was: {_line(error.orig)}"
        ) from error
    finally:
        engine.dispose()


def _connect(url: str) -> Any:
    try:
        return psycopg.connect(url, connect_timeout=10, target_session_attrs="read-write")
    except psycopg.ProgrammingError as error:
        raise UnavailableError(str(error).partition(": ")[0]) from None


def _line(error: BaseException | None) -> str:
    return str(error).strip().partition("\n")[0]


def _without_magic(connection: Any, _: Any) -> None:
    # By itself the driver begins no transaction before a change of the schema.
    connection.isolation_level = None
    connection.execute("pragma busy_timeout=30000")


def _config(locations: Sequence[Path]) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option(
        "version_locations", ":".join(str(place).replace("%", "%%") for place in locations)
    )
    return config
