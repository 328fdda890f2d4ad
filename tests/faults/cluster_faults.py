"""Faults of several nodes on PostgreSQL and Redis, behind a proxy that hands connections out in turn."""

import asyncio
import atexit
import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from desks import Launcher
from network_faults import ClockJumps
from scenario import Scenario
from wires import Link, Proxy, Way
from world import World

from servers import postgres
from servers.redis import PrivateRedis


@cache
def durable_postgres() -> postgres.Server:
    """One that really writes to disk before a commit returns."""
    server = postgres.Server(durable=True).make()
    atexit.register(server.remove)
    return server.start()


@cache
def private_redis() -> PrivateRedis:
    folder = Path(mkdtemp(prefix="balie-redis-"))
    redis = PrivateRedis(folder)
    redis.start()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(redis.kill)
    return redis


class Cluster(Scenario):
    """``count`` nodes; ``world`` makes a database of its own."""

    engine = "postgres"
    count = 3

    def database(self) -> str:
        """The URL of an empty database."""
        return durable_postgres().database()

    def world(self, folder: Path, seed: int) -> World:
        self.proxy = Proxy()
        settings = {"BALIE_DATABASE_URL": self.database(), "BALIE_REDIS_URL": private_redis().url}
        world = World(
            folder, seed, settings=settings, mutant=self.mutant, nodes=self.count, origin=self.proxy.origin
        )
        self.proxy.targets = [(node.host, node.port) for node in world.nodes]
        return world

    async def ready(self, world: World) -> None:
        await self.proxy.start()

    def clean(self) -> None:
        self.proxy.close()


class NodeKilled(Cluster):
    """kill -9 of one node out of three; the others go on, and it comes back."""

    name = "node killed"
    short, long = 2, 300

    async def strike(self, world: World) -> None:
        node = world.random.choice(world.nodes)
        await asyncio.to_thread(node.kill)
        world.write(1)
        if world.random.random() < 0.5:
            await world.everybody_gets_through()
        node.start()

    async def after(self, world: World) -> None:
        for node in world.nodes:
            await node.up()


class AllNodesKilled(Cluster):
    """All nodes at once."""

    name = "all nodes killed"
    short, long = 1, 50

    async def strike(self, world: World) -> None:
        for node in world.nodes:
            await asyncio.to_thread(node.kill)
        world.write(1)
        for node in world.nodes:
            node.start()


class NodeStopped(Cluster):
    """SIGTERM of one node at a time, as in a rolling deploy."""

    name = "node stopped"
    short, long = 1, 50

    async def strike(self, world: World) -> None:
        node = world.random.choice(world.nodes)
        code = await asyncio.to_thread(node.stop)
        if code not in (0, -signal.SIGTERM):
            self.wrong.append(f"P1 {node.name} ended with {code}")
        world.write(1)
        node.start()
        await node.up()


class NodeFrozen(Cluster):
    """SIGSTOP of one node, with its sockets, its locks and its leases."""

    name = "node frozen"
    short, long = 1, 30
    most_s = 6.0

    async def strike(self, world: World) -> None:
        node = world.random.choice(world.nodes)
        world.write(2)
        node.freeze()
        try:
            await asyncio.sleep(world.random.uniform(0.5, self.most_s))
        finally:
            node.thaw()


class NodeBrieflyFrozen(NodeFrozen):
    """The short form."""

    most_s = 2.0


class PostgresCrash(Cluster):
    """The database's processes die at once, and it recovers."""

    name = "PostgreSQL crash"
    short, long = 1, 50
    count = 2

    async def strike(self, world: World) -> None:
        server = durable_postgres()
        world.write(3)
        await asyncio.to_thread(server.signal, signal.SIGQUIT)
        world.write(1)
        await asyncio.sleep(world.random.uniform(0, 1))
        await asyncio.to_thread(server.start)


class PostgresDiskFull(Cluster):
    """Not one byte more fits where PostgreSQL keeps its files; it may give up by itself."""

    name = "PostgreSQL disk full"
    short, long = 1, 20
    per_world = 5
    count = 2

    def database(self) -> str:
        self.server = postgres.Server(durable=True, max_wal_size="48MB", min_wal_size="32MB")
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=320m,mode=777", "tmpfs", self.server.folder], check=True
        )
        self.server.make().start()
        return self.server.database()

    async def strike(self, world: World) -> None:
        ballast = self.server.folder / "ballast"
        turned_away = sum(client.ends.count(1013) for client in world.clients)

        def is_full() -> bool:
            with contextlib.suppress(OSError), ballast.open("ab", buffering=0) as file:
                while file.write(bytes(1 << 16)):
                    pass
            for guest in world.guests:
                if len(guest.outbox) < 4:
                    guest.write("x" * 3_000, next(iter(guest.seqs), None))
            return sum(client.ends.count(1013) for client in world.clients) > turned_away

        try:
            await world.wait(is_full, every_s=0.1)
        finally:
            ballast.unlink()
        ended = await asyncio.to_thread(self.server.start_again)
        self.note("PostgreSQL gave up", ended)

    def clean(self) -> None:
        super().clean()
        self.server.signal(signal.SIGQUIT)
        subprocess.run(["umount", "-l", self.server.folder], check=False)
        self.server.remove()


class NodeCutOff(Cluster):
    """One node out of three is out of reach, for PostgreSQL, for Redis and for its visitors: both ways, or one."""

    name = "node cut off"
    short, long = 1, 30
    per_world = 15
    most_s = 8.0

    def world(self, folder: Path, seed: int) -> World:
        self.link = Link(seed)
        self.turn = 0
        self.server = postgres.Server(durable=True, listen_addresses=f"127.0.0.1,{self.link.near}").make()
        with (self.server.data / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {self.link.far}/32 trust\n")
        self.server.start()
        world = super().world(folder, seed)
        self.redis = Proxy([("127.0.0.1", private_redis().port)], host=self.link.near)
        self.launcher = Launcher(self.mutant, inside=self.link.name)
        far = world.node
        far.launcher, far.host = self.launcher, self.link.far
        far.env |= {
            "BALIE_HOST": self.link.far,
            "BALIE_DATABASE_URL": far.env["BALIE_DATABASE_URL"].replace("127.0.0.1", self.link.near),
            "BALIE_REDIS_URL": f"redis://{self.link.near}:{self.redis.port}/0",
        }
        self.proxy.targets[0] = (far.host, far.port)
        return world

    def database(self) -> str:
        return self.server.database()

    async def ready(self, world: World) -> None:
        await self.redis.start()
        await super().ready(world)

    async def strike(self, world: World) -> None:
        ways: list[frozenset[Way]] = [frozenset({"in", "out"}), frozenset({"in"}), frozenset({"out"})]
        self.proxy.reset()  # who fled to the other nodes comes back to this one too
        await world.wait(lambda: all(client.is_there for client in world.clients))
        world.write(2)
        self.link.cut = ways[self.turn % 3]
        self.turn += 1
        world.write(2)
        await asyncio.sleep(world.random.uniform(1, self.most_s))
        if world.random.random() < 0.5:
            await world.everybody_gets_through()
        self.link.cut = frozenset()

    def clean(self) -> None:
        super().clean()
        self.redis.close()
        self.launcher.close()
        self.link.close()
        self.server.remove()


class NodeBrieflyCutOff(NodeCutOff):
    """The short form."""

    most_s = 1.5


class NodeClockJumps(ClockJumps, Cluster):
    """The clock of one node out of two leaps, so that they disagree."""

    engine = "postgres"
    name = "clock jumps"
    short, long = 1, 40
    count = 2

    def world(self, folder: Path, seed: int) -> World:
        world = Cluster.world(self, folder, seed)
        world.node.launcher = self.warped(folder)
        return world

    def clean(self) -> None:
        ClockJumps.clean(self)
        Cluster.clean(self)


class RedisKilled(Cluster):
    """Redis dies, stays away for up to three seconds and comes back empty."""

    name = "Redis killed"
    short, long = 2, 50
    count = 2

    async def strike(self, world: World) -> None:
        redis = private_redis()
        redis.kill()
        world.write(2)
        await asyncio.sleep(world.random.uniform(0, 3))
        await world.everybody_gets_through()
        await asyncio.to_thread(redis.start)

    def clean(self) -> None:
        private_redis().start()
        super().clean()


class RedisFrozen(Cluster):
    """Redis takes connections and answers nothing."""

    name = "Redis frozen"
    short, long = 1, 20
    count = 2

    async def strike(self, world: World) -> None:
        redis = private_redis()
        redis.freeze()
        try:
            world.write(2)
            await asyncio.sleep(world.random.uniform(0.5, 4))
            await world.everybody_gets_through()
        finally:
            redis.thaw()


class FailOver(Cluster):
    """The primary dies and its synchronous standby is promoted; a new standby is made of a base backup, under load, for
    the next time. Every other time the standby's receiver stood still before: nobody may be told *stored* then."""

    name = "PostgreSQL fail-over"
    short, long = 1, 20
    per_world = 5
    count = 2
    turn = 0

    def database(self) -> str:
        self.primary = postgres.Server(durable=True, **_SYNCHRONOUS).make()
        self.primary.start()
        self.standby = postgres.Server(durable=True, **_SYNCHRONOUS)
        self._follow(self.primary, self.standby)
        name = postgres.name_of(self.primary.database())
        ports = (self.primary.port, self.standby.port)
        return f"postgresql://balie@{','.join(f'127.0.0.1:{port}' for port in ports)}/{name}"

    async def strike(self, world: World) -> None:
        world.write(3)
        old, new = self.primary, self.standby
        self.turn += 1
        with _standing_still(new) if self.turn % 2 else contextlib.nullcontext():
            if self.turn % 2:
                await asyncio.sleep(0.3)  # what the receiver had taken in before may still be acked
                before = {sent.cid for client in world.clients for sent in client.sent}
                world.write(2)
                late = {sent.cid for guest in world.guests for sent in guest.sent} - before
                await asyncio.sleep(world.random.uniform(0.5, 2))
                early = late & {ack.cid for client in world.clients for ack in client.acked}
                self.wrong += [f"L1 {cid} was acked while the standby did not have it" for cid in early]
            await asyncio.to_thread(old.signal, signal.SIGQUIT)
        began = time.monotonic()
        # Until a new standby is there, nobody is left to wait for: a promoted server must not wait for ever.
        await asyncio.to_thread(new.run, "pg_ctl", "promote", "-D", str(new.data), "-w")
        self.note("promoted s", time.monotonic() - began)
        await asyncio.to_thread(new.execute, "alter system set synchronous_standby_names = ''")
        await asyncio.to_thread(new.execute, "select pg_reload_conf()")
        world.write(1)
        await world.everybody_gets_through()
        shutil.rmtree(old.data)
        await asyncio.to_thread(self._follow, new, old)
        self.primary, self.standby = new, old

    def _follow(self, primary: postgres.Server, standby: postgres.Server) -> None:
        """Make ``standby`` a copy of ``primary`` that every commit waits for."""
        where = f"host=127.0.0.1 port={primary.port} user=balie application_name=standby"
        standby.run("pg_basebackup", "-d", where, "-D", str(standby.data), "-R", "-X", "stream", "-c", "fast")
        standby.start()
        primary.execute("alter system set synchronous_standby_names = 'standby'")
        primary.execute("select pg_reload_conf()")

    def clean(self) -> None:
        super().clean()
        self.standby.remove()
        self.primary.remove()


@contextlib.contextmanager
def _standing_still(standby: postgres.Server) -> Iterator[None]:
    """The process that receives the log from the primary stands still."""
    receivers = [pid for pid in standby.processes() if b"walreceiver" in _command(pid)]
    if not receivers:
        raise RuntimeError("the standby has no receiver")
    for pid in receivers:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in receivers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def _command(pid: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


_SYNCHRONOUS = {"wal_level": "replica", "max_wal_senders": "4", "hot_standby": "on"}
