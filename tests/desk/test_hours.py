"""When desks are open: weeks, holidays, special days, and the two nights on which clocks change."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balie.desk.hours import Calendar, Hours, Slot, SpecialDays, checked, day_of, days, hours_at, spans
from balie.lib.errors import InvalidError

HOUR = 3_600_000
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def slots(*told: str) -> list[Slot]:
    return [Slot(start=one.partition("-")[0], end=one.partition("-")[2]) for one in told]


def at(told: str, zone: ZoneInfo = AMSTERDAM, fold: int = 0) -> int:
    return round(datetime.fromisoformat(told).replace(tzinfo=zone, fold=fold).timestamp() * 1000)


SUPPLIER = Calendar(
    id="cal_1",
    version=1,
    name="Klantenservice",
    time_zone="Europe/Amsterdam",
    week=[slots("08:00-21:00")] * 5 + [slots("11:00-20:00")] * 2,
    holidays="NL",
    special_days=[
        SpecialDays(first="2026-12-24", last="2026-12-24", slots=slots("08:00-17:00"), name="Kerstavond"),
        SpecialDays(first="2026-12-26", last="2026-12-26", slots=slots("12:00-16:00"), name="Toch open"),
    ],
)
ALWAYS = msgspec.structs.replace(SUPPLIER, week=[slots("00:00-24:00")] * 7, holidays="", special_days=[])


@pytest.mark.parametrize(
    ("moment", "is_open", "until"),
    [
        ("2026-11-23T20:59", True, "2026-11-23T21:00"),
        ("2026-11-23T21:00", False, "2026-11-24T08:00"),
        ("2026-11-28T10:59", False, "2026-11-28T11:00"),
        ("2026-11-28T11:00", True, "2026-11-28T20:00"),
        ("2026-11-27T23:30", False, "2026-11-28T11:00"),
        ("2026-04-26T20:00", False, "2026-04-28T08:00"),
        ("2026-12-24T16:59", True, "2026-12-24T17:00"),
        ("2026-12-24T17:00", False, "2026-12-26T12:00"),
        ("2026-12-26T13:00", True, "2026-12-26T16:00"),
    ],
    ids=[
        "Monday 20:59", "Monday 21:00", "Saturday 10:59", "Saturday 11:00", "Friday night",
        "before King's Day", "Christmas Eve", "Christmas Day is skipped", "a special day outranks a holiday",
    ],
)  # fmt: skip
def test_an_energy_suppliers_week(moment: str, is_open: bool, until: str) -> None:
    assert hours_at(SUPPLIER, at(moment)) == Hours(open=is_open, until=at(until))


def test_always_open_has_no_end_in_sight() -> None:
    assert hours_at(ALWAYS, at("2026-11-23T03:00")) == Hours(open=True, until=None)


def test_what_is_open_past_midnight_is_one_stretch() -> None:
    night = msgspec.structs.replace(
        ALWAYS, week=[slots("22:00-24:00"), slots("00:00-06:00", "07:00-08:00"), [], [], [], [], []]
    )
    assert hours_at(night, at("2026-11-23T23:00")) == Hours(open=True, until=at("2026-11-24T06:00"))
    assert hours_at(night, at("2026-11-24T00:00")) == Hours(open=True, until=at("2026-11-24T06:00"))


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-01", 24)])
def test_a_day_is_as_long_as_its_clocks_say(day: str, hours: int) -> None:
    (span,) = spans(ALWAYS, date.fromisoformat(day), 1)
    assert span.end - span.start == hours * HOUR


@pytest.mark.parametrize(
    ("day", "slot", "start", "end"),
    [
        ("2026-03-29", "02:30-04:00", "2026-03-29T01:00Z", "2026-03-29T02:00Z"),
        ("2026-03-29", "01:00-02:30", "2026-03-29T00:00Z", "2026-03-29T01:00Z"),
        ("2026-10-25", "02:30-04:00", "2026-10-25T00:30Z", "2026-10-25T03:00Z"),
        ("2026-10-25", "01:00-02:30", "2026-10-24T23:00Z", "2026-10-25T01:30Z"),
        ("2026-10-25", "09:00-17:00", "2026-10-25T08:00Z", "2026-10-25T16:00Z"),
    ],
    ids=[
        "opens in the skipped hour",
        "closes in it",
        "opens in the doubled hour",
        "closes in it twice",
        "day",
    ],
)
def test_the_nights_on_which_clocks_change(day: str, slot: str, start: str, end: str) -> None:
    calendar = msgspec.structs.replace(ALWAYS, week=[[], [], [], [], [], [], slots(slot)])
    (span,) = spans(calendar, date.fromisoformat(day), 1)
    utc = ZoneInfo("UTC")
    assert span == (at(start.rstrip("Z"), utc), at(end.rstrip("Z"), utc))


def test_a_slot_that_no_clock_reads_is_no_slot() -> None:
    calendar = msgspec.structs.replace(ALWAYS, week=[[], [], [], [], [], [], slots("02:10-02:50")])
    assert list(spans(calendar, date(2026, 3, 29), 1)) == []


def test_the_days_tell_why() -> None:
    told = days(SUPPLIER, at("2026-12-23T12:00"), 4, "en")
    assert [(one.because, one.name) for one in told] == [
        ("week", ""), ("special", "Kerstavond"), ("holiday", "Christmas Day"), ("special", "Toch open"),
    ]  # fmt: skip
    assert day_of(SUPPLIER, date(2026, 4, 27)).name == "Koningsdag"


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    bavaria = checked(msgspec.structs.replace(SUPPLIER, holidays="DE-BY"))
    assert day_of(bavaria, date(2026, 1, 6)).because == "holiday"
    assert day_of(msgspec.structs.replace(bavaria, holidays="DE"), date(2026, 1, 6)).because == "week"


CLOSED: list[list[Slot]] = [[], [], [], [], [], [], []]


def closed(first: str, last: str) -> SpecialDays:
    return SpecialDays(first=first, last=last, slots=[], name="")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"time_zone": "Europe/Kwelder"}, "/timeZone"),
        ({"time_zone": "../../etc/passwd"}, "/timeZone"),
        ({"holidays": "XX"}, "/holidays"),
        ({"holidays": "NL-XX"}, "/holidays"),
        ({"week": CLOSED[:6]}, "/week"),
        ({"week": CLOSED, "special_days": []}, "/week"),
        ({"week": [slots("08:00-12:00", "11:59-13:00"), *CLOSED[1:]]}, "/week/0/1"),
        ({"week": [slots("11:00-13:00", "08:00-12:00"), *CLOSED[1:]]}, "/week/0/0"),
        ({"week": [slots("21:00-08:00"), *CLOSED[1:]]}, "/week/0/0/end"),
        ({"week": [slots("08:00-08:00"), *CLOSED[1:]]}, "/week/0/0/end"),
        ({"week": [slots("8:00-12:00"), *CLOSED[1:]]}, "/week/0/0/start"),
        ({"week": [slots("08:00-24:01"), *CLOSED[1:]]}, "/week/0/0/end"),
        ({"week": [slots("08:00-12:0٣"), *CLOSED[1:]]}, "/week/0/0/end"),
        ({"week": [slots(*(f"{hour:02}:00-{hour:02}:30" for hour in range(9))), *CLOSED[1:]]}, "/week/0"),
        ({"special_days": [closed("2026-02-30", "2026-03-01")]}, "/specialDays/0/first"),
        ({"special_days": [closed("2026-03-02", "2026-03-01")]}, "/specialDays/0/last"),
        ({"special_days": [closed("20260302", "2026-03-03")]}, "/specialDays/0/first"),
        (
            {"special_days": [closed("2026-12-24", "2026-12-31"), closed("2026-12-20", "2026-12-24")]},
            "/specialDays/0/first",
        ),
        ({"special_days": [closed("2026-01-01", "2026-01-01")] * 201}, "/specialDays"),
    ],
    ids=range(19),
)  # fmt: skip
def test_a_calendar_that_cannot_be_is_refused_where_it_is_wrong(change: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidError) as caught:
        checked(msgspec.structs.replace(SUPPLIER, **change))
    assert caught.value.code == "calendar_invalid"
    assert [flaw.pointer for flaw in caught.value.errors] == [pointer]


def test_without_a_slot_in_the_week_special_days_are_enough() -> None:
    fair = checked(
        msgspec.structs.replace(
            SUPPLIER,
            week=CLOSED,
            special_days=[
                SpecialDays(first="2026-12-05", last="2026-12-05", slots=slots("10:00-16:00"), name="")
            ],
        )
    )
    assert hours_at(fair, at("2026-12-01T10:00")) == Hours(open=False, until=at("2026-12-05T10:00"))
    assert hours_at(fair, at("2026-12-06T10:00")) == Hours(open=False, until=None)


@st.composite
def some_slots(draw: st.DrawFn) -> list[Slot]:
    edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    told = [f"{minute // 60:02}:{minute % 60:02}" for minute in edges]
    return [Slot(start=a, end=b) for a, b in zip(told[::2], told[1::2], strict=False)]


@settings(deadline=None)
@given(
    week=st.lists(some_slots(), min_size=7, max_size=7).filter(any),
    zone=st.sampled_from(
        ["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
    ),
    moment=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
)
def test_hours_hold_until_they_say_and_no_longer(week: list[list[Slot]], zone: str, moment: datetime) -> None:
    calendar = checked(
        Calendar(id="c", version=1, name="", time_zone=zone, week=week, holidays="", special_days=[])
    )
    now = round(moment.replace(tzinfo=ZoneInfo("UTC")).timestamp() * 1000)
    told = hours_at(calendar, now)
    day = datetime.fromtimestamp(now / 1000, ZoneInfo(zone)).date()
    around = list(spans(calendar, day - timedelta(days=2), 4))
    assert told.open == any(span.start <= now < span.end for span in around)
    assert all(before.end < after.start for before, after in pairwise(around))
    if told.until is not None:
        assert told.until > now
        assert hours_at(calendar, told.until - 1).open == told.open
        assert hours_at(calendar, told.until).open != told.open
