"""When to try again: exponential back-off with full jitter, so that many who failed together do not return together."""

import random
from collections.abc import Callable

FIRST_S = 1.0
LONGEST_S = 3_600.0


def full_jitter(
    attempt: int,
    *,
    first_s: float = FIRST_S,
    longest_s: float = LONGEST_S,
    draw: Callable[[float, float], float] = random.uniform,
) -> float:
    """Seconds to wait after ``attempt`` (1, 2, …) failed: anywhere between ``first_s`` and a bound that doubles with
    each attempt up to ``longest_s`` (Brooker, "Exponential backoff and jitter", full jitter)."""
    doublings = min(max(attempt, 1), 60)
    return draw(first_s, min(longest_s, first_s * 2.0**doublings))
