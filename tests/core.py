"""The spine on the real embedded engine, without HTTP and sockets: commands in, facts out."""

import asyncio
import atexit
import json
import shutil
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import cast
from balie import app
from balie.desk import conversations, visitors
from balie.desk.access import Access, find_access
from balie.desk.feed import Feed
from balie.desk.log import Appended, Writer
from balie.desk.messages import Inbound, Receipt, Receive
from balie.desk.model import Actor, Contact, Conversation
from balie.desk.state import ConversationRow
from balie.engine.local import LocalBus
from balie.engine.ports import Batch, Database, Tx
from balie.lib import ids
from balie.lib.clock import SetClock
from balie.settings import Settings
from servers import postgres

T = TypeVar("T")


ENGINES = ("sqlite", "postgres")


def settings_for(folder: Path, url: str = "") -> Settings:
    return Settings(data_dir=folder, database_url=url)


async def together(db: Database, batch: Batch, items: Sequence[Any]) -> list[Any]:
    """What the callers hear when all items are handed in at once; refusals are values."""
    loop = asyncio.get_running_loop()
    waits = [loop.create_future() for _ in items]

    def hand_in(item: Any, wait: asyncio.Future[Any]) -> None:
        db.submit(batch, item, lambda _, result: wait.set_result(result))

    for item, wait in zip(items, waits, strict=True):
        hand_in(item, wait)
    return await asyncio.gather(*waits)


class Core:
    """A desk without doors, sync, on a loop of its own. ``emitted`` holds what each commit handed out, in order."""

    def __init__(self, settings: Settings, clock: SetClock | None = None) -> None:
        self.settings = settings
        self.own_database = ""
        self.clock = clock or SetClock()
        self.runner = asyncio.Runner()
        self.db: Database = app.create_database(settings)
        self.bus = LocalBus()
        self.feed = Feed(self.db, self.bus)
        self.command = Receive(self.clock)
        self.emitted: list[Any] = []
        self.db.on_commit(self.emitted.extend)
        self.cast: cast.Cast
        self.run(self.db.start())
        self.run(self.feed.start())

    def close(self) -> None:
        self.run(self.feed.stop())
        self.run(self.db.stop())
        self.runner.close()
        if self.own_database:
            postgres.shared().drop(self.own_database)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def read(self, fn: Callable[[Tx], T]) -> T:
        return self.run(self.db.read(fn))

    def write(self, fn: Callable[[Tx], T]) -> T:
        return self.run(self.db.write(fn))

    def do(self, command: Callable[[Writer], T]) -> T:
        """A command with a writer, in a transaction of its own."""

        def run(tx: Tx) -> T:
            with Writer(tx, self.clock.now()) as writer:
                return command(writer)

        return self.write(run)

    # People

    def access(self, office: cast.Office, name: str) -> Access:
        found = self.read(lambda tx: find_access(tx, office.agents[name].id))
        assert found is not None
        return found

    def visit(self, office: cast.Office | None = None, **more: Any) -> cast.Visit:
        """A browser that has not written yet."""
        return self.write(lambda tx: cast.visit(tx, self.clock.now(), office or self.cast.stroom, **more))

    def contact(self, visit: cast.Visit) -> str:
        return self.read(lambda tx: visitors.contact_of(tx, visit.visitor)) or ""

    # Messages

    def inbound(
        self, visit: cast.Visit, text: str, cid: str | None = None, conversation: str | None = None
    ) -> Inbound:
        """What the visitor's browser says."""
        return Inbound(
            organisation=visit.organisation,
            sender=visit.visitor,
            external_id=cid or ids.new_cid(),
            text=text,
            actor=Actor(kind="contact", id=self.contact(visit), name="Marieke Visser"),
            inbox=visit.inbox,
            visitor=visit.visitor,
            conversation=conversation,
        )

    def reply(
        self, access: Access, conversation: str, text: str, cid: str | None = None, *, note: bool = False
    ) -> Inbound:
        """What an agent answers."""
        return Inbound(
            organisation=access.organisation,
            sender=access.agent,
            external_id=cid or ids.new_cid(),
            text=text,
            actor=access.actor,
            conversation=conversation,
            note=note,
        )

    def receive(self, *items: Inbound) -> list[Any]:
        """All items in one go, as they come in side by side; a Receipt or an error for each."""

        return self.run(together(self.db, self.command, items))

    def says(self, visit: cast.Visit, text: str, **more: Any) -> Receipt:
        return stored(self.receive(self.inbound(visit, text, **more))[0])

    def answers(self, access: Access, conversation: str, text: str, **more: Any) -> Receipt:
        return stored(self.receive(self.reply(access, conversation, text, **more))[0])

    # What is stored

    def row(self, conversation: str) -> ConversationRow:
        found = self.read(lambda tx: Writer(tx, 0).find(conversation))
        assert found is not None
        return found

    def fresh(self, access: Access, conversation: str) -> Conversation:
        """The conversation as a reload would show it."""
        return self.read(lambda tx: conversations.one(tx, access, conversation))

    def log_of(self, stream: str) -> list[tuple[int, str]]:
        rows = self.read(
            lambda tx: tx.all("select seq, kind from fact where stream = ? order by seq", [stream])
        )
        return [(row[0], row[1]) for row in rows]

    def texts(self, conversation: str) -> list[str]:
        """The messages and notes of a conversation, in order."""
        rows = self.read(
            lambda tx: tx.all(
                "select body from fact where stream = ? and kind in ('message_added', 'note_added') order by seq",
                [conversation],
            )
        )
        return [json.loads(row[0])["text"] for row in rows]

    def count(self, table: str) -> int:
        row = self.read(lambda tx: tx.one(f"select count(*) from {table}"))
        return int(row[0]) if row else 0

    def facts(self) -> list[Appended]:
        return [item for item in self.emitted if isinstance(item, Appended)]


def stored(result: Any) -> Receipt:
    """The receipt; raises the refusal when it is none."""
    if isinstance(result, BaseException):
        raise result
    assert isinstance(result, Receipt)
    return result


def contact_of(row: ConversationRow, name: str = "") -> Contact:
    return Contact(id=row.contact, name=name, email="", phone="", language="nl")


def migrated(folder: Path) -> Path:
    """A database with today's schema and nothing in it; its file."""
    app.migrate_database(settings_for(folder))
    return folder / "balie.db"


class Template:
    """A stored office that tests copy instead of building it again; ``engine``: one of ENGINES."""

    def __init__(self, folder: Path, engine: str = "sqlite") -> None:
        self.engine = engine
        self.path = folder / "balie.db"
        self.url = "" if engine == "sqlite" else postgres.shared().database()
        settings = settings_for(folder, self.url)
        app.migrate_database(settings)
        core = Core(settings)
        self.cast = core.write(lambda tx: cast.build(tx, core.clock.now()))
        core.close()

    def settings(self, folder: Path) -> Settings:
        """A copy of the office in this folder, or in a database of its own."""
        if self.engine == "sqlite":
            shutil.copyfile(self.path, folder / self.path.name)
            return settings_for(folder)
        return settings_for(folder, postgres.shared().database(postgres.name_of(self.url)))

    def copy(self, folder: Path) -> Core:
        """The office, running; a database that was made for it goes with it."""
        core = Core(self.settings(folder))
        core.cast = self.cast
        core.own_database = core.settings.database_url
        return core


@cache
def template(engine: str) -> Template:
    """The one that all tests copy."""
    folder = tempfile.mkdtemp(prefix="balie-office-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Template(Path(folder), engine)
