"""What the desk's own reads and writes cost in a database, from within one process: ``python -m bench.growing
DATABASE_URL CONVERSATIONS ROUNDS`` prints median microseconds by work as JSON.

An append is measured inside its transaction, without the commit: the disk's flush does not depend on what is stored.
"""

import asyncio
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from balie import app as house
from balie.channels.web import hello as web_hello
from balie.console import hello
from balie.desk import conversations, log
from balie.desk.access import find_access
from balie.desk.messages import Inbound, Receive
from balie.desk.model import Actor
from balie.engine.ports import Tx
from balie.lib import ids
from balie.lib.clock import SystemClock
from balie.settings import Settings
from bench import seed

PAGE = 50
BATCH = 64


async def run(url: str, count: int, rounds: int) -> dict[str, float]:
    db = house.create_database(Settings(data_dir=Path(), database_url=url))
    await db.start()
    try:
        found = await db.read(lambda tx: tx.all("select a.id, i.id, i.organisation from agent a, inbox i"))
        agent, inbox, organisation = found[0]
        receive = Receive(SystemClock())

        def pick() -> int:
            return random.randint(1, count)

        def timed(work: Callable[[Tx], object]) -> Callable[[Tx], float]:
            def measured(tx: Tx) -> float:
                started = time.perf_counter()
                work(tx)
                return (time.perf_counter() - started) * 1e6

            return measured

        def opened(tx: Tx) -> None:
            access = find_access(tx, agent)
            assert access is not None
            one = conversations.one(tx, access, f"cnv_{pick():026}")
            conversations.lines(tx, one.id, 200)

        def listed(name: Any) -> Callable[[Tx], None]:
            def work(tx: Tx) -> None:
                access = find_access(tx, agent)
                assert access is not None
                assert len(conversations.view(tx, access, name, PAGE)) == PAGE

            return work

        def older(tx: Tx) -> None:
            access = find_access(tx, agent)
            assert access is not None
            number = random.randint(PAGE, count - seed.OPEN)
            before = (1_700_000_000_030 + number * 1000, f"cnv_{number:026}")
            conversations.view(tx, access, "closed", PAGE, before)

        def greeted(tx: Tx) -> None:
            access = find_access(tx, agent)
            assert access is not None
            hello.catch_up(tx, access, None, ())

        def resumed(tx: Tx) -> None:
            access = find_access(tx, agent)
            assert access is not None
            hello.catch_up(tx, access, log.position(tx) - 100, ())

        def returned(tx: Tx) -> None:
            number = pick()
            web_hello.catch_up(tx, f"vis_{number:026}", inbox, {f"cnv_{number:026}": 10})

        def message(number: int) -> Inbound:
            contact = f"con_{number:026}"
            return Inbound(
                organisation=organisation, inbox=inbox, sender=f"vis_{number:026}", visitor=f"vis_{number:026}",
                external_id=ids.new_cid(), text="Mijn jaarnota klopt niet, kunt u even meekijken met mij?",
                actor=Actor(kind="contact", id=contact, name=""), conversation=f"cnv_{number:026}",
            )  # fmt: skip

        def appended(size: int) -> Callable[[Tx], None]:
            def work(tx: Tx) -> None:
                receive(tx, [message(count - random.randrange(seed.OPEN)) for _ in range(size)])

            return work

        reads: dict[str, Callable[[Tx], None]] = {
            "open a conversation": opened,
            "list the inbox": listed("open"),
            "list closed ones": listed("closed"),
            "list closed ones, further down": older,
            "agent's hello, first": greeted,
            "agent's hello, 100 behind": resumed,
            "visitor's hello, 12 behind": returned,
        }
        writes = {"append a message": appended(1), f"append {BATCH} in one commit": appended(BATCH)}
        took: dict[str, list[float]] = {name: [] for name in (*reads, *writes)}
        # All kinds take turns, so that a slower moment of the machine hits all of them.
        for _ in range(rounds):
            for name, work in reads.items():
                took[name].append(await db.read(timed(work)))
            for name, work in writes.items():
                took[name].append(await db.write(timed(work)))
        return {name: median(times[rounds // 10 :]) for name, times in took.items()}
    finally:
        await db.stop()


if __name__ == "__main__":
    print(msgspec.json.encode(asyncio.run(run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))).decode())
