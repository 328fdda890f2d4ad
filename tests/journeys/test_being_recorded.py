"""A visitor is asked whether what is seen may be recorded, sees that it is, and stops it; by keyboard too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from desk_agent import DeskAgent
from host_site import HostSite
from look_page import LookPage
from playwright.sync_api import Page, expect

from running import Running

pytest_plugins = ["widget_fixtures"]


@pytest.fixture
def may_record(desk: Running) -> Iterator[None]:
    """Agents of the inbox may ask to record; as it was before, after."""
    admin = desk.agent(desk.cast.stroom, "sanne")
    path = f"/v1/inboxes/{desk.cast.stroom.site.id}/looking-policy"
    before = admin.get(path).raise_for_status().json()

    def put(wanted: dict[str, Any]) -> None:
        version = admin.get(path).raise_for_status().json()["version"]
        body = {"version": version, "profile": before["profile"], "policy": wanted}
        admin.put(path, json=body).raise_for_status()

    put(before["policy"] | {"recording": "ask", "recordingDays": 14})
    yield
    put(before["policy"])


def asks(desk: Running, look: str) -> dict[str, Any]:
    agent = desk.agent(desk.cast.stroom, "fatima")
    found: dict[str, Any] = agent.post(f"/v1/looks/{look}/recording").raise_for_status().json()
    return found


def test_a_visitor_agrees_to_be_recorded_sees_it_and_stops_it(
    page: Page, agent: DeskAgent, site: HostSite, desk: Running, may_record: None
) -> None:
    look = LookPage(page, agent)
    conversation, found, watcher = look.is_seen(site, desk, "/opnemen", "Neemt u het op?")
    question = page.get_by_role("dialog", name="Mag dit worden opgenomen?")
    line = look.bar.get_by_text("Wordt opgenomen")
    stop = look.bar.get_by_role("button", name="Opname stoppen")

    # No, by Escape: nothing changes.
    asks(desk, found)
    expect(question.get_by_role("heading", level=2)).to_be_focused()
    expect(question).to_contain_text("Fatima van")
    expect(question).to_contain_text("na 14 dagen vanzelf verwijderd")
    expect(question).to_contain_text("Stoppen kan altijd met de knop ‘Opname stoppen’")
    assert look.widget.faults() == []
    page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    agent.look_until(found, recording=None)
    expect(line).to_be_hidden()
    assert agent.look(found)["state"] == "viewing"

    # Yes, by keyboard alone.
    asks(desk, found)
    expect(page.locator(".look-box.ready")).to_be_visible()
    page.keyboard.press("Tab")
    expect(question.get_by_role("button", name="Ja, neem op")).to_be_focused()
    page.keyboard.press("Enter")
    expect(line).to_be_visible()
    expect(look.bar.locator(".look-dot.runs")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Wordt opgenomen")).to_have_count(1)
    assert look.widget.faults() == []
    told = dict(agent.facts(conversation))["recording_started"]
    assert (told["consentText"], told["language"], told["days"]) == ("recording-2026-11", "nl", 14)

    # It goes on over a page load, rests in a pause, and stops at a press; looking along goes on.
    page.reload()
    expect(line).to_be_visible()
    look.pause.click()
    expect(look.bar).to_contain_text("Opname gepauzeerd")
    look.resume.click()
    expect(line).to_be_visible()
    stop.focus()
    page.keyboard.press("Enter")
    expect(line).to_be_hidden()
    expect(page.get_by_role("status").filter(has_text="De opname is gestopt")).to_have_count(1)
    assert agent.look_until(found, recording=None)["state"] == "viewing"
    assert dict(agent.facts(conversation))["recording_ended"]["reason"] == "visitor"
    watcher.sees("Text of the site itself.")

    # And what plays is the page.
    pieces = desk.agent(desk.cast.stroom, "fatima").get(f"/v1/looks/{found}/recording").json()["pieces"]
    assert pieces
