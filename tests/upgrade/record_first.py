"""Writes ``first/``: the first schema with a small office in it, as SQL text of both engines, and a session of the
program of that day, statement by statement. Run by hand, and never again after the first release:
``python -m upgrade.record_first`` in tests/."""

import json
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import cast
from balie import app
from balie.desk import contacts, conversations, drafts, pages
from balie.desk.messages import Receive
from balie.desk.model import PageView
from balie.engine import migrate
from balie.engine.ports import Params, Row, Tx
from balie.engine.refill import _PostgresRefill
from balie.engine.whole import whole
from balie.features.replies import commands
from balie.features.replies.facts import CannedReply
from balie.lib import ids
from core import Core, settings_for
from servers import postgres

T = TypeVar("T")
HERE = Path(__file__).parent / "first"
FIRST = ("edge_0001", "replies_0001")
"""The first schema; they bring desk_0001 along."""


class Recorder:
    """A transaction that writes down every statement which changes something, and every kind of question."""

    def __init__(self, tx: Tx, lines: list[list[Any]], asked: set[str]) -> None:
        self._tx = tx
        self._lines = lines
        self._asked = asked

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    def one(self, sql: str, params: Params = ()) -> Row | None:
        self._ask(sql, params)
        return self._tx.one(sql, params)

    def all(self, sql: str, params: Params = ()) -> list[Row]:
        self._ask(sql, params)
        return self._tx.all(sql, params)

    def execute(self, sql: str, params: Params = ()) -> int:
        self._write("execute", sql, params)
        return self._tx.execute(sql, params)

    def insert_many(self, table: str, columns: Sequence[str], rows: Sequence[Params], tail: str = "") -> int:
        marks = ", ".join("?" * len(columns))
        for row in rows:
            self._write("execute", f"insert into {table} ({', '.join(columns)}) values ({marks}) {tail}", row)
        return self._tx.insert_many(table, columns, rows, tail)

    def update_many(self, table: str, key: str, columns: Sequence[str], rows: Sequence[Params]) -> int:
        sets = ", ".join(f"{name} = ?" for name in columns)
        for row in rows:
            self._write("execute", f"update {table} set {sets} where {key} = ?", [*row[1:], row[0]])
        return self._tx.update_many(table, key, columns, rows)

    def _ask(self, sql: str, params: Params) -> None:
        if sql not in self._asked:
            self._asked.add(sql)
            self._write("all", sql, params)

    def _write(self, what: str, sql: str, params: Params) -> None:
        values = [{"hex": bytes(one).hex()} if isinstance(one, bytes | bytearray) else one for one in params]
        self._lines.append([what, sql, values])


class Recorded(Core):
    """A desk of which all is written down."""

    lines: list[list[Any]] | None = None

    def record(self) -> None:
        self.lines = []
        self._asked: set[str] = set()
        receive = Receive(self.clock)
        self.command = lambda tx, items: receive(self._over(tx), items)  # type: ignore[assignment]

    def read(self, fn: Callable[[Tx], T]) -> T:
        return super().read(lambda tx: fn(self._over(tx)))

    def write(self, fn: Callable[[Tx], T]) -> T:
        return super().write(lambda tx: fn(self._over(tx)))

    def _over(self, tx: Tx) -> Tx:
        return tx if self.lines is None else Recorder(tx, self.lines, self._asked)  # type: ignore[return-value]


def talk(core: Core, more: str) -> None:
    """A bit of everything that the first program could."""
    office = core.cast.stroom
    sanne = core.access(office, "sanne")
    visit = core.visit()
    home = core.says(visit, f"Mijn meterstand klopt niet {more}").conversation
    core.write(
        lambda tx: pages.add(
            tx,
            office.organisation.id,
            visit.visitor,
            "visit-1",
            PageView(
                url=f"https://www.groenestroom.example/{more}", title="Meterstanden", at=core.clock.now()
            ),
        )
    )
    core.do(lambda writer: conversations.assign(writer, sanne, home, sanne.agent))
    core.answers(sanne, home, "Ik kijk even mee")
    core.answers(sanne, home, "Belt vaak", note=True)
    core.write(lambda tx: drafts.save(tx, sanne, home, "message", "Nog even", core.clock.now()))
    core.says(visit, "Dank u wel")
    contact = core.row(home).contact
    core.do(
        lambda writer: contacts.change(
            writer, sanne.organisation, sanne.actor, contact, name=f"Marieke {more}"
        )
    )
    core.do(lambda writer: conversations.close(writer, sanne, home))
    core.says(visit, "Toch nog iets")
    reply = CannedReply(
        id=ids.new_id(ids.REPLY), shortcut=more, title="Groet", text="Goedemiddag", language="nl"
    )
    core.do(lambda writer: commands.add(writer, sanne, reply))
    core.read(lambda tx: conversations.open_conversations(tx, sanne))
    core.read(lambda tx: conversations.view(tx, sanne, "all", 10))
    core.read(lambda tx: conversations.lines(tx, home, 10))


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    url = f"sqlite:///{folder / 'balie.db'}"
    with migrate.opened(url, "begin immediate") as connection, connection.begin():
        migrate.upgrade(connection, app.MIGRATIONS, FIRST)
    core = Recorded(settings_for(folder))
    core.cast = core.write(lambda tx: cast.build(tx, core.clock.now()))
    for word in ("hallo", "bedankt"):
        talk(core, word)
    _dump_sqlite(folder / "balie.db")
    _dump_postgres(url)
    core.clock.advance(3600)
    core.record()
    talk(core, "later")
    core.close()
    lines = [json.dumps(line, ensure_ascii=False) for line in core.lines or []]
    (HERE / "session.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def _dump_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        (HERE / "office.sqlite.sql").write_text("\n".join(connection.iterdump()) + "\n", "utf-8")


def _dump_postgres(source: str) -> None:
    url = postgres.shared().database()
    with (
        whole(source).snapshot() as reader,
        migrate.opened(url) as connection,
        connection.begin(),
    ):
        migrate.upgrade(connection, app.MIGRATIONS, FIRST)
        target = _PostgresRefill(connection)
        for shape in reader.shapes():
            if shape.name in target.tables:
                names = [column.name for column in shape.columns]
                kinds = [column.kind == "boolean" for column in shape.columns]
                rows = reader.all(f"select {', '.join(names)} from {shape.name}")
                alike = [
                    [bool(v) if k and v is not None else v for k, v in zip(kinds, r, strict=True)]
                    for r in rows
                ]
                target.load(shape.name, names, [alike])
        target.finish()
    options = ["--inserts", "--rows-per-insert=50", "--no-owner", "--no-privileges"]
    dump = [postgres.program("pg_dump"), *options, url]
    text = subprocess.run(dump, capture_output=True, text=True, check=True).stdout
    kept = [line for line in text.splitlines() if line and not line.startswith(("--", "\\"))]
    (HERE / "office.postgres.sql").write_text("\n".join(kept) + "\n", "utf-8")


if __name__ == "__main__":
    main()
