"""The calendars of an organisation: kept, changed, and given to inboxes."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from balie.desk.access import Access
from balie.desk.hours import Calendar, CalendarChanged, CalendarRemoved
from balie.desk.log import Writer
from balie.engine.ports import Tx
from balie.lib.errors import ConflictError, InvalidError, NotFoundError

CALENDARS_MAX = 100

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Calendar).decode


class Opening(NamedTuple):
    """An inbox that has a calendar."""

    organisation: str
    inbox: str
    calendar: Calendar


def calendars(tx: Tx, organisation: str) -> list[Calendar]:
    """All of the organisation's, by name."""
    rows = tx.all("select body from calendar where organisation = ? order by name, id", [organisation])
    return [_decode(row[0]) for row in rows]


def find(tx: Tx, organisation: str, calendar: str) -> Calendar:
    row = tx.one("select body from calendar where id = ? and organisation = ?", [calendar, organisation])
    if row is None:
        raise NotFoundError("There is no such calendar.", code="calendar_unknown")
    return _decode(row[0])


def openings(tx: Tx) -> list[Opening]:
    """All inboxes of all organisations that have a calendar: what a process keeps in memory."""
    rows = tx.all("select i.organisation, i.id, c.body from inbox i join calendar c on c.id = i.calendar", [])
    return [Opening(row[0], row[1], _decode(row[2])) for row in rows]


def add(writer: Writer, access: Access, calendar: Calendar) -> Calendar:
    """``calendar`` was checked. ConflictError ``too_many_calendars``."""
    count = writer.tx.one("select count(*) from calendar where organisation = ?", [access.organisation])
    if count is not None and count[0] >= CALENDARS_MAX:
        raise ConflictError(
            f"An organisation has at most {CALENDARS_MAX} calendars.", code="too_many_calendars"
        )
    made = msgspec.structs.replace(calendar, version=1)
    writer.tx.execute(
        "insert into calendar (id, organisation, version, name, body, changed_at) values (?, ?, 1, ?, ?, ?)",
        [made.id, access.organisation, made.name, _encode(made).decode(), writer.now],
    )
    return _told(writer, access, made)


def replace(writer: Writer, access: Access, calendar: Calendar) -> Calendar:
    """Make the version that follows ``calendar.version``; ``calendar`` was checked. Nothing happens when nothing
    differs. ConflictError ``edited_meanwhile`` when there is a newer one."""
    tx = writer.tx
    # Two admins who save at once: the second one waits here, and then sees the first one's version.
    tx.one(f"select 1 from calendar where id = ?{tx.lock}", [calendar.id])
    before = find(tx, access.organisation, calendar.id)
    if before.version != calendar.version:
        raise ConflictError("Somebody else changed this calendar meanwhile.", code="edited_meanwhile")
    if calendar == before:
        return before
    after = msgspec.structs.replace(calendar, version=before.version + 1)
    tx.execute(
        "update calendar set version = ?, name = ?, body = ?, changed_at = ? where id = ? and organisation = ?",
        [after.version, after.name, _encode(after).decode(), writer.now, after.id, access.organisation],
    )
    return _told(writer, access, after)


def remove(writer: Writer, access: Access, calendar: str) -> None:
    """ConflictError ``calendar_in_use`` while an inbox has it."""
    tx = writer.tx
    find(tx, access.organisation, calendar)
    users = _users(tx, access.organisation, calendar)
    if users:
        raise ConflictError(f"This calendar is used by {', '.join(users)}.", code="calendar_in_use")
    tx.execute("delete from calendar where id = ? and organisation = ?", [calendar, access.organisation])
    writer.record_in(
        access.organisation,
        access.organisation,
        access.actor,
        "calendar_removed",
        CalendarRemoved(id=calendar),
    )


def check_given(tx: Tx, organisation: str, calendar: str) -> None:
    """InvalidError unless an inbox of the organisation may have this calendar."""
    # It cannot be removed until this is committed.
    found = tx.one(
        f"select 1 from calendar where id = ? and organisation = ?{tx.lock}", [calendar, organisation]
    )
    if found is None:
        raise InvalidError("There is no such calendar.", code="calendar_unknown")


def _users(tx: Tx, organisation: str, calendar: str) -> Sequence[str]:
    tx.one(f"select 1 from calendar where id = ?{tx.lock}", [calendar])
    rows = tx.all(
        "select name from inbox where calendar = ? and organisation = ? order by name",
        [calendar, organisation],
    )
    return [row[0] for row in rows]


def _told(writer: Writer, access: Access, calendar: Calendar) -> Calendar:
    writer.record_in(
        access.organisation,
        access.organisation,
        access.actor,
        "calendar_changed",
        CalendarChanged(calendar=calendar),
    )
    return calendar
