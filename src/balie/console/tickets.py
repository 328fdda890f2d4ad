"""Tickets for the agents' socket."""

from litestar import post

from balie.desk.model import Noun
from balie.edge.given import GivenHouse, GivenSignedIn
from balie.edge.tickets import AgentClaims


class SocketTicket(Noun):
    """Valid for one socket, for 30 seconds."""

    ticket: str


@post(
    "/session/ticket",
    operation_id="createTicket",
    summary="Get a ticket for the socket",
    tags=["session"],
)
async def create_ticket(house: GivenHouse, signed_in: GivenSignedIn) -> SocketTicket:
    """Open `/v1/socket/agent?ticket=…` with it, at once."""
    house.health.check_staying()
    access = signed_in.access
    claims = AgentClaims(access.organisation, access.agent, signed_in.session)
    return SocketTicket(ticket=await house.tickets.issue(claims))
