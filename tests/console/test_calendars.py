"""Calendars over HTTP, and what visitors are told when the clock moves past their edges."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from people import visitor
from running import Running

WEEK: list[list[dict[str, str]]] = [[{"start": "08:00", "end": "21:00"}]] * 5 + [
    [{"start": "11:00", "end": "20:00"}]
] * 2
CALENDAR = {"name": "Klantenservice", "timeZone": "Europe/Amsterdam", "week": WEEK, "holidays": "NL"}


def made(browser: httpx.Client, **more: Any) -> Any:
    answer = browser.post("/v1/calendars", json={**CALENDAR, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def given(browser: httpx.Client, inbox: str, calendar: str) -> httpx.Response:
    return browser.patch(f"/v1/inboxes/{inbox}", json={"calendar": calendar})


def at(told: str) -> int:
    return round(datetime.fromisoformat(told).replace(tzinfo=ZoneInfo("Europe/Amsterdam")).timestamp() * 1000)


def set_clock(desk: Running, told: str) -> None:
    desk.clock.advance((at(told) - desk.clock.now()) / 1000)

    async def wake() -> None:
        desk.app.backstage.worker.wake("hours")

    desk.run(wake)


def test_a_calendar_is_made_changed_and_removed(desk: Running) -> None:
    sanne, daan = (desk.agent(desk.cast.stroom, name) for name in ("sanne", "daan"))
    calendar = made(sanne)
    assert (calendar["version"], calendar["holidays"], calendar["specialDays"]) == (1, "NL", [])
    assert calendar in daan.get("/v1/calendars").json()["items"]
    path = f"/v1/calendars/{calendar['id']}"
    same = sanne.put(path, json={**CALENDAR, "version": 1}).json()
    assert same == calendar
    special = [{"first": "2026-12-24", "last": "2026-12-24", "name": "Kerstavond"}]
    changed = sanne.put(path, json={**CALENDAR, "specialDays": special, "version": 1}).json()
    assert (changed["version"], changed["specialDays"]) == (2, [{**special[0], "slots": []}])
    late = sanne.put(path, json={**CALENDAR, "version": 1})
    assert (late.status_code, late.json()["code"]) == (409, "edited_meanwhile")
    assert sanne.delete(path).status_code == 204
    assert sanne.delete(path).status_code == 404
    kinds = desk.read(
        lambda tx: tx.all(
            "select kind from fact where stream = ? and kind like 'calendar%' order by seq desc limit 3",
            [desk.cast.stroom.organisation.id],
        )
    )
    assert [row[0] for row in kinds] == ["calendar_removed", "calendar_changed", "calendar_changed"]


def test_only_admins_change_calendars(desk: Running) -> None:
    calendar = made(desk.agent(desk.cast.stroom, "sanne"))
    fatima = desk.agent(desk.cast.stroom, "fatima")
    assert fatima.post("/v1/calendars", json=CALENDAR).status_code == 403
    assert fatima.post("/v1/calendars/preview", json=CALENDAR).status_code == 403
    assert fatima.put(f"/v1/calendars/{calendar['id']}", json=CALENDAR).status_code == 403
    assert fatima.delete(f"/v1/calendars/{calendar['id']}").status_code == 403


def test_what_is_wrong_is_pointed_at_and_nothing_is_stored(desk: Running) -> None:
    sanne = desk.agent(desk.cast.stroom, "sanne")
    before = sanne.get("/v1/calendars").json()
    overlapping = [[{"start": "08:00", "end": "12:00"}, {"start": "11:00", "end": "13:00"}], *WEEK[1:]]
    for path in ("/v1/calendars", "/v1/calendars/preview"):
        answer = sanne.post(path, json={**CALENDAR, "week": overlapping})
        assert (answer.status_code, answer.json()["code"]) == (400, "calendar_invalid")
        assert [flaw["pointer"] for flaw in answer.json()["errors"]] == ["/week/0/1"]
    assert sanne.get("/v1/calendars").json() == before


def test_a_calendar_in_use_stays(desk: Running) -> None:
    sanne, office = desk.agent(desk.cast.stroom, "sanne"), desk.cast.stroom
    calendar = made(sanne)
    assert given(sanne, office.engineers.id, calendar["id"]).json()["calendar"] == calendar["id"]
    refused = sanne.delete(f"/v1/calendars/{calendar['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "calendar_in_use")
    assert given(sanne, office.engineers.id, "").json()["calendar"] is None
    assert sanne.delete(f"/v1/calendars/{calendar['id']}").status_code == 204


def test_the_other_organisations_calendar_is_none_of_ours(desk: Running) -> None:
    theirs = made(desk.agent(desk.cast.gracht, "eva"))
    sanne = desk.agent(desk.cast.stroom, "sanne")
    assert theirs not in sanne.get("/v1/calendars").json()["items"]
    assert sanne.put(f"/v1/calendars/{theirs['id']}", json={**CALENDAR, "version": 1}).status_code == 404
    assert sanne.delete(f"/v1/calendars/{theirs['id']}").status_code == 404
    refused = given(sanne, desk.cast.stroom.site.id, theirs["id"])
    assert (refused.status_code, refused.json()["code"]) == (400, "calendar_unknown")


def test_a_preview_tells_the_next_weeks(own_desk: Running) -> None:
    set_clock(own_desk, "2026-12-23T20:00")
    sanne = own_desk.agent(own_desk.cast.stroom, "sanne")
    told = sanne.post("/v1/calendars/preview", json={**CALENDAR, "language": "en"}).json()
    assert told["hours"] == {"open": True, "until": at("2026-12-23T21:00")}
    assert [(day["date"], day["because"], day["name"]) for day in told["days"][1:3]] == [
        ("2026-12-24", "week", ""),
        ("2026-12-25", "holiday", "Christmas Day"),
    ]
    assert len(told["days"]) == 28


def test_the_desk_closes_at_the_minute_and_opens_again(own_desk: Running) -> None:
    desk = own_desk
    office = desk.cast.stroom
    set_clock(desk, "2026-11-23T20:58")
    sanne = desk.agent(office, "sanne")
    visit = desk.asks(office, "Are you there?")
    calendar = made(sanne)
    with visitor(desk, visit) as guest:
        given(sanne, visit.inbox, calendar["id"]).raise_for_status()
        seen = guest.until("signal", kind="desk")["desk"]
        assert seen["hours"] == {"open": True, "until": at("2026-11-23T21:00")}
        set_clock(desk, "2026-11-23T21:00")
        seen = guest.until("signal", kind="desk")["desk"]
        assert (seen["status"], seen["hours"]) == ("away", {"open": False, "until": at("2026-11-24T08:00")})
        set_clock(desk, "2026-11-24T08:00")
        assert guest.until("signal", kind="desk")["desk"]["hours"]["open"] is True
        # A special day that somebody adds at once holds at once.
        special = [{"first": "2026-11-24", "last": "2026-11-24"}]
        path = f"/v1/calendars/{calendar['id']}"
        sanne.put(path, json={**CALENDAR, "specialDays": special, "version": 1}).raise_for_status()
        seen = guest.until("signal", kind="desk")["desk"]
        assert seen["hours"] == {"open": False, "until": at("2026-11-25T08:00")}
        given(sanne, visit.inbox, "").raise_for_status()
        assert guest.until("signal", kind="desk")["desk"]["hours"] is None
