"""The sockets of the mirror: one for the visitor's page, one for each agent's window. Binary frames are the other
side's, text frames the relay's own words. Which side a socket is on, its ticket tells."""

import contextlib
import socket
from collections.abc import Callable
from typing import Any

import msgspec
import structlog

from balie.desk.log import Writer
from balie.desk.model import Actor
from balie.edge import frames
from balie.edge.plugs import House
from balie.edge.session import BadFrameError, Budget, Session, TurnedAwayError, text_frame
from balie.edge.socket import Upgrade
from balie.engine.ports import Tx, UnavailableError
from balie.features.cobrowse import admission, envelope, steps, store
from balie.features.cobrowse.claims import MirrorClaims
from balie.features.cobrowse.facts import Leaving, LookBody, LookLeft, LookWatched, MirrorLost
from balie.features.cobrowse.outflow import SNAPSHOT_MAX, Outflow
from balie.features.cobrowse.relay import Relay
from balie.features.cobrowse.room import Room
from balie.lib.errors import BalieError

logger = structlog.get_logger(__name__)

WATCHERS_MAX = 20
"""Windows that show one look: each that comes asks the visitor's page for a snapshot."""
RIGHTS_AGAIN_S = 30.0
"""How often an agent's socket asks whether its rights still hold."""
TOUCH_S = 60.0
"""How often at most it is written down that the visitor does something."""
STUCK_S = 15.0
"""A reader that took nothing for so long while frames wait is cut off."""
BYTES_PER_S, BYTES_BURST = 8 << 20, 16 << 20
"""What a visitor's page may send; beyond, it is read more slowly."""
FRAME_COST = 2_048
"""What a frame counts for at least: many small ones are work too."""
KERNEL_BYTES = 128 << 10
"""What the kernel may hold unsent for one reader: what waits here can still be dropped, what waits there cannot."""
_NOTSENT_LOWAT = getattr(socket, "TCP_NOTSENT_LOWAT", 25)
_decode_leaving = msgspec.json.Decoder(Leaving).decode
_LOST = text_frame(msgspec.json.encode(MirrorLost()))
_NOBODY = MirrorClaims(look="", organisation="", side="agent", who="")
_BUDGETS = {"agent": Budget(burst=240, per_s=120), "visitor": Budget(burst=60, per_s=10)}
"""Frames of an agent; text frames of a visitor."""


class MirrorDoor:
    """Makes the sessions of this process."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.relay = Relay(house)
        self.agents: set[MirrorSession] = set()
        house.endings.listen(self._ended)

    def __call__(self, upgrade: Upgrade, on_gone: Callable[[Session], None]) -> Session:
        return MirrorSession(self, upgrade, on_gone)

    def _ended(self, session: str) -> None:
        """A sign-in ended: so do its sockets (threat S19)."""
        for one in tuple(self.agents):
            if one.claims.session == session:
                one.close(frames.CLOSE_NOT_SIGNED_IN, "signed out")


class MirrorSession(Session):
    """One socket. What its reader is too slow for waits in ``Outflow``."""

    binary_limit = envelope.FRAME_LIMIT

    def __init__(self, door: MirrorDoor, upgrade: Upgrade, on_gone: Callable[[Session], None]) -> None:
        self.claims = _NOBODY
        super().__init__(on_gone)
        self._door = door
        self._upgrade = upgrade
        self._name = ""
        self._room: Room | None = None
        self._outflow = Outflow()
        self._moved_at = self.started_at
        """When the reader last took something."""
        self._allowed_bytes = float(BYTES_BURST)
        self._counted_at = self.started_at
        self._is_slowed = False
        self._slow_until = 0.0
        self._snapshot_bytes = 0
        self._touched_at = 0.0
        self._looked_at = self.started_at

    @property
    def budget(self) -> Budget:  # type: ignore[override]
        return _BUDGETS[self.claims.side]

    @property
    def number(self) -> int:
        return self.claims.number

    @property
    def actor(self) -> Actor:
        return Actor(kind="agent", id=self.claims.who, name=self._name)

    # Life

    def opened(self) -> None:
        with contextlib.suppress(OSError):
            line = self._raw.get_extra_info("socket")
            line.setsockopt(socket.IPPROTO_TCP, _NOTSENT_LOWAT, KERNEL_BYTES)
        # What comes before it is known who this is stays on the line.
        self._raw.pause_reading()
        self.in_background(self._come_in())

    async def _come_in(self) -> None:
        house, relay = self._door.house, self._door.relay
        admitted = await admission.admit(house, self._upgrade)
        self.claims = admitted.claims
        self._name = admitted.access.name if admitted.access else ""
        room = relay.room(admitted.row)
        room.expecting += 1
        try:
            # What changed since the look was read was told to nobody here.
            fresh = await house.db.read(lambda tx: store.peek(tx, room.row.id))
            if fresh is not None:
                room.apply(fresh)
            admission.check(room.row, self.claims)
            if not self.ended:
                self._enter(room)
        finally:
            room.expecting -= 1
            relay.left(room)

    def _enter(self, room: Room) -> None:
        self._room, self.greeted = room, True
        if self.claims.side == "visitor":
            room.add_visitor(self)
        elif len(room.all_watchers()) >= WATCHERS_MAX:
            self._room = None
            raise TurnedAwayError(frames.CLOSE_TOO_MANY, "too many watchers")
        else:
            self._door.agents.add(self)
            self._note(room, "look_watched", LookWatched(look=room.row.id))
            room.add_watcher(self)
            self.in_background(self._door.relay.remember_watchers(room))
        self._read_on()

    def closed(self) -> None:
        room, self._room = self._room, None
        self._door.agents.discard(self)
        if room is None:
            return
        room.remove(self)
        if self.claims.side == "agent":
            self._note(room, "look_left", LookLeft(look=room.row.id))
            self._loop.create_task(self._door.relay.remember_watchers(room))
        self._door.relay.left(room)

    def check(self, now: float) -> None:
        super().check(now)
        if self.ended or self._room is None:
            return
        waits = bool(self._outflow) or self._outflow.lost
        if waits and now - self._moved_at > STUCK_S:
            self.close(frames.CLOSE_TOO_SLOW, "too slow", at_once=True)
            return
        if self._door.relay.wants_look(now):
            self.in_background(self._look_again())
        if self.claims.side == "agent" and now - self._looked_at > RIGHTS_AGAIN_S:
            self._looked_at = now
            self.in_background(self._check_rights())

    async def _look_again(self) -> None:
        with contextlib.suppress(UnavailableError):
            await self._door.relay.look_again()

    async def _check_rights(self) -> None:
        """The team, the role or the sign-in may be gone since."""
        with contextlib.suppress(UnavailableError):
            await admission.rights(self._door.house, self.claims)

    # What the room asks

    def deliver(self, frame: bytes, kind: int, *, snapshot: bool) -> None:
        if self.ended or self._raw is None:
            return
        if not (self._paused or self._outflow):
            self._write(frame)
            return
        if not self._outflow and not self._outflow.lost:
            self._moved_at = self._loop.time()
        self._outflow.put(frame, kind, snapshot=snapshot, now_s=self._door.house.clock.monotonic())

    def forget_waiting(self) -> None:
        if self._outflow.clear():
            self._outflow.lost = True
            self._say_lost()

    def end_of_look(self) -> None:
        self.close(frames.CLOSE_NO_RIGHT, "look ended")

    def taken_over(self) -> None:
        self.close(frames.CLOSE_TAKEN_OVER, "taken over")

    def resume_writing(self) -> None:
        super().resume_writing()
        self._moved_at = self._loop.time()
        now_s = self._door.house.clock.monotonic()
        while self._outflow and not self._paused and not self.ended:
            self._write(self._outflow.take(now_s))
        self._say_lost()

    def _write(self, frame: bytes) -> None:
        if self._out:
            self._flush()  # what was said before goes first
        if self._raw is not None and not self.ended:
            self._raw.write(frame)

    def _say_lost(self) -> None:
        """Once the reader takes something again; a visitor's page has nothing to ask for."""
        if self._outflow.lost and not self._paused:
            self._outflow.lost = False
            if self.claims.side == "agent":
                self.push(_LOST)

    # Frames in

    def received(self, kind: str, data: msgspec.Raw, reply_to: str | None) -> None:
        if self.claims.side == "visitor" and kind == "leaving":
            look, number, away = self.claims.look, self.claims.number, _decode_leaving(data).why
            if away != "page":
                self._write_aside(lambda tx: store.leave(tx, look, number, away))
            return
        if kind != "alive" or self.claims.side != "visitor":
            raise BadFrameError("unknown frame")
        now = self._loop.time()
        if now - self._touched_at > TOUCH_S:
            self._touched_at = now
            look, at = self.claims.look, self._door.house.clock.now()
            self._write_aside(lambda tx: store.touch(tx, look, at))

    def binary(self, payload: bytes) -> None:
        room = self._room
        if room is None:
            raise BadFrameError("too early")
        if not envelope.is_sound(payload, self.claims.side):
            raise BadFrameError("bad envelope")
        if self.claims.side == "agent":
            room.from_agent(self, payload)
        else:
            self._count_snapshot(payload)
            room.from_visitor(self, payload)

    def spend_binary(self, size: int, now: float) -> bool:
        if self.claims.side == "agent":
            return self._spend(now)
        allowed = self._allowed_bytes + (now - self._counted_at) * BYTES_PER_S
        self._counted_at = now
        self._allowed_bytes = min(allowed, float(BYTES_BURST)) - max(size, FRAME_COST)
        if self._allowed_bytes < 0:
            self.hold_back(-self._allowed_bytes / BYTES_PER_S)
        return True

    def hold_back(self, seconds: float) -> None:
        """Read nothing for so long; longer where that was said before."""
        self._slow_until = max(self._slow_until, self._loop.time() + seconds)
        if not self._is_slowed and self._raw is not None:
            self._is_slowed = True
            self._raw.pause_reading()
            self._loop.call_at(self._slow_until, self._read_on)

    def _read_on(self) -> None:
        if self._is_slowed and self._loop.time() < self._slow_until:
            self._loop.call_at(self._slow_until, self._read_on)
            return
        self._is_slowed = False
        if self._raw is not None and not self._raw.is_closing():
            self._raw.resume_reading()

    def _count_snapshot(self, frame: bytes) -> None:
        if not frame[3] & envelope.SNAPSHOT:
            return
        self._snapshot_bytes += len(frame)
        if self._snapshot_bytes > SNAPSHOT_MAX:
            raise BadFrameError("snapshot too long")
        if frame[3] & envelope.SNAPSHOT_END:
            self._snapshot_bytes = 0

    # What is written

    def _note(self, room: Room, kind: str, body: LookBody) -> None:
        """One visit to the mirror, however many windows of the agent show it."""
        if room.row.state == "ended" or self.actor in room.people():
            return
        row, actor, now = room.row, self.actor, self._door.house.clock.now()

        def write(tx: Tx) -> None:
            with Writer(tx, now) as writer, contextlib.suppress(BalieError):
                steps.told(writer, row, actor, kind, body)

        self._write_aside(write)

    def _write_aside(self, write: Callable[[Tx], Any]) -> None:
        self._door.house.db.submit(_run_each, write, _written)


def _run_each(tx: Tx, writes: list[Any]) -> list[Any]:
    return [write(tx) for write in writes]


def _written(_: Any, result: Any) -> None:
    if isinstance(result, Exception) and not isinstance(result, UnavailableError):
        logger.error("look_note_failed", error=repr(result))
