"""One-time tickets for sockets: got over an authenticated call, valid 30 s, redeemed once (threat S10).

They lie in the leases, which all nodes share; while those are away, in the database (docs/decisions/0006). Only a hash
of a ticket is kept, in either.
"""

import hashlib
import secrets
from typing import TypeVar

import msgspec

from balie.engine.ports import Database, Leases, Tx, UnavailableError
from balie.lib.clock import Clock

TICKET_TTL_S = 30.0
_IN_DATABASE = "db."
"""Begins a ticket that lies in the database."""

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

    async def issue(self, claims: msgspec.Struct) -> str:
        """A ticket (256 bits) that stands for ``claims``."""
        ticket = secrets.token_urlsafe(32)
        told = msgspec.json.encode(claims)
        try:
            await self._leases.put(f"ticket:{_digest(type(claims), ticket).hex()}", told, TICKET_TTL_S)
        except UnavailableError:
            ticket = _IN_DATABASE + ticket
            digest, now = _digest(type(claims), ticket), self._clock.now()
            await self._db.write(lambda tx: _put(tx, digest, told.decode(), now))
        return ticket

    async def redeem(self, ticket: str, claims: type[C]) -> C | None:
        """The claims, once; None for a ticket that is unknown, used, expired or of another kind. UnavailableError
        when the place where it lies is away."""
        if len(ticket) > 100:
            return None
        digest, now = _digest(claims, ticket), self._clock.now()
        if ticket.startswith(_IN_DATABASE):
            row = await self._db.write(
                lambda tx: tx.one(
                    "delete from ticket where digest = ? and expires_at > ? returning claims", [digest, now]
                )
            )
            held = str(row[0]).encode() if row else None
        else:
            held = await self._leases.take(f"ticket:{digest.hex()}")
        return None if held is None else msgspec.json.decode(held, type=claims)


def _put(tx: Tx, digest: bytes, claims: str, now: int) -> None:
    tx.execute("delete from ticket where expires_at <= ?", [now])
    tx.execute(
        "insert into ticket (digest, claims, expires_at) values (?, ?, ?)",
        [digest, claims, now + round(TICKET_TTL_S * 1000)],
    )


def _digest(claims: type[msgspec.Struct], ticket: str) -> bytes:
    return hashlib.sha256(f"{claims.__name__}:{ticket}".encode()).digest()
