"""Faults of what is below the database: a full disk, a failing one, limits of the process."""

import asyncio
import contextlib
import resource
import subprocess
from pathlib import Path

import httpx
from desks import ask
from process_faults import on_a_shim
from scenario import Scenario
from shim import SYNC_EIO, WRITE_EIO, WRITE_ENOSPC, Disk
from world import World


async def reads(world: World) -> bool:
    """Whether an agent who is signed in can still read the inbox."""
    console = world.consoles[1]
    async with httpx.AsyncClient(base_url=world.origin, cookies=console.jar, timeout=10) as http:
        answer = await http.get("/v1/conversations")
    return answer.status_code == 200 and bool(answer.json()["items"])


async def sent_away(world: World, code: int = 1013) -> None:
    """Until somebody was told to try again."""
    before = sum(client.ends.count(code) for client in world.clients)
    world.write(2)
    await world.wait(lambda: sum(client.ends.count(code) for client in world.clients) > before)


class DiskFull(Scenario):
    """Not one byte more fits, with the desk's own log on the same disk."""

    name = "disk full"
    short, long = 1, 20
    per_world = 10

    def world(self, folder: Path, seed: int) -> World:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", folder], check=True)
        self.folder = folder
        world = World(folder, seed, mutant=self.mutant)
        world.node.log = folder / "desk.log"
        return world

    async def strike(self, world: World) -> None:
        ballast = world.folder / "ballast"
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            while file.write(bytes(1 << 16)):
                pass
        await sent_away(world)
        if not await reads(world):
            self.wrong.append("P1 nothing can be read while the disk is full")
        ballast.unlink()

    def clean(self) -> None:
        subprocess.run(["umount", "-l", self.folder], check=False)


class BadDisk(Scenario):
    """Writes and syncs fail for a moment; now and then the power goes shortly after."""

    name = "I/O error"
    short, long = 3, 60

    def world(self, folder: Path, seed: int) -> World:
        return on_a_shim(folder, seed, self.mutant)

    async def ready(self, world: World) -> None:
        self.disk = Disk(world.folder)

    async def strike(self, world: World) -> None:
        fault = world.random.choice([SYNC_EIO, SYNC_EIO, WRITE_EIO, WRITE_ENOSPC])
        self.disk.break_down(fault, after=world.random.randrange(8), times=world.random.randint(1, 3))
        world.write(3)
        await world.wait(lambda: self.disk.hits > 0)
        self.disk.heal()
        await world.everybody_gets_through()
        if world.random.random() < 0.5:
            await asyncio.to_thread(world.node.kill)
            self.disk.come_back()
            world.node.start()


class FileTooLarge(Scenario):
    """The process may write no larger file; the limit is lifted again."""

    name = "file size limit"
    short, long = 1, 20

    async def strike(self, world: World) -> None:
        size = max(file.stat().st_size for file in world.folder.glob("balie.db*"))
        _, hard = resource.prlimit(world.node.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(world.node.pid, resource.RLIMIT_FSIZE, (size // 2, hard))
        await sent_away(world)
        if not await reads(world):
            self.wrong.append("P1 nothing can be read while files may not grow")
        resource.prlimit(world.node.pid, resource.RLIMIT_FSIZE, (hard, hard))


class HandlesGone(Scenario):
    """Far more callers than the process may have open files: health and console answer all the same."""

    name = "file handles gone"
    short, long = 1, 20
    handles, callers = 160, 250

    async def ready(self, world: World) -> None:
        world.node.handles = self.handles

    async def strike(self, world: World) -> None:
        flood = [Caller(world.node.port, world.random.randrange(2, 250)) for _ in range(self.callers)]
        waiting = [asyncio.create_task(caller.stay()) for caller in flood]
        await asyncio.sleep(0.5)
        for path in ("/healthz", "/readyz"):
            status, _ = await ask(world.node.host, world.node.port, path)
            if status != 200:
                self.wrong.append(f"P1 {path} answered {status} with all file handles in use")
        if not await reads(world):
            self.wrong.append("P1 nothing can be read with all file handles in use")
        self.note("turned away", sum(caller.was_turned_away for caller in flood))
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


class Caller:
    """Opens a socket without a ticket, from an address of its own, and stays as long as it may."""

    def __init__(self, port: int, address: int) -> None:
        self.port = port
        self.address = f"127.0.0.{address}"
        self.was_turned_away = False

    async def stay(self) -> None:
        try:
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", self.port, local_addr=(self.address, 0)
            )
        except OSError:
            self.was_turned_away = True
            return
        head = (
            "GET /v1/socket/visitor HTTP/1.1\r\nHost: desk\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Origin: https://www.groenestroom.example\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        try:
            writer.write(head.encode())
            answer = await reader.read(1024)
            self.was_turned_away = b" 101 " not in answer[:20]
            while await reader.read(1024):
                pass
        except OSError:
            self.was_turned_away = True
        finally:
            writer.transport.abort()
