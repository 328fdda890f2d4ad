"""Offices to keep: where they stand, what is in them, and empty places to put them back."""

import itertools
from pathlib import Path
from typing import Any

from balie.desk import conversations
from balie.engine.whole import whole
from balie.keep.restore import SKIPPED
from core import Core, settings_for
from servers import postgres

Contents = dict[str, list[tuple[Any, ...]]]
_number = itertools.count()


def empty_place(engine: str, folder: Path) -> str:
    """The URL of a database that has nothing in it, not even a schema."""
    if engine == "sqlite":
        return f"sqlite:///{folder / f'place-{next(_number)}.db'}"
    return postgres.shared().database()


def forget(url: str) -> None:
    if url.startswith("postgresql:"):
        postgres.shared().drop(url)


def contents(url: str) -> Contents:
    """Every row of every table that a back-up puts back, in an order of its own and the same for both engines."""
    found: Contents = {}
    with whole(url).snapshot() as reader:
        for shape in reader.shapes():
            if shape.name not in SKIPPED:
                columns = sorted(shape.columns, key=lambda column: column.name)
                rows = reader.all(f"select {', '.join(column.name for column in columns)} from {shape.name}")
                alike = [
                    tuple(
                        bool(value) if column.kind == "boolean" and value is not None else value
                        for column, value in zip(columns, row, strict=True)
                    )
                    for row in rows
                ]
                found[shape.name] = sorted(alike, key=repr)
    return found


def messages(url: str) -> set[tuple[str, int]]:
    """Conversation and seq of each message."""
    with whole(url).snapshot() as reader:
        return {(row[0], row[1]) for row in reader.all("select conversation, seq from message")}


def epoch(url: str) -> str:
    with whole(url).snapshot() as reader:
        return str(reader.all("select epoch from history")[0][0])


def talk(core: Core, count: int = 3) -> list[str]:
    """Some conversations with a bit of everything; their ids."""
    sanne = core.access(core.cast.stroom, "sanne")
    homes = []
    for n in range(count):
        visit = core.visit()
        home = core.says(visit, f'Vraag {n}: € 12,50 te veel? 😀 \\ "x"\n\ttab').conversation
        core.answers(sanne, home, f"Antwoord {n}")
        core.answers(sanne, home, "Let op: belt vaak", note=True)
        homes.append(home)
    core.do(lambda writer: conversations.close(writer, sanne, homes[0]))
    core.write(lambda tx: tx.execute("update fact set body = null, salt = null where kind = 'note_added'"))
    return homes


def opened(url: str, like: Core) -> Core:
    """The desk on this database, with the same people."""
    core = Core(settings_for(Path(), url), like.clock)
    core.cast = like.cast
    return core
