"""When desks are open: calendars over HTTP."""

from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from balie.desk import calendars, hours
from balie.desk.hours import Calendar, CalendarPreview, Slot, SpecialDays
from balie.desk.model import Language, Noun
from balie.edge.auth import role
from balie.edge.bodies import Input, Line, filled
from balie.edge.given import GivenAccess, GivenClock, GivenDb, GivenOnce, GivenWrite
from balie.engine.ports import Database
from balie.lib import ids

_ADMINS = [role("admin")]
_TAGS = ["hours"]
PREVIEW_DAYS = 28

Time = Annotated[str, msgspec.Meta(max_length=5)]
Date = Annotated[str, msgspec.Meta(max_length=10)]


class SlotInput(Input):
    """Wall times `HH:MM`; `end` may be `24:00`."""

    start: Time
    end: Time


Slots = Annotated[list[SlotInput], msgspec.Meta(max_length=50)]


class SpecialDaysInput(Input):
    """From `first` to `last`, both included; without slots closed."""

    first: Date
    last: Date
    slots: Slots = msgspec.field(default_factory=list)
    name: Annotated[str, msgspec.Meta(max_length=200)] = ""


class CalendarInput(Input):
    """``version``: the one that was edited; 0 for a new calendar. ``week``: seven lists of slots, Monday first."""

    name: Line
    time_zone: Annotated[str, msgspec.Meta(max_length=60)]
    week: Annotated[list[Slots], msgspec.Meta(max_length=7)]
    holidays: Annotated[str, msgspec.Meta(max_length=10)] = ""
    special_days: Annotated[list[SpecialDaysInput], msgspec.Meta(max_length=500)] = msgspec.field(
        default_factory=list
    )
    version: Annotated[int, msgspec.Meta(ge=0, le=1 << 30)] = 0

    def named(self, calendar: str) -> Calendar:
        return Calendar(
            id=calendar,
            version=self.version,
            name=filled(self.name, "/name"),
            time_zone=self.time_zone,
            week=[_slots(day) for day in self.week],
            holidays=self.holidays,
            special_days=[
                SpecialDays(first=one.first, last=one.last, slots=_slots(one.slots), name=one.name)
                for one in self.special_days
            ],
        )


class PreviewInput(CalendarInput):
    """``language``: of the names of holidays."""

    language: Language = "nl"


class CalendarList(Noun):
    items: list[Calendar]


@get("/calendars", operation_id="listCalendars", summary="List calendars", tags=_TAGS)
async def list_calendars(db: GivenDb, access: GivenAccess) -> CalendarList:
    """When desks are open, by name."""
    return CalendarList(items=await db.read(lambda tx: calendars.calendars(tx, access.organisation)))


@post("/calendars", operation_id="createCalendar", summary="Make a calendar", tags=_TAGS, guards=_ADMINS)
async def create_calendar(
    data: JSONBody[CalendarInput], db: GivenDb, access: GivenAccess, once: GivenOnce
) -> Calendar:
    """For admins. 400 `calendar_invalid` points at what is wrong."""
    calendar = await _checked(db, data.named(ids.new_id(ids.CALENDAR)))
    return await once(lambda writer: calendars.add(writer, access, calendar), Calendar)


@put(
    "/calendars/{calendar:str}",
    operation_id="replaceCalendar",
    summary="Change a calendar",
    tags=_TAGS,
    guards=_ADMINS,
)
async def replace_calendar(
    calendar: FromPath[str],
    data: JSONBody[CalendarInput],
    db: GivenDb,
    access: GivenAccess,
    write: GivenWrite,
) -> Calendar:
    """For admins. 409 `edited_meanwhile`; 400 `calendar_invalid` points at what is wrong."""
    changed = await _checked(db, data.named(calendar))
    return await write(lambda writer: calendars.replace(writer, access, changed))


@delete(
    "/calendars/{calendar:str}",
    operation_id="deleteCalendar",
    summary="Remove a calendar",
    tags=_TAGS,
    guards=_ADMINS,
)
async def delete_calendar(calendar: FromPath[str], access: GivenAccess, write: GivenWrite) -> None:
    """For admins. 409 `calendar_in_use` while an inbox has it."""
    await write(lambda writer: calendars.remove(writer, access, calendar))


@post(
    "/calendars/preview",
    operation_id="previewCalendar",
    summary="See what a calendar means",
    tags=_TAGS,
    guards=_ADMINS,
    status_code=200,
)
async def preview_calendar(data: JSONBody[PreviewInput], db: GivenDb, clock: GivenClock) -> CalendarPreview:
    """For admins. Stores nothing. 400 `calendar_invalid` points at what is wrong."""
    now = clock.now()

    def look(_: object) -> CalendarPreview:
        calendar = hours.checked(data.named(""))
        return CalendarPreview(
            hours=hours.hours_at(calendar, now),
            days=hours.days(calendar, now, PREVIEW_DAYS, data.language),
        )

    # In a reader's thread: the first look at a country's holidays takes a while.
    return await db.read(look)


async def _checked(db: Database, calendar: Calendar) -> Calendar:
    """In a reader's thread, for neither the loop nor the writer may wait for lists of countries."""
    return await db.read(lambda _: hours.checked(calendar))


def _slots(slots: list[SlotInput]) -> list[Slot]:
    return [Slot(start=one.start, end=one.end) for one in slots]
