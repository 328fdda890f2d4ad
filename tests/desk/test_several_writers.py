"""Nodes that share one PostgreSQL and write to the same conversations at once: nothing lost, doubled or out of order,
and every node hears everything (I1 to I4)."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from balie import app
from balie.desk import log
from balie.desk.access import find_access
from balie.desk.conversations import open_conversations
from balie.desk.feed import Feed
from balie.desk.messages import Inbound, Receipt, Receive
from balie.desk.model import Conversation
from balie.engine.local import LocalBus
from balie.engine.ports import Tx
from balie.lib import ids
from core import Core, template
from viewer import Browser, Console

NODES = 3


class Node:
    """A process of the desk without its doors. ``bus``: the one it shares, or one of its own that carries no hint of
    others."""

    def __init__(self, core: Core, bus: LocalBus) -> None:
        self.db = app.create_database(core.settings)
        self.feed = Feed(self.db, bus)
        self.receive = Receive(core.clock)
        organisation = core.cast.stroom.organisation.id
        self.console = Console(organisation, core.cast.stroom.agents["sanne"].id, None)

    async def hears(self, position: int) -> None:
        async with asyncio.timeout(60):
            while self.console.position < position:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.01)

    async def send(self, item: Inbound) -> Any:
        wait: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.db.submit(self.receive, item, lambda _, result: wait.set_result(result))
        return await wait


def desk_of(tx: Tx, agent: str) -> tuple[list[Conversation], int]:
    """What a console starts from."""
    access = find_access(tx, agent)
    assert access is not None
    return open_conversations(tx, access), log.position(tx)


@asynccontextmanager
async def nodes(core: Core, *, hints: bool = True) -> AsyncIterator[list[Node]]:
    shared = LocalBus()
    made = [Node(core, shared if hints else LocalBus()) for _ in range(NODES)]
    for node in made:
        await node.db.start()
        await node.feed.start()
        agent = node.console.agent
        rows, position = await node.db.read(lambda tx, agent=agent: desk_of(tx, agent))
        node.console.start(rows, position)
        node.feed.add_agent(node.console)
    yield made
    for node in made:
        await node.feed.stop()
        await node.db.stop()


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    core = template("postgres").copy(tmp_path)
    yield core
    core.close()


def check_the_log(core: Core, streams: set[str]) -> None:
    positions = core.read(
        lambda tx: [row[0] for row in tx.all("select position from fact order by position")]
    )
    assert positions == list(range(1, len(positions) + 1))
    for stream in streams:
        seqs = [seq for seq, _ in core.log_of(stream)]
        assert seqs == list(range(1, len(seqs) + 1))
        assert core.read(lambda tx, stream=stream: log.verify(tx, stream)) == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_writers_on_three_nodes_share_conversations_and_repeat_each_others_messages(
    core: Core, seed: int
) -> None:
    chance = random.Random(seed)
    visits = [core.visit() for _ in range(4)]
    homes = [core.says(visit, "Hallo").conversation for visit in visits]
    messages = [
        core.inbound(visit, f"{n}", ids.new_cid(), home)
        for n in range(30)
        for visit, home in zip(visits, homes, strict=True)
    ]

    async def talk() -> list[Any]:
        async with nodes(core) as made:
            # Half of them are sent on two nodes at once, as by a client that came back elsewhere too soon.
            sends = [
                node.send(item) for item in messages for node in chance.sample(made, chance.choice([1, 2]))
            ]
            results = await asyncio.gather(*sends)
            newest = await made[0].db.read(log.position)
            for node in made:
                await node.hears(newest)
                said = [fact.pos for fact in node.console.facts]
                assert said == list(range(said[0], newest + 1))
            return results

    results = core.run(talk())
    assert all(isinstance(one, Receipt) for one in results), results
    check_the_log(core, set(homes))
    for home in homes:
        assert len(core.texts(home)) == 31


def test_one_visitor_on_three_nodes_opens_one_conversation(core: Core) -> None:
    visits = [core.visit() for _ in range(5)]
    messages = [core.inbound(visit, f"{n}") for n in range(6) for visit in visits]

    async def talk() -> tuple[list[Any], list[list[Browser]]]:
        async with nodes(core) as made:
            tabs = [
                [Browser(visit.organisation, visit.visitor, visit.inbox, None) for visit in visits]
                for _ in made
            ]
            for node, theirs in zip(made, tabs, strict=True):
                for tab in theirs:
                    node.feed.add_visitor(tab)
            results = await asyncio.gather(*(made[n % NODES].send(item) for n, item in enumerate(messages)))
            newest = await made[0].db.read(log.position)
            for node in made:
                await node.hears(newest)
            return results, tabs

    results, tabs = core.run(talk())
    homes = [{one.conversation for one in results[n :: len(visits)]} for n in range(len(visits))]
    assert [len(home) for home in homes] == [1] * len(visits)
    check_the_log(core, {home for one in homes for home in one})
    for theirs in tabs:
        for tab, home in zip(theirs, homes, strict=True):
            (stream,) = home
            assert [fact.seq for fact in tab.log[stream]] == list(range(1, 8))


def test_lost_hints_cost_delay_and_nothing_else(core: Core) -> None:
    visit = core.visit()
    home = core.says(visit, "Hallo").conversation
    messages = [core.inbound(visit, f"{n}", conversation=home) for n in range(20)]

    async def talk() -> None:
        async with nodes(core, hints=False) as made:
            for n, item in enumerate(messages):
                await made[n % NODES].send(item)
            newest = await made[0].db.read(log.position)
            for node in made:
                await node.hears(newest)
                assert [fact.seq for fact in node.console.facts] == list(range(3, 23))

    core.run(talk())
