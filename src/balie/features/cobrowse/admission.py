"""Who comes in at the mirror's socket: the ticket, the page it is shown from, and what the look allows by now."""

import msgspec

from balie.desk import visitors
from balie.desk.access import Access, find_access
from balie.edge import frames
from balie.edge.plugs import House
from balie.edge.session import TurnedAwayError
from balie.edge.signin import is_signed_in
from balie.edge.socket import Upgrade
from balie.engine.ports import Tx
from balie.features.cobrowse import steps, store
from balie.features.cobrowse.claims import MirrorClaims
from balie.features.cobrowse.store import LookRow


class Admitted(msgspec.Struct, frozen=True):
    """``access``: the agent's; none for the visitor."""

    claims: MirrorClaims
    row: LookRow
    access: Access | None = None


async def admit(house: House, upgrade: Upgrade) -> Admitted:
    """TurnedAwayError with the close code; UnavailableError when the store is away."""
    claims = await house.tickets.redeem(upgrade.ticket, MirrorClaims)
    if claims is None:
        raise TurnedAwayError(frames.CLOSE_NOT_SIGNED_IN, "ticket not valid")
    if claims.side == "agent":
        return await _agent(house, upgrade, claims)
    return await _visitor(house, upgrade, claims)


async def rights(house: House, claims: MirrorClaims) -> tuple[Access, LookRow]:
    """What the agent may do now, and the look. TurnedAwayError when that is nothing."""
    now = house.clock.now()
    access, row = await house.db.read(lambda tx: _agents_look(tx, claims, now))
    if access is None:
        raise TurnedAwayError(frames.CLOSE_NOT_SIGNED_IN, "signed out")
    if row is None:
        raise TurnedAwayError(frames.CLOSE_NO_RIGHT, "not allowed")
    return access, row


def check(row: LookRow, claims: MirrorClaims) -> None:
    """TurnedAwayError when the look goes on without this socket."""
    if row.state not in steps.LOOKING:
        raise TurnedAwayError(frames.CLOSE_NO_RIGHT, "look ended")
    if claims.side == "visitor" and row.mirror > claims.number:
        raise TurnedAwayError(frames.CLOSE_TAKEN_OVER, "taken over")


async def _agent(house: House, upgrade: Upgrade, claims: MirrorClaims) -> Admitted:
    if not house.doorman.is_own(upgrade.origin):
        raise TurnedAwayError(frames.CLOSE_NO_RIGHT, "origin not allowed")
    access, row = await rights(house, claims)
    check(row, claims)
    return Admitted(claims, row, access)


async def _visitor(house: House, upgrade: Upgrade, claims: MirrorClaims) -> Admitted:
    if claims.origin != upgrade.origin:
        raise TurnedAwayError(frames.CLOSE_NO_RIGHT, "origin not allowed")
    row = await house.db.write(lambda tx: _visitors_look(tx, claims))
    if row is None:
        raise TurnedAwayError(frames.CLOSE_NO_RIGHT, "not allowed")
    check(row, claims)
    return Admitted(claims, row)


def _agents_look(tx: Tx, claims: MirrorClaims, now: int) -> tuple[Access | None, LookRow | None]:
    access = find_access(tx, claims.who) if is_signed_in(tx, claims.session, now) else None
    return access, store.for_agent(tx, access, claims.look) if access is not None else None


def _visitors_look(tx: Tx, claims: MirrorClaims) -> LookRow | None:
    """The look, with this ticket's socket in the lead where no newer one is."""
    row = store.find(tx, claims.look)
    if row is None or row.organisation != claims.organisation:
        return None
    if visitors.contact_of(tx, claims.who) != row.contact:
        return None
    leads = row.state in steps.LOOKING and row.mirror < claims.number
    return store.save(tx, row, mirror=claims.number, away=None) if leads else row
