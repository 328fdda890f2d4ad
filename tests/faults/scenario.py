"""What a scenario is, how it is run, and what is counted.

A scenario prepares a world, strikes it once a cycle, and heals it. Everything else is the same for all: people write
before, during and after, and in the end the history of everybody is checked.
"""

import asyncio
import contextlib
import math
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp

import msgspec
from world import World

LOST = ("L1", "D4", "P1")
DOUBLED = ("L2", "D1", "X1")
DISORDERED = ("O1", "O2", "D2", "A1")


class Tally(msgspec.Struct, kw_only=True):
    """The outcome of a run; times in seconds."""

    scenario: str
    engine: str = "sqlite"
    seed: int = 0
    cycles: int = 0
    sent: int = 0
    acked: int = 0
    stored: int = 0
    shown: int = 0
    resent: int = 0
    refused: int = 0
    violations: list[str] = []
    recovery_s: list[float] = []
    notes: dict[str, float] = {}

    def count(self, names: tuple[str, ...]) -> int:
        return sum(word.split()[0] in names for word in self.violations)

    @property
    def lost(self) -> int:
        return self.count(LOST)

    @property
    def doubled(self) -> int:
        return self.count(DOUBLED)

    @property
    def disordered(self) -> int:
        return self.count(DISORDERED)

    @property
    def other(self) -> int:
        return len(self.violations) - self.lost - self.doubled - self.disordered

    @property
    def names(self) -> Counter[str]:
        """Broken promises by name."""
        return Counter(word.split()[0] for word in self.violations)

    def recovery(self, part: float) -> float:
        """The recovery time that ``part`` of the cycles stayed below."""
        ordered = sorted(self.recovery_s)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0

    def line(self) -> dict[str, object]:
        """For the results file."""
        return {
            **{
                name: getattr(self, name)
                for name in ("scenario", "engine", "seed", "cycles", "sent", "acked")
            },
            **{name: getattr(self, name) for name in ("stored", "shown", "resent", "lost", "doubled")},
            **{name: getattr(self, name) for name in ("disordered", "other")},
            "p50_s": round(self.recovery(0.5), 2),
            "p95_s": round(self.recovery(0.95), 2),
            "max_s": round(self.recovery(1.0), 2),
            "notes": self.notes,
            "violations": self.violations[:20],
        }


class Scenario:
    """Subclasses strike. ``cycles`` in the short and the long form; a fresh world after ``per_world`` of them."""

    name = ""
    engine = "sqlite"
    short = 2
    long = 50
    per_world = 50
    most = 4
    """Lines that a visitor writes before each strike, at most."""

    def __init__(self, mutant: str = "", engine: str = "") -> None:
        self.mutant = mutant
        self.engine = engine or self.engine
        self.deliberate = bool(mutant)
        """A bug was put in on purpose: do not wait long for what cannot come."""
        self.notes: dict[str, float] = {}
        """Figures of the scenario's own; the highest of all worlds is kept."""
        self.wrong: list[str] = []
        """Promises of its own that it saw broken."""

    def world(self, folder: Path, seed: int) -> World:
        """A world for this scenario, not built yet."""
        return World(folder, seed, mutant=self.mutant)

    async def ready(self, world: World) -> None:
        """The database exists and nothing runs yet."""

    async def strike(self, world: World) -> None:
        """Do the harm, and end it."""
        raise NotImplementedError

    async def after(self, world: World) -> None:
        """All is settled and still runs; look at what only this scenario promises."""

    async def verdict(self, world: World) -> tuple[object, list[str]]:
        """The history and what is wrong with it. The desks have stopped."""
        return await world.verdict()

    def clean(self) -> None:
        """Whatever happened: take away what this scenario put up."""

    def note(self, name: str, value: float) -> None:
        self.notes[name] = max(self.notes.get(name, value), round(value, 3))


async def play(
    scenario: Scenario,
    cycles: int,
    seed: int,
    tick: Callable[[], None] = lambda: None,
    until_broken: str = "",
    within_s: float = math.inf,
) -> Tally:
    """Run ``cycles`` cycles, or those that begin ``within_s``; ``tick`` is called after each. ``until_broken`` ends
    with the first world that broke this promise."""
    until = time.monotonic() + within_s
    tally = Tally(scenario=scenario.name, engine=scenario.engine, seed=seed, violations=[], recovery_s=[])
    dice = random.Random(seed)
    while tally.cycles < cycles and (not tally.cycles or time.monotonic() < until):
        with _folder() as folder:
            try:
                world = scenario.world(folder, dice.randrange(1 << 32))
                if scenario.deliberate:
                    world.heal_s, world.settle_s = 30, 4
                in_this = min(scenario.per_world, cycles - tally.cycles)
                await _play_in(world, scenario, in_this, tally, tick, until)
            finally:
                scenario.clean()
        if until_broken in tally.names:
            break
    tally.notes = scenario.notes
    tally.violations += scenario.wrong
    return tally


async def _play_in(
    world: World, scenario: Scenario, cycles: int, tally: Tally, tick: Callable[[], None], until: float
) -> None:
    healed: list[str] = []
    try:
        await world.build()
        await scenario.ready(world)
        await world.open()
        for n in range(cycles):
            if n and time.monotonic() > until:
                break
            before = world.acked
            world.write(scenario.most)
            await world.reach(before + world.random.randrange(1, 2 * len(world.guests)))
            struck = time.monotonic()
            await scenario.strike(world)
            await world.everybody_gets_through()
            tally.recovery_s.append(time.monotonic() - struck)
            tally.cycles += 1
            tick()
        healed = await world.settle()
        await scenario.after(world)
    except TimeoutError:
        tally.cycles += 1
        healed = [f"P1 no way through in cycle {tally.cycles}: {world.node.tail()[-300:]}"]
    finally:
        await world.close()
    history, broken = await scenario.verdict(world)
    tally.violations += healed + [word for word in broken if not (healed and word.startswith(("P1", "D4")))]
    tally.sent += sum(len(client.sent) for client in world.clients)
    tally.acked += world.acked
    tally.stored += len(getattr(history, "stored", ()))
    tally.shown += sum(len(client.shown) for client in world.clients)
    tally.resent += sum(client.resent for client in world.clients)
    tally.refused += sum(len(client.refused) for client in world.clients)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """The desk's folder, in one that goes with everything in it."""
    home = Path(mkdtemp(prefix="balie-fault-"))
    folder = home / "data"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(home, ignore_errors=True)


def short(scenario: Scenario, seed: int | None = None, cycles: int = 0, *, until_broken: str = "") -> Tally:
    """The short form, for the tests."""
    seed = random.randrange(1 << 32) if seed is None else seed
    return asyncio.run(play(scenario, cycles or scenario.short, seed, until_broken=until_broken))
