"""Configured channels: what a site's script tag names, and which sites may use it."""

from typing import Annotated

import msgspec
from litestar import get, patch
from litestar.params import FromPath, JSONBody

from balie.desk import roster
from balie.desk.model import Inbox, Language, Noun
from balie.edge.auth import role
from balie.edge.bodies import Input, Line
from balie.edge.given import GivenAccess, GivenDb, GivenWrite

_TAGS = ["people"]

Site = Annotated[str, msgspec.Meta(max_length=300)]


class InboxChangeInput(Input):
    """What is left out stays as it is. ``allowedOrigins``: the sites, such as `https://www.example.nl`. ``calendar``:
    when it is open; empty for always."""

    name: Line | None = None
    allowed_origins: Annotated[list[Site], msgspec.Meta(max_length=200)] | None = None
    language: Language | None = None
    calendar: Annotated[str, msgspec.Meta(max_length=30)] | None = None


class InboxList(Noun):
    items: list[Inbox]


@get("/inboxes", operation_id="listInboxes", summary="List inboxes", tags=_TAGS)
async def list_inboxes(db: GivenDb, access: GivenAccess) -> InboxList:
    """The inboxes you may read, by name."""
    return InboxList(items=await db.read(lambda tx: roster.inboxes(tx, access)))


@patch(
    "/inboxes/{inbox:str}",
    operation_id="changeInbox",
    summary="Change an inbox",
    tags=_TAGS,
    guards=[role("admin")],
)
async def change_inbox(
    inbox: FromPath[str], data: JSONBody[InboxChangeInput], access: GivenAccess, write: GivenWrite
) -> Inbox:
    """For admins. 400 `calendar_unknown`."""
    return await write(
        lambda writer: roster.change_inbox(
            writer,
            access,
            inbox,
            name=data.name,
            allowed_origins=data.allowed_origins,
            language=data.language,
            calendar=data.calendar,
        )
    )
