"""Contacts, and how a visitor becomes one."""

from typing import NamedTuple

from balie.desk import log
from balie.desk.access import Access, inboxes_sql
from balie.desk.facts import ContactChanged
from balie.desk.model import Actor, Contact, Language
from balie.engine.ports import Row, Tx
from balie.lib import ids
from balie.lib.errors import NotFoundError
from balie.lib.text import one_line

COLUMNS = "k.id, k.name, k.email, k.phone, k.language"
NAME_LIMIT = 120


class BecameContact(NamedTuple):
    """Emitted with a visitor's first message, so that the feed knows whom its facts concern."""

    visitor: str
    contact: str


def of_row(row: Row) -> Contact:
    """A contact from COLUMNS."""
    return Contact(id=row[0], name=row[1], email=row[2], phone=row[3], language=row[4])


def find(tx: Tx, organisation: str, contact: str) -> Contact:
    row = tx.one(
        f"select {COLUMNS} from contact k where k.id = ? and k.organisation = ?", [contact, organisation]
    )
    if row is None:
        raise NotFoundError("There is no such contact.", code="contact_unknown")
    return of_row(row)


def reach(tx: Tx, access: Access, contact: str) -> Contact:
    """The contact, when ``access`` may read one of their conversations or oversees the desk."""
    found = find(tx, access.organisation, contact)
    if not access.oversees:
        inboxes, params = inboxes_sql(access)
        sql = f"select 1 from conversation where contact = ? and organisation = ? and inbox in ({inboxes})"
        if tx.one(sql, [contact, access.organisation, *params]) is None:
            raise NotFoundError("There is no such contact.", code="contact_unknown")
    return found


def create(
    tx: Tx,
    organisation: str,
    now: int,
    *,
    name: str = "",
    email: str = "",
    phone: str = "",
    language: Language = "nl",
) -> Contact:
    contact = Contact(
        id=ids.new_id(ids.CONTACT),
        name=one_line(name, NAME_LIMIT),
        email=one_line(email, 254),
        phone=one_line(phone, 40),
        language=language,
    )
    tx.execute(
        "insert into contact (id, organisation, name, email, phone, language, created_at) values (?, ?, ?, ?, ?, ?, ?)",
        [contact.id, organisation, contact.name, contact.email, contact.phone, language, now],
    )
    return contact


def of_visitor(tx: Tx, organisation: str, visitor: str, now: int) -> Contact:
    """The visitor's contact; made from the visitor's own claims at the first message."""
    row = tx.one(
        f"select contact, name, email, language from visitor where id = ? and organisation = ?{tx.lock}",
        [visitor, organisation],
    )
    if row is None:
        raise NotFoundError("There is no such visitor.", code="visitor_unknown")
    if row[0] is not None:
        return find(tx, organisation, row[0])
    contact = create(tx, organisation, now, name=row[1], email=row[2], language=row[3])
    tx.execute("update visitor set contact = ? where id = ?", [contact.id, visitor])
    tx.emit(BecameContact(visitor, contact.id))
    return contact


def change(
    writer: log.Writer,
    organisation: str,
    actor: Actor,
    contact: str,
    *,
    name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    language: Language | None = None,
) -> Contact:
    """Change what is given; a fact in the organisation's stream when anything differed."""
    before = find(writer.tx, organisation, contact)
    after = Contact(
        id=before.id,
        name=before.name if name is None else one_line(name, NAME_LIMIT),
        email=before.email if email is None else one_line(email, 254),
        phone=before.phone if phone is None else one_line(phone, 40),
        language=before.language if language is None else language,
    )
    if after != before:
        writer.tx.execute(
            "update contact set name = ?, email = ?, phone = ?, language = ? where id = ? and organisation = ?",
            [after.name, after.email, after.phone, after.language, contact, organisation],
        )
        body = ContactChanged(contact=after)
        known_in = writer.tx.all("select distinct inbox from conversation where contact = ?", [contact])
        # One fact an inbox: an agent hears of the contacts of the inboxes they may read, and of no others (I7).
        for inbox in [row[0] for row in known_in] or [None]:
            writer.record_in(organisation, organisation, actor, "contact_changed", body, inbox=inbox)
    return after
