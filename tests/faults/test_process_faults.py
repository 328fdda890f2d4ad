"""The desk is killed, stopped and frozen in mid-talk and its power cut; and the harness sees deliberate bugs.

Short forms of ``bin/chaos``; each prints its seed and counts.
"""

import pytest
from process_faults import BrieflyFrozen, Killed, PowerCut, Stopped
from said import say
from scenario import Scenario, short


@pytest.mark.parametrize("kind", [Killed, Stopped, BrieflyFrozen, PowerCut], ids=lambda kind: kind.__name__)
def test_nothing_acked_is_lost_nothing_comes_twice_and_order_holds(
    kind: type[Scenario], capsys: pytest.CaptureFixture[str]
) -> None:
    tally = short(kind())
    say(tally, capsys)
    assert tally.violations == []
    assert len(tally.recovery_s) == kind.short


@pytest.mark.parametrize(
    ("scenario", "name"),
    [
        (Killed("dedupe_in_memory"), "L2"),
        (Killed("publish_before_commit"), "D3"),
        (PowerCut(lies=True), "L1"),
    ],
    ids=lambda value: getattr(value, "mutant", value) or "a disk that lies",
)
def test_a_deliberate_bug_in_the_desk_is_found(scenario: Scenario, name: str) -> None:
    scenario.per_world = 4
    assert name in short(scenario, cycles=16, until_broken=True).names
