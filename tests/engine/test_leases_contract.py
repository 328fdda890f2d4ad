"""What every plug for leases must do: values expire by themselves, and only one caller takes them."""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from balie.engine.local import LocalLeases
from balie.engine.ports import Leases, UnavailableError
from balie.engine.redis import REST_S, RedisLeases
from balie.lib.clock import SetClock
from servers.redis import PrivateRedis


class Held:
    """Leases of one plug. Time is moved: by the clock of the test where the plug has one, else by waiting a
    hundredth of it."""

    def __init__(self, leases: Leases, advance: Callable[[float], None], scale: float) -> None:
        self.leases = leases
        self._advance = advance
        self.scale = scale
        self._runner = asyncio.Runner()

    def s(self, seconds: float) -> float:
        return seconds * self.scale

    def advance(self, seconds: float) -> None:
        self._advance(self.s(seconds))

    def run(self, work: Any) -> Any:
        async def wait() -> Any:
            return await work

        return self._runner.run(wait())

    def close(self) -> None:
        self.run(self.leases.stop())
        self._runner.close()


def local(_: pytest.FixtureRequest) -> Held:
    clock = SetClock()
    return Held(LocalLeases(clock.monotonic), clock.advance, 1)


def redis_with_its_own_clock(request: pytest.FixtureRequest) -> Held:
    server: PrivateRedis = request.getfixturevalue("redis")
    server.empty()
    return Held(RedisLeases(server.url), time.sleep, 0.01)  # Redis' clock is its own: it cannot be set


PLUGS = {"local": local, "redis": redis_with_its_own_clock}


@pytest.fixture(params=PLUGS)
def held(request: pytest.FixtureRequest) -> Iterator[Held]:
    made = PLUGS[request.param](request)
    yield made
    made.close()


def test_a_value_is_there_until_its_time_is_over(held: Held) -> None:
    held.run(held.leases.put("k", b"v", held.s(30)))
    held.advance(10)
    assert held.run(held.leases.get("k")) == b"v"
    held.advance(20.1)
    assert held.run(held.leases.get("k")) is None


def test_a_later_put_replaces_value_and_time(held: Held) -> None:
    held.run(held.leases.put("k", b"old", held.s(10)))
    held.advance(6)
    held.run(held.leases.put("k", b"new", held.s(50)))
    held.advance(6)
    assert held.run(held.leases.get("k")) == b"new"


def test_only_one_of_many_takers_gets_the_value(held: Held) -> None:
    held.run(held.leases.put("k", b"v", held.s(30)))

    async def race() -> list[bytes | None]:
        return list(await asyncio.gather(*(held.leases.take("k") for _ in range(20))))

    taken = held.run(race())
    assert sorted(one or b"" for one in taken) == [b""] * 19 + [b"v"]


def test_an_expired_value_cannot_be_taken(held: Held) -> None:
    held.run(held.leases.put("k", b"v", held.s(30)))
    held.advance(30.1)
    assert held.run(held.leases.take("k")) is None


def test_a_dropped_value_is_gone_and_so_is_its_count(held: Held) -> None:
    held.run(held.leases.put("k", b"v", held.s(30)))
    held.run(held.leases.count("k", held.s(30)))
    held.run(held.leases.drop("k"))
    assert held.run(held.leases.get("k")) is None
    assert held.run(held.leases.count("k", held.s(30))) == 1


def test_counting_starts_again_after_the_window(held: Held) -> None:
    assert [held.run(held.leases.count("k", held.s(60))) for _ in range(3)] == [1, 2, 3]
    held.advance(20)
    assert held.run(held.leases.count("k", held.s(60))) == 4
    held.advance(40.1)
    assert held.run(held.leases.count("k", held.s(60))) == 1


def test_keys_do_not_know_of_each_other(held: Held) -> None:
    held.run(held.leases.put("a", b"1", held.s(30)))
    assert held.run(held.leases.get("b")) is None
    assert held.run(held.leases.count("a", held.s(30))) == 1
    assert held.run(held.leases.count("b", held.s(30))) == 1


# One owner


def test_a_lease_has_one_owner_who_may_renew_it(held: Held) -> None:
    assert held.run(held.leases.hold("job", "one", held.s(50)))
    assert not held.run(held.leases.hold("job", "two", held.s(50)))
    held.advance(30)
    assert held.run(held.leases.hold("job", "one", held.s(50)))
    held.advance(30)
    assert not held.run(held.leases.hold("job", "two", held.s(50))), "it was renewed"


def test_a_lease_that_is_not_renewed_goes_to_the_next(held: Held) -> None:
    assert held.run(held.leases.hold("job", "one", held.s(10)))
    held.advance(10.1)
    assert held.run(held.leases.hold("job", "two", held.s(50)))
    assert not held.run(held.leases.hold("job", "one", held.s(50)))


def test_only_its_owner_lets_a_lease_go(held: Held) -> None:
    assert held.run(held.leases.hold("job", "one", held.s(50)))
    held.run(held.leases.release("job", "two"))
    assert not held.run(held.leases.hold("job", "two", held.s(50)))
    held.run(held.leases.release("job", "one"))
    assert held.run(held.leases.hold("job", "two", held.s(50)))


def test_of_many_who_want_a_lease_one_gets_it(held: Held) -> None:
    async def race() -> list[bool]:
        return list(await asyncio.gather(*(held.leases.hold("job", f"n{n}", held.s(500)) for n in range(20))))

    assert held.run(race()).count(True) == 1


# Redis away


def test_without_redis_calls_are_refused_soon_but_counting_goes_on(own_redis: PrivateRedis) -> None:
    async def work() -> None:
        leases = RedisLeases(own_redis.url)
        await leases.put("k", b"v", 30)
        own_redis.kill()
        started = time.monotonic()
        calls: list[Callable[[], Any]] = [
            lambda: leases.put("k", b"v", 30),
            lambda: leases.take("k"),
            lambda: leases.get("k"),
            lambda: leases.drop("k"),
            lambda: leases.hold("k", "one", 30),
            lambda: leases.release("k", "one"),
        ]
        for call in calls:
            with pytest.raises(UnavailableError):
                await call()
        assert [await leases.count("k", 30) for _ in range(3)] == [1, 2, 3]
        assert time.monotonic() - started < 20
        own_redis.start()
        await asyncio.sleep(REST_S)  # the rest it gives to a Redis that is away is real time
        await leases.put("k", b"again", 30)
        assert await leases.get("k") == b"again"
        await leases.stop()

    asyncio.run(work())


def test_an_emptied_redis_is_as_if_all_had_expired(own_redis: PrivateRedis) -> None:
    async def work() -> None:
        leases = RedisLeases(own_redis.url)
        await leases.put("k", b"v", 30)
        assert await leases.hold("job", "one", 30)
        own_redis.empty()
        assert await leases.get("k") is None
        assert await leases.hold("job", "two", 30)
        await leases.stop()

    asyncio.run(work())


# Memory


def test_expired_leases_leave_the_memory_without_a_look_at_all_of_them() -> None:
    async def work() -> None:
        clock = SetClock()
        leases = LocalLeases(clock.monotonic)
        for n in range(1_000):
            await leases.put(f"old{n}", b"v", 10)
        clock.advance(11)
        for n in range(1_000):
            await leases.put(f"new{n}", b"v", 10)
        assert len(leases) == 1_000

    asyncio.run(work())


def test_there_is_an_end_to_what_is_held() -> None:
    async def work() -> None:
        leases = LocalLeases(SetClock().monotonic, most=100)
        for n in range(100):
            await leases.put(str(n), b"", 10)
        with pytest.raises(UnavailableError):
            await leases.put("one more", b"", 10)
        await leases.put("1", b"a known one", 10)

    asyncio.run(work())
