"""One-time tickets for sockets, of two kinds. Only a hash of a ticket is kept, of either.

*Fresh* ones: got over an authenticated call, valid 30 s, redeemed once (threat S10). They lie in the leases, which all
nodes share; while those are away, in the database (docs/decisions/0006).

*Resume* tickets: given over the socket to come back with, valid a quarter of an hour, redeemed once. They lie in the
database, so that they outlive this process and work on every node (docs/decisions/0011).
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from balie.engine.ports import Database, Leases, Tx, UnavailableError
from balie.lib.clock import Clock
from balie.lib.marks import marks

TICKET_TTL_S = 30.0
RESUME_TTL_MS = 15 * 60_000
_IN_DATABASE = "db."
"""Begins a ticket that lies in the database."""
_LENGTH_MAX = 100

C = TypeVar("C", bound=msgspec.Struct)


class AgentClaims(msgspec.Struct, frozen=True):
    """Whose socket it will be; ``session`` is the digest of the sign-in it ends with, in hex."""

    organisation: str
    agent: str
    session: str


class Tickets:
    """Issues tickets and redeems them, on whichever node."""

    def __init__(self, leases: Leases, db: Database, clock: Clock) -> None:
        self._leases = leases
        self._db = db
        self._clock = clock
        self._keep = _Keep(clock)

    async def issue(self, claims: msgspec.Struct, ttl_s: float = TICKET_TTL_S) -> str:
        """A ticket (256 bits) that stands for ``claims`` for so long."""
        ticket = secrets.token_urlsafe(32)
        told = msgspec.json.encode(claims)
        try:
            await self._leases.put(f"ticket:{_digest(type(claims), ticket).hex()}", told, ttl_s)
        except UnavailableError:
            ticket = _IN_DATABASE + ticket
            digest, now = _digest(type(claims), ticket), self._clock.now()
            await self._db.write(lambda tx: _put(tx, now, [(digest, told.decode())], round(ttl_s * 1000)))
        return ticket

    async def redeem(self, ticket: str, claims: type[C]) -> C | None:
        """The claims, once; None for a ticket that is unknown, used, expired or of another kind. UnavailableError
        when the place where it lies is away."""
        if len(ticket) > _LENGTH_MAX:
            return None
        digest, now = _digest(claims, ticket), self._clock.now()
        if ticket.startswith(_IN_DATABASE):
            held = await self._db.write(lambda tx: _take(tx, now, [digest]).get(digest))
        else:
            held = await self._leases.take(f"ticket:{digest.hex()}")
        return None if held is None else msgspec.json.decode(held, type=claims)

    def keep(self, claims: msgspec.Struct, done: Callable[[Any, Any], None]) -> None:
        """Make a resume ticket for ``claims``; ``done(claims, ticket or exception)`` once it is stored. Those of many
        sessions share a commit."""
        self._db.submit(self._keep, claims, done)

    async def resume(self, ticket: str, claims: type[C]) -> C | None:
        """As ``redeem``, for a resume ticket."""
        now = self._clock.now()
        return await self._db.write(lambda tx: take_resumes(tx, now, claims, [ticket])[0])


def keep_resumes(tx: Tx, now: int, claims: Sequence[msgspec.Struct]) -> list[str]:
    """A resume ticket for each of ``claims``."""
    fresh = [secrets.token_urlsafe(32) for _ in claims]
    rows = [
        (_resume_digest(type(one), ticket), msgspec.json.encode(one).decode())
        for one, ticket in zip(claims, fresh, strict=True)
    ]
    _put(tx, now, rows, RESUME_TTL_MS)
    return fresh


def take_resumes(tx: Tx, now: int, claims: type[C], tickets: Sequence[str]) -> list[C | None]:
    """What each of these resume tickets stands for, once; None as ``Tickets.redeem`` says."""
    digests = [
        _resume_digest(claims, ticket) if 0 < len(ticket) <= _LENGTH_MAX else None for ticket in tickets
    ]
    held = _take(tx, now, [digest for digest in digests if digest is not None])
    # Taken out of the answer as well: of two that show the same ticket in one commit the first one comes in.
    found = [held.pop(digest, None) if digest is not None else None for digest in digests]
    return [None if one is None else msgspec.json.decode(one, type=claims) for one in found]


class _Keep:
    """The command behind ``Tickets.keep``."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __call__(self, tx: Tx, items: list[msgspec.Struct]) -> list[Any]:
        return keep_resumes(tx, self._clock.now(), items)


def _put(tx: Tx, now: int, rows: Sequence[tuple[bytes, str]], life_ms: int) -> None:
    tx.insert_many(
        "ticket",
        ("digest", "claims", "expires_at"),
        [(digest, claims, now + life_ms) for digest, claims in rows],
    )


def _take(tx: Tx, now: int, digests: Sequence[bytes]) -> dict[bytes, bytes]:
    """The claims under these digests, which are gone with that. Only one transaction gets a row that it deletes."""
    if not digests:
        return {}
    # In one order on all nodes, so that two that are shown the same tickets do not wait for each other.
    places, keys = marks(sorted(digests))
    sql = f"delete from ticket where digest in ({places}) and expires_at > ? returning digest, claims"  # noqa: S608
    return {bytes(row[0]): str(row[1]).encode() for row in tx.all(sql, [*keys, now])}


def _digest(claims: type[msgspec.Struct], ticket: str) -> bytes:
    return hashlib.sha256(f"{claims.__name__}:{ticket}".encode()).digest()


def _resume_digest(claims: type[msgspec.Struct], ticket: str) -> bytes:
    return hashlib.sha256(f"resume {claims.__name__}:{ticket}".encode("utf-8", "replace")).digest()
