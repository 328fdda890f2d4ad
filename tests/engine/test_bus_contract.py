"""What every plug for the bus must do: hints reach those who listen to the topic, until they stop."""

from collections.abc import Callable

import pytest

from balie.engine.local import LocalBus
from balie.engine.ports import Bus

PLUGS: dict[str, Callable[[], Bus]] = {"local": LocalBus}


@pytest.fixture(params=PLUGS)
def bus(request: pytest.FixtureRequest) -> Bus:
    return PLUGS[request.param]()


def test_a_hint_reaches_every_listener_of_its_topic_and_no_other(bus: Bus) -> None:
    heard: list[tuple[str, bytes]] = []
    bus.subscribe("facts", lambda hint: heard.append(("first", hint)))
    bus.subscribe("facts", lambda hint: heard.append(("second", hint)))
    bus.subscribe("signals", lambda hint: heard.append(("other", hint)))
    bus.publish("facts", b"17")
    assert heard == [("first", b"17"), ("second", b"17")]


def test_hints_of_one_publisher_keep_their_order(bus: Bus) -> None:
    heard: list[bytes] = []
    bus.subscribe("facts", heard.append)
    for n in range(100):
        bus.publish("facts", str(n).encode())
    assert heard == [str(n).encode() for n in range(100)]


def test_an_ended_subscription_hears_nothing_more(bus: Bus) -> None:
    heard: list[bytes] = []
    end = bus.subscribe("facts", heard.append)
    bus.publish("facts", b"1")
    end()
    bus.publish("facts", b"2")
    assert heard == [b"1"]


def test_a_listener_may_leave_while_it_is_being_told(bus: Bus) -> None:
    heard: list[str] = []
    ends: list[Callable[[], None]] = []

    def once(_: bytes) -> None:
        heard.append("once")
        ends[0]()

    ends.append(bus.subscribe("facts", once))
    bus.subscribe("facts", lambda _: heard.append("always"))
    bus.publish("facts", b"")
    bus.publish("facts", b"")
    assert heard == ["once", "always", "always"]


def test_a_hint_that_nobody_wants_is_no_error(bus: Bus) -> None:
    bus.publish("facts", b"1")
