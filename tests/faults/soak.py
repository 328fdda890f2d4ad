"""Load and random faults for a stated time; memory and file handles of every node must stay flat.

Restarts happen in the first third only: what grows must show itself in processes that live on.
"""

import asyncio
import contextlib
import json
import re
import shutil
import time
from pathlib import Path
from statistics import median
from tempfile import mkdtemp

from cluster_faults import durable_postgres, private_redis
from network_faults import MOODS
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from wires import Proxy
from world import World

SAMPLE_S = 1.0
GROWTH = 0.25
"""Of the memory after warming up; pages of a growing database that are kept in memory included."""
HANDLES = 32
"""Sockets come and go all the time, so the count is never quite the same."""


class Sample:
    """What one node held at a moment."""

    def __init__(self, at_s: float, node: str, pid: int, memory_kb: int, handles: int) -> None:
        self.at_s = at_s
        self.key = (node, pid)
        self.memory_kb = memory_kb
        self.handles = handles


def run(duration: str, seed: int, engine: str, out: Console, results: Path) -> int:
    """The exit code: 0 when nothing was lost, doubled or disordered and nothing grew."""
    lasting_s = seconds(duration)
    home = Path(mkdtemp(prefix="balie-soak-"))
    folder = home / "data"
    folder.mkdir()
    proxy = Proxy()
    settings = {}
    if engine == "postgres":
        settings = {
            "BALIE_DATABASE_URL": durable_postgres().database(),
            "BALIE_REDIS_URL": private_redis().url,
        }
    nodes = 2 if engine == "postgres" else 1
    world = World(folder, seed, settings=settings, nodes=nodes, guests=12, origin=proxy.origin)
    proxy.targets = [(node.host, node.port) for node in world.nodes]
    soak = Soak(world, proxy, lasting_s)
    bar = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    try:
        with Progress(*bar, console=out) as progress:
            task = progress.add_task(f"soak on {engine}", total=lasting_s)
            broken = asyncio.run(soak.play(lambda done_s: progress.update(task, completed=done_s)))
    finally:
        proxy.close()
        shutil.rmtree(home, ignore_errors=True)
    figures, grown = soak.growth()
    said = {
        "scenario": "soak",
        "engine": engine,
        "seed": seed,
        "seconds": lasting_s,
        **soak.counts,
        **figures,
    }
    for name, figure in said.items():
        out.print(f"{name:>14}  {figure}")
    for word in [*broken[:20], *grown]:
        out.print(f"[red]✗[/] {word}")
    with results.open("a") as file:
        file.write(json.dumps({**said, "violations": [*broken[:20], *grown]}) + "\n")
    return int(bool(broken or grown))


def seconds(duration: str) -> float:
    """``90s``, ``10m``, ``2h``; ValueError for anything else."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smh])", duration)
    if found is None:
        raise ValueError("a duration looks like 90s, 10m or 2h")
    return float(found[1]) * {"s": 1, "m": 60, "h": 3600}[found[2]]


class Soak:
    """The play, and what was measured in it."""

    def __init__(self, world: World, proxy: Proxy, lasting_s: float) -> None:
        self.world = world
        self.proxy = proxy
        self.lasting_s = lasting_s
        self.samples: list[Sample] = []
        self.counts: dict[str, int] = {"faults": 0}
        self._started = 0.0

    async def play(self, told: object) -> list[str]:
        """All broken promises."""
        assert callable(told)
        world = self.world
        try:
            await world.build()
            await self.proxy.start()
            await world.open()
            self._started = time.monotonic()
            aside = [asyncio.create_task(work) for work in (self._talk(), self._measure(told))]
            while self._at < self.lasting_s:
                await self._strike(restart=self._at < self.lasting_s / 3)
            for task in aside:
                task.cancel()
            await asyncio.gather(*aside, return_exceptions=True)
            broken = await world.settle()
        finally:
            await world.close()
        history, found = await world.verdict()
        self.counts |= {"sent": len(history.sent), "acked": len(history.acked), "stored": len(history.stored)}
        self.counts["resent"] = sum(client.resent for client in world.clients)
        return broken + found

    @property
    def _at(self) -> float:
        return time.monotonic() - self._started

    async def _talk(self) -> None:
        while True:
            if sum(len(client.outbox) for client in self.world.clients) < 200:
                self.world.write(2)
            await asyncio.sleep(0.5)

    async def _measure(self, told: object) -> None:
        assert callable(told)
        while True:
            for node in self.world.nodes:
                with contextlib.suppress(OSError, StopIteration):
                    self.samples.append(Sample(self._at, node.name, node.pid, *node.usage()))
            told(min(self._at, self.lasting_s))
            await asyncio.sleep(SAMPLE_S)

    async def _strike(self, *, restart: bool) -> None:
        dice, node = self.world.random, self.world.random.choice(self.world.nodes)
        kind = dice.choice(["mood", "mood", "cut", "freeze", "rest", *(["kill", "stop"] if restart else [])])
        self.counts["faults"] += kind != "rest"
        if kind == "mood":
            self.proxy.mood = dice.choice(MOODS)
            await asyncio.sleep(dice.uniform(0.2, 1.5))
            self.proxy.mood = "well"
        elif kind == "cut":
            for client in self.world.clients:
                client.cut()
        elif kind == "freeze":
            node.freeze()
            await asyncio.sleep(dice.uniform(0.2, 3))
            node.thaw()
        elif kind in ("kill", "stop"):
            await asyncio.to_thread(node.kill if kind == "kill" else node.stop)
            node.start()
        await asyncio.sleep(dice.uniform(1, 4))

    def growth(self) -> tuple[dict[str, object], list[str]]:
        """Figures of the processes that were there at the end, and what grew too much."""
        figures: dict[str, object] = {}
        grown = []
        last = {sample.key for sample in self.samples[-len(self.world.nodes) :]}
        for node, pid in sorted(last):
            own = [one for one in self.samples if one.key == (node, pid)]
            half = own[len(own) // 2 :]
            first, second = half[: len(half) // 2] or half, half[len(half) // 2 :]
            before, after = (median(one.memory_kb for one in part) for part in (first, second))
            few, many = (max(one.handles for one in part) for part in (first, second))
            figures[f"{node} memory MB"] = [
                round(one.memory_kb / 1024) for one in own[:: max(1, len(own) // 12)]
            ]
            figures[f"{node} handles"] = [one.handles for one in own[:: max(1, len(own) // 12)]]
            if after > before * (1 + GROWTH):
                grown.append(f"the memory of {node} grew from {before / 1024:.0f} to {after / 1024:.0f} MB")
            if many > few + HANDLES:
                grown.append(f"the file handles of {node} grew from {few} to {many}")
        return figures, grown
