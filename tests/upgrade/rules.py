"""Expand, then contract: what a revision may not do while programs of the version before it still run."""

import re
from typing import Any

import msgspec
import sqlalchemy as sa
from alembic.script import Script

from balie import __version__


class Column(msgspec.Struct, frozen=True):
    kind: str
    needed: bool
    """Whoever does not name it cannot insert a row."""


class Table(msgspec.Struct, frozen=True):
    columns: dict[str, Column]
    constraints: frozenset[str]
    """What rows must fulfil: unique, foreign and check."""


Schema = dict[str, Table]


def schema_of(connection: sa.Connection) -> Schema:
    inspector = sa.inspect(connection)
    return {
        name: _table(inspector, name) for name in inspector.get_table_names() if name != "alembic_version"
    }


def broken(before: Schema, after: Schema) -> list[str]:
    """What a program that knows ``before`` could stumble over in ``after``."""
    found = []
    for name, old in before.items():
        new = after.get(name)
        if new is None:
            found.append(f"{name} is gone")
            continue
        for column, was in old.columns.items():
            now = new.columns.get(column)
            if now is None:
                found.append(f"{name}.{column} is gone")
            elif now.kind != was.kind:
                found.append(f"{name}.{column} is {now.kind} and was {was.kind}")
            elif now.needed and not was.needed:
                found.append(f"{name}.{column} must be given now")
        fresh = new.columns.keys() - old.columns.keys()
        found += [f"{name}.{column} must be given" for column in sorted(fresh) if new.columns[column].needed]
        found += [f"{name} asks for {one}" for one in sorted(new.constraints - old.constraints)]
    return found


def may_contract(script: Script) -> bool:
    """Whether the revision says since which version nobody needs what it takes away (``contracts = "0.2.0"``), and that
    version is older than this one, so that it was released in between."""
    since = getattr(script.module, "contracts", None)
    return since is not None and _version(since) < _version(__version__)


def _version(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))


def _table(inspector: sa.Inspector, name: str) -> Table:
    key = set(inspector.get_pk_constraint(name)["constrained_columns"])
    columns = {
        column["name"]: Column(
            kind=str(column["type"]),
            needed=not column["nullable"] and column["default"] is None and not _numbered(column, key),
        )
        for column in inspector.get_columns(name)
    }
    unique = [f"unique {', '.join(one['column_names'])}" for one in inspector.get_unique_constraints(name)]
    unique += [
        f"unique {', '.join(map(str, one['column_names']))}"
        for one in inspector.get_indexes(name)
        if one["unique"]
    ]
    checks = [f"check {_plain(one['sqltext'])}" for one in inspector.get_check_constraints(name)]
    foreign = [
        f"{', '.join(one['constrained_columns'])} in {one['referred_table']}"
        for one in inspector.get_foreign_keys(name)
    ]
    return Table(columns, frozenset(unique + checks + foreign))


def _plain(condition: str) -> str:
    """PostgreSQL tells a condition with other casts and brackets after a dump."""
    return re.sub(r"::[a-z ]+(\[\])?|[()\[\]]", "", condition)


def _numbered(column: Any, key: set[str]) -> bool:
    """SQLite numbers rows by itself."""
    return key == {column["name"]} and isinstance(column["type"], sa.Integer)
