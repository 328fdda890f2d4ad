"""What every plug for leases must do: values expire by themselves, and only one caller takes them."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from balie.engine.local import LocalLeases
from balie.engine.ports import Leases
from balie.lib.clock import SetClock

PLUGS: dict[str, Callable[[SetClock], Leases]] = {"local": lambda clock: LocalLeases(clock.monotonic)}


class Held:
    """Leases of one plug under a clock that the test moves."""

    def __init__(self, make: Callable[[SetClock], Leases]) -> None:
        self.clock = SetClock()
        self.leases = make(self.clock)

    def run(self, work: Any) -> Any:
        async def wait() -> Any:
            return await work

        return asyncio.run(wait())


@pytest.fixture(params=PLUGS)
def held(request: pytest.FixtureRequest) -> Held:
    return Held(PLUGS[request.param])


def test_a_value_is_there_until_its_time_is_over(held: Held) -> None:
    held.run(held.leases.put("k", b"v", 30))
    held.clock.advance(29.9)
    assert held.run(held.leases.get("k")) == b"v"
    held.clock.advance(0.2)
    assert held.run(held.leases.get("k")) is None


def test_a_later_put_replaces_value_and_time(held: Held) -> None:
    held.run(held.leases.put("k", b"old", 10))
    held.clock.advance(9)
    held.run(held.leases.put("k", b"new", 10))
    held.clock.advance(9)
    assert held.run(held.leases.get("k")) == b"new"


def test_only_one_of_many_takers_gets_the_value(held: Held) -> None:
    held.run(held.leases.put("k", b"v", 30))

    async def race() -> list[bytes | None]:
        return list(await asyncio.gather(*(held.leases.take("k") for _ in range(20))))

    taken = held.run(race())
    assert sorted(one or b"" for one in taken) == [b""] * 19 + [b"v"]


def test_an_expired_value_cannot_be_taken(held: Held) -> None:
    held.run(held.leases.put("k", b"v", 30))
    held.clock.advance(30.1)
    assert held.run(held.leases.take("k")) is None


def test_a_dropped_value_is_gone_and_so_is_its_count(held: Held) -> None:
    held.run(held.leases.put("k", b"v", 30))
    held.run(held.leases.count("k", 30))
    held.run(held.leases.drop("k"))
    assert held.run(held.leases.get("k")) is None
    assert held.run(held.leases.count("k", 30)) == 1


def test_counting_starts_again_after_the_window(held: Held) -> None:
    assert [held.run(held.leases.count("k", 60)) for _ in range(3)] == [1, 2, 3]
    held.clock.advance(59)
    assert held.run(held.leases.count("k", 60)) == 4
    held.clock.advance(1.1)
    assert held.run(held.leases.count("k", 60)) == 1


def test_keys_do_not_know_of_each_other(held: Held) -> None:
    held.run(held.leases.put("a", b"1", 30))
    assert held.run(held.leases.get("b")) is None
    assert held.run(held.leases.count("a", 30)) == 1
    assert held.run(held.leases.count("b", 30)) == 1
