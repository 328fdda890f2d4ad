"""One small office that every test knows. Built by the same commands that the product uses.

*Groene Stroom* supplies energy: Sanne runs it, Daan supervises, Fatima answers for customer service, Tom for the
engineers only. *Blauwe Gracht* is another organisation on the same desk; nothing of the one may show at the other.
"""

from functools import cache

import msgspec
from argon2 import PasswordHasher

from balie.desk import roster, visitors
from balie.desk.log import Writer
from balie.desk.messages import Inbound, Receipt, Receive
from balie.desk.model import Actor, Agent, Inbox, Organisation, Role, Team
from balie.engine.ports import Database, Tx
from balie.lib import ids
from balie.lib.clock import Clock

HASHER = PasswordHasher(time_cost=1, memory_cost=1_024, parallelism=1)
"""Hashing is slow on purpose; people who sign in hundreds of times take a faster one."""
PASSWORD = "zonnebloem-op-zolder"
SITE = "https://www.groenestroom.example"
OTHER_SITE = "https://www.blauwegracht.example"


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation with its people by first name, and its inboxes: ``site`` for all, ``engineers`` for a team."""

    organisation: Organisation
    agents: dict[str, Agent]
    teams: dict[str, Team]
    site: Inbox
    engineers: Inbox

    def email(self, name: str) -> str:
        return f"{name}@{self.organisation.name.lower().replace(' ', '')}.example"


class Cast(msgspec.Struct, frozen=True):
    """Both offices."""

    stroom: Office
    gracht: Office


class Visit(msgspec.Struct, frozen=True):
    """A visitor's browser: its token, and the conversation and contact once there is a message."""

    visitor: str
    token: str
    inbox: str
    organisation: str
    conversation: str = ""
    contact: str = ""


def build(tx: Tx, now: int) -> Cast:
    """Both offices, without any conversation."""
    stroom: dict[str, Role] = {"sanne": "admin", "daan": "supervisor", "fatima": "agent", "tom": "agent"}
    gracht: dict[str, Role] = {"eva": "admin", "joris": "agent"}
    return Cast(
        stroom=_office(tx, now, "Groene Stroom", SITE, stroom, engineer="tom"),
        gracht=_office(tx, now, "Blauwe Gracht", OTHER_SITE, gracht, engineer="joris"),
    )


def visit(
    tx: Tx, now: int, office: Office, inbox: Inbox | None = None, name: str = "Marieke Visser"
) -> Visit:
    """A browser that opened the chat window and has not written yet."""
    inbox = inbox or office.site
    issued = visitors.create(
        tx,
        now,
        organisation=office.organisation.id,
        inbox=inbox.id,
        origin=inbox.allowed_origins[0],
        language="nl",
        name=name,
        email="marieke@example.nl",
    )
    return Visit(issued.visitor.id, issued.token or "", inbox.id, office.organisation.id)


async def asks(
    db: Database,
    clock: Clock,
    office: Office,
    text: str,
    inbox: Inbox | None = None,
    name: str = "Marieke Visser",
) -> Visit:
    """A visitor who asks ``text``: opens a conversation."""
    came = await db.write(lambda tx: visit(tx, clock.now(), office, inbox, name))
    inbound = Inbound(
        organisation=came.organisation,
        sender=came.visitor,
        external_id=ids.new_cid(),
        text=text,
        actor=Actor(kind="contact", id=came.visitor, name=name),
        inbox=came.inbox,
        visitor=came.visitor,
    )
    receipt = await db.write(lambda tx: Receive(clock)(tx, [inbound])[0])
    if not isinstance(receipt, Receipt):
        raise receipt
    contact = await db.read(lambda tx: visitors.contact_of(tx, came.visitor))
    return msgspec.structs.replace(came, conversation=receipt.conversation, contact=contact or "")


async def says(db: Database, clock: Clock, visit: Visit, text: str) -> None:
    """The visitor goes on."""
    inbound = Inbound(
        organisation=visit.organisation,
        sender=visit.visitor,
        external_id=ids.new_cid(),
        text=text,
        actor=Actor(kind="contact", id=visit.contact, name="Marieke Visser"),
        inbox=visit.inbox,
        visitor=visit.visitor,
        conversation=visit.conversation,
    )
    receipt = await db.write(lambda tx: Receive(clock)(tx, [inbound])[0])
    if not isinstance(receipt, Receipt):
        raise receipt


def _office(tx: Tx, now: int, name: str, site: str, people: dict[str, Role], engineer: str) -> Office:
    organisation = roster.create_organisation(tx, now, name)
    teams = {team: roster.create_team(tx, organisation.id, team) for team in ("service", "engineers")}
    office = Office(
        organisation=organisation,
        agents={},
        teams=teams,
        site=roster.create_inbox(tx, organisation.id, now, name="Website", allowed_origins=[site]),
        engineers=roster.create_inbox(
            tx, organisation.id, now, name="Engineers", allowed_origins=[site], team=teams["engineers"].id
        ),
    )
    with Writer(tx, now) as writer:
        for person, role in people.items():
            office.agents[person] = roster.create_agent(
                writer,
                organisation.id,
                roster.system(organisation.id),
                email=office.email(person),
                name=person.capitalize(),
                role=role,
                password_hash=_hash(),
                teams=[teams["engineers" if person == engineer else "service"].id],
            )
    return office


@cache
def _hash() -> str:
    return HASHER.hash(PASSWORD)
