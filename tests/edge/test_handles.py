"""How many sockets fit below the limit of open files, and when an operator hears of it."""

import resource

import pytest
import structlog

from balie.edge.handles import FEW, RESERVED, room_for_sockets


@pytest.fixture
def limit(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The system's limit as the process sees it; the tests' own stays as it is."""
    limits = [FEW, FEW]
    monkeypatch.setattr(resource, "getrlimit", lambda _: tuple(limits))
    monkeypatch.setattr(resource, "setrlimit", lambda _, fresh: limits.__setitem__(slice(2), list(fresh)))
    return limits


@pytest.mark.parametrize(
    ("hard", "wanted", "room", "warned"),
    [
        (20_000, 20_000, 20_000 - RESERVED, False),
        (65_536, 20_000, 20_000, False),
        (FEW + RESERVED, 20_000, FEW, False),
        (FEW, 20_000, FEW - RESERVED, True),
        (100, 50, 36, True),
    ],
)
def test_only_few_places_are_worth_a_warning(
    limit: list[int], hard: int, wanted: int, room: int, warned: bool
) -> None:
    limit[:] = [100, hard]
    with structlog.testing.capture_logs() as logs:
        assert room_for_sockets(wanted) == room
    assert [line["event"] for line in logs if line["log_level"] == "warning"] == ["few_file_handles"] * warned
