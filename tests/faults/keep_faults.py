"""What a disk does to what lies on it for years, and what a back-up is worth."""

import asyncio
import signal
import sqlite3
from pathlib import Path

from checker import History
from cluster_faults import Cluster
from scenario import Scenario
from world import World

from balie import app
from balie.keep.backup import backup
from balie.keep.restore import restore
from balie.keep.verify import Wanted, verify
from balie.settings import read_settings
from servers import postgres


class Restored(Scenario):
    """Back up under load, lose everything after it, restore: what was acked before it began is there, everybody
    gets the new epoch and starts anew, and nothing comes twice."""

    name = "backup and restore"
    short, long = 1, 30
    per_world = 5

    async def strike(self, world: World) -> None:
        url = read_settings(world.settings).database
        before = {ack.cid for client in world.clients for ack in client.acked}
        world.write(3)
        archive = world.folder.with_name(f"{len(self.notes)}-{world.random.randrange(1 << 30)}.balie")
        await asyncio.to_thread(backup, url, archive)
        world.write(2)
        await world.everybody_gets_through()
        for node in world.nodes:
            await asyncio.to_thread(node.kill)
        await asyncio.to_thread(restore, archive, url, app.MIGRATIONS, replace=True)
        await self.forgive(world, before)
        world.write(1)
        epochs = {client.name: client.epoch for client in world.clients}
        for node in world.nodes:
            node.start()
        await world.wait(lambda: all(one.epoch != epochs[one.name] and one.is_there for one in world.clients))

    async def forgive(self, world: World, before: set[str]) -> None:
        """What was acked after the back-up began may be gone, and nobody will send it again."""
        stored = {line.cid for line in (await world.history()).stored}
        self.wrong += [f"L1 {cid} was acked before the back-up and is not in it" for cid in before - stored]
        gone = {ack.cid for client in world.clients for ack in client.acked} - stored
        self.note("gone after the back-up", len(gone))
        for client in world.clients:
            client.sent = [one for one in client.sent if one.cid not in gone]
            client.acked = [one for one in client.acked if one.cid not in gone]

    async def after(self, world: World) -> None:
        for console in world.consoles:
            if "epoch" not in console.resyncs:
                self.wrong.append(f"D4 {console.name} was not told of the restore: {console.resyncs}")


class RestoredCluster(Restored, Cluster):
    """The same on PostgreSQL with two nodes."""

    engine = "postgres"
    short, long = 1, 20
    count = 2

    def world(self, folder: Path, seed: int) -> World:
        return Cluster.world(self, folder, seed)


class BitRot(Scenario):
    """Single bits flipped anywhere in a copy of the database: each that changes what people said is found."""

    name = "bit rot"
    short, long = 1, 4
    per_world = 1
    most = 6
    flips = 25

    async def strike(self, world: World) -> None:
        await world.everybody_gets_through()

    async def verdict(self, world: World) -> tuple[History, list[str]]:
        history, broken = await world.verdict()
        path = world.folder / "balie.db"
        whole = path.read_bytes()
        healthy = _said(path)
        harmful = noticed = 0
        copy = world.folder.with_name("rotten.db")
        for n in range(self.flips):
            rotten = bytearray(whole)
            place = world.random.randrange(len(rotten))
            if n % 2:  # else most would hit what nobody wrote
                near = whole.find(b"Groene Stroom: ", place) % len(whole)
                place = (near + world.random.randrange(60)) % len(whole)
            rotten[place] ^= 1 << world.random.randrange(8)
            copy.write_bytes(rotten)
            is_harmed = _said(copy) != healthy
            is_noticed = _is_found(copy)
            harmful += is_harmed
            noticed += is_noticed
            if is_harmed and not is_noticed:
                broken.append(f"L4 a flipped bit at {place} changed what was said, and nobody noticed")
        self.note("harmful flips", harmful)
        self.note("found", noticed)
        return history, broken


class ManyBitsRot(BitRot):
    """The long form."""

    flips = 250


class PagesRot(Cluster):
    """Single bits flipped in PostgreSQL's files, which carry checksums: ``balie verify`` finds each in the log, and
    ``pg_amcheck`` each in an index of it."""

    name = "bit rot"
    short, long = 1, 5
    per_world = 1
    most = 6
    flips = 4
    count = 1

    def database(self) -> str:
        self.server = postgres.Server(durable=True).make()
        self.server.run("pg_checksums", "--enable", "-D", str(self.server.data))
        self.server.start()
        return self.server.database()

    async def strike(self, world: World) -> None:
        await world.everybody_gets_through()

    async def verdict(self, world: World) -> tuple[History, list[str]]:
        history, broken = await world.verdict()
        url = world.settings["BALIE_DATABASE_URL"]
        async with world.database() as db:
            log, index = await db.read(
                lambda tx: [
                    self.server.data
                    / tx.all("select pg_relation_filepath(oid) from pg_class where oid = " + what)[0][0]
                    for what in (
                        "'fact'::regclass",
                        "(select min(indexrelid::int) from pg_index where indrelid = 'fact'::regclass)::oid",
                    )
                ]
            )
        checks = {log: lambda: _is_noticed(url), index: lambda: self._amcheck(url)}
        for file, is_found in checks.items():
            if is_found():
                broken.append(f"L4 {file.name} is called rotten and is not")
            for _ in range(self.flips):
                self.server.signal(signal.SIGINT)
                whole = file.read_bytes()
                place = world.random.randrange(len(whole))
                rotten = bytearray(whole)
                rotten[place] ^= 1 << world.random.randrange(8)
                file.write_bytes(rotten)
                self.server.start()
                if not is_found():
                    broken.append(f"L4 a flipped bit at {place} of {file.name} went unnoticed")
                self.server.signal(signal.SIGINT)
                file.write_bytes(whole)
                self.server.start()
        return history, broken

    def _amcheck(self, url: str) -> bool:
        """Whether it finds anything."""
        where = ("-h", "127.0.0.1", "-p", str(self.server.port), "-U", "balie")
        how = ("--install-missing", "--heapallindexed", "-t", "fact")
        try:
            self.server.run("pg_amcheck", *where, *how, postgres.name_of(url))
        except RuntimeError:
            return True
        return False

    def clean(self) -> None:
        super().clean()
        self.server.remove()


class FewPagesRot(PagesRot):
    """The short form."""

    flips = 1


def _said(path: Path) -> object:
    """All that is told of messages; None when it cannot be read."""
    try:
        with sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True) as connection:
            return connection.execute(
                "select stream, seq, at, kind, actor, body from fact not indexed order by stream, seq"
            ).fetchall()
    except (sqlite3.Error, UnicodeDecodeError):
        return None
    finally:
        connection.close()


def _is_found(path: Path) -> bool:
    return _is_noticed(f"sqlite:///{path}")


def _is_noticed(url: str) -> bool:
    try:
        return not verify(url, Wanted()).well
    except Exception:
        return True
