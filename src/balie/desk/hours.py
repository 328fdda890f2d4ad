"""When a desk is open: slots of the week, public holidays and special days, in one time zone. Pure: values in, values
out.

Wall times become instants once a day: what opens inside the hour that a spring night skips opens at its end, and what
stands inside the hour that an autumn night has twice lasts from its first to its second reading.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from balie.desk.facts import Body, define, on_the_wire
from balie.desk.model import Language, Noun
from balie.lib.errors import Flaw, InvalidError

HORIZON_DAYS = 400
"""How far is looked for the next change: more than a year, so that a day that comes once a year is found."""
SLOTS_MAX = 8
SPECIAL_DAYS_MAX = 200
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_DAY_MIN = 24 * 60


class Slot(Noun):
    """Wall times ``HH:MM``; ``end`` may be ``24:00``. Past midnight it goes on in the next day's first slot."""

    start: str
    end: str


class SpecialDays(Noun):
    """From ``first`` to ``last`` (dates, both included) these slots instead of the week's; none: closed."""

    first: str
    last: str
    slots: list[Slot]
    name: str


class Calendar(Noun):
    """``week``: seven lists of slots, Monday first. ``holidays``: the country (ISO 3166) whose public holidays are
    closed, such as ``NL`` or ``DE-BY``; empty for none. Special days outrank holidays, and both the week."""

    id: str
    version: int
    name: str
    time_zone: str
    week: list[list[Slot]]
    holidays: str
    special_days: list[SpecialDays]


class Hours(Noun):
    """Whether a desk is open, and ``until`` when that stays so (UTC ms); none when no change is in sight."""

    open: bool
    until: int | None


class Day(Noun):
    """One day of a calendar as it will be. ``because``: what outranked the week, with its ``name``."""

    date: str
    slots: list[Slot]
    because: Literal["week", "holiday", "special"]
    name: str


class CalendarPreview(Noun):
    """``hours``: now. ``days``: the next four weeks, from today on in the calendar's time zone."""

    hours: Hours
    days: list[Day]


on_the_wire(CalendarPreview=CalendarPreview)


@define("calendar_changed", "organisation", "agents")
class CalendarChanged(Body):
    calendar: Calendar


@define("calendar_removed", "organisation", "agents")
class CalendarRemoved(Body):
    id: str


class Span(NamedTuple):
    """Open from ``start`` to just before ``end`` (UTC ms)."""

    start: int
    end: int


def hours_at(calendar: Calendar, now: int) -> Hours:
    """Whether the desk is open at ``now`` (UTC ms), and until when."""
    today = _local_day(calendar, now)
    edge = _instant(today + timedelta(days=HORIZON_DAYS), 0, ZoneInfo(calendar.time_zone), late=False)
    for span in spans(calendar, today - timedelta(days=1), HORIZON_DAYS + 1):
        if now < span.start:
            return Hours(open=False, until=span.start)
        if now < span.end:
            return Hours(open=True, until=span.end if span.end < edge else None)
    return Hours(open=False, until=None)


def spans(calendar: Calendar, first: date, days: int) -> Iterator[Span]:
    """When it is open on ``days`` days from ``first`` on, in order; what touches is one span."""
    zone = ZoneInfo(calendar.time_zone)
    held: Span | None = None
    for day in (first + timedelta(days=count) for count in range(days)):
        for slot in day_of(calendar, day).slots:
            start = _instant(day, _minutes(slot.start), zone, late=False)
            end = _instant(day, _minutes(slot.end), zone, late=True)
            if held is not None and start <= held.end:
                held = Span(held.start, max(held.end, end))
                continue
            if held is not None and held.start < held.end:
                yield held
            held = Span(start, end)
    if held is not None and held.start < held.end:
        yield held


def day_of(calendar: Calendar, day: date, language: Language = "nl") -> Day:
    """What holds on this day, and why."""
    told = day.isoformat()
    for special in calendar.special_days:
        if special.first <= told <= special.last:
            return Day(date=told, slots=special.slots, because="special", name=special.name)
    if calendar.holidays and (name := _holidays(calendar.holidays, day.year, language).get(day)):
        return Day(date=told, slots=[], because="holiday", name=name)
    return Day(date=told, slots=calendar.week[day.weekday()], because="week", name="")


def days(calendar: Calendar, now: int, count: int, language: Language) -> list[Day]:
    """The next ``count`` days, from today on."""
    today = _local_day(calendar, now)
    return [day_of(calendar, today + timedelta(days=ahead), language) for ahead in range(count)]


def checked(calendar: Calendar) -> Calendar:
    """The calendar with slots and special days in order. InvalidError points at what is wrong with it. The first time
    lists of zones and countries are read, which takes a while: not for the writer's thread."""
    if calendar.time_zone not in _time_zones():
        raise _flaw("/timeZone", "There is no such time zone.")
    if calendar.holidays and not _knows_holidays(calendar.holidays):
        raise _flaw("/holidays", "Of this country no holidays are known.")
    if len(calendar.week) != 7:
        raise _flaw("/week", "A week has seven days, Monday first.")
    week = [_checked_slots(slots, f"/week/{day}") for day, slots in enumerate(calendar.week)]
    if len(calendar.special_days) > SPECIAL_DAYS_MAX:
        raise _flaw("/specialDays", f"At most {SPECIAL_DAYS_MAX} special days.")
    special_days = [
        _checked_special(one, f"/specialDays/{place}") for place, one in enumerate(calendar.special_days)
    ]
    _refuse_overlap(special_days)
    if not any(week) and not any(one.slots for one in special_days):
        raise _flaw("/week", "A calendar needs at least one slot, or nobody could ever be helped.")
    return Calendar(
        id=calendar.id,
        version=calendar.version,
        name=calendar.name,
        time_zone=calendar.time_zone,
        week=week,
        holidays=calendar.holidays,
        special_days=sorted(special_days, key=lambda one: one.first),
    )


def _checked_slots(slots: Iterable[Slot], pointer: str) -> list[Slot]:
    found = []
    for place, slot in enumerate(slots):
        if place >= SLOTS_MAX:
            raise _flaw(pointer, f"At most {SLOTS_MAX} slots a day.")
        for end, told in (("start", slot.start), ("end", slot.end)):
            if not _TIME.fullmatch(told):
                raise _flaw(f"{pointer}/{place}/{end}", "A time is written as 08:00, up to 24:00.")
        if slot.start >= slot.end:
            raise _flaw(
                f"{pointer}/{place}/end", "A slot ends after it starts; past midnight it is the next day's."
            )
        found.append((slot, place))
    found.sort(key=lambda one: one[0].start)
    for (before, _), (after, place) in pairwise(found):
        if after.start < before.end:
            raise _flaw(f"{pointer}/{place}", "This slot overlaps another one.")
    return [slot for slot, _ in found]


def _checked_special(special: SpecialDays, pointer: str) -> SpecialDays:
    for end, told in (("first", special.first), ("last", special.last)):
        try:
            well = date.fromisoformat(told).isoformat() == told
        except ValueError:
            well = False
        if not well:
            raise _flaw(f"{pointer}/{end}", "A date is written as 2026-12-31.")
    if special.last < special.first:
        raise _flaw(f"{pointer}/last", "The last day comes before the first.")
    return SpecialDays(
        first=special.first,
        last=special.last,
        slots=_checked_slots(special.slots, f"{pointer}/slots"),
        name=special.name,
    )


def _refuse_overlap(special_days: list[SpecialDays]) -> None:
    places = sorted(range(len(special_days)), key=lambda place: special_days[place].first)
    for before, after in pairwise(places):
        if special_days[after].first <= special_days[before].last:
            raise _flaw(
                f"/specialDays/{after}/first",
                "These days overlap other special days; which hours hold then cannot be told.",
            )


def _flaw(pointer: str, detail: str) -> InvalidError:
    return InvalidError(detail, code="calendar_invalid", errors=[Flaw(pointer, detail)])


def _minutes(told: str) -> int:
    return int(told[:2]) * 60 + int(told[3:])


def _local_day(calendar: Calendar, now: int) -> date:
    return datetime.fromtimestamp(now / 1000, ZoneInfo(calendar.time_zone)).date()


def _instant(day: date, minutes: int, zone: tzinfo, *, late: bool) -> int:
    """The instant (UTC ms) at which clocks in ``zone`` read this; of two, the second when ``late``."""
    day, minutes = day + timedelta(days=minutes // _DAY_MIN), minutes % _DAY_MIN
    wall = datetime.combine(day, time(minutes // 60, minutes % 60))
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(zone).replace(tzinfo=None) != wall:
        # No clock reads this: the hour is skipped. Read with the offset from before and from behind, the two stand
        # around the change.
        return _change(second, first, zone)
    return _ms(second if late else first)


def _change(before: datetime, behind: datetime, zone: tzinfo) -> int:
    """When the offset changes between these two, to the second."""
    offset = before.astimezone(zone).utcoffset()
    while behind - before > timedelta(seconds=1):
        middle = (before + (behind - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            behind = middle
    return _ms(behind)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


# Imported where they are needed: the list of countries takes longer to load than the rest of a desk.


@lru_cache(maxsize=64)
def _holidays(country: str, year: int, language: Language) -> Mapping[date, str]:
    import holidays

    name, _, part = country.partition("-")
    # A language that the country's list does not have gives its own.
    wanted = {"nl": "nl", "en": "en_US"}[language]
    return holidays.country_holidays(name, subdiv=part or None, years=year, language=wanted)


@lru_cache(maxsize=1)
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=256)
def _knows_holidays(country: str) -> bool:
    import holidays

    name, _, part = country.partition("-")
    known = holidays.list_supported_countries()
    return name in known and (not part or part in known[name])
