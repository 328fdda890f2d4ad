"""What every plug for the bus must do: hints reach those who listen to the topic, until they stop."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from balie.engine.local import LocalBus
from balie.engine.ports import Bus
from balie.engine.redis import QUEUE_LIMIT, RedisBus
from servers.redis import PrivateRedis

PLUGS: dict[str, Callable[[pytest.FixtureRequest], Bus]] = {
    "local": lambda _: LocalBus(),
    "redis": lambda request: RedisBus(request.getfixturevalue("redis").url),
}


@pytest.fixture(params=PLUGS)
def bus(request: pytest.FixtureRequest) -> Bus:
    return PLUGS[request.param](request)


def run(bus: Bus, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def live() -> None:
        await bus.start()
        try:
            await work()
        finally:
            await bus.stop()

    asyncio.run(live())


def test_a_hint_reaches_every_listener_of_its_topic_and_no_other_at_once(bus: Bus) -> None:
    heard: list[tuple[str, bytes]] = []

    async def work() -> None:
        bus.subscribe("facts", lambda hint: heard.append(("first", hint)))
        bus.subscribe("facts", lambda hint: heard.append(("second", hint)))
        bus.subscribe("signals", lambda hint: heard.append(("other", hint)))
        bus.publish("facts", b"17")
        assert heard == [("first", b"17"), ("second", b"17")]

    run(bus, work)
    assert len(heard) == 2, "own hints that come back are not told again"


def test_hints_of_one_publisher_keep_their_order(bus: Bus) -> None:
    heard: list[bytes] = []

    async def work() -> None:
        bus.subscribe("facts", heard.append)
        for n in range(100):
            bus.publish("facts", str(n).encode())

    run(bus, work)
    assert heard == [str(n).encode() for n in range(100)]


def test_an_ended_subscription_hears_nothing_more(bus: Bus) -> None:
    heard: list[bytes] = []

    async def work() -> None:
        end = bus.subscribe("facts", heard.append)
        bus.publish("facts", b"1")
        end()
        bus.publish("facts", b"2")

    run(bus, work)
    assert heard == [b"1"]


def test_a_listener_may_leave_while_it_is_being_told(bus: Bus) -> None:
    heard: list[str] = []

    async def work() -> None:
        ends: list[Callable[[], None]] = []

        def once(_: bytes) -> None:
            heard.append("once")
            ends[0]()

        ends.append(bus.subscribe("facts", once))
        bus.subscribe("facts", lambda _: heard.append("always"))
        bus.publish("facts", b"")
        bus.publish("facts", b"")

    run(bus, work)
    assert heard == ["once", "always", "always"]


def test_a_hint_that_nobody_wants_is_no_error(bus: Bus) -> None:
    async def work() -> None:
        bus.publish("facts", b"1")

    run(bus, work)


# Several nodes


class Node:
    """One node's bus, and what it heard."""

    def __init__(self, url: str) -> None:
        self.bus = RedisBus(url)
        self.heard: list[bytes] = []
        self.told: list[bool] = []
        self.changed = asyncio.Event()
        self.bus.subscribe("facts", self._hear)
        self.bus.watch(self._tell)

    def _hear(self, hint: bytes) -> None:
        self.heard.append(hint)
        self.changed.set()

    def _tell(self, away: bool) -> None:
        self.told.append(away)
        self.changed.set()

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not true():
                self.changed.clear()
                await self.changed.wait()


@asynccontextmanager
async def two(url: str) -> AsyncIterator[tuple[Node, Node]]:
    one, other = Node(url), Node(url)
    for node in (one, other):
        await node.bus.start()
        node.told.clear()
    yield one, other
    for node in (one, other):
        await node.bus.stop()


def test_a_hint_reaches_other_nodes_once_and_in_order(redis: PrivateRedis) -> None:
    async def work() -> None:
        async with two(redis.url) as (one, other):
            sent = [str(n).encode() for n in range(2_500)]
            for hint in sent:
                one.bus.publish("facts", hint)
            await other.until(lambda: len(other.heard) == len(sent))
            assert other.heard == one.heard == sent
            assert not other.told, "nothing was lost"

    asyncio.run(work())


def test_two_desks_in_one_redis_do_not_hear_each_other(redis: PrivateRedis) -> None:
    async def work() -> None:
        async with two(redis.url) as (one, other), two(redis.url[:-1] + "1") as (stranger, _):
            one.bus.publish("facts", b"ours")
            await other.until(lambda: bool(other.heard))
            stranger.bus.publish("facts", b"theirs")
            one.bus.publish("facts", b"more")
            await other.until(lambda: len(other.heard) == 2)
            assert other.heard == [b"ours", b"more"]

    asyncio.run(work())


def test_without_redis_own_listeners_hear_on_and_afterwards_all_are_told_to_look(
    own_redis: PrivateRedis,
) -> None:
    async def work() -> None:
        async with two(own_redis.url) as (one, other):
            own_redis.kill()
            await one.until(lambda: one.bus.away)
            await other.until(lambda: other.bus.away)
            one.bus.publish("facts", b"lost to others")
            assert one.heard == [b"lost to others"]
            own_redis.start()
            await one.until(lambda: not one.bus.away)
            await other.until(lambda: not other.bus.away)
            assert one.told == other.told == [True, False]
            one.bus.publish("facts", b"heard again")
            await other.until(lambda: bool(other.heard))
            assert other.heard == [b"heard again"]

    asyncio.run(work())


def test_a_redis_that_stands_still_counts_as_away(own_redis: PrivateRedis) -> None:
    async def work() -> None:
        async with two(own_redis.url) as (one, _):
            own_redis.freeze()
            try:
                await one.until(lambda: one.bus.away)
            finally:
                own_redis.thaw()
            await one.until(lambda: not one.bus.away)

    asyncio.run(work())


def test_a_node_starts_without_redis_and_finds_it_later(own_redis: PrivateRedis) -> None:
    async def work() -> None:
        own_redis.kill()
        node = Node(own_redis.url)
        await node.bus.start()
        assert node.bus.away
        own_redis.start()
        await node.until(lambda: not node.bus.away)
        await node.bus.stop()

    asyncio.run(work())


def test_hints_dropped_for_want_of_room_are_told_to_those_who_miss_them(redis: PrivateRedis) -> None:
    async def work() -> None:
        async with two(redis.url) as (one, other):
            one.bus.publish("facts", b"first")
            await other.until(lambda: bool(other.heard))
            for _ in range(QUEUE_LIMIT + 5):
                one.bus.publish("other", b"")
            one.bus.publish("facts", b"too much")
            await other.until(lambda: bool(other.told))
            assert other.told == [False], "look for yourself"

    asyncio.run(work())
