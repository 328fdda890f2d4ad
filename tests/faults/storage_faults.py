"""Faults of what is below the database: a full disk, a failing one, limits of the process."""

import asyncio
import contextlib
import os
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
    short, long = 2, 60

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


class MemoryGone(Scenario):
    """No memory is left: the kernel kills the process of a memory group, or the process itself is told that there is
    no more. It may end, and is started again; it may not go on deaf."""

    name = "memory limit"
    short, long = 2, 40
    per_world = 20
    room = 3 << 20
    patience_s = 4.0

    def world(self, folder: Path, seed: int) -> World:
        self.turn = 0
        self.cage = Cage(f"balie-{os.getpid()}-{seed}") if Cage.possible() else None
        return World(folder, seed, mutant=self.mutant)

    async def strike(self, world: World) -> None:
        node = world.node
        self.turn += 1
        _, hard = resource.prlimit(node.pid, resource.RLIMIT_AS)
        if self.turn % 2 and self.cage is not None:
            self.cage.hold(node.pid, self.room)
        else:
            resource.prlimit(node.pid, resource.RLIMIT_AS, (_address_space(node.pid) + self.room // 2, hard))
        with contextlib.suppress(TimeoutError):
            await world.wait(lambda: self._is_over(world), self.patience_s, 0.1)
        if node.has_ended():
            self.note("ended by it", self.notes.get("ended by it", 0) + 1)
            await asyncio.to_thread(node.kill)
            node.start()
        else:
            self.note("lived on", self.notes.get("lived on", 0) + 1)
            if self.cage is not None:
                self.cage.open()
            resource.prlimit(node.pid, resource.RLIMIT_AS, (hard, hard))

    def _is_over(self, world: World) -> bool:
        """Write long messages until the desk ends."""
        for guest in world.guests:
            if len(guest.outbox) < 8:
                guest.write("x" * 7_000, next(iter(guest.seqs), None))
        return world.node.has_ended()

    def clean(self) -> None:
        if self.cage is not None:
            self.cage.close()


def _address_space(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")


class Cage:
    """A memory group of the kernel's, of the first version or the second."""

    ROOTS = (Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup"))

    def __init__(self, name: str) -> None:
        self._folder = next(root for root in self.ROOTS if _limits_memory(root)) / name
        self._folder.mkdir()
        names = ("memory.limit_in_bytes", "memory.max")
        self._limit = next(self._folder / one for one in names if (self._folder / one).exists())

    @classmethod
    def possible(cls) -> bool:
        """Whether this machine lets us make one."""
        return any(_limits_memory(root) and os.access(root, os.W_OK) for root in cls.ROOTS)

    def hold(self, pid: int, room: int) -> None:
        """From here on the process gets ``room`` bytes more than it has."""
        (self._folder / "cgroup.procs").write_text(str(pid))
        counted = ("memory.usage_in_bytes", "memory.current")
        used = next(self._folder / one for one in counted if (self._folder / one).exists())
        self._limit.write_text(str(int(used.read_text()) + room))

    def open(self) -> None:
        """No limit any more, for those who are in it."""
        self._limit.write_text("max" if self._limit.name == "memory.max" else "-1")

    def close(self) -> None:
        self._folder.rmdir()


def _limits_memory(root: Path) -> bool:
    if (root / "memory.limit_in_bytes").exists():
        return True
    offered = root / "cgroup.subtree_control"
    return offered.exists() and "memory" in offered.read_text().split()


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
