"""Who calls and how often: threat S11."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.edge.limits import Buckets, bucket_key, client_address, networks

PROXIES = networks(["10.0.0.0/8", "::1"])


def test_a_stranger_cannot_choose_an_address() -> None:
    assert client_address("203.0.113.9", ["198.51.100.1"], PROXIES) == "203.0.113.9"


def test_a_trusted_proxy_names_the_caller() -> None:
    assert client_address("10.0.0.1", ["198.51.100.1"], PROXIES) == "198.51.100.1"


def test_what_the_caller_put_before_the_proxies_own_word_does_not_count() -> None:
    assert client_address("10.0.0.1", ["1.1.1.1, 198.51.100.1, 10.0.0.2"], PROXIES) == "198.51.100.1"
    assert client_address("10.0.0.1", ["1.1.1.1", "198.51.100.1"], PROXIES) == "198.51.100.1"


def test_nonsense_in_the_header_stops_at_the_last_known_address() -> None:
    assert client_address("10.0.0.1", ["; drop table"], PROXIES) == "10.0.0.1"
    assert client_address("", [], PROXIES) == ""


@given(st.lists(st.text(max_size=20), max_size=5))
def test_no_header_makes_it_fail(lines: list[str]) -> None:
    client_address("10.0.0.1", lines, PROXIES)


def test_one_ipv6_line_is_one_caller() -> None:
    assert bucket_key("2001:db8:1:2:aaaa::1") == bucket_key("2001:db8:1:2:bbbb::2")
    assert bucket_key("2001:db8:1:2::1") != bucket_key("2001:db8:1:3::1")
    assert bucket_key("203.0.113.9") == "203.0.113.9"


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    now = 0.0
    buckets = Buckets(rate=2, burst=3, monotonic=lambda: now)
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 0]
    assert buckets.take("a") == 0.5
    assert buckets.take("b") == 0
    now = 0.5
    assert buckets.take("a") == 0
    assert buckets.take("a") > 0


def test_processes_that_share_a_limit_give_out_no_more_than_one_would_alone() -> None:
    now, nodes = 0.0, 4
    alone = Buckets(rate=8, burst=40, monotonic=lambda: now)
    every = [Buckets(rate=8, burst=40, monotonic=lambda: now, among=lambda: nodes) for _ in range(nodes)]

    def given(buckets: Buckets) -> int:
        return sum(1 for _ in range(100) if not buckets.take("203.0.113.9"))

    assert sum(map(given, every)) == given(alone) == 40
    now = 1.0
    assert sum(map(given, every)) == given(alone) == 8
    nodes = 1
    now = 10.0
    assert given(every[0]) == given(alone) == 40


def test_many_processes_still_let_everybody_in_once() -> None:
    buckets = Buckets(rate=0.1, burst=20, monotonic=lambda: 0.0, among=lambda: 64)
    assert buckets.take("a") == 0
    assert buckets.take("a") == pytest.approx(640)


def test_ten_thousand_forged_callers_cost_bounded_memory() -> None:
    buckets = Buckets(rate=1, burst=1, capacity=100)
    for number in range(10_000):
        buckets.take(str(number))
    assert len(buckets) == 100
