"""Looks over HTTP, for visitors: show a code, answer, pause, stop, grant control, tickets. The token and the Origin of
each call are checked."""

import asyncio
import secrets
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, TypeVar

from litestar import Request, Router, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from balie.desk import contacts
from balie.desk.log import Writer
from balie.desk.model import Actor, Language
from balie.desk.visitors import Visitor
from balie.edge.bodies import STRANGERS_LIMIT
from balie.edge.given import GivenHouse
from balie.edge.plugs import House
from balie.engine.ports import Tx
from balie.features.cobrowse import codes, commands, control, policies, policy, steps, store
from balie.features.cobrowse.claims import MirrorClaims
from balie.features.cobrowse.commands import CodeTakenError
from balie.features.cobrowse.facts import ControlKind, Look, PausedBy
from balie.features.cobrowse.relay import watchers
from balie.features.cobrowse.steps import Consent
from balie.features.cobrowse.store import LookRow
from balie.features.cobrowse.visitor_bodies import (
    ActionInput,
    AnswerInput,
    EndInput,
    GrantInput,
    OfferedLook,
    PauseInput,
    TicketInput,
    VisitorLook,
    VisitorPolicy,
    VisitorTicket,
)
from balie.lib.errors import Flaw, InvalidError, NotFoundError, TooManyError
from balie.lib.text import one_line

TAGS = ["visitor"]
OFFERS, OFFER_WINDOW_S = 10, 3_600.0
"""Codes that one visitor may show in an hour."""
EPOCH_STEP = 65_536
"""Epochs of the recorder that each ticket has for itself."""
_CODE_TRIES = 8

AnyRequest = Request[Any, Any, Any]
T = TypeVar("T")


@get("/look", operation_id="getVisitorLook", summary="The visitor's look", tags=TAGS)
async def show_look(request: AnyRequest, house: GivenHouse) -> VisitorLook:
    """The one that goes on."""
    row = await _read(request, house, store.live_of_visitor)
    return VisitorLook(look=row.noun(await watchers(house.leases, row)) if row else None)


@get("/looking-policy", operation_id="getVisitorPolicy", summary="What agents may see", tags=TAGS)
async def show_policy(request: AnyRequest, house: GivenHouse) -> VisitorPolicy:
    """As it would hold for a look that begins now."""
    found = await _read(
        request, house, lambda tx, visitor: policies.of_inbox(tx, visitor.organisation, visitor.inbox)
    )
    return VisitorPolicy(version=found.version, hash=found.hash, policy=policy.for_the_page(found.policy))


@post("/looks", operation_id="createVisitorLook", summary="Show a code", tags=TAGS)
async def create_look(request: AnyRequest, house: GivenHouse) -> OfferedLook:
    """Six digits that an agent may name once, within five minutes. 409 `look_running`, 429 `too_many_codes`."""
    visitor = await _read(request, house, lambda _, visitor: visitor)
    if await house.leases.count(f"look:offer:{visitor.id}", OFFER_WINDOW_S) > OFFERS:
        raise TooManyError("Too many codes were shown.", code="too_many_codes", retry_after_s=OFFER_WINDOW_S)
    for _ in range(_CODE_TRIES):
        code = f"{secrets.randbelow(1_000_000):06d}"
        digest = await asyncio.to_thread(codes.digest_of, visitor.organisation, code)
        try:
            row = await write(request, house, partial(_offered, digest))
        except CodeTakenError:
            continue
        return OfferedLook(look=row.noun(), code=code, expires_at=row.expires_at or 0)
    raise TooManyError("Too many codes are shown now.", code="too_many_codes")


@post(
    "/looks/{look:str}/answer", operation_id="answerLook", summary="Agree or not", tags=TAGS, status_code=200
)
async def answer_look(
    request: AnyRequest, look: FromPath[str], data: JSONBody[AnswerInput], house: GivenHouse
) -> Look:
    """409 `look_not_asked`, `look_ended`."""

    def command(writer: Writer, visitor: Visitor, row: LookRow, actor: Actor) -> LookRow:
        return commands.answer(writer, row, actor, _consent(data, visitor) if data.accept else None)

    return await change(request, house, look, command)


@post("/looks/{look:str}/pause", operation_id="pauseLook", summary="Pause", tags=TAGS, status_code=200)
async def pause_look(
    request: AnyRequest, look: FromPath[str], data: JSONBody[PauseInput], house: GivenHouse
) -> Look:
    """By the visitor, or by a page that the policy pauses. 409 `look_not_viewing`, `look_ended`."""
    return await change(
        request, house, look, lambda writer, _, row, actor: commands.pause(writer, row, actor, data.by)
    )


@post("/looks/{look:str}/resume", operation_id="resumeLook", summary="Go on", tags=TAGS, status_code=200)
async def resume_look(
    request: AnyRequest,
    look: FromPath[str],
    house: GivenHouse,
    by: Annotated[PausedBy, QueryParameter()] = "visitor",
) -> Look:
    """`by: page` does not undo the visitor's own pause. 409 `look_not_viewing`, `look_ended`."""
    return await change(
        request, house, look, lambda writer, _, row, actor: commands.resume(writer, row, actor, by)
    )


@post("/looks/{look:str}/end", operation_id="endVisitorLook", summary="Stop", tags=TAGS, status_code=200)
async def end_look(
    request: AnyRequest, look: FromPath[str], data: JSONBody[EndInput], house: GivenHouse
) -> Look:
    """Nothing happens to a look that is over."""
    return await change(
        request, house, look, lambda writer, _, row, actor: commands.end(writer, row, actor, data.reason)
    )


@post(
    "/looks/{look:str}/control",
    operation_id="answerControl",
    summary="Grant or refuse control",
    tags=TAGS,
    status_code=200,
)
async def answer_control(
    request: AnyRequest, look: FromPath[str], data: JSONBody[GrantInput], house: GivenHouse
) -> Look:
    """409 `control_not_asked`, `look_not_viewing`, `look_ended`."""
    return await change(
        request,
        house,
        look,
        lambda writer, _, row, actor: control.answer(writer, row, actor, data.kind, granted=data.granted),
    )


@delete(
    "/looks/{look:str}/control",
    operation_id="withdrawControl",
    summary="Take control back",
    tags=TAGS,
    status_code=200,
)
async def withdraw_control(
    request: AnyRequest,
    look: FromPath[str],
    house: GivenHouse,
    kind: Annotated[ControlKind | None, QueryParameter()] = None,
) -> Look:
    """All grants, or the one of `kind`."""
    return await change(
        request,
        house,
        look,
        lambda writer, _, row, actor: control.withdraw(writer, row, actor, "visitor", kind),
    )


@post(
    "/looks/{look:str}/actions",
    operation_id="createAction",
    summary="What an agent's hand did",
    tags=TAGS,
    status_code=204,
)
async def create_action(
    request: AnyRequest, look: FromPath[str], data: JSONBody[ActionInput], house: GivenHouse
) -> None:
    """409 `no_grant`, `look_not_viewing`, `look_ended`."""

    def command(writer: Writer, _: Visitor, row: LookRow, visitor: Actor) -> LookRow:
        control.used(writer, row, visitor, data.action, one_line(data.label, 80), data.outcome)
        return row

    await change(request, house, look, command)


@post(
    "/looks/{look:str}/tickets",
    operation_id="createVisitorLookTicket",
    summary="A ticket for the mirror",
    tags=TAGS,
)
async def create_ticket(
    request: AnyRequest, look: FromPath[str], data: JSONBody[TicketInput], house: GivenHouse
) -> VisitorTicket:
    """For `/v1/socket/mirror?ticket=…`. 409 `look_not_viewing`, `look_ended`."""
    house.health.check_staying()
    now = house.clock.now()

    def command(writer: Writer, visitor: Visitor) -> tuple[Visitor, LookRow, dict[str, Any]]:
        row = theirs(writer, visitor, look)
        steps.check_looking(row, now, *steps.LOOKING)
        found = policies.of_inbox(writer.tx, row.organisation, row.inbox, row.policy_version)
        return visitor, store.next_ticket(writer.tx, row), found.policy

    visitor, row, agreed = await write(request, house, command)
    claims = MirrorClaims(
        look=row.id,
        organisation=row.organisation,
        side="visitor",
        who=visitor.id,
        origin=visitor.origin,
        number=row.tickets,
    )
    return VisitorTicket(
        ticket=await house.tickets.issue(claims),
        epoch=row.tickets * EPOCH_STEP,
        policy=policy.for_the_page(agreed),
        policy_version=row.policy_version,
        policy_hash=row.policy_hash,
        sisters=agreed["sisters"],
    )


def routes(*more: HTTPRouteHandler) -> Router:
    """The visitor's routes under /v1/visitor, and ``more`` of them."""
    return Router(
        "/v1/visitor",
        route_handlers=[
            show_look, show_policy, create_look, answer_look, pause_look, resume_look, end_look, answer_control,
            withdraw_control, create_action, create_ticket, *more,
        ],
        request_max_body_size=STRANGERS_LIMIT,
    )  # fmt: skip


def _offered(digest: bytes, writer: Writer, visitor: Visitor) -> LookRow:
    return commands.offer(writer, visitor, digest)


def required(text: str | None, language: Language | None) -> tuple[str, Language]:
    """What a consent cannot do without; InvalidError names what is missing."""
    if text is None or language is None:
        missing = [
            Flaw(pointer, "is required")
            for pointer, value in (("/consentText", text), ("/language", language))
            if value is None
        ]
        raise InvalidError("The body is not valid.", errors=missing)
    return text, language


def _consent(data: AnswerInput, visitor: Visitor) -> Consent:
    text, language = required(data.consent_text, data.language)
    return Consent(text=text, language=language, address=codes.address_of(data.address, visitor.origin))


async def _read(request: AnyRequest, house: House, fn: Callable[[Tx, Visitor], T]) -> T:
    token, site = house.doorman.credentials(request)
    now = house.clock.now()
    return await house.db.read(lambda tx: fn(tx, house.doorman.visitor(tx, now, token, site)))


async def write(request: AnyRequest, house: House, command: Callable[[Writer, Visitor], T]) -> T:
    """What a visitor does, in one transaction. For the routes of this slice."""
    token, site = house.doorman.credentials(request)
    now = house.clock.now()

    def run(tx: Tx) -> T:
        with Writer(tx, now) as writer:
            return command(writer, house.doorman.visitor(tx, now, token, site))

    return await house.db.write(run)


async def change(
    request: AnyRequest,
    house: House,
    look: str,
    command: Callable[[Writer, Visitor, LookRow, Actor], LookRow],
) -> Look:
    """What the visitor does with the own look, held until the commit. For the routes of this slice."""

    def run(writer: Writer, visitor: Visitor) -> LookRow:
        row = theirs(writer, visitor, look)
        contact = contacts.find(writer.tx, row.organisation, row.contact)
        actor = Actor(kind="contact", id=contact.id, name=contact.name or visitor.name)
        return command(writer, visitor, row, actor)

    row = await write(request, house, run)
    return row.noun(await watchers(house.leases, row))


def theirs(writer: Writer, visitor: Visitor, look: str) -> LookRow:
    """The visitor's own look, held until the commit; NotFoundError."""
    row = store.for_visitor(writer.tx, visitor, look, lock=True)
    if row is None:
        raise NotFoundError("There is no such look.", code="look_unknown")
    return row
