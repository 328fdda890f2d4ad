"""A look goes on at another site of the organisation: asked for on the one, taken up on the other once the visitor says
yes there. The word that travels in the address works once, within a minute, from one site to one other (threat S24)."""

from typing import Annotated, Any

import msgspec
from litestar import Request, post
from litestar.params import FromPath, JSONBody

from balie.desk import contacts, roster, visitors
from balie.desk.log import Writer
from balie.desk.model import Actor, Language, Noun
from balie.desk.visitors import Visitor
from balie.edge.bodies import Input
from balie.edge.call import call_of
from balie.edge.given import GivenHouse
from balie.edge.limits import bucket_key
from balie.edge.plugs import House
from balie.engine.ports import Tx
from balie.features.cobrowse import codes, commands, places, policies, steps, store
from balie.features.cobrowse.claims import Arrival, HandOver
from balie.features.cobrowse.facts import Look
from balie.features.cobrowse.steps import Consent
from balie.features.cobrowse.store import LookRow
from balie.features.cobrowse.visitor_bodies import TextVersion
from balie.features.cobrowse.visitor_resources import TAGS, AnyRequest, required, theirs, write
from balie.lib.errors import ForbiddenError, NotFoundError, TooManyError
from balie.lib.text import one_line, origin

LIFE_S = 60.0
HAND_OVERS, WINDOW_S = 120, 600.0
"""What one visitor may ask for, and one address may try, in that time."""


class HandOverInput(Input):
    """``to``: the origin of the site that the visitor goes to."""

    to: Annotated[str, msgspec.Meta(max_length=300)]


class HandOverAnswer(Noun):
    token: str
    expires_at: int


class ArrivalInput(Input):
    """``inbox``: the public key of the script tag. ``from``: where the page says that its visitor came from."""

    inbox: Annotated[str, msgspec.Meta(max_length=60)]
    token: Annotated[str, msgspec.Meta(max_length=100)]
    from_: Annotated[str, msgspec.Meta(max_length=300)] = msgspec.field(name="from")


class ArrivalAnswer(Noun):
    """``confirm`` goes back with the visitor's answer, within a minute. ``agent`` leads the look."""

    confirm: str
    agent: Actor | None
    expires_at: int


class GoOnInput(Input):
    """``consentText`` and ``language`` are needed to accept."""

    confirm: Annotated[str, msgspec.Meta(max_length=100)]
    accept: bool
    tab: Annotated[str, msgspec.Meta(max_length=36)] = ""
    language: Language | None = None
    consent_text: TextVersion | None = None
    address: Annotated[str, msgspec.Meta(max_length=2_000)] = ""


class GoOnAnswer(Noun):
    """``token``: the visitor's on this site, in clear, once; none when the look ended."""

    token: str | None
    look: Look


@post(
    "/looks/{look:str}/hand-overs",
    operation_id="createHandOver",
    summary="Go on at another site",
    tags=TAGS,
)
async def create_hand_over(
    request: AnyRequest, look: FromPath[str], data: JSONBody[HandOverInput], house: GivenHouse
) -> HandOverAnswer:
    """For sites that the looking policy trusts and the inbox allows. 403 `site_not_trusted`; 409 `look_not_viewing`,
    `look_ended`."""

    def command(writer: Writer, visitor: Visitor) -> tuple[Visitor, HandOver]:
        row = theirs(writer, visitor, look)
        target = origin(data.to)
        steps.check_looking(row, writer.now, *steps.LOOKING)
        if target == visitor.origin or not _is_trusted(writer.tx, house, row, target):
            raise ForbiddenError("This look does not go on at that site.", code="site_not_trusted")
        return visitor, HandOver(
            look=row.id,
            organisation=row.organisation,
            inbox=row.inbox,
            contact=row.contact,
            source=visitor.origin,
            target=target,
        )

    visitor, claims = await write(request, house, command)
    await _count(house, f"visitor:{visitor.id}")
    expires_at = house.clock.now() + round(LIFE_S * 1000)
    return HandOverAnswer(token=await house.tickets.issue(claims, LIFE_S), expires_at=expires_at)


@post(
    "/hand-overs",
    operation_id="createArrival",
    summary="Arrive at another site",
    tags=TAGS,
    status_code=200,
)
async def create_arrival(
    request: Request[Any, Any, Any], data: JSONBody[ArrivalInput], house: GivenHouse
) -> ArrivalAnswer:
    """Without a visitor's token. Uses the word up, whatever comes of it. 404 `hand_over_unknown`."""
    await _count(house, f"address:{bucket_key(call_of(request.scope).client)}")
    site, now = _site(request), house.clock.now()
    claims = await house.tickets.redeem(data.token, HandOver)
    if claims is None or claims.target != site or claims.source != origin(data.from_):
        raise _unknown()

    def read(tx: Tx) -> LookRow | None:
        inbox, _ = house.doorman.admit(tx, data.inbox, site)
        row = store.peek(tx, claims.look)
        if row is None or row.organisation != claims.organisation or row.state not in steps.LOOKING:
            return None
        return row if inbox.id == row.inbox and _is_trusted(tx, house, row, site) else None

    row = await house.db.read(read)
    if row is None:
        raise _unknown()
    arrival = Arrival(
        look=row.id, organisation=row.organisation, inbox=row.inbox, contact=row.contact, site=site
    )
    confirm = await house.tickets.issue(arrival, LIFE_S)
    return ArrivalAnswer(confirm=confirm, agent=row.agent, expires_at=now + round(LIFE_S * 1000))


@post(
    "/hand-overs/answer",
    operation_id="answerArrival",
    summary="Go on here or stop",
    tags=TAGS,
    status_code=200,
)
async def answer_arrival(
    request: Request[Any, Any, Any], data: JSONBody[GoOnInput], house: GivenHouse
) -> GoOnAnswer:
    """Yes: consent for this site is kept, and the visitor gets a token for it. No: the look ends. 404
    `hand_over_unknown`; 409 `look_ended`."""
    words = required(data.consent_text, data.language) if data.accept else None
    site, now = _site(request), house.clock.now()
    claims = await house.tickets.redeem(data.confirm, Arrival)
    if claims is None or claims.site != site:
        raise _unknown()
    device = request.headers.get("user-agent", "")

    def run(tx: Tx) -> tuple[str | None, LookRow]:
        with Writer(tx, now) as writer:
            row = store.find(tx, claims.look)
            if row is None or row.organisation != claims.organisation or row.contact != claims.contact:
                raise _unknown()
            contact = contacts.find(tx, row.organisation, row.contact)
            actor = Actor(kind="contact", id=contact.id, name=contact.name)
            if words is None:
                return None, commands.end(writer, row, actor, "visitor")
            steps.check_looking(row, now, *steps.LOOKING)
            if not _is_trusted(tx, house, row, site):
                raise _unknown()
            text, language = words
            consent = Consent(text=text, language=language, address=codes.address_of(data.address, site))
            after = places.go_on(writer, row, actor, "site", one_line(data.tab, 36), consent)
            issued = visitors.create(
                tx,
                now,
                organisation=row.organisation,
                inbox=row.inbox,
                origin=site,
                language=language,
                name=contact.name,
                device=device,
                contact=contact.id,
            )
            return issued.token, after

    token, row = await house.db.write(run)
    return GoOnAnswer(token=token, look=row.noun())


def _is_trusted(tx: Tx, house: House, row: LookRow, site: str) -> bool:
    """By the policy that the visitor agreed under, by the one that holds today, and by the inbox."""
    if not site or site not in roster.inbox_by_id(tx, row.organisation, row.inbox).allowed_origins:
        return False
    agreed = policies.of_inbox(tx, row.organisation, row.inbox, row.policy_version)
    today = policies.of_inbox(tx, row.organisation, row.inbox)
    return site in agreed.policy["sisters"] and site in today.policy["sisters"]


async def _count(house: House, who: str) -> None:
    if await house.leases.count(f"look:hand-over:{who}", WINDOW_S) > HAND_OVERS:
        raise TooManyError("Too many hand-overs.", code="too_many_hand_overs", retry_after_s=WINDOW_S)


def _site(request: Request[Any, Any, Any]) -> str:
    return origin(request.headers.get("origin", ""))


def _unknown() -> NotFoundError:
    # One answer for all: what was wrong with it is nobody's business.
    return NotFoundError("There is nothing to go on with here.", code="hand_over_unknown")


ROUTES = (create_hand_over, create_arrival, answer_arrival)
