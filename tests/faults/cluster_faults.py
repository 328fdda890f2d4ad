"""Faults of several nodes on PostgreSQL and Redis, behind a proxy that hands connections out in turn."""

import asyncio
import atexit
import shutil
import signal
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from scenario import Scenario
from wires import Proxy
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
    """The primary dies and its synchronous standby takes over; a new standby is made for the next time."""

    name = "PostgreSQL fail-over"
    short, long = 1, 15
    per_world = 5
    count = 2

    def database(self) -> str:
        self.primary = postgres.Server(durable=True, **_SYNCHRONOUS).make()
        self.primary.start()
        self.standby = postgres.Server(durable=True, **_SYNCHRONOUS)
        self._follow(self.primary, self.standby)
        name = self.primary.database().rpartition("/")[2]
        ports = (self.primary.port, self.standby.port)
        return f"postgresql://balie@{','.join(f'127.0.0.1:{port}' for port in ports)}/{name}"

    async def strike(self, world: World) -> None:
        world.write(3)
        old, new = self.primary, self.standby
        await asyncio.to_thread(old.signal, signal.SIGQUIT)
        # Until a new standby is there, nobody is left to wait for: a promoted server must not wait for ever.
        await asyncio.to_thread(new.run, "pg_ctl", "promote", "-D", str(new.data), "-w")
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


_SYNCHRONOUS = {"wal_level": "replica", "max_wal_senders": "4", "hot_standby": "on"}
