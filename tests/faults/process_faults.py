"""Faults of the process: killed, stopped, frozen, its power cut."""

import asyncio
import contextlib
import signal
from pathlib import Path

from desks import shared
from scenario import Scenario
from shim import DIE_AFTER, DIE_BEFORE, SYNC_NOTHING, Disk, built
from world import World


class Killed(Scenario):
    """kill -9 in mid-talk, and started again."""

    name = "kill"
    short, long = 2, 1000

    async def strike(self, world: World) -> None:
        await asyncio.to_thread(world.node.kill)
        world.write(1)
        world.node.start()

    async def after(self, world: World) -> None:
        for console in world.consoles:
            if console.resyncs != ["first"]:
                self.wrong.append(f"P1 {console.name} had to start anew: {console.resyncs}")


class Stopped(Scenario):
    """SIGTERM, as at every deploy: sockets end with 1012, and everybody comes back."""

    name = "stop"
    short, long = 1, 50

    async def strike(self, world: World) -> None:
        ends = {client.name: len(client.ends) for client in world.clients}
        code = await asyncio.to_thread(world.node.stop)
        if code not in (0, -signal.SIGTERM):
            self.wrong.append(f"P1 the desk ended with {code}")
        await world.wait(lambda: all(len(one.ends) > ends[one.name] for one in world.clients))
        self.wrong += [
            f"P1 {one.name} was sent away with {one.ends[-1]}"
            for one in world.clients
            if one.ends[-1] != 1012
        ]
        world.write(1)
        world.node.start()

    async def after(self, world: World) -> None:
        self.note("break_max_s", max(length for client in world.clients for length in client.breaks_s))


class Frozen(Scenario):
    """SIGSTOP for a while: half-open for the clients, and then everything goes on as if nothing had been."""

    name = "freeze"
    short, long = 2, 60
    least_s, most_s = 0.5, 6.0

    async def strike(self, world: World) -> None:
        world.write(2)
        world.node.freeze()
        await asyncio.sleep(world.random.uniform(self.least_s, self.most_s))
        world.node.thaw()


class BrieflyFrozen(Frozen):
    """The short form: just about as long as a client waits for an answer."""

    short = 1
    least_s, most_s = 2.6, 3.2


def on_a_shim(folder: Path, seed: int, mutant: str = "") -> World:
    """A world whose desk writes to a disk that we can break; ``Disk(folder)`` is its handle, once there are files."""
    return World(folder, seed, launcher=shared(mutant, str(built())), extra=Disk.env(folder))


class PowerCut(Scenario):
    """Everything that was not synced is gone, and of that some had reached the disk all the same."""

    name = "power cut"
    short, long = 2, 100
    lies = False

    def __init__(self, mutant: str = "", engine: str = "", *, lies: bool = False) -> None:
        super().__init__(mutant, engine)
        self.deliberate = self.deliberate or lies
        self.lies = lies
        """The disk says that it synced and did not; for the harness's own test."""

    def world(self, folder: Path, seed: int) -> World:
        return on_a_shim(folder, seed, self.mutant)

    async def ready(self, world: World) -> None:
        self.disk = Disk(world.folder)
        if self.lies:
            self.disk.break_down(SYNC_NOTHING)

    async def strike(self, world: World) -> None:
        moment = world.random.choice([0, DIE_BEFORE, DIE_AFTER])
        if moment and not self.lies:
            world.write(2)
            self.disk.break_down(moment, after=world.random.randrange(0, 6), times=1)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(2):
                    while not self.disk.hits:  # noqa: ASYNC110 - the shim has no way to tell
                        await asyncio.sleep(0.01)
        await asyncio.to_thread(world.node.kill)
        self.disk.heal()
        if self.lies:
            self.disk.break_down(SYNC_NOTHING)
        self.disk.come_back()
        world.write(1)
        world.node.start()
