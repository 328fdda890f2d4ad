"""The desk is killed in the middle of it, again and again: nothing acked is lost, nothing comes twice, order holds.

Prints its seed and counts; ``BALIE_TEST_KILLS`` makes the run longer.
"""

import asyncio
import os
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from checker import History, Line, violations
from client import Client, Colleague, Guest, until

from balie.desk import log
from core import Core, Template
from process import Process

KILLS = int(os.environ.get("BALIE_TEST_KILLS", "5"))
GUESTS = 6
PER_KILL = 60
"""Messages acked between two kills, answers included."""
HEALED_WITHIN_S = 90.0


def stored(core: Core) -> tuple[list[Line], dict[str, list[int]]]:
    rows = core.read(
        lambda tx: tx.all(
            "select stream, seq, kind, json_extract(body, '$.cid'), json_extract(body, '$.text') from fact"
            " where stream like 'cnv%' order by position"
        )
    )
    streams: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        streams[row[0]].append(row[1])
    return [Line(row[0], row[1], row[3], row[4]) for row in rows if row[2] == "message_added"], streams


class Day:
    """Guests who write and two colleagues: one answers, one looks on."""

    def __init__(self, desk: Process, seed: int) -> None:
        self.desk = desk
        self.random = random.Random(seed)
        office = desk.cast.stroom
        self.guests = [Guest(desk.origin, visit) for visit in desk.visits(GUESTS)]
        self.sanne = Colleague(desk.origin, "sanne", office.email("sanne"), answering=True)
        self.daan = Colleague(desk.origin, "daan", office.email("daan"), answering=False)
        self.clients: list[Client] = [*self.guests, self.sanne, self.daan]
        self.recovery_s: list[float] = []

    @property
    def acked(self) -> int:
        return sum(len(client.acked) for client in self.clients)

    @property
    def is_settled(self) -> bool:
        """Everything is acked, and everybody shows every message there is."""
        written = sum(len(guest.sent) for guest in self.guests)
        seen = all(len(one.shown) >= 2 * written for one in (self.sanne, self.daan))
        home = all(len(guest.shown) >= 2 * len(guest.sent) for guest in self.guests)
        return (
            not any(client.outbox for client in self.clients)
            and len(self.sanne.sent) == written
            and seen
            and home
        )

    async def play(self) -> None:
        runs = [asyncio.create_task(client.run()) for client in self.clients]
        try:
            await until(lambda: bool(self.sanne.position and self.daan.position), HEALED_WITHIN_S)
            for kill in range(KILLS):
                self.write(kill)
                await self.reach(self.acked + self.random.randrange(PER_KILL // 3, PER_KILL))
                await asyncio.to_thread(self.desk.kill)
                await asyncio.to_thread(self.desk.start)
                started, before = time.monotonic(), self.acked
                self.write(kill + 1000)
                await self.reach(before + 1)
                self.recovery_s.append(time.monotonic() - started)
            await until(lambda: self.is_settled, HEALED_WITHIN_S)
        finally:
            for run in runs:
                run.cancel()
            await asyncio.gather(*runs, return_exceptions=True)
        for run in runs:
            if not run.cancelled():
                run.result()

    def write(self, batch: int) -> None:
        for guest in self.guests:
            for n in range(PER_KILL // GUESTS):
                guest.write(f"{batch}.{n} van {guest.name[-4:]}")

    async def reach(self, acks: int) -> None:
        async with asyncio.timeout(HEALED_WITHIN_S):
            while self.acked < acks:
                for client in self.clients:
                    await client.flush()
                await asyncio.sleep(0.005)

    def history(self, core: Core) -> History:
        lines, streams = stored(core)
        return History(
            sent=[one for client in self.clients for one in client.sent],
            acked=[one for client in self.clients for one in client.acked],
            stored=lines,
            streams=streams,
            shown={client.name: client.shown for client in self.clients},
            reads={
                **{guest.name: {line.conversation for line in guest.shown} for guest in self.guests},
                "sanne": set(streams),
                "daan": set(streams),
            },
        )


@pytest.fixture
def server(template: Template, tmp_path: Path) -> Iterator[Process]:
    server = Process(template, tmp_path)
    yield server
    server.kill()


def test_kill_9_in_mid_talk_loses_nothing_doubles_nothing_and_keeps_order(
    server: Process, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = random.randrange(1 << 32)
    server.start()
    day = Day(server, seed)
    asyncio.run(day.play())
    server.kill()
    core = server.core()
    history = day.history(core)
    broken = violations(history)
    homes = {line.conversation for line in history.stored}
    chains = core.read(lambda tx: [log.verify(tx, home) for home in homes])
    core.close()
    with capsys.disabled():
        print(
            f"\nseed {seed}: {KILLS} kills, sent {len(history.sent)}, acked {len(history.acked)}, stored"
            f" {len(history.stored)}, connections {sum(c.connections for c in day.clients)}, recovery max"
            f" {max(day.recovery_s):.2f} s, violations {len(broken)}"
        )
    assert broken == []
    assert chains == [0] * len(homes)
    assert len(homes) == GUESTS
    assert not any(client.refused for client in day.clients)
    assert day.sanne.resyncs == day.daan.resyncs == ["first"]


def test_a_graceful_stop_tells_everybody_to_come_back_and_loses_nothing(server: Process) -> None:
    server.start()
    day = Day(server, 1)

    async def talk_and_stop() -> None:
        runs = [asyncio.create_task(client.run()) for client in day.clients]
        day.write(0)
        await until(lambda: all(client.epoch for client in day.clients), HEALED_WITHIN_S)
        await day.reach(PER_KILL // 2)
        assert await asyncio.to_thread(server.stop) in (0, -15)
        await until(lambda: all(client.ends for client in day.clients), HEALED_WITHIN_S)
        for run in runs:
            run.cancel()
        await asyncio.gather(*runs, return_exceptions=True)

    asyncio.run(talk_and_stop())
    core = server.core()
    lines, _ = stored(core)
    core.close()
    acked = {ack.cid for client in day.clients for ack in client.acked}
    assert acked <= {line.cid for line in lines}
    assert [client.ends[0] for client in day.clients] == [1012] * len(day.clients)
