"""What runs along while a look is recorded, on the node with the visitor's socket: frames become pieces, pieces are
sealed and stored. Nothing waits for it: a store that fails or is too slow ends the recording, never the look.

A piece holds records: milliseconds since the recording's beginning, the frame's length (both u32, little-endian), the
frame."""

import asyncio
import contextlib
import struct
from collections import deque
from collections.abc import Callable

import msgspec
import structlog

from balie.desk import blobs
from balie.desk.blobs import Blob
from balie.desk.log import Writer
from balie.edge.plugs import House
from balie.engine.ports import Tx, UnavailableError
from balie.features.cobrowse import envelope, recording, recordings, steps, store
from balie.features.cobrowse.store import LookRow
from balie.lib.backoff import full_jitter
from balie.lib.seals import seal

_log = structlog.get_logger(__name__)

PIECE_BYTES = 256 << 10
PIECE_S = 4.0
"""After so long a piece is stored: with the time that takes, a node that dies loses at most five seconds."""
PICTURE_MS = 120_000
PICTURE_BYTES = 4 << 20
"""How far at most a recording goes on without a snapshot."""
WAITING_MAX = 16 << 20
"""Bytes that may wait for a slow store before the recording is given up."""
STORE_S = 20.0
GIVE_UP_S = 30.0
_HEAD = struct.Struct("<II")
_U32 = (1 << 32) - 1


class Tapes:
    """Those of this process. Holds what is being stored until it is."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._tasks: set[asyncio.Task[None]] = set()

    def tape(self, look: str) -> "Tape":
        return Tape(self.house, look, self._set_off)

    def _set_off(self, task: "asyncio.Task[None]") -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _Opened(msgspec.Struct, frozen=True):
    key: bytes
    started_at: int


class Tape:
    """One look's, on one node. Callbacks only."""

    def __init__(self, house: House, look: str, set_off: Callable[["asyncio.Task[None]"], None]) -> None:
        self._house = house
        self._look = look
        self.number = envelope.number_of(f"tape of {look}")
        """As a window's: what the visitor's page sends to it is for the recording."""
        self._set_off = set_off
        self.runs = False
        """Whether frames are taken."""
        self._frames: list[tuple[int, bytes]] = []
        """The piece that grows: when each came (UTC ms), and what."""
        self._size = 0
        self._last_at = 0
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: deque[list[tuple[int, bytes]]] = deque()
        self._waiting_bytes = 0
        self._storing = False
        self._opened: _Opened | None = None
        self._since: int | None = None
        """Since when the recording runs, and the one that was given up."""
        self._failed: int | None = None
        self._is_behind = False
        self._pictured_at = 0
        """When the last snapshot was stored or asked for, and the bytes since."""
        self._since_picture = 0

    def fit(self, row: LookRow, *, here: bool) -> bool:
        """Run while the visitor agrees, is looked at, and their socket is ``here``. Whether it begins to: a recording
        begins with a snapshot."""
        on = row.recording if row.recording is not None and row.recording.state == "on" else None
        runs = here and row.state == "viewing" and on is not None and on.since != self._failed
        if runs == self.runs:
            return False
        self.runs = runs
        if on is None or not runs:
            self._cut()
            return False
        self._since = on.since
        return True

    def frame(self, frame: bytes) -> bool:
        """The visitor's, as it was relayed. Whether it is time for another snapshot: who plays the recording from some
        moment on begins at the last one before."""
        if not self.runs or self._is_behind:
            return False
        size = _HEAD.size + len(frame)
        if self._frames and self._size + size > PIECE_BYTES:
            self._cut()
        if self._waiting_bytes > WAITING_MAX:
            self._is_behind = True
            return False
        self._last_at = max(self._house.clock.now(), self._last_at)
        self._frames.append((self._last_at, frame))
        self._size += size
        if self._size >= PIECE_BYTES:
            self._cut()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(PIECE_S, self._cut)
        return self._wants_picture(frame)

    def _wants_picture(self, frame: bytes) -> bool:
        if frame[3] & envelope.SNAPSHOT_END or not self._pictured_at:
            self._pictured_at, self._since_picture = self._last_at, 0
        elif not frame[3] & envelope.SNAPSHOT:
            self._since_picture += len(frame)
        if self._last_at - self._pictured_at < PICTURE_MS and self._since_picture < PICTURE_BYTES:
            return False
        self._pictured_at, self._since_picture = self._last_at, 0
        return True

    def _cut(self) -> None:
        """The piece is complete: off to the store."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._frames:
            return
        self._waiting.append(self._frames)
        self._waiting_bytes += self._size
        self._frames, self._size = [], 0
        if not self._storing:
            self._storing = True
            self._set_off(asyncio.get_running_loop().create_task(self._store()))

    async def _store(self) -> None:
        """Store what waits, in order."""
        try:
            while self._waiting and not self._is_behind:
                piece = self._waiting[0]
                async with asyncio.timeout(STORE_S):
                    await self._put(piece)
                self._waiting.popleft()
                self._waiting_bytes -= sum(_HEAD.size + len(frame) for _, frame in piece)
        except Exception as error:  # a job's runner: whatever the fault is, the look goes on
            known = isinstance(error, UnavailableError | OSError)
            await self._give_up(repr(error)[:300], None if known else error)
        else:
            if self._is_behind:
                await self._give_up("the store is too slow")
        finally:
            self._storing = False

    async def _put(self, piece: list[tuple[int, bytes]]) -> None:
        house = self._house
        opened = self._opened or await self._open()
        if opened is None:
            return  # removed meanwhile
        from_ms, to_ms = (min(max(0, at - opened.started_at), _U32) for at in (piece[0][0], piece[-1][0]))
        plain = b"".join(
            part
            for at, frame in piece
            for part in (_HEAD.pack(min(max(0, at - opened.started_at), _U32), len(frame)), frame)
        )
        sealed = seal(opened.key, plain, recording.piece_context(self._look, from_ms, to_ms))
        blob = await blobs.put(house.blobs, [sealed])
        try:
            kept = await house.db.write(lambda tx: self._note(tx, blob, from_ms, to_ms, len(plain)))
        except UnavailableError:
            with contextlib.suppress(OSError, UnavailableError):
                await house.blobs.drop(blob.key)
            raise
        if not kept:
            await house.blobs.drop(blob.key)

    async def _open(self) -> _Opened | None:
        """The recording's key, and since when it counts."""
        found = await self._house.db.read(lambda tx: recordings.find(tx, self._look))
        if found is None or found.key is None:
            return None
        key = self._house.keyring.unwrap(found.key, recording.key_context(self._look))
        self._opened = _Opened(key, found.started_at)
        return self._opened

    def _note(self, tx: Tx, blob: Blob, from_ms: int, to_ms: int, size: int) -> bool:
        """Whether the piece belongs to the recording now; it does not once that was removed."""
        now = self._house.clock.now()
        # First the look, as every command does: two that wait for each other would be undone.
        row = store.find(tx, self._look)
        found = recordings.find(tx, self._look, lock=True)
        if row is None or found is None or found.removed_at is not None:
            return False
        recordings.add_piece(tx, found, blob, from_ms, to_ms, size, now)
        if found.size + size >= recording.SIZE_MAX:
            with Writer(tx, now) as writer:
                recording.stop(writer, row, steps.system(row), "full")
        return True

    async def _give_up(self, reason: str, error: Exception | None = None) -> None:
        """End the recording with its reason, as soon as that can be written; the look goes on."""
        _log.error("recording_failed", look=self._look, error=reason, exc_info=error)
        failed = self._failed = self._since
        self.runs = self._is_behind = False
        self._waiting.clear()
        self._frames, self._size, self._waiting_bytes = [], 0, 0

        def end(tx: Tx) -> None:
            row = store.find(tx, self._look)
            if row is None or row.recording is None or row.recording.since != failed:
                return
            with Writer(tx, self._house.clock.now()) as writer:
                recording.stop(writer, row, steps.system(row), "store_failed")

        attempts = 0
        while True:
            try:
                await self._house.db.write(end)
            except UnavailableError:
                attempts += 1
                await asyncio.sleep(full_jitter(attempts, longest_s=GIVE_UP_S))
            else:
                return
