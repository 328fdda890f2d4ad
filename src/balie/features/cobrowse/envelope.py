"""The twelve clear bytes in front of every frame of the mirror: all that the relay reads of it (docs/protocol.md).
Pure."""

from typing import Literal

VERSION = 1
BYTES = 12
FRAME_LIMIT = 1 << 20
CRITICAL, COALESCIBLE, DROPPABLE = 0, 1, 2
DEFLATED, SNAPSHOT, SNAPSHOT_END, SCROLL, ACT = 1, 2, 4, 8, 16
_DIRECTION = {"visitor": 0, "agent": 1}
_FLAGS = {"visitor": DEFLATED | SNAPSHOT | SNAPSHOT_END, "agent": DEFLATED | SCROLL | ACT}


def is_sound(frame: bytes, sender: Literal["agent", "visitor"]) -> bool:
    """Whether the frame may come from this side."""
    return (
        BYTES < len(frame) <= FRAME_LIMIT
        and frame[0] == VERSION
        and frame[1] <= DROPPABLE
        and frame[2] == _DIRECTION[sender]
        and frame[3] | _FLAGS[sender] == _FLAGS[sender]
    )
