"""The people who ask: their card, their conversations and what they looked at."""

from typing import Annotated

import msgspec
from litestar import get, patch
from litestar.params import FromPath, JSONBody

from balie.desk import contacts, conversations, pages
from balie.desk.log import Writer
from balie.desk.model import Contact, Conversation, Language, Noun, PageState, PageView
from balie.edge.bodies import Input
from balie.edge.given import GivenAccess, GivenDb, GivenHouse, GivenWrite
from balie.engine.ports import Tx

_TAGS = ["contacts"]


class ContactInput(Input):
    """What is left out stays as it is; an empty text removes."""

    name: Annotated[str, msgspec.Meta(max_length=contacts.NAME_LIMIT)] | None = None
    email: Annotated[str, msgspec.Meta(max_length=254)] | None = None
    phone: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    language: Language | None = None


class VisitAnswer(Noun):
    """The contact's last visit: pages oldest first, ``current`` while the site is open, ``state`` as the page last told
    it where the looking policy lets agents know."""

    online: bool
    current: PageView | None
    pages: list[PageView]
    device: str
    state: PageState | None


class ContactConversations(Noun):
    items: list[Conversation]


@get("/contacts/{contact:str}", operation_id="getContact", summary="Read a contact", tags=_TAGS)
async def show_contact(contact: FromPath[str], db: GivenDb, access: GivenAccess) -> Contact:
    """Agents see the contacts of the conversations they may read; supervisors and admins see all."""
    return await db.read(lambda tx: contacts.reach(tx, access, contact))


@patch("/contacts/{contact:str}", operation_id="changeContact", summary="Correct a contact", tags=_TAGS)
async def change_contact(
    contact: FromPath[str], data: JSONBody[ContactInput], access: GivenAccess, write: GivenWrite
) -> Contact:
    def change(writer: Writer) -> Contact:
        found = contacts.reach(writer.tx, access, contact)
        return contacts.change(
            writer,
            access.organisation,
            access.actor,
            found.id,
            name=data.name,
            email=data.email,
            phone=data.phone,
            language=data.language,
        )

    return await write(change)


@get(
    "/contacts/{contact:str}/visit", operation_id="getVisit", summary="What the contact looks at", tags=_TAGS
)
async def show_visit(
    contact: FromPath[str], db: GivenDb, access: GivenAccess, house: GivenHouse
) -> VisitAnswer:
    """Addresses come without query and fragment."""

    def read(tx: Tx) -> pages.Visit:
        return pages.last_visit(tx, access.organisation, contacts.reach(tx, access, contact).id)

    visit = await db.read(read)
    online = house.presence.is_online(contact)
    state = await pages.last_state(house.leases, contact) if online else None
    current = visit.pages[-1] if online and visit.pages else None
    return VisitAnswer(online=online, current=current, pages=visit.pages, device=visit.device, state=state)


@get(
    "/contacts/{contact:str}/conversations",
    operation_id="listContactConversations",
    summary="List a contact's conversations",
    tags=_TAGS,
)
async def list_contact_conversations(
    contact: FromPath[str], db: GivenDb, access: GivenAccess
) -> ContactConversations:
    """Newest first, at most 50, of the inboxes you may read."""

    def read(tx: Tx) -> list[Conversation]:
        return conversations.of_contact(tx, access, contacts.reach(tx, access, contact).id)

    return ContactConversations(items=await db.read(read))
