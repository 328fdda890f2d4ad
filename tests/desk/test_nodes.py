"""Nodes keep the same picture of each other, whatever hints get lost."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balie.desk.nodes import GONE_S, LINGER_S, Nodes
from balie.engine.local import LocalBus
from balie.lib.clock import SetClock


class Wire:
    """What the buses of several nodes hang on. ``lost`` decides about each hint."""

    def __init__(self) -> None:
        self.ends: list[End] = []
        self.lost: Callable[[], bool] = lambda: False
        self.said = 0


class End(LocalBus):
    """One node's bus: its own hints come at once, those of others unless they are lost."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire
        self._watchers: list[Callable[[bool], None]] = []
        wire.ends.append(self)

    def publish(self, topic: str, hint: bytes) -> None:
        self._wire.said += 1
        super().publish(topic, hint)
        for end in self._wire.ends:
            if end is not self and not self.away and not end.away and not self._wire.lost():
                LocalBus.publish(end, topic, hint)

    def watch(self, listener: Callable[[bool], None]) -> None:
        self._watchers.append(listener)

    def cut(self, away: bool) -> None:
        self.away = away
        for watcher in self._watchers:
            watcher(away)


class World:
    def __init__(self, count: int = 2) -> None:
        self.clock = SetClock()
        self.wire = Wire()
        self.nodes = [Nodes(End(self.wire), self.clock.monotonic) for _ in range(count)]
        self.ends = self.wire.ends

    def run(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        async def live() -> None:
            for node in self.nodes:
                await node.start()
            try:
                await work()
            finally:
                for node in self.nodes:
                    await node.stop()

        asyncio.run(live())

    def beat(self, *nodes: Nodes) -> None:
        for node in nodes or self.nodes:
            node.beat()


async def turn() -> None:
    """Let what was to be told before long be told."""
    for _ in range(3):
        await asyncio.sleep(0)


def test_a_change_is_heard_at_once_and_so_is_its_end() -> None:
    world = World()
    one, other = world.nodes
    heard: list[str] = []
    other.listen(heard.append)

    async def work() -> None:
        one.put("a", b"1")
        await turn()
        assert other.elsewhere("a") == [b"1"]
        assert one.elsewhere("a") == [], "what a node says itself is not elsewhere"
        one.put("a", b"2")
        await turn()
        assert other.elsewhere("a") == [b"2"]
        one.put("a", None)
        await turn()
        assert other.elsewhere("a") == []
        assert heard == ["a", "a", "a"]

    world.run(work)


def test_a_node_that_comes_later_hears_of_everything() -> None:
    world = World()
    one, other = world.nodes
    late = Nodes(End(world.wire), world.clock.monotonic)

    async def work() -> None:
        for n in range(1_234):
            one.put(f"k{n}", b"v")
        other.put("k1", b"w")
        await turn()
        await late.start()
        assert late.elsewhere("k1233") == [b"v"]
        assert sorted(late.elsewhere("k1")) == [b"v", b"w"]
        assert late.count == 3
        await late.stop()

    world.run(work)


def test_a_node_that_says_nothing_for_ten_seconds_is_forgotten_with_all_it_said() -> None:
    world = World()
    one, other = world.nodes

    async def work() -> None:
        one.put("a", b"1")
        await turn()
        world.clock.advance(GONE_S - 0.1)
        world.beat(other)
        assert other.elsewhere("a") == [b"1"]
        world.clock.advance(0.2)
        world.beat(other)
        assert other.elsewhere("a") == []
        assert other.count == 1
        world.beat(one)
        assert other.elsewhere("a") == [b"1"], "it only stood still"

    world.run(work)


def test_a_node_that_stops_is_forgotten_when_who_was_there_had_time_to_go_elsewhere() -> None:
    world = World()
    one, other = world.nodes

    async def work() -> None:
        one.put("a", b"1")
        await turn()
        await one.stop()
        world.clock.advance(LINGER_S - 0.1)
        world.beat(other)
        assert other.elsewhere("a") == [b"1"]
        world.clock.advance(0.2)
        world.beat(other)
        assert other.elsewhere("a") == []

    world.run(work)


def test_while_nobody_can_be_heard_nobody_is_forgotten_and_afterwards_the_picture_heals() -> None:
    world = World()
    one, other = world.nodes

    async def work() -> None:
        one.put("a", b"1")
        await turn()
        for end in world.ends:
            end.cut(away=True)
        one.put("a", None)
        one.put("b", b"2")
        await turn()
        world.clock.advance(10 * GONE_S)
        world.beat()
        assert other.elsewhere("a") == [b"1"]
        for end in world.ends:
            end.cut(away=False)
        world.beat()
        assert other.elsewhere("a") == []
        assert other.elsewhere("b") == [b"2"]

    world.run(work)


def test_who_leaves_a_node_that_stops_is_not_told_to_have_left() -> None:
    world = World()
    one, other = world.nodes

    async def work() -> None:
        one.put("a", b"1")
        await turn()
        one.leaving = True
        one.put("a", None)
        await turn()
        assert other.elsewhere("a") == [b"1"]

    world.run(work)


def test_a_quiet_node_says_little() -> None:
    world = World()

    async def work() -> None:
        for n in range(1_000):
            world.nodes[0].put(f"k{n}", b"v")
        await turn()
        before = world.wire.said
        world.beat()
        assert world.wire.said - before == 2, "one beat each, and no table"

    world.run(work)


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.integers(0, 2),
            st.sampled_from("abcd"),
            st.sampled_from([None, b"1", b"2"]),
            st.booleans(),
            st.booleans(),
        ),
        max_size=40,
    )
)
def test_whatever_was_lost_two_quiet_beats_later_all_pictures_are_right(
    steps: list[tuple[int, str, bytes | None, bool, bool]],
) -> None:
    world = World(3)
    truth: list[dict[str, bytes]] = [{}, {}, {}]

    async def work() -> None:
        for node, key, value, lost, beat in steps:
            world.wire.lost = lambda lost=lost: lost  # type: ignore[misc]
            world.nodes[node].put(key, value)
            truth[node].pop(key, None)
            if value is not None:
                truth[node][key] = value
            await turn()
            if beat:
                world.beat()
        world.wire.lost = lambda: False
        world.beat()
        world.beat()
        for at, node in enumerate(world.nodes):
            for key in "abcd":
                told = [held[key] for other, held in enumerate(truth) if other != at and key in held]
                assert sorted(node.elsewhere(key)) == sorted(told)

    world.run(work)


def test_hints_of_a_newer_version_do_no_harm() -> None:
    world = World()

    async def work() -> None:
        with suppress(Exception):
            world.ends[0].publish("nodes", b"\x92\xa4_New\x01")
        world.nodes[0].put("a", b"1")
        await turn()
        assert world.nodes[1].elsewhere("a") == [b"1"]

    world.run(work)


@pytest.mark.parametrize("page", [0, 1, 499, 500, 501, 1_500])
def test_a_table_of_any_size_comes_whole(page: int) -> None:
    world = World()
    one, other = world.nodes

    async def work() -> None:
        world.wire.lost = lambda: True
        for n in range(page):
            one.put(f"k{n}", b"v")
        await turn()
        world.wire.lost = lambda: False
        world.beat(one)
        assert sum(bool(other.elsewhere(f"k{n}")) for n in range(page)) == page

    world.run(work)
