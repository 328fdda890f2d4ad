"""Bad connections: a TCP proxy that misbehaves on command, and a lossy link between two network namespaces."""

import asyncio
import contextlib
import ctypes
import fcntl
import heapq
import os
import random
import select
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterable
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Literal

Mood = Literal["well", "reset", "hole", "deaf", "mute", "slow", "cut", "refuse"]
CHUNK = 65_536
SEGMENT = 1_400
RESEND_S = 0.2
"""After this TCP sends a lost segment again, and doubles the time for each further loss."""
CONNECT_S = 1.0


class Proxy:
    """Before one or several desks, taken in turn. ``mood`` holds for open connections and new ones; a connection that
    was in a hole stays dead, as one whose router forgot it. ``deaf``: nothing reaches the desk; ``mute``: nothing comes
    back; ``cut``: closed in the middle of what the desk says.

    ``loss`` is the chance of a segment to be lost, shown as TCP shows it: it comes late, and all behind it waits;
    ``delay_s`` and ``jitter_s`` hold for each piece. ``lost`` counts.
    """

    def __init__(
        self, targets: Iterable[tuple[str, int]] = (), host: str = "127.0.0.1", seed: int = 0
    ) -> None:
        self.targets = list(targets)
        self.mood: Mood = "well"
        self.loss = self.delay_s = self.jitter_s = 0.0
        self.lost = 0
        self._random = random.Random(seed)
        self._listener = socket.create_server((host, 0), backlog=4096)
        self.port: int = self._listener.getsockname()[1]
        self.origin = f"http://{host}:{self.port}"
        self._turns = 0
        self._pairs: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, sock=self._listener)

    def close(self) -> None:
        self.mood = "reset"
        self.reset()
        if self._server is not None:
            self._server.close()
        self._listener.close()

    def reset(self) -> None:
        """Close all connections with RST."""
        for pair in tuple(self._pairs):
            for writer in pair:
                _abort(writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.CancelledError):  # when the loop ends, nobody waits for this
            await self._join(reader, writer)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.mood in ("refuse", "reset"):
            _abort(writer)
            return
        target = await self._reached()
        if target is None:
            _abort(writer)
            return
        back, out = target
        pair = (writer, out)
        self._pairs.add(pair)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._carry(reader, out, "mute"))
                both.create_task(self._carry(back, writer, "deaf"))
        except* OSError:
            pass
        finally:
            self._pairs.discard(pair)
            for end in pair:
                _abort(end)

    async def _reached(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """The next desk that takes a connection."""
        for _ in self.targets:
            self._turns += 1
            with contextlib.suppress(OSError):
                async with asyncio.timeout(CONNECT_S):
                    return await asyncio.open_connection(*self.targets[self._turns % len(self.targets)])
        return None

    async def _lose(self, size: int) -> None:
        """Wait as long as TCP would for this many bytes."""
        wait_s = self.delay_s + self._random.random() * self.jitter_s
        for _ in range(0, size, SEGMENT):
            again_s = RESEND_S
            while self._random.random() < self.loss and again_s < 10:
                self.lost += 1
                wait_s += again_s
                again_s *= 2
        if wait_s:
            await asyncio.sleep(wait_s)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, passing: str) -> None:
        """``passing``: the one-way mood that lets this direction through."""
        answers = passing == "deaf"
        while data := await reader.read(CHUNK):
            await self._lose(len(data))
            mood = self.mood
            if mood == "hole" or (mood in ("deaf", "mute") and mood != passing):
                while await reader.read(CHUNK):
                    pass
                break
            if mood == "slow":
                for n in range(0, len(data), 64):
                    writer.write(data[n : n + 64])
                    await asyncio.sleep(0.002)
            elif mood == "cut" and answers and len(data) > 2:
                writer.write(data[: len(data) // 2])
                await writer.drain()
                raise ConnectionResetError
            else:
                writer.write(data)
            await writer.drain()
        raise ConnectionResetError


def _abort(writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        plug = writer.get_extra_info("socket")
        if plug is not None:
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


# A link that loses

Way = Literal["in", "out"]


_TUNSETIFF, _IFF_TUN, _IFF_NO_PI, _CLONE_NEWNET = 0x400454CA, 1, 0x1000, 0x40000000
_numbers = cycle(range(1, 250))


class Link:
    """A network namespace that is reached over a link of our own making. ``far`` is the address inside, ``loss`` and
    ``twice`` are chances, ``delay_s`` and ``jitter_s`` per packet; ``cut`` names the directions that carry nothing."""

    def __init__(self, seed: int) -> None:
        number = next(_numbers)
        self.name = f"balie{os.getpid() % 10_000}x{number}"
        self.near, self.far = f"10.213.{number}.1", f"10.213.{number}.2"
        self.loss = self.twice = self.delay_s = self.jitter_s = 0.0
        self.cut: frozenset[Way] = frozenset()
        self.packets = self.lost = 0
        self._random = random.Random(seed)
        self._open = True
        _ip("netns", "add", self.name)
        device = f"bt{os.getpid() % 10_000}x{number}"
        self._here = _tun(device)
        _ip("addr", "add", f"{self.near}/30", "dev", device)
        _ip("link", "set", device, "up")
        self._there = self._tun_inside(device)
        _ip("-n", self.name, "addr", "add", f"{self.far}/30", "dev", device)
        _ip("-n", self.name, "link", "set", device, "up")
        _ip("-n", self.name, "link", "set", "lo", "up")
        self._carrying = threading.Thread(target=self._carry, daemon=True)
        self._carrying.start()

    def close(self) -> None:
        self._open = False
        self._carrying.join()
        os.close(self._here)
        os.close(self._there)
        _ip("netns", "del", self.name)

    def _tun_inside(self, device: str) -> int:
        """A thread may live in another namespace for a moment."""
        made: list[int] = []

        def make() -> None:
            libc = ctypes.CDLL(None, use_errno=True)
            with Path(f"/run/netns/{self.name}").open() as namespace:
                if libc.setns(namespace.fileno(), _CLONE_NEWNET):
                    raise OSError(ctypes.get_errno(), "setns")
            made.append(_tun(device))

        thread = threading.Thread(target=make)
        thread.start()
        thread.join()
        return made[0]

    def _carry(self) -> None:
        waiting: list[tuple[float, int, int, bytes]] = []
        while self._open:
            patience = max(0.0, min(0.1, waiting[0][0] - time.monotonic())) if waiting else 0.1
            readable, _, _ = select.select([self._here, self._there], [], [], patience)
            for source in readable:
                packet = os.read(source, 2048)
                self.packets += 1
                direction: Way = "in" if source == self._here else "out"
                if direction in self.cut or self._random.random() < self.loss:
                    self.lost += 1
                    continue
                target = self._there if direction == "in" else self._here
                for _ in range(2 if self._random.random() < self.twice else 1):
                    due = time.monotonic() + self.delay_s + self._random.random() * self.jitter_s
                    heapq.heappush(waiting, (due, self.packets, target, packet))
            while waiting and waiting[0][0] <= time.monotonic():
                _, _, target, packet = heapq.heappop(waiting)
                with contextlib.suppress(OSError):
                    os.write(target, packet)


class StandIn(Proxy):
    """A link for a machine on which nobody may make one: the same as far as TCP lets its users see it. Nothing comes
    twice or in another order, and a connection that was cut off stays dead."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed=seed)
        self.twice = 0.0

    @property
    def cut(self) -> frozenset[Way]:
        return frozenset()

    @cut.setter
    def cut(self, ways: frozenset[Way]) -> None:
        moods: dict[frozenset[Way], Mood] = {
            frozenset(): "well",
            frozenset({"in"}): "deaf",
            frozenset({"out"}): "mute",
        }
        self.mood = moods.get(ways, "hole")


@cache
def may_make_links() -> bool:
    """Whether this machine lets us make a link between two network namespaces."""
    try:
        Link(0).close()
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _tun(name: str) -> int:
    handle = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(handle, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _IFF_TUN | _IFF_NO_PI))
    return handle


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)
