"""The visitor's HTTP resources: a session (token), tickets for the socket, older messages. Origins are checked here."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Router, get, patch, post
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody, QueryParameter, SkipValidation

from balie.channels.web.desk import desk_now
from balie.channels.web.doorman import VisitorClaims
from balie.channels.web.hello import visible
from balie.desk import contacts, conversations, log, visitors
from balie.desk.facts import Fact
from balie.desk.model import Actor, Noun
from balie.edge import frames
from balie.edge.bodies import STRANGERS_LIMIT, Input
from balie.edge.call import call_of
from balie.edge.doorman import Doorman
from balie.edge.given import GivenHouse
from balie.edge.limits import Buckets, bucket_key
from balie.edge.plugs import House
from balie.engine.ports import Tx
from balie.lib.errors import NotFoundError, TooManyError
from balie.lib.text import origin

HISTORY_PAGE = 100


class WebParts(msgspec.Struct, frozen=True):
    """What the resources need beside the house; handed in by ``app``."""

    doorman: Doorman
    sessions: Buckets
    """New visitor sessions per caller's address."""
    claims: Buckets = msgspec.field(default_factory=lambda: Buckets(rate=0.1, burst=20))
    """What a site says of its visitor, per visitor: each change of a contact is a fact that all agents hear."""


class NewSession(Input):
    """``inbox`` is the public key of the script tag. Name and e-mail are the site's claims."""

    inbox: Annotated[str, msgspec.Meta(max_length=60)]
    language: Literal["nl", "en"] | None = None
    name: Annotated[str, msgspec.Meta(max_length=200)] = ""
    email: Annotated[str, msgspec.Meta(max_length=254)] = ""


class VisitorSessionAnswer(Noun):
    """``token`` in clear, once; ``ticket`` opens the socket within 30 s."""

    token: str
    visitor: str
    expires_at: int
    ticket: str
    desk: frames.Desk


class TicketAnswer(Noun, omit_defaults=True):
    """``token`` and ``expiresAt`` when the token was rotated: keep the new one."""

    ticket: str
    desk: frames.Desk
    token: str | None = None
    expires_at: int | None = None


class Claims(Input):
    """What the site says of its visitor; what is left out stays."""

    name: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    email: Annotated[str, msgspec.Meta(max_length=254)] | None = None
    language: Literal["nl", "en"] | None = None


class OlderLines(Noun):
    """Log lines oldest first; ``more`` when there are older ones still."""

    log: list[Fact]
    more: bool


GivenWeb = NamedDependency[SkipValidation[WebParts]]
AnyRequest = Request[Any, Any, State]


@post("/sessions", operation_id="createVisitorSession", summary="Begin a visitor's session", tags=["visitor"])
async def create_session(
    request: AnyRequest, data: JSONBody[NewSession], house: GivenHouse, web: GivenWeb
) -> VisitorSessionAnswer:
    """Called when the visitor first acts; the token is the visitor's only credential."""
    house.health.check_staying()
    wait_s = web.sessions.take(bucket_key(call_of(request.scope).client))
    if wait_s:
        raise TooManyError("Too many new visitors from this address.", retry_after_s=wait_s)
    site = origin(request.headers.get("origin", ""))
    now = house.clock.now()
    device = request.headers.get("user-agent", "")

    def write(tx: Tx) -> tuple[visitors.Issued, str]:
        inbox, organisation = web.doorman.admit(tx, data.inbox, site)
        issued = visitors.create(
            tx,
            now,
            organisation=organisation,
            inbox=inbox.id,
            origin=site,
            language=data.language or inbox.language,
            name=data.name,
            email=data.email,
            device=device,
        )
        return issued, _organisation_name(tx, organisation)

    issued, name = await house.db.write(write)
    return VisitorSessionAnswer(
        token=issued.token or "",
        visitor=issued.visitor.id,
        expires_at=issued.expires_at,
        ticket=await _ticket(house, issued.visitor),
        desk=_desk(house, issued.visitor, name),
    )


@post(
    "/tickets",
    operation_id="createVisitorTicket",
    summary="A ticket for the visitor's socket",
    tags=["visitor"],
)
async def create_ticket(request: AnyRequest, house: GivenHouse, web: GivenWeb) -> TicketAnswer:
    """Rotates the token once a day; the old one stays good for ten minutes."""
    house.health.check_staying()
    token, site = web.doorman.credentials(request)
    now = house.clock.now()

    def read(tx: Tx) -> tuple[visitors.Visitor, str, bool]:
        visitor = web.doorman.visitor(tx, now, token, site)
        return (
            visitor,
            _organisation_name(tx, visitor.organisation),
            visitors.is_due(tx, now, token, visitor.id),
        )

    visitor, name, is_due = await house.db.read(read)
    issued = await house.db.write(lambda tx: visitors.refresh(tx, now, token, site)) if is_due else None
    return TicketAnswer(
        ticket=await _ticket(house, visitor),
        desk=_desk(house, visitor, name),
        token=issued.token if issued else None,
        expires_at=issued.expires_at if issued and issued.token else None,
    )


@patch(
    "/contact",
    operation_id="changeVisitorContact",
    summary="What the site says of its visitor",
    tags=["visitor"],
    status_code=204,
)
async def change_contact(
    request: AnyRequest, data: JSONBody[Claims], house: GivenHouse, web: GivenWeb
) -> None:
    """Unverified claims: shown to agents, never proof of who somebody is."""
    token, site = web.doorman.credentials(request)
    now = house.clock.now()
    known = await house.db.read(lambda tx: web.doorman.visitor(tx, now, token, site))
    wait_s = web.claims.take(known.id)
    if wait_s:
        raise TooManyError("Too many changes of this visitor.", retry_after_s=wait_s)

    def write(tx: Tx) -> None:
        visitor = web.doorman.visitor(tx, now, token, site)
        visitors.claim(tx, visitor.id, name=data.name, email=data.email, language=data.language)
        if visitor.contact is not None:
            with log.Writer(tx, now) as writer:
                contacts.change(
                    writer,
                    visitor.organisation,
                    Actor(kind="contact", id=visitor.contact, name=visitor.name),
                    visitor.contact,
                    name=data.name,
                    email=data.email,
                    language=data.language,
                )

    await house.db.write(write)


@get(
    "/conversations/{conversation:str}/facts",
    operation_id="listVisitorFacts",
    summary="Older messages",
    tags=["visitor"],
)
async def older_lines(
    request: AnyRequest,
    conversation: FromPath[str],
    house: GivenHouse,
    web: GivenWeb,
    before: Annotated[int, QueryParameter(ge=1, le=2_147_483_647)],
) -> OlderLines:
    """The lines of the visitor's own conversation before a seq."""
    token, site = web.doorman.credentials(request)
    now = house.clock.now()

    def read(tx: Tx) -> OlderLines:
        visitor = web.doorman.visitor(tx, now, token, site)
        mine = [row.id for row in conversations.of_visitor(tx, visitor.id, visitor.inbox, limit=1_000)]
        if conversation not in mine:
            raise NotFoundError("There is no such conversation.", code="conversation_unknown")
        found, more = log.tail(tx, conversation, HISTORY_PAGE, before)
        return OlderLines(log=visible(found), more=more)

    return await house.db.read(read)


def _organisation_name(tx: Tx, organisation: str) -> str:
    row = tx.one("select name from organisation where id = ?", [organisation])
    return str(row[0]) if row else ""


async def _ticket(house: House, visitor: visitors.Visitor) -> str:
    claims = VisitorClaims(
        visitor=visitor.id, organisation=visitor.organisation, inbox=visitor.inbox, origin=visitor.origin
    )
    return await house.tickets.issue(claims)


def _desk(house: House, visitor: visitors.Visitor, name: str) -> frames.Desk:
    return desk_now(house.presence, house.openings, visitor.organisation, visitor.inbox, name)


def routes(web: WebParts) -> Router:
    """The visitor's routes under /v1/visitor."""
    return Router(
        "/v1/visitor",
        route_handlers=[create_session, create_ticket, change_contact, older_lines],
        dependencies={"web": Provide(lambda: web, sync_to_thread=False)},
        request_max_body_size=STRANGERS_LIMIT,
    )
