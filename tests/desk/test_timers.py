"""Timers (invariant I9): each fires once, whoever runs, dies or turns the clock."""

import asyncio
import signal
import subprocess
import sys

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balie.desk import timers
from balie.desk.facts import DeliveryFailed
from balie.desk.log import Writer
from balie.desk.roster import system
from balie.desk.timers import Timer, Timers
from balie.lib.errors import NotFoundError
from core import Core


class Rings:
    """A handler that notes its firings as facts."""

    def __init__(self) -> None:
        self.fails = 0

    def __call__(self, writer: Writer, timer: Timer) -> None:
        home = timer.organisation
        body = DeliveryFailed(
            delivery="", channel="", target="", reason=f"{timer.key} {timer.payload}".strip()
        )
        writer.record_in(home, home, system(home), "delivery_failed", body)
        writer.flush()
        if self.fails:
            self.fails -= 1
            raise RuntimeError("the bell is broken")


class Bell:
    """Timers of the kind ``ring`` on a core."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.home = core.cast.stroom.organisation.id
        self.handler = Rings()

    def node(self) -> Timers:
        return Timers(self.core.db, self.core.clock, {"ring": self.handler})

    def put(self, key: str, in_s: float, payload: str = "") -> None:
        due_at = self.core.clock.now() + int(in_s * 1000)
        timer = Timer(organisation=self.home, kind="ring", key=key, due_at=due_at, payload=payload)
        self.core.write(lambda tx: timers.put(tx, timer))

    def look(self, *nodes: Timers) -> None:
        """Let these nodes (a fresh one without any) look at the same moment, until nothing is due."""

        async def all_of_them() -> None:
            more = True
            while more:
                dues = await asyncio.gather(*(node.run() for node in nodes or (self.node(),)))
                more = any(due is not None and due <= self.core.clock.now() for due in dues)

        self.core.run(all_of_them())

    def rang(self) -> list[str]:
        """The keys in the order of firing."""
        rows = self.core.read(
            lambda tx: tx.all("select body from fact where kind = 'delivery_failed' order by position")
        )
        return [msgspec.json.decode(row[0])["reason"] for row in rows]


@pytest.fixture
def bell(core: Core) -> Bell:
    return Bell(core)


def test_a_timer_fires_when_it_is_due_and_not_before(bell: Bell) -> None:
    bell.put("a", 60)
    bell.look()
    assert bell.rang() == []
    bell.core.clock.advance(59.999)
    bell.look()
    assert bell.rang() == []
    bell.core.clock.advance(0.001)
    bell.look()
    bell.core.clock.advance(3_600)
    bell.look()
    assert bell.rang() == ["a"]


def test_a_pass_says_when_the_next_one_is_due(bell: Bell) -> None:
    bell.put("a", 60)
    bell.put("b", 30)
    assert bell.core.run(bell.node().run()) == bell.core.clock.now() + 30_000


def test_several_nodes_that_look_at_once_fire_it_once(bell: Bell) -> None:
    for number in range(20):
        bell.put(f"{number:02}", 1)
    bell.core.clock.advance(2)
    bell.look(*(bell.node() for _ in range(5)))
    assert sorted(bell.rang()) == [f"{number:02}" for number in range(20)]


def test_the_same_key_again_replaces_what_was_set(bell: Bell) -> None:
    bell.put("a", 10, "old")
    bell.put("a", 60, "new")
    bell.core.clock.advance(30)
    bell.look()
    assert bell.rang() == []
    bell.core.clock.advance(31)
    bell.look()
    assert bell.rang() == ["a new"]


def test_a_cancelled_timer_does_not_fire(bell: Bell) -> None:
    bell.put("a", 10)
    assert bell.core.write(lambda tx: timers.cancel(tx, bell.home, "ring", "a"))
    assert not bell.core.write(lambda tx: timers.cancel(tx, bell.home, "ring", "a"))
    bell.core.clock.advance(11)
    bell.look()
    assert bell.rang() == []


def test_a_timer_of_a_transaction_that_failed_was_never_set(bell: Bell) -> None:
    def spoiled(tx: object) -> None:
        timer = Timer(organisation=bell.home, kind="ring", key="a", due_at=bell.core.clock.now())
        timers.put(tx, timer)  # type: ignore[arg-type]
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        bell.core.write(spoiled)
    bell.look()
    assert bell.rang() == []


def test_a_handler_that_fails_leaves_nothing_and_is_tried_again_with_back_off(bell: Bell) -> None:
    bell.handler.fails = 2
    bell.put("a", 0)
    bell.look()
    assert bell.rang() == []
    bell.look()
    bell.core.clock.advance(2)
    bell.look()
    assert (bell.rang(), bell.handler.fails) == ([], 0)
    bell.core.clock.advance(4)
    bell.look()
    assert bell.rang() == ["a"]


def test_a_handler_that_always_fails_ends_dead_with_its_reason_and_can_be_revived(bell: Bell) -> None:
    bell.handler.fails = timers.ATTEMPTS
    bell.put("a", 0)
    for _ in range(timers.ATTEMPTS):
        bell.look()
        bell.core.clock.advance(3_601)
    (dead,) = bell.core.read(lambda tx: timers.dead(tx, bell.home))
    assert (dead.key, dead.attempts, dead.reason) == (
        "a",
        timers.ATTEMPTS,
        "RuntimeError: the bell is broken",
    )
    assert bell.rang() == []
    strange = bell.core.cast.gracht.organisation.id
    with pytest.raises(NotFoundError):
        bell.core.write(lambda tx: timers.revive(tx, strange, "ring", "a", bell.core.clock.now()))
    bell.core.write(lambda tx: timers.revive(tx, bell.home, "ring", "a", bell.core.clock.now()))
    bell.look()
    assert bell.rang() == ["a"]


def test_one_broken_handler_does_not_hold_up_the_others(bell: Bell) -> None:
    bell.handler.fails = 1
    for key in "abc":
        bell.put(key, 0)
    bell.look()
    assert len(bell.rang()) == 2


def test_a_kind_that_this_process_does_not_know_waits_for_one_that_does(bell: Bell) -> None:
    bell.put("a", 0)
    bell.look(Timers(bell.core.db, bell.core.clock, {"other": bell.handler}))
    bell.look(Timers(bell.core.db, bell.core.clock, {}))
    assert bell.rang() == []
    bell.look()
    assert bell.rang() == ["a"]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    dues=st.lists(st.integers(0, 7_200), min_size=1, max_size=8),
    jumps=st.lists(st.integers(-3_600, 86_400), max_size=6),
)
def test_jumps_of_the_clock_neither_lose_nor_double(bell: Bell, dues: list[int], jumps: list[int]) -> None:
    before = len(bell.rang())
    for number, due in enumerate(dues):
        bell.put(f"{before}-{number}", due)
    for jump in jumps:
        bell.core.clock.advance(jump)
        bell.look(bell.node(), bell.node())
    bell.core.clock.advance(7_200 + 3_600 * len(jumps))
    bell.look(bell.node(), bell.node())
    assert sorted(bell.rang()[before:]) == sorted(f"{before}-{number}" for number in range(len(dues)))


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from balie.desk.timers import Timers
from balie.lib.clock import SystemClock

left = int(sys.argv[2])

def ring(writer, timer):
    global left
    writer.tx.execute("update organisation set last_number = last_number + 1 where id = ?", [timer.organisation])
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

async def main():
    if sys.argv[1].startswith("sqlite"):
        from balie.engine.sqlite import SqliteDatabase
        db = SqliteDatabase(Path(sys.argv[1].removeprefix("sqlite:///")))
    else:
        from balie.engine.postgres import PostgresDatabase
        db = PostgresDatabase(sys.argv[1])
    await db.start()
    while await Timers(db, SystemClock(), {"ring": ring}).run() is not None:
        pass
    await db.stop()

asyncio.run(main())
"""


def test_a_kill_in_the_middle_of_firing_neither_loses_nor_doubles(bell: Bell) -> None:
    """Each firing adds one to a number: after any kills it is the number of timers."""
    for number in range(70):
        bell.put(str(number), 0)
    codes = []
    for left in (33, 10_000):
        run = [sys.executable, "-c", KILLED, bell.core.settings.database, str(left)]
        codes.append(subprocess.run(run, check=False).returncode)
    assert codes == [-signal.SIGKILL, 0]
    row = bell.core.read(lambda tx: tx.one("select last_number from organisation where id = ?", [bell.home]))
    assert row == (70,)
    assert bell.core.count("timer") == 0
