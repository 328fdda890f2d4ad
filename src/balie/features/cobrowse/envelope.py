"""The clear bytes in front of every frame of the mirror: all that the relay reads of it (docs/protocol.md). Twelve,
and four more where the frame is addressed. Pure."""

import hashlib
from functools import lru_cache
from typing import Literal

VERSION = 1
BYTES = 12
FRAME_LIMIT = 1 << 20
CRITICAL, COALESCIBLE, DROPPABLE = 0, 1, 2
DEFLATED, SNAPSHOT, SNAPSHOT_END, SCROLL, ACT, ADDRESSED = 1, 2, 4, 8, 16, 32
ADDRESS_BYTES = 4
_DIRECTION = {"visitor": 0, "agent": 1, "stamped": 1}
_FLAGS = {
    "visitor": DEFLATED | SNAPSHOT | SNAPSHOT_END | ADDRESSED,
    "agent": DEFLATED | SCROLL | ACT,
    "stamped": DEFLATED | SCROLL | ACT | ADDRESSED,
}


@lru_cache(maxsize=4_096)
def number_of(session: str) -> int:
    """A watcher's socket as the visitor's page calls it: alike on every node, and never 0."""
    return int.from_bytes(hashlib.blake2s(session.encode(), digest_size=ADDRESS_BYTES).digest()) or 1


def watcher_of(frame: bytes) -> int:
    """Whom a sound frame is for, or of an agent's whom it is from; 0 is everybody."""
    if not frame[3] & ADDRESSED:
        return 0
    return int.from_bytes(frame[BYTES : BYTES + ADDRESS_BYTES])


def stamped(frame: bytes, watcher: int) -> bytes:
    """The frame with its sender's number."""
    head = bytearray(frame[:BYTES])
    head[3] |= ADDRESSED
    return bytes(head) + watcher.to_bytes(ADDRESS_BYTES) + frame[BYTES:]


def is_sound(frame: bytes, sender: Literal["agent", "visitor", "stamped"]) -> bool:
    """Whether the frame may come from this side; ``stamped``: an agent's, from another node."""
    if not BYTES < len(frame) <= FRAME_LIMIT:
        return False
    return (
        len(frame) > BYTES + (ADDRESS_BYTES if frame[3] & ADDRESSED else 0)
        and frame[0] == VERSION
        and frame[1] <= DROPPABLE
        and frame[2] == _DIRECTION[sender]
        and frame[3] | _FLAGS[sender] == _FLAGS[sender]
    )
