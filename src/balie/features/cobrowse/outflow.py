"""What waits for one slow reader of the mirror: bounded in bytes and time, so that it costs the others nothing (I10).
Pure: the caller tells the time.

Over the bound, what may be dropped goes first, then everything: the reader has lost the thread and asks for a snapshot.
A snapshot itself may be longer than the bound, or a reader with a slow line would never get one."""

from collections import deque

from balie.features.cobrowse import envelope

BYTES_MAX = 512 << 10
WAIT_S = 2.0
SNAPSHOT_MAX = 20 << 20


class Outflow:
    """Frames in order. ``lost``: some were dropped that the reader cannot do without, and it was not told yet."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[bytes, int, bool, float]] = deque()
        """Frame, class, whether it is part of a snapshot, and since when it waits."""
        self.size = 0
        """Bytes beside snapshots."""
        self.snapshot_size = 0
        self._after_snapshot_s = 0.0
        """When the last part of a snapshot went out: what stood behind it could not go before."""
        self.lost = False

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def put(self, frame: bytes, kind: int, *, snapshot: bool, now_s: float) -> None:
        """Let the frame wait, within the bounds."""
        if self.lost:
            return  # worth nothing before the reader starts anew
        self._waiting.append((frame, kind, snapshot, now_s))
        if snapshot:
            self.snapshot_size += len(frame)
        else:
            self.size += len(frame)
        if self._is_over(now_s):
            self._drop_droppable()
            if self._is_over(now_s):
                self.clear()
                self.lost = True

    def take(self, now_s: float) -> bytes:
        """The next frame that goes out."""
        frame, _, snapshot, _ = self._waiting.popleft()
        if snapshot:
            self.snapshot_size -= len(frame)
            self._after_snapshot_s = now_s
        else:
            self.size -= len(frame)
        return frame

    def clear(self) -> bool:
        """Forget all that waits; whether anything did."""
        waited = bool(self._waiting)
        self._waiting.clear()
        self.size = self.snapshot_size = 0
        return waited

    def _is_over(self, now_s: float) -> bool:
        if self.size > BYTES_MAX or self.snapshot_size > SNAPSHOT_MAX:
            return True
        if self.snapshot_size or not self._waiting:
            return False
        return now_s - max(self._waiting[0][3], self._after_snapshot_s) > WAIT_S

    def _drop_droppable(self) -> None:
        kept = [one for one in self._waiting if one[1] != envelope.DROPPABLE]
        self._waiting = deque(kept)
        self.size = sum(len(one[0]) for one in kept if not one[2])
