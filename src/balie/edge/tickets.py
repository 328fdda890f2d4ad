"""One-time tickets for sockets: got over an authenticated call, valid 30 s, redeemed once (threat S10)."""

import hashlib
import secrets
from typing import TypeVar

import msgspec

from balie.engine.ports import Leases

TICKET_TTL_S = 30.0

C = TypeVar("C", bound=msgspec.Struct)


class AgentClaims(msgspec.Struct, frozen=True):
    """Whose socket it will be; ``session`` is the digest of the sign-in it ends with, in hex."""

    organisation: str
    agent: str
    session: str


async def issue_ticket(leases: Leases, claims: msgspec.Struct) -> str:
    """A ticket (256 bits) that stands for ``claims``; only its hash is kept."""
    ticket = secrets.token_urlsafe(32)
    await leases.put(_key(type(claims), ticket), msgspec.json.encode(claims), TICKET_TTL_S)
    return ticket


async def redeem_ticket(leases: Leases, ticket: str, claims: type[C]) -> C | None:
    """The claims, once; None for a ticket that is unknown, used, expired or of another kind."""
    if len(ticket) > 100:
        return None
    held = await leases.take(_key(claims, ticket))
    return None if held is None else msgspec.json.decode(held, type=claims)


def _key(claims: type[msgspec.Struct], ticket: str) -> str:
    return f"ticket:{claims.__name__}:{hashlib.sha256(ticket.encode()).hexdigest()}"
