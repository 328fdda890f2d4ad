"""All scenarios, in the order of the table in docs/reliability.md."""

from cluster_faults import (
    AllNodesKilled,
    FailOver,
    NodeClockJumps,
    NodeCutOff,
    NodeFrozen,
    NodeKilled,
    NodeStopped,
    PostgresCrash,
    PostgresDiskFull,
    RedisFrozen,
    RedisKilled,
)
from keep_faults import ManyBitsRot, PagesRot, Restored, RestoredCluster
from network_faults import (
    BadTcp,
    ClockJumps,
    LargeStorm,
    LossyLink,
    Partition,
    SlowReaders,
    VeryLossyLink,
    VeryLossyTcp,
)
from outside_faults import Outside, OutsideCluster, OutsideStopped
from process_faults import Frozen, Killed, PowerCut, Stopped
from scenario import Scenario
from storage_faults import BadDisk, DiskFull, FileTooLarge, HandlesGone, MemoryGone

SCENARIOS: tuple[type[Scenario], ...] = (
    Killed,
    PowerCut,
    Stopped,
    Frozen,
    DiskFull,
    BadDisk,
    FileTooLarge,
    HandlesGone,
    MemoryGone,
    ClockJumps,
    BadTcp,
    LossyLink,
    VeryLossyLink,
    VeryLossyTcp,
    Partition,
    SlowReaders,
    LargeStorm,
    ManyBitsRot,
    Restored,
    Outside,
    NodeKilled,
    AllNodesKilled,
    NodeStopped,
    NodeFrozen,
    NodeCutOff,
    NodeClockJumps,
    PostgresCrash,
    PostgresDiskFull,
    FailOver,
    RedisKilled,
    RedisFrozen,
    PagesRot,
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
    (Killed, "cut_texts", "L4"),
    (Killed, "refuse_what_is_stored", "L5"),
    (Killed, "guess_the_number", "A1"),
    (Killed, "skip_a_number", "O1"),
    (Killed, "lose_the_tail", "P1"),
    (NodeKilled, "no_catch_up", "P1"),
    (Killed, "mix_organisations", "T1"),
    (NodeKilled, "mix_organisations", "T1"),
    (OutsideStopped, "new_key_for_a_retry", "X1"),
)
"""A scenario, a deliberate bug of ``mutants.py`` (none: the disk lies), and the promise it must break."""
