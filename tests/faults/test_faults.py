"""Every fault in its short form: nothing acked is lost, nothing comes twice, order holds, and all see the same.

Each prints its seed and counts; ``bin/chaos`` runs them longer. They need root (namespaces, mounts, limits of other
processes) and the system packages of deploy/system-packages.txt, and fail where those are missing.
"""

import pytest
from cluster_faults import (
    AllNodesKilled,
    FailOver,
    NodeBrieflyCutOff,
    NodeBrieflyFrozen,
    NodeClockJumps,
    NodeKilled,
    PostgresCrash,
    PostgresDiskFull,
    RedisKilled,
)
from keep_faults import BitRot, FewPagesRot, Restored, RestoredCluster
from network_faults import BadTcp, BriefPartition, ClockJumps, LossyLink, SlowReaders, Storm, VeryLossyTcp
from outside_faults import OutsideStopped
from process_faults import BrieflyFrozen, Killed, PowerCut, Stopped
from scenario import Scenario, Tally, short
from storage_faults import BadDisk, DiskFull, FileTooLarge, HandlesGone, MemoryGone

SQLITE: tuple[type[Scenario], ...] = (
    Killed, PowerCut, Stopped, BrieflyFrozen, DiskFull, BadDisk, FileTooLarge, HandlesGone, MemoryGone, ClockJumps,
    BadTcp, LossyLink, VeryLossyTcp, BriefPartition, SlowReaders, Storm, Restored, BitRot, OutsideStopped,
)  # fmt: skip
POSTGRES: tuple[type[Scenario], ...] = (
    NodeKilled, AllNodesKilled, NodeBrieflyFrozen, NodeBrieflyCutOff, NodeClockJumps, PostgresCrash,
    PostgresDiskFull, FailOver, RedisKilled, RestoredCluster, FewPagesRot,
)  # fmt: skip


@pytest.mark.parametrize("kind", [*SQLITE, *POSTGRES], ids=lambda kind: kind.__name__)
def test_nothing_is_lost_doubled_or_disordered(
    kind: type[Scenario], capsys: pytest.CaptureFixture[str]
) -> None:
    tally = short(kind())
    with capsys.disabled():
        print(said(tally))
    assert tally.violations == []
    assert len(tally.recovery_s) == kind.short
    # An answer to a conversation that a restore took away is turned away, and nothing else ever is.
    assert not tally.refused or issubclass(kind, Restored)
    assert tally.sent - tally.refused == tally.acked == tally.stored > 0


@pytest.mark.parametrize(
    ("scenario", "name"),
    [
        (Killed("publish_before_commit"), "D3"),
        (Killed("no_dedupe"), "L2"),
        (Killed("mix_organisations"), "T1"),
        (PowerCut(lies=True), "L1"),
    ],
    ids=["publish_before_commit", "no_dedupe", "mix_organisations", "a disk that lies"],
)
def test_a_deliberate_bug_in_the_desk_is_found(scenario: Scenario, name: str) -> None:
    """The others are run by ``bin/chaos --mutants``."""
    scenario.per_world = 3
    assert name in short(scenario, cycles=18, until_broken=name).names


def said(tally: Tally) -> str:
    return (
        f"\n{tally.scenario}, {tally.engine}, seed {tally.seed}: {tally.cycles} times, sent {tally.sent}, acked"
        f" {tally.acked}, stored {tally.stored}, resent {tally.resent}, recovery max {tally.recovery(1):.2f} s,"
        f" violations {len(tally.violations)} {tally.notes or ''}"
    )
