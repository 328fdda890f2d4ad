"""A visitor and an agent on different nodes, while one of the nodes is killed: both just go on talking."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_people import Agent, Visitor
from demo_desk import DemoDesk
from playwright.sync_api import Browser, expect

from servers import postgres
from servers.redis import PrivateRedis


@pytest.fixture
def nodes(redis: PrivateRedis, tmp_path: Path) -> Iterator[tuple[DemoDesk, DemoDesk]]:
    """Two desks on one PostgreSQL and one Redis. The first makes the office, which then allows its own address."""
    shared = {"BALIE_DATABASE_URL": postgres.shared().database(), "BALIE_REDIS_URL": redis.url}
    desks: list[DemoDesk] = []
    for name in ("visitors", "agents"):
        (tmp_path / name).mkdir()
        desks.append(DemoDesk(tmp_path / name, **shared))
        desks[-1].start()
    yield desks[0], desks[1]
    for desk in desks:
        desk.close()


def test_a_talk_between_two_nodes_outlives_the_death_of_one(
    browser: Browser, nodes: tuple[DemoDesk, DemoDesk]
) -> None:
    doomed, other = nodes
    agent = Agent(browser, other.address, "sanne@kwelder.example", "kwelder-demo")
    visitor = Visitor(browser, doomed.address)
    said = ["Goedemiddag, bent u ook op een andere server?"]
    visitor.visits("/demo/jaarnota")
    visitor.opens_chat()
    visitor.says(said[0])
    agent.opens("op een andere server")
    visitor.tick("read")
    agent.types("Ja ")
    expect(visitor.page.locator("p.typing")).to_contain_text("Sanne de Vries")
    said.append("Ja, maar dat merkt u niet.")
    agent.says(said[1])
    visitor.sees(said)

    # The visitor's node dies; whoever comes to its address is led to the one that is left, as a load balancer does.
    doomed.kill()
    doomed.wire.lead_to(other.port)
    doomed.wire.cut(0).join()
    said.append("Hallo? Er haperde iets.")
    visitor.says(said[2])
    visitor.tick("read")
    said.append("Niets van gemerkt, ik lees u gewoon.")
    agent.says(said[3])
    visitor.sees(said)
    agent.sees(said)
    agent.tick("read")
