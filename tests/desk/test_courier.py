"""The courier (invariant X1): everything that is to leave leaves, each under one key, in order, whatever dies."""

import asyncio
import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balie.desk import deliveries
from balie.desk.courier import AT_ONCE_EACH, Courier
from balie.desk.deliveries import BREAKER, EXPIRY_MS, LEASE_MS, Claimed, Outcome, Parcel, Settled
from balie.desk.log import Writer
from balie.lib.errors import NotFoundError
from core import Core

SENT = Outcome(result="sent")
LATER = Outcome(result="retry", reason="answered 503", status=503)
NEVER = Outcome(result="refused", reason="answered 404", status=404)
UNSURE = Outcome(result="unknown", reason="no answer")


class Wire:
    """The other side, with a sender for the courier: keeps what arrives, answers as the test says."""

    def __init__(self, answer: Callable[[Claimed], Outcome] = lambda _: SENT) -> None:
        self.repeatable = True
        self.answer = answer
        self.arrived: list[Claimed] = []
        self.under_way = 0
        self.most = 0
        self.held: asyncio.Event | None = None
        self.told: list[tuple[str, Settled]] = []

    async def send(self, one: Claimed) -> Outcome:
        self.arrived.append(one)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            if self.held is not None:
                await self.held.wait()
            await asyncio.sleep(0)
            return self.answer(one)
        finally:
            self.under_way -= 1

    def settled(self, writer: Writer, one: Claimed, outcome: Outcome, settled: Settled) -> None:
        self.told.append((one.body, settled))

    def bodies(self) -> list[str]:
        return [one.body for one in self.arrived]


class Post:
    """A post office on a core: one channel, one courier for each node."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.home = core.cast.stroom.organisation.id
        self.wire = Wire()
        self.made = 0

    def courier(self) -> Courier:
        return Courier(self.core.db, self.core.clock, {"test": self.wire})

    def put(self, *bodies: str, lane: str = "lane", target: str = "target") -> None:
        def add(tx: object) -> None:
            for body in bodies:
                self.made += 1
                parcel = Parcel(
                    organisation=self.home,
                    channel="test",
                    target=target,
                    order_key=lane,
                    source=str(self.made),
                    topic="test",
                    body=body,
                )
                deliveries.add(tx, [parcel], self.core.clock.now())  # type: ignore[arg-type]

        self.core.write(add)

    def look(self, *couriers: Courier) -> None:
        """Let these couriers (a fresh one without any) work until nothing is due now."""

        async def work() -> None:
            nodes = couriers or (self.courier(),)
            before = -1
            while before != len(self.wire.arrived):
                before = len(self.wire.arrived)
                await asyncio.gather(*(node.run() for node in nodes))
                for node in nodes:
                    await node.settle_all()

        self.core.run(work())

    def states(self, target: str = "target") -> dict[str, int]:
        return self.core.read(lambda tx: deliveries.counts(tx, self.home, target))

    def page(self, target: str = "target") -> list[deliveries.Delivery]:
        """Oldest first."""
        found = self.core.read(lambda tx: deliveries.page(tx, self.home, target, (), None, 1_000))
        return found[::-1]

    def facts(self) -> list[str]:
        return [kind for _, kind in self.core.log_of(self.home) if kind == "delivery_failed"]


@pytest.fixture
def post(core: Core) -> Post:
    return Post(core)


def test_what_is_put_leaves_once_and_its_attempt_is_noted(post: Post) -> None:
    post.put("a")
    post.look(post.courier(), post.courier())
    post.look()
    assert post.wire.bodies() == ["a"]
    (one,) = post.page()
    assert (one.state, one.attempts) == ("sent", 1)
    _, body, attempts = post.core.read(lambda tx: deliveries.one(tx, post.home, "target", one.id))
    assert (body, [attempt.result for attempt in attempts]) == ("a", ["sent"])


def test_a_delivery_of_a_transaction_that_failed_never_leaves(post: Post) -> None:
    def spoiled(tx: object) -> None:
        parcel = Parcel(
            organisation=post.home, channel="test", target="t", order_key="", source="1", topic="", body="a"
        )
        deliveries.add(tx, [parcel], post.core.clock.now())  # type: ignore[arg-type]
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        post.core.write(spoiled)
    post.look()
    assert post.wire.arrived == []


def test_the_same_source_again_makes_no_second_delivery(post: Post) -> None:
    post.put("a")
    post.made = 0
    post.put("a again")
    post.look()
    assert post.wire.bodies() == ["a"]


def test_order_holds_within_a_lane_and_lanes_do_not_wait_for_each_other(post: Post) -> None:
    post.put("a1", "a2", "a3", lane="a")
    post.put("b1", "b2", lane="b")
    post.wire.answer = lambda one: LATER if one.body == "a1" and one.attempt < 4 else SENT
    for _ in range(6):
        post.look(post.courier(), post.courier())
        post.core.clock.advance(20)
    assert [body for body in post.wire.bodies() if body[0] == "b"] == ["b1", "b2"]
    assert [body for body in post.wire.bodies() if body[0] == "a"] == ["a1"] * 4 + ["a2", "a3"]
    assert post.states() == {"sent": 5}


def test_all_attempts_of_a_delivery_carry_one_key(post: Post) -> None:
    post.put("a", "b")
    post.wire.answer = lambda one: LATER if one.attempt < 5 else SENT
    for _ in range(14):
        post.look()
        post.core.clock.advance(70)
    keys = {one.body: set() for one in post.wire.arrived}  # type: dict[str, set[str]]
    for one in post.wire.arrived:
        keys[one.body].add(one.key)
    assert [len(found) for found in keys.values()] == [1, 1]
    assert all(one.key == f"balie-{one.id}" for one in post.wire.arrived)


def test_retry_after_is_obeyed_for_the_whole_target(post: Post) -> None:
    post.wire.answer = lambda _: Outcome(result="retry", reason="answered 429", retry_after_s=600)
    post.put("a", lane="a")
    post.look()
    post.put("b", lane="b")
    post.core.clock.advance(599)
    post.look()
    assert post.wire.bodies() == ["a"]
    post.wire.answer = lambda _: SENT
    post.core.clock.advance(2)
    post.look()
    assert sorted(post.wire.bodies()) == ["a", "a", "b"]


def test_a_definite_no_is_dead_at_once_with_its_reason_and_the_next_one_goes(post: Post) -> None:
    post.put("a", "b")
    post.wire.answer = lambda one: NEVER if one.body == "a" else SENT
    post.look()
    assert [(one.state, one.reason) for one in post.page()] == [("dead", "answered 404"), ("sent", "")]
    assert post.facts() == ["delivery_failed"]


def test_after_a_day_of_failure_it_is_dead_and_can_be_replayed_under_its_key(post: Post) -> None:
    post.wire.answer = lambda _: LATER
    post.put("a")
    for _ in range(40):
        post.look()
        post.core.clock.advance(3_700)
    (one,) = post.page()
    assert (one.state, one.reason) == ("dead", "answered 503")
    assert one.attempts > 15
    post.wire.answer = lambda _: SENT
    strange = post.core.cast.gracht.organisation.id
    with pytest.raises(NotFoundError):
        post.core.write(lambda tx: deliveries.replay(tx, strange, "target", one.id, post.core.clock.now()))
    post.core.write(lambda tx: deliveries.replay(tx, post.home, "target", one.id, post.core.clock.now()))
    post.look()
    assert post.states() == {"sent": 1}
    assert len({sent.key for sent in post.wire.arrived}) == 1


def test_a_day_of_clock_jumps_at_once_kills_nothing_that_was_not_tried(post: Post) -> None:
    post.put("a", "b")
    post.core.clock.advance(2 * EXPIRY_MS / 1000)
    post.look()
    assert post.states() == {"sent": 2}


def test_all_that_failed_since_a_moment_is_replayed_and_nothing_else(post: Post) -> None:
    post.wire.answer = lambda _: NEVER
    post.put("old")
    post.look()
    post.core.clock.advance(60)
    since = post.core.clock.now()
    post.put("new", "newer")
    post.look()
    post.wire.answer = lambda _: SENT
    count = post.core.write(
        lambda tx: deliveries.replay_dead(tx, post.home, "target", since, post.core.clock.now())
    )
    post.look()
    assert count == 2
    assert post.wire.bodies()[3:] == ["new", "newer"]
    assert post.states() == {"dead": 1, "sent": 2}


def test_people_hear_of_the_first_dead_letter_and_not_of_each(post: Post) -> None:
    post.wire.answer = lambda _: NEVER
    post.put("a", "b", "c")
    post.look()
    assert post.facts() == ["delivery_failed"]
    post.core.clock.advance(EXPIRY_MS / 1000 + 1)
    post.put("d")
    post.look()
    assert len(post.facts()) == 2


def test_a_breaker_keeps_a_broken_target_quiet_and_lets_one_probe_through(post: Post) -> None:
    post.wire.answer = lambda one: LATER if one.target == "target" else SENT
    for lane in range(20):
        post.put("x", lane=str(lane))
    post.put("y", target="healthy")
    post.look(post.courier(), post.courier())
    assert len(post.wire.arrived) <= 2 * AT_ONCE_EACH + 1
    before = len(post.wire.arrived)
    post.core.clock.advance(3_601)
    post.look(post.courier(), post.courier(), post.courier())
    assert len(post.wire.arrived) == before + 1
    post.wire.answer = lambda _: SENT
    post.core.clock.advance(3_601)
    post.look()
    assert post.states() == {"sent": 20}
    assert BREAKER <= AT_ONCE_EACH


def test_a_slow_target_takes_no_room_from_the_others(post: Post) -> None:
    async def work() -> None:
        post.wire.held = asyncio.Event()
        courier = post.courier()
        await courier.run()
        await asyncio.sleep(0)
        slow = [one.target for one in post.wire.arrived]
        assert slow.count("slow") == AT_ONCE_EACH
        assert slow.count("quick") == 1
        post.wire.held.set()
        await courier.settle_all()

    for lane in range(30):
        post.put("x", lane=str(lane), target="slow")
    post.put("y", target="quick")
    post.core.run(work())


def test_what_a_sender_raises_is_a_failure_that_may_pass(post: Post) -> None:
    def broken(one: Claimed) -> Outcome:
        if one.attempt == 1:
            raise RuntimeError("a fault of ours")
        return SENT

    post.wire.answer = broken
    post.put("a")
    post.look()
    post.core.clock.advance(5)
    post.look()
    assert post.states() == {"sent": 1}


def test_a_channel_whose_repeats_would_double_ends_unknown_and_is_reconciled(post: Post) -> None:
    post.wire.repeatable = False
    post.put("a", "b", "c")
    post.wire.answer = lambda one: UNSURE
    post.look()
    assert post.states() == {"unknown": 3}
    first, second, _ = (one.id for one in post.page())
    now = post.core.clock.now()
    post.core.write(lambda tx: deliveries.reconcile(tx, first, arrived=True, now=now))
    post.core.write(lambda tx: deliveries.reconcile(tx, second, arrived=False, now=now))
    post.wire.answer = lambda one: SENT
    post.look()
    assert post.states() == {"sent": 2, "unknown": 1}
    assert post.wire.bodies() == ["a", "b", "c", "b"]


@pytest.mark.parametrize("repeatable", [True, False])
def test_a_courier_that_dies_while_sending_leaves_a_lease_that_runs_out(post: Post, repeatable: bool) -> None:
    post.wire.repeatable = repeatable

    async def die() -> None:
        post.wire.held = asyncio.Event()
        courier = post.courier()
        await courier.run()
        await asyncio.sleep(0)
        await courier.stop(within_s=0)
        post.wire.held = None

    post.put("a")
    post.core.run(die())
    post.look()
    assert post.wire.bodies() == ["a"]
    post.core.clock.advance(LEASE_MS / 1000)
    post.look()
    assert post.wire.bodies() == (["a", "a"] if repeatable else ["a"])
    assert post.states() == ({"sent": 1} if repeatable else {"unknown": 1})


def test_a_frozen_courier_that_wakes_after_its_lease_changes_nothing(post: Post) -> None:
    async def freeze() -> None:
        frozen = post.courier()
        post.wire.held = asyncio.Event()
        await frozen.run()
        await asyncio.sleep(0)
        held, post.wire.held = post.wire.held, None
        post.core.clock.advance(LEASE_MS / 1000 + 1)
        other = post.courier()
        await other.run()
        await other.settle_all()
        post.wire.answer = lambda _: NEVER
        held.set()
        await frozen.settle_all()

    post.put("a")
    post.core.run(freeze())
    assert post.states() == {"sent": 1}
    assert len({one.key for one in post.wire.arrived}) == 1
    assert len(post.wire.told) == 1


def test_a_frozen_courier_that_wakes_in_the_middle_of_anothers_attempt_notes_nothing(post: Post) -> None:
    async def freeze() -> None:
        first, second = asyncio.Event(), asyncio.Event()
        frozen, other = post.courier(), post.courier()
        post.wire.held = first
        await frozen.run()
        await asyncio.sleep(0)
        post.core.clock.advance(LEASE_MS / 1000 + 1)
        post.wire.held = second
        await other.run()
        await asyncio.sleep(0)
        post.wire.answer = lambda one: NEVER if one.attempt == 1 else SENT
        first.set()
        await frozen.settle_all()
        second.set()
        await other.settle_all()

    post.put("a")
    post.core.run(freeze())
    assert [body for body, _ in post.wire.told] == ["a"]
    assert post.states() == {"sent": 1}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_couriers_that_are_killed_all_the_time_lose_nothing_and_double_no_key(post: Post, seed: int) -> None:
    """X1: the receiver takes each key once; kills come before, during and after sending, on three nodes."""
    chance = random.Random(seed)
    taken: dict[str, str] = {}
    order: list[str] = []

    def receive(one: Claimed) -> Outcome:
        if one.key not in taken:
            taken[one.key] = one.body
            order.append(one.body)
        return LATER if chance.random() < 0.1 else SENT

    async def killed_run() -> None:
        nodes = [post.courier() for _ in range(3)]
        works = [asyncio.ensure_future(node.run()) for node in nodes]
        for _ in range(chance.randrange(1, 40)):
            await asyncio.sleep(0)
        for node, work in zip(nodes, works, strict=True):
            if chance.random() < 0.5:
                await work  # this one lives until its claims are in
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            await node.stop(within_s=0)

    post.wire.answer = receive
    for number in range(40):
        post.put(f"{number % 8}-{number // 8}", lane=str(number % 8))
    for _ in range(40):
        post.core.run(killed_run())
        post.core.clock.advance(chance.choice([1, 30, LEASE_MS / 1000]))
    for _ in range(30):
        post.look()
        post.core.clock.advance(LEASE_MS / 1000)
    assert post.states() == {"sent": 40}
    assert sorted(taken.values()) == sorted(f"{n % 8}-{n // 8}" for n in range(40))
    assert len(taken) == 40
    for lane in range(8):
        assert [body for body in order if body[0] == str(lane)] == [f"{lane}-{n}" for n in range(5)]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=st.lists(st.sampled_from([SENT, LATER, NEVER, UNSURE]), max_size=20), lanes=st.integers(1, 3))
def test_whatever_the_other_side_answers_all_is_settled_in_the_end(
    post: Post, answers: list[Outcome], lanes: int
) -> None:
    target = f"t{post.made}"
    for number in range(6):
        post.put(str(number), lane=str(number % lanes), target=target)
    left = list(answers)
    post.wire.answer = lambda _: left.pop() if left else SENT
    for _ in range(30):
        post.look()
        post.core.clock.advance(3_600)
    states = post.states(target)
    assert sum(states.values()) == 6
    assert not states.keys() & {"due", "trying"}


def test_what_was_settled_a_month_ago_is_swept(post: Post) -> None:
    post.put("a", "b")
    post.wire.answer = lambda one: SENT if one.body == "a" else LATER
    post.look()
    post.core.clock.advance(31 * 24 * 3_600)
    assert post.core.write(lambda tx: deliveries.sweep(tx, post.core.clock.now())) == 1
    assert post.core.count("delivery") == 1
