"""How a slice plugs in, and what the house gives to its handlers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from litestar.connection import ASGIConnection
from litestar.types import ControllerRouterHandler

from balie.desk.access import Access
from balie.desk.courier import Sender
from balie.desk.listeners import Listener
from balie.desk.openings import Openings
from balie.desk.presence import Presence
from balie.desk.timers import Handler
from balie.edge.doorman import Doorman
from balie.edge.frames import FRAME_LIMIT
from balie.edge.health import Health
from balie.edge.limits import Buckets
from balie.edge.outward import Outward
from balie.edge.passwords import Passwords
from balie.edge.signin import Endings
from balie.edge.socket import Factory
from balie.edge.tickets import Tickets
from balie.engine.ports import Blobs, Bus, Database, Leases, Tx
from balie.lib.clock import Clock
from balie.lib.seals import Keyring

SnapshotPart = Callable[[Tx, Access], Any]
"""What a slice adds to an agent's snapshot: a msgspec-encodable value, read in the snapshot's transaction."""


class House(msgspec.Struct, frozen=True, kw_only=True):
    """The engines and settings that handlers work with. ``public_url`` is the desk's own address as browsers
    see it, or empty when it is not known. ``keyring``: the desk's secret, none where it has no one."""

    db: Database
    bus: Bus
    leases: Leases
    blobs: Blobs
    tickets: Tickets
    health: Health
    clock: Clock
    passwords: Passwords
    presence: Presence
    openings: Openings
    outward: Outward
    doorman: Doorman
    endings: Endings
    public_url: str = ""
    keyring: Keyring = msgspec.field(default_factory=Keyring)
    agent_calls: Buckets = msgspec.field(default_factory=lambda: Buckets(rate=30, burst=300))


class SocketDoor(msgspec.Struct, frozen=True):
    """Sockets of a slice's own: ``make`` is called once, with the house, for what makes their sessions.
    ``frame_limit``: bytes of one frame."""

    make: Callable[[House], Factory]
    frame_limit: int = FRAME_LIMIT


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """A plug-in: its routes, its part of an agent's snapshot (under ``slices`` by this name), and what it does behind
    the scenes: ``listeners`` by the name of their cursor, ``timers`` by kind, ``senders`` by channel; ``sockets`` by
    path."""

    name: str
    routes: Sequence[ControllerRouterHandler] = ()
    snapshot: SnapshotPart | None = None
    listeners: Mapping[str, Listener] = {}
    timers: Mapping[str, Handler] = {}
    senders: Mapping[str, Callable[[House], Sender]] = {}
    sockets: Mapping[str, SocketDoor] = {}


def house_of(connection: ASGIConnection[Any, Any, Any, Any]) -> House:
    house: House = connection.app.state.house
    return house
