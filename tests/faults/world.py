"""A small world for a fault to strike: desks, visitors who write, agents who answer or read along, two organisations.

At its end the history of everybody is checked against the committed log.
"""

import asyncio
import contextlib
import json
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path

from checker import History, Line, violations
from client import Client, Colleague, Guest, until
from desks import Launcher, Node, shared

import cast
from balie import app
from balie.desk import log
from balie.engine.ports import Database, Tx
from balie.lib.clock import SystemClock
from balie.settings import read_settings

HEALED_WITHIN_S = 90.0
"""A machine that runs other things beside may need this long; how long it did take stands in the results."""


_TEMPLATES: dict[int, tuple[bytes, cast.Cast, list[cast.Visit]]] = {}


class World:
    """``settings`` are the desk's own, as environment variables; ``nodes`` share them. ``origin`` is what browsers see.

    ``guests`` visitors of one organisation and one of the other; Sanne answers, Daan reads along, Eva answers at the
    neighbours'.
    """

    def __init__(
        self,
        folder: Path,
        seed: int,
        *,
        settings: Mapping[str, str] | None = None,
        launcher: Launcher | None = None,
        mutant: str = "",
        nodes: int = 1,
        guests: int = 5,
        origin: str = "",
        extra: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.random = random.Random(seed)
        self.settings = {"BALIE_DATA_DIR": str(folder), **(settings or {})}
        self.launcher = launcher or shared(mutant)
        names = [f"desk{n}" for n in range(1, nodes + 1)]
        self.nodes = [Node(self.launcher, folder, {**self.settings, **(extra or {})}, name) for name in names]
        self.origin = origin or f"http://{self.nodes[0].host}:{self.nodes[0].port}"
        for node in self.nodes:
            node.env.setdefault("BALIE_PUBLIC_URL", self.origin)
        self.guest_count = guests
        self.heal_s = self.settle_s = HEALED_WITHIN_S
        self.guests: list[Guest] = []
        self.consoles: list[Colleague] = []
        self._runs: list[asyncio.Task[None]] = []
        self._batch = 0
        self.cast: cast.Cast

    # Life

    async def build(self) -> None:
        """The database with both offices, and everybody's browser."""
        self.cast, visits = await self._offices()
        stroom, gracht = (office.organisation.name for office in (self.cast.stroom, self.cast.gracht))
        for visit in visits:
            home = visit.organisation == self.cast.stroom.organisation.id
            names = (stroom, gracht, cast.SITE) if home else (gracht, stroom, cast.OTHER_SITE)
            self.guests.append(Guest(self.origin, visit, *names))
        for name, office, others, answering in (
            ("sanne", self.cast.stroom, gracht, True),
            ("daan", self.cast.stroom, gracht, False),
            ("eva", self.cast.gracht, stroom, True),
        ):
            own = office.organisation.name
            console = Colleague(self.origin, name, office.email(name), own, others, answering=answering)
            self.consoles.append(console)

    async def _offices(self) -> tuple[cast.Cast, list[cast.Visit]]:
        """On SQLite the file is made once and copied after that."""
        kept = _TEMPLATES.get(self.guest_count)
        embedded = "BALIE_DATABASE_URL" not in self.settings
        if kept and embedded:
            (self.folder / "balie.db").write_bytes(kept[0])
            return kept[1], kept[2]
        await asyncio.to_thread(app.migrate_database, read_settings(self.settings))
        now = SystemClock().now()

        def make(tx: Tx) -> tuple[cast.Cast, list[cast.Visit]]:
            made = cast.build(tx, now)
            visits = [cast.visit(tx, now, made.stroom) for _ in range(self.guest_count)]
            return made, [*visits, cast.visit(tx, now, made.gracht)]

        async with self.database() as db:
            made, visits = await db.write(make)
        if embedded:
            _TEMPLATES[self.guest_count] = ((self.folder / "balie.db").read_bytes(), made, visits)
        return made, visits

    async def open(self) -> None:
        """Start the desks and let everybody in."""
        for node in self.nodes:
            node.start()
        for node in self.nodes:
            await node.up()
        self._runs = [asyncio.create_task(client.run()) for client in self.clients]
        await self.wait(lambda: all(client.is_there for client in self.clients))

    async def close(self) -> None:
        for run in self._runs:
            run.cancel()
        await asyncio.gather(*self._runs, return_exceptions=True)
        for node in self.nodes:
            await asyncio.to_thread(node.kill)

    @property
    def node(self) -> Node:
        return self.nodes[0]

    @property
    def clients(self) -> Sequence[Client]:
        return [*self.guests, *self.consoles]

    @contextlib.asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        """The database beside, or without, the running desk."""
        db = app.create_database(read_settings(self.settings))
        await db.start()
        try:
            yield db
        finally:
            await db.stop()

    # What people do

    def write(self, most: int = 4) -> None:
        """Every visitor writes a few lines."""
        self._batch += 1
        for guest in self.guests:
            for n in range(self.random.randint(1, most)):
                guest.write(f"{self._batch}.{n} van {guest.name[-4:]}", next(iter(guest.seqs), None))

    @property
    def acked(self) -> int:
        return sum(len(client.acked) for client in self.clients)

    async def wait(self, condition: Callable[[], bool], within_s: float = 0, every_s: float = 0.02) -> None:
        """Until ``condition()``; a client that broke ends it."""

        def holds() -> bool:
            for run in self._runs:
                if run.done():
                    run.result()
            return condition()

        await until(holds, within_s or self.heal_s, every_s)

    async def reach(self, acks: int) -> None:
        await self.wait(lambda: self.acked >= acks)

    async def everybody_gets_through(self) -> None:
        """Each visitor writes a line; until all of them are acked."""
        self.write(1)
        last = {guest.name: guest.sent[-1].cid for guest in self.guests}
        await self.wait(lambda: all(any(a.cid == last[g.name] for a in g.acked[-40:]) for g in self.guests))

    @property
    def is_settled(self) -> bool:
        """Everything is acked, each message of a visitor is answered, and everybody shows all there is of theirs."""
        if any(client.outbox for client in self.clients):
            return False
        for office in (self.cast.stroom, self.cast.gracht):
            people = [one for one in self.clients if one.office == office.organisation.name]
            homes = {ack.cid: ack.conversation for one in people for ack in one.acked}
            sizes = Counter(homes.values())
            for one in people:
                if isinstance(one, Colleague):
                    asked = {ack.cid for guest in people if isinstance(guest, Guest) for ack in guest.acked}
                    if len(one.shown) < len(homes) or (one.answering and not asked <= one.answered):
                        return False
                elif isinstance(one, Guest) and len(one.shown) < sum(sizes[home] for home in one.seqs):
                    return False
        return True

    async def settle(self) -> list[str]:
        """Let everything come home. The promises that were still open when the time was up."""
        try:
            await self.wait(lambda: self.is_settled, self.settle_s, 0.15)
        except TimeoutError:
            missing = {client.name: len(client.outbox) for client in self.clients if client.outbox}
            return [f"P1 not settled within {self.settle_s:.0f} s; outboxes {missing}"]
        return []

    # What came of it

    async def history(self) -> History:
        async with self.database() as db:
            lines, streams, homes = await db.read(_stored)
            broken = await db.read(lambda tx: [one for one in streams if log.verify(tx, one)])
        names = {
            office.organisation.id: office.organisation.name
            for office in (self.cast.stroom, self.cast.gracht)
        }
        reads: dict[str, set[str]] = {}
        for console in self.consoles:
            reads[console.name] = {one for one, home in homes.items() if names[home] == console.office}
        owner = {line.conversation: line.cid for line in lines}
        for guest in self.guests:
            own = {sent.cid for sent in guest.sent}
            reads[guest.name] = {line.conversation for line in lines if line.cid in own}
        wrong = [word for client in self.clients for word in client.wrong]
        wrong += [f"O1 the chain of {one} is broken" for one in broken]
        wrong += [f"T1 {node.name} logged what people said" for node in self.nodes if _told_tales(node)]
        wrong += [
            f"O1 {g.name} has {len(reads[g.name])} conversations"
            for g in self.guests
            if len(reads[g.name]) > 1
        ]
        assert len(owner) == len({line.conversation for line in lines})
        return History(
            sent=[one for client in self.clients for one in client.sent],
            acked=[one for client in self.clients for one in client.acked],
            stored=lines,
            streams=streams,
            shown={client.name: client.shown for client in self.clients},
            reads=reads,
            refused=frozenset(cid for client in self.clients for cid in client.refused),
            wrong=tuple(wrong),
        )

    async def verdict(self) -> tuple[History, list[str]]:
        history = await self.history()
        return history, violations(history)


def _stored(tx: Tx) -> tuple[list[Line], dict[str, list[int]], dict[str, str]]:
    """All messages, all numbers by conversation, and each conversation's organisation."""
    lines, streams, homes = [], defaultdict(list), {}
    sql = (
        "select organisation, stream, seq, kind, body from fact where stream like 'cnv%' order by stream, seq"
    )
    for organisation, stream, seq, kind, body in tx.all(sql):
        streams[stream].append(seq)
        homes[stream] = organisation
        if kind == "message_added":
            said = json.loads(body)
            lines.append(Line(stream, seq, said["cid"], said["text"]))
    return lines, dict(streams), homes


def _told_tales(node: Node) -> bool:
    return node.log.exists() and "van " in node.log.read_text(errors="replace")
