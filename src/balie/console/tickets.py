"""Tickets for the agents' socket."""

from litestar import post

from balie.desk.model import Noun
from balie.edge.given import GivenLeases, GivenSignedIn
from balie.edge.tickets import AgentClaims, issue_ticket


class SocketTicket(Noun):
    """Valid for one socket, for 30 seconds."""

    ticket: str


@post(
    "/session/ticket",
    operation_id="createTicket",
    summary="Get a ticket for the socket",
    tags=["session"],
)
async def create_ticket(leases: GivenLeases, signed_in: GivenSignedIn) -> SocketTicket:
    """Open `/v1/socket/agent?ticket=…` with it, at once."""
    access = signed_in.access
    claims = AgentClaims(access.organisation, access.agent, signed_in.session)
    return SocketTicket(ticket=await issue_ticket(leases, claims))
