"""All scenarios, in the order of the table in docs/reliability.md."""

from cluster_faults import (
    AllNodesKilled,
    FailOver,
    NodeFrozen,
    NodeKilled,
    PostgresCrash,
    RedisFrozen,
    RedisKilled,
)
from keep_faults import ManyBitsRot, Restored, RestoredCluster
from network_faults import BadTcp, ClockJumps, LargeStorm, LossyLink, Partition, SlowReaders, VeryLossyLink
from outside_faults import Outside, OutsideCluster
from process_faults import Frozen, Killed, PowerCut, Stopped
from scenario import Scenario
from storage_faults import BadDisk, DiskFull, FileTooLarge, HandlesGone

SCENARIOS: tuple[type[Scenario], ...] = (
    Killed,
    PowerCut,
    Stopped,
    Frozen,
    DiskFull,
    BadDisk,
    FileTooLarge,
    HandlesGone,
    ClockJumps,
    BadTcp,
    LossyLink,
    VeryLossyLink,
    Partition,
    SlowReaders,
    LargeStorm,
    ManyBitsRot,
    Restored,
    Outside,
    NodeKilled,
    AllNodesKilled,
    NodeFrozen,
    PostgresCrash,
    FailOver,
    RedisKilled,
    RedisFrozen,
    RestoredCluster,
    OutsideCluster,
)
NAMES = tuple(dict.fromkeys(one.name for one in SCENARIOS))

MUTANTS: tuple[tuple[type[Scenario], str, str], ...] = (
    (Killed, "ack_before_commit", "L1"),
    (Killed, "no_dedupe", "L2"),
    (Killed, "dedupe_in_memory", "L2"),
    (Killed, "publish_before_commit", "D3"),
    (Killed, "go_on_after_a_failure", "O2"),
    (PowerCut, "commit_without_sync", "L1"),
    (PowerCut, "commit_without_sync_of_the_log", "L1"),
    (PowerCut, "", "L1"),
    (NodeKilled, "dedupe_in_memory", "L2"),
    (AllNodesKilled, "ack_before_commit", "L1"),
)
"""A scenario, a deliberate bug of ``mutants.py`` (none: the disk lies), and the promise it must break."""
