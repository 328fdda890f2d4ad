"""Faults of the way between people and desk: bad TCP, loss, partitions, slow readers, storms, clocks."""

import asyncio
import contextlib
import socket
import time
from pathlib import Path
from typing import Any

import httpx
from desks import Launcher
from scenario import Scenario
from websockets.asyncio.client import connect
from wires import Link, Mood, Proxy, StandIn, may_make_links
from world import World

MOODS: tuple[Mood, ...] = ("reset", "hole", "deaf", "mute", "slow", "cut", "refuse")


class BadTcp(Scenario):
    """Connections reset, swallowed, heard one way only, slow, cut inside a frame, refused: one after another."""

    name = "bad TCP"
    short, long = 7, 140
    per_world = 28
    most = 2

    def world(self, folder: Path, seed: int) -> World:
        self.proxy = Proxy()
        self.turn = 0
        world = World(folder, seed, mutant=self.mutant, origin=self.proxy.origin)
        self.proxy.targets = [(node.host, node.port) for node in world.nodes]
        return world

    async def ready(self, world: World) -> None:
        await self.proxy.start()

    async def strike(self, world: World) -> None:
        self.proxy.mood = MOODS[self.turn % len(MOODS)]
        self.turn += 1
        if self.proxy.mood in ("reset", "refuse"):
            self.proxy.reset()
        world.write(1)
        await asyncio.sleep(world.random.uniform(0.2, 1.0))
        self.proxy.mood = "well"

    def clean(self) -> None:
        self.proxy.close()


class LossyLink(Scenario):
    """Packets lost, late, twice and out of order; on a machine that lets nobody make a link, what TCP shows of it."""

    name = "packet loss 5 %"
    short, long = 1, 40
    per_world = 20
    loss = 0.05

    def world(self, folder: Path, seed: int) -> World:
        self.launcher: Launcher | None = None
        if not self.makes_links():
            self.link: Link | StandIn = StandIn(seed)
            world = World(folder, seed, mutant=self.mutant, origin=self.link.origin)
            self.link.targets = [(node.host, node.port) for node in world.nodes]
            return world
        self.link = Link(seed)
        self.launcher = Launcher(self.mutant, inside=self.link.name)
        return World(folder, seed, launcher=self.launcher, settings={"BALIE_HOST": self.link.far})

    def makes_links(self) -> bool:
        return may_make_links()

    async def ready(self, world: World) -> None:
        if isinstance(self.link, StandIn):
            await self.link.start()

    async def strike(self, world: World) -> None:
        link = self.link
        for client in world.clients:
            client.patience_s = 10
        link.loss, link.twice, link.delay_s, link.jitter_s = self.loss, 0.02, 0.01, 0.02
        world.write(3)
        await asyncio.sleep(world.random.uniform(0.5, 2))
        await world.everybody_gets_through()
        self.heal()

    def heal(self) -> None:
        link = self.link
        link.loss = link.twice = link.delay_s = link.jitter_s = 0.0
        link.cut = frozenset()
        self.note("packets lost", link.lost)

    def clean(self) -> None:
        if self.launcher is not None:
            self.launcher.close()
        self.link.close()


class VeryLossyLink(LossyLink):
    """Nearly a third of all packets lost."""

    name = "packet loss 30 %"
    short, long = 1, 20
    per_world = 10
    loss = 0.3


class VeryLossyTcp(VeryLossyLink):
    """The same without a link, wherever it runs."""

    name = "packet loss 30 %, as TCP shows it"

    def makes_links(self) -> bool:
        return False


class Partition(LossyLink):
    """Nothing gets through: both ways, only in, only out."""

    name = "partition"
    short, long = 3, 45
    per_world = 15
    most_s = 4.0

    async def strike(self, world: World) -> None:
        self.turn = getattr(self, "turn", -1) + 1
        ways: list[frozenset[Any]] = [frozenset({"in", "out"}), frozenset({"in"}), frozenset({"out"})]
        self.link.cut = ways[self.turn % 3]
        world.write(2)
        await asyncio.sleep(world.random.uniform(1, self.most_s))
        self.heal()


class BriefPartition(Partition):
    """The short form."""

    most_s = 1.5


class SlowReaders(Scenario):
    """Consoles that never read, with receive buffers of 4 KiB, while long messages come in."""

    name = "slow readers"
    short, long = 1, 10
    per_world = 5
    readers = 12

    async def strike(self, world: World) -> None:
        before, _ = world.node.usage()
        async with contextlib.AsyncExitStack() as held:
            for _ in range(self.readers):
                await held.enter_async_context(self._deaf_console(world))
            for _ in range(6):
                for guest in world.guests:
                    for _ in range(6):
                        guest.write("x" * 7_000, next(iter(guest.seqs), None))
                await world.wait(lambda: not any(client.outbox for client in world.clients))
            after, _ = world.node.usage()
        self.note("memory grew MB", (after - before) / 1024)
        if after - before > 1024 * 3 * self.readers + 65_536:
            self.wrong.append(
                f"P1 memory grew by {(after - before) // 1024} MB for {self.readers} slow readers"
            )

    def _deaf_console(self, world: World) -> Any:
        console = world.consoles[1]
        jar = console.jar
        assert jar is not None

        @contextlib.asynccontextmanager
        async def opened() -> Any:
            headers = {"origin": world.origin, "x-csrf-token": jar["balie_csrf"]}
            async with httpx.AsyncClient(base_url=world.origin, cookies=jar) as http:
                ticket = (await http.post("/v1/session/ticket", headers=headers)).json()["ticket"]
            plug = socket.socket()
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            plug.setblocking(False)
            await asyncio.get_running_loop().sock_connect(plug, (world.node.host, world.node.port))
            url = f"{world.origin.replace('http', 'ws')}/v1/socket/agent?ticket={ticket}"
            socket_ = await connect(
                url,
                sock=plug,
                origin=world.origin,
                ping_interval=None,
                max_queue=1,
                compression=None,  # type: ignore[arg-type]
            )
            await socket_.send('{"t":"hello","d":{"dev":"deaf"}}')
            socket_.transport.pause_reading()
            try:
                yield socket_
            finally:
                socket_.transport.abort()

        return opened()


class Storm(Scenario):
    """Everybody's connection drops at the same moment, and everybody is back at once."""

    name = "reconnect storm"
    short, long = 1, 10
    per_world = 5
    most = 1
    crowd = 60

    def world(self, folder: Path, seed: int) -> World:
        return World(folder, seed, mutant=self.mutant, guests=self.crowd)

    async def strike(self, world: World) -> None:
        started, cpu = time.monotonic(), _cpu(world.node.pid)
        was = {client.name: client.connections for client in world.clients}
        for client in world.clients:
            client.cut()
        await world.wait(
            lambda: all(one.connections > was[one.name] and one.is_there for one in world.clients)
        )
        self.note("all back s", time.monotonic() - started)
        self.note("cpu s", _cpu(world.node.pid) - cpu)


class LargeStorm(Storm):
    """The long form, with a thousand and a half."""

    short, long = 1, 5
    crowd = 1_500


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


class ClockJumps(Scenario):
    """The wall clock leaps, an hour back to a day ahead; the monotonic one goes on."""

    name = "clock jumps"
    short, long = 2, 60

    def world(self, folder: Path, seed: int) -> World:
        return World(folder, seed, launcher=self.warped(folder))

    def warped(self, folder: Path) -> Launcher:
        """A launcher of desks that live by our clock."""
        found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
        if not found:
            raise RuntimeError("The clock tests need faketime: deploy/system-packages.txt")
        self.offset = folder.with_name("offset")
        self._set(0)
        env = {
            "FAKETIME_TIMESTAMP_FILE": str(self.offset),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }
        self.launcher = Launcher(self.mutant, env=env, preload=str(found[0]))
        return self.launcher

    async def strike(self, world: World) -> None:
        self._set(world.random.choice([-3600, -60, 60, 3600, 43_200, 86_400]))
        world.write(3)
        await world.everybody_gets_through()
        if world.random.random() < 0.3:
            for client in world.clients:
                client.cut()
        self._set(0)

    async def after(self, world: World) -> None:
        async with world.database() as db:
            row = await db.read(lambda tx: tx.one("select min(at), max(at) from fact"))
        assert row
        self.note("clock span s", (row[1] - row[0]) / 1000)
        if row[1] - row[0] < 50_000:
            self.wrong.append("the clock of the desk did not jump")

    def _set(self, offset_s: int) -> None:
        fresh = self.offset.with_suffix(".new")
        fresh.write_text(f"{offset_s:+d}\n")
        fresh.replace(self.offset)

    def clean(self) -> None:
        self.launcher.close()
