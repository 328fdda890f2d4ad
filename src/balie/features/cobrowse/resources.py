"""Looks over HTTP, for agents: invite, join by code, end, ask for control, tickets."""

import asyncio
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.params import FromPath, JSONBody

from balie.desk import conversations
from balie.desk.access import Access
from balie.desk.log import Writer
from balie.desk.model import Noun
from balie.edge.bodies import Input
from balie.edge.call import call_of
from balie.edge.given import (
    GivenAccess,
    GivenClock,
    GivenDb,
    GivenHouse,
    GivenLeases,
    GivenOnce,
    GivenSignedIn,
    GivenWrite,
)
from balie.edge.limits import bucket_key
from balie.engine.ports import Leases, Tx
from balie.features.cobrowse import assets, codes, commands, control, steps, store
from balie.features.cobrowse.assets import AssetClaims
from balie.features.cobrowse.claims import MirrorClaims
from balie.features.cobrowse.facts import ControlKind, Look
from balie.features.cobrowse.relay import watchers
from balie.features.cobrowse.store import LookRow
from balie.lib.errors import NotFoundError, TooManyError

TAGS = ["looking along"]
TRY_WINDOW_S = 300.0
TRIES = {"agent": 5, "organisation": 60, "address": 30}
"""Codes that may be tried in that time: a million codes, so guessing one of ten that are shown takes years."""
_DAY_MS = 86_400_000


class JoinInput(Input):
    """The six digits that the visitor reads out."""

    code: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{6}$(?!\n)")]


class ControlInput(Input):
    kind: ControlKind


class AgentTicket(Noun):
    """``ticket``: opens one mirror socket within 30 s. ``assets``: where the viewer finds images and fonts, ending in a
    slash; the address of one is ``?u=`` and its own, encoded."""

    ticket: str
    assets: str


@post(
    "/conversations/{conversation:str}/looks",
    operation_id="createLook",
    summary="Ask to look along",
    tags=TAGS,
)
async def create_look(conversation: FromPath[str], access: GivenAccess, once: GivenOnce) -> Look:
    """The visitor has ten minutes to answer. 409 `look_running`, `conversation_closed`."""
    return await once(lambda writer: commands.invite(writer, access, conversation).noun(), Look)


@get(
    "/conversations/{conversation:str}/look",
    operation_id="getConversationLook",
    summary="Look now",
    tags=TAGS,
)
async def conversation_look(
    conversation: FromPath[str], db: GivenDb, access: GivenAccess, house: GivenHouse, clock: GivenClock
) -> Response[Look | None]:
    """The one that goes on, else the last one of the past 24 hours, else `null`."""
    since = clock.now() - _DAY_MS

    def read(tx: Tx) -> LookRow | None:
        conversations.one(tx, access, conversation)
        return store.last_of_conversation(tx, access, conversation, since)

    row = await db.read(read)
    return Response(row.noun(await watchers(house.leases, row)) if row else None)


@post("/looks/join", operation_id="joinLook", summary="Join by code", tags=TAGS, status_code=200)
async def join_look(
    request: Request[Any, Any, Any],
    data: JSONBody[JoinInput],
    access: GivenAccess,
    house: GivenHouse,
    write: GivenWrite,
) -> Look:
    """The code is used up and the visitor is asked. 404 `code_unknown`, 429 `too_many_tries`."""
    await count_try(house.leases, access, bucket_key(call_of(request.scope).client))
    digest = await asyncio.to_thread(codes.digest_of, access.organisation, data.code)
    return await write(lambda writer: commands.join(writer, access, digest).noun())


@get("/looks/{look:str}", operation_id="getLook", summary="Read a look", tags=TAGS)
async def show_look(look: FromPath[str], db: GivenDb, access: GivenAccess, leases: GivenLeases) -> Look:
    row = await db.read(lambda tx: store.for_agent(tx, access, look))
    if row is None:
        raise _unknown()
    return row.noun(await watchers(leases, row))


@post(
    "/looks/{look:str}/end", operation_id="endLook", summary="Stop looking along", tags=TAGS, status_code=200
)
async def end_look(look: FromPath[str], access: GivenAccess, write: GivenWrite) -> Look:
    """Also takes an invitation back. Nothing happens to a look that is over."""
    row = await write(lambda writer: commands.end(writer, reach(writer, access, look), access.actor, "agent"))
    return row.noun()


@post(
    "/looks/{look:str}/control",
    operation_id="askControl",
    summary="Ask for control",
    tags=TAGS,
    status_code=200,
)
async def ask_control(
    look: FromPath[str],
    data: JSONBody[ControlInput],
    access: GivenAccess,
    write: GivenWrite,
    leases: GivenLeases,
) -> Look:
    """The visitor has 30 seconds to answer. 409 `control_taken`, `control_asked`, `control_granted`,
    `look_not_viewing`; 403 `control_not_allowed`."""
    row = await write(lambda writer: control.ask(writer, access, reach(writer, access, look), data.kind))
    return row.noun(await watchers(leases, row))


@delete(
    "/looks/{look:str}/control",
    operation_id="giveUpControl",
    summary="Give control back",
    tags=TAGS,
    status_code=200,
)
async def give_up_control(
    look: FromPath[str], access: GivenAccess, write: GivenWrite, leases: GivenLeases
) -> Look:
    """What you hold or asked for; what a colleague holds stays."""

    def command(writer: Writer) -> LookRow:
        row = reach(writer, access, look)
        theirs = access.agent in control.holders(row)
        return control.withdraw(writer, row, access.actor, "agent") if theirs else row

    row = await write(command)
    return row.noun(await watchers(leases, row))


@post(
    "/looks/{look:str}/tickets", operation_id="createLookTicket", summary="A ticket for the mirror", tags=TAGS
)
async def create_ticket(
    look: FromPath[str], db: GivenDb, signed_in: GivenSignedIn, house: GivenHouse, clock: GivenClock
) -> AgentTicket:
    """For `/v1/socket/mirror?ticket=…`. 409 `look_not_viewing`, `look_ended`."""
    house.health.check_staying()
    access = signed_in.access
    row = await db.read(lambda tx: store.for_agent(tx, access, look))
    if row is None:
        raise _unknown()
    steps.check_looking(row, clock.now(), *steps.LOOKING)
    claims = MirrorClaims(
        look=row.id,
        organisation=access.organisation,
        side="agent",
        who=access.agent,
        session=signed_in.session,
    )
    folder = AssetClaims(look=row.id, agent=access.agent, session=signed_in.session)
    return AgentTicket(
        ticket=await house.tickets.issue(claims), assets=await assets.new_folder(house, folder)
    )


def reach(writer: Writer, access: Access, look: str) -> LookRow:
    """The look, held until the commit, where ``access`` may read it; NotFoundError otherwise."""
    row = store.for_agent(writer.tx, access, look, lock=True)
    if row is None:
        raise _unknown()
    return row


async def count_try(leases: Leases, access: Access, address: str) -> None:
    """TooManyError ``too_many_tries``. A right code does not make the count smaller: an agent could show one to
    themselves in between."""
    keys = {"agent": access.agent, "organisation": access.organisation, "address": address}
    for name, key in keys.items():
        if await leases.count(f"look:try:{name}:{key}", TRY_WINDOW_S) > TRIES[name]:
            raise TooManyError(
                "Too many codes were tried.", code="too_many_tries", retry_after_s=TRY_WINDOW_S
            )


def _unknown() -> NotFoundError:
    return NotFoundError("There is no such look.", code="look_unknown")
