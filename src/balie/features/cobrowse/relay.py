"""The rooms of this node: hears of every look that changes, on whichever node, and looks again now and then."""

import secrets
from typing import Any

import msgspec

from balie.desk.model import Actor
from balie.edge.plugs import House
from balie.engine.ports import Leases, Tx, UnavailableError
from balie.features.cobrowse import hints, store
from balie.features.cobrowse.room import Room
from balie.features.cobrowse.steps import LOOKING
from balie.features.cobrowse.store import LookChanged, LookRow
from balie.features.cobrowse.tape import Tapes

LOOK_AGAIN_S = 5.0
"""How often the database is asked for what a lost hint did not tell."""
SAY_AGAIN_S = 20.0
WATCHERS_S = 60.0
"""How long it is remembered who watches, for those who ask over HTTP."""


class Relay:
    """Made once for each process."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.rooms: dict[str, Room] = {}
        self._node = secrets.token_bytes(8)
        self._tapes = Tapes(house)
        self._looked_s = 0.0
        self._said_s = 0.0
        self._look_now = False
        house.db.on_commit(self._committed)
        house.bus.subscribe(hints.CHANGED, self._changed)
        house.bus.subscribe(hints.HERE, self._here)
        house.bus.watch(self._bus_changed)

    def room(self, row: LookRow) -> Room:
        """The room of this look; hears of its changes from here on."""
        found = self.rooms.get(row.id)
        if found is None:
            tape = self._tapes.tape(row.id)
            found = self.rooms[row.id] = Room(row, self._node, self.house.bus, self.house.clock, tape)
        found.apply(row)
        return found

    def left(self, room: Room) -> None:
        """Somebody went; an empty room is given up."""
        if room.is_empty and self.rooms.get(room.row.id) is room:
            del self.rooms[room.row.id]
            room.close()

    def wants_look(self, now_s: float) -> bool:
        """Whether it is time to look into the database; asked by the sweep of the sockets, in seconds of the loop."""
        if now_s - self._said_s > SAY_AGAIN_S:
            self._said_s = now_s
            for room in self.rooms.values():
                room.say_here()
                room.forget_silent()
        if self._look_now or now_s - self._looked_s > LOOK_AGAIN_S:
            self._look_now, self._looked_s = False, now_s
            return bool(self.rooms)
        return False

    async def look_again(self) -> None:
        """Apply what hints did not tell."""
        ids = list(self.rooms)
        rows = await self.house.db.read(lambda tx: _rows(tx, ids))
        for row in rows:
            self._apply(row)
        for room in tuple(self.rooms.values()):
            await self.remember_watchers(room)

    async def remember_watchers(self, room: Room) -> None:
        """For those who ask over HTTP, on any node."""
        told = msgspec.json.encode(room.people())
        try:
            await self.house.leases.put(_key(room.row.id), told, WATCHERS_S)
        except UnavailableError:
            return

    # What is told

    def _committed(self, items: list[Any]) -> None:
        for item in items:
            if isinstance(item, LookChanged):
                row = msgspec.structs.replace(item.row, code_digest=None)
                # First here, in the same turn: after a stop is stored nothing goes on.
                self._apply(row)
                self.house.bus.publish(hints.CHANGED, hints.encode(row))

    def _changed(self, hint: bytes) -> None:
        self._apply(hints.row_of(hint))

    def _apply(self, row: LookRow) -> None:
        room = self.rooms.get(row.id)
        if room is not None:
            room.apply(row)

    def _here(self, hint: bytes) -> None:
        here = hints.here_of(hint)
        room = self.rooms.get(here.look)
        if room is not None and here.node != self._node:
            room.hear(here)

    def _bus_changed(self, away: bool) -> None:
        if not away:
            self._look_now = True
            self._said_s = 0.0


async def watchers(leases: Leases, row: LookRow) -> list[Actor]:
    """Who watches now, as far as known."""
    if row.state not in LOOKING:
        return []
    try:
        told = await leases.get(_key(row.id))
    except UnavailableError:
        return []
    return msgspec.json.decode(told, type=list[Actor]) if told else []


def _rows(tx: Tx, ids: list[str]) -> list[LookRow]:
    return [row for row in (store.peek(tx, id) for id in ids) if row is not None]


def _key(look: str) -> str:
    return f"look:watchers:{look}"
