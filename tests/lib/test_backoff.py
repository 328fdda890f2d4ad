"""Back-off with full jitter: within its bounds, whatever the attempt."""

from hypothesis import given
from hypothesis import strategies as st

from balie.lib.backoff import full_jitter


@given(attempt=st.integers(-3, 10**9), longest_s=st.floats(1, 1e6))
def test_a_wait_is_never_shorter_than_the_first_nor_longer_than_the_longest(
    attempt: int, longest_s: float
) -> None:
    assert 1.0 <= full_jitter(attempt, longest_s=longest_s) <= max(1.0, longest_s)


@given(attempt=st.integers(1, 40))
def test_the_bound_doubles_until_an_hour(attempt: int) -> None:
    longest = full_jitter(attempt, draw=lambda low, high: high)
    assert longest == min(3_600.0, 2.0**attempt)


def test_those_who_failed_together_come_back_spread_over_the_whole_range() -> None:
    waits = [full_jitter(8) for _ in range(400)]
    assert min(waits) < 40 < 200 < max(waits)
