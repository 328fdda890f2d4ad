"""The audit of looks over HTTP: of a conversation, and of an inbox and a period."""

from collections.abc import AsyncIterator
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream

from balie.desk import conversations
from balie.desk.access import Access
from balie.desk.model import Noun
from balie.edge.auth import role
from balie.edge.given import GivenAccess, GivenDb
from balie.engine.ports import Database, Tx
from balie.features.cobrowse import audit
from balie.features.cobrowse.audit import AuditEnd, LookAudit
from balie.features.cobrowse.resources import TAGS
from balie.lib.errors import Flaw, InvalidError, NotFoundError

_OVERSEERS = [role("admin", "supervisor")]
_encode = msgspec.json.Encoder().encode


class LookAudits(Noun):
    """Oldest first."""

    items: list[LookAudit]


@get(
    "/conversations/{conversation:str}/looks/audit",
    operation_id="auditConversationLooks",
    summary="Audit of a conversation's looks",
    tags=TAGS,
    guards=_OVERSEERS,
)
async def audit_conversation(conversation: FromPath[str], db: GivenDb, access: GivenAccess) -> LookAudits:
    """For admins and supervisors. Who, when, the words and the policy agreed to, grants, what the agent's hand did and
    with which outcome, pauses, watchers, recordings and the end. Nothing of the pages."""

    def read(tx: Tx) -> LookAudits:
        found = conversations.one(tx, access, conversation)
        return LookAudits(items=audit.of_conversation(tx, access, found.id))

    return await db.read(read)


@get(
    "/inboxes/{inbox:str}/looks/audit",
    operation_id="auditInboxLooks",
    summary="Audit of an inbox's looks",
    tags=TAGS,
    guards=_OVERSEERS,
    media_type="application/jsonl",
)
async def audit_inbox(
    inbox: FromPath[str],
    db: GivenDb,
    access: GivenAccess,
    since: Annotated[int, QueryParameter(name="from", ge=0, le=1 << 53)],
    until: Annotated[int, QueryParameter(name="to", ge=0, le=1 << 53)],
) -> Stream:
    """For admins and supervisors. One look in a line, as for a conversation, oldest first: those that began at `from`
    or later and before `to` (UTC milliseconds). The last line is `{"looks": how many, "complete": true}`; without it
    something is missing."""
    if since >= until:
        raise InvalidError("The period is not valid.", errors=[Flaw("to", "must be later than from")])
    if not await db.read(lambda tx: audit.may_read(tx, access, inbox)):
        raise NotFoundError("There is no such inbox.", code="inbox_unknown")
    headers = {"cache-control": "no-store", "content-disposition": 'attachment; filename="looks.jsonl"'}
    return Stream(_lines(db, access, inbox, since, until), media_type="application/jsonl", headers=headers)


async def _lines(db: Database, access: Access, inbox: str, since: int, until: int) -> AsyncIterator[bytes]:
    """A page of looks at a time, each in a snapshot of its own: a long period costs no memory and holds nobody up."""
    count = 0
    after: tuple[int, str] | None = None
    while True:
        place = after
        found, after = await db.read(
            lambda tx, place=place: audit.of_inbox(tx, access, inbox, since, until, place)  # type: ignore[misc]
        )
        count += len(found)
        yield b"".join(_encode(one) + b"\n" for one in found)
        if after is None:
            break
    yield _encode(AuditEnd(looks=count)) + b"\n"


ROUTES = (audit_conversation, audit_inbox)
