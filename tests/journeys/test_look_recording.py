"""A look that is recorded with the visitor's consent, and played again in the console."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from host_site import HostSite
from look_page import LookPage
from look_together import SECRET, Looking, meets
from playwright.sync_api import Locator, Page, expect

from running import Running

pytest_plugins = ["widget_fixtures", "look_fixtures"]


@pytest.fixture
def may_record(desk: Running) -> Iterator[None]:
    """Agents of the inbox may ask to record; as it was before, after."""
    admin = desk.agent(desk.cast.stroom, "sanne")
    path = f"/v1/inboxes/{desk.cast.stroom.site.id}/looking-policy"
    before = admin.get(path).raise_for_status().json()

    def put(policy: dict[str, Any]) -> None:
        version = admin.get(path).raise_for_status().json()["version"]
        body = {"version": version, "profile": before["profile"], "policy": policy}
        admin.put(path, json=body).raise_for_status()

    put(before["policy"] | {"recording": "ask", "recordingDays": 14})
    yield
    put(before["policy"])


class Player:
    """The recording on an agent's screen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.dialog = page.get_by_role("dialog", name=re.compile("^Opname van"))
        self.line = self.dialog.get_by_role("slider", name="Tijdlijn")
        self.copy = page.frame_locator(".play-room .look-copy:not(.is-coming)")

    def moment(self, name: str) -> Locator:
        return self.dialog.get_by_role("button", name=name)

    def at(self) -> int:
        return int(self.line.input_value())


def stored(desk: Running, look: str) -> None:
    """Wait until a piece of the recording is stored."""
    deadline = time.monotonic() + 60
    while not desk.read(lambda tx: tx.all("select n from look_piece where look = ?", [look])):
        assert time.monotonic() < deadline


def test_a_recorded_look_is_played_again_page_by_page(
    visitor: LookPage, agents: Any, site: HostSite, desk: Running, may_record: None
) -> None:
    fatima: Looking = agents("fatima")
    conversation = meets(visitor, fatima, site, "/opgenomen", "Kunt u dit opnemen?")
    visitor.agrees()
    fatima.sees("Inloggen is niet gelukt.")
    site.bodies["/daarna"] = "<p>De bladzijde daarna</p>"

    # A question of its own: looking along was agreed to, being recorded not yet.
    fatima.tool("Opnemen").click()
    state = fatima.pane.locator(".look-record")
    expect(state).to_contain_text("Gevraagd om op te nemen")
    expect(visitor.page.locator(".look-box.ready")).to_be_visible()
    visitor.page.locator(".look-box.ready .look-yes").click()
    expect(state).to_contain_text("Opname loopt")
    # It begins with a picture of its own: once a piece is stored, this page is in it.
    stored(desk, visitor.agent.look_of(conversation)["id"])
    # Time stands still on this desk unless it is moved: five seconds to each page.
    desk.clock.advance(5)
    visitor.page.goto(f"{site.origin}/daarna")
    fatima.sees("De bladzijde daarna")
    desk.clock.advance(5)
    # What is stored comes after what is seen: the desk ends the recording with all of it.
    state.get_by_role("button", name="Opname stoppen").click()
    expect(state).to_have_count(0)
    visitor.stop.click()
    log = fatima.page.locator(".log")
    expect(log).to_contain_text("De bezoeker geeft toestemming voor opname")

    log.get_by_role("button", name="Opname afspelen").click()
    player = Player(fatima.page)
    expect(player.copy.get_by_text("Inloggen is niet gelukt.")).to_be_visible()
    expect(player.copy.locator("input[type=password]")).to_have_value("••••")
    expect(player.dialog.get_by_role("button", name="Afspelen", exact=True)).to_be_focused()
    assert fatima.console.faults() == []

    # Played to its end, it shows the page that the visitor went to; a jump back shows the one before.
    fatima.page.keyboard.press("Enter")
    expect(player.copy.get_by_text("De bladzijde daarna")).to_be_visible()
    expect(player.dialog.get_by_role("button", name="Vanaf het begin")).to_be_visible()
    player.moment("Pagina /opgenomen").click()
    expect(player.copy.get_by_text("Inloggen is niet gelukt.")).to_be_visible()
    expect(player.copy.get_by_text("De bladzijde daarna")).to_have_count(0)
    assert SECRET not in "".join(one.content() for one in fatima.page.frames if "/mirror/" in one.url)

    # The keys, and what a screen reader says of the place.
    player.line.focus()
    fatima.page.keyboard.press("End")
    expect(player.copy.get_by_text("De bladzijde daarna")).to_be_visible()
    expect(player.line).to_have_attribute("aria-valuetext", re.compile(r"^\d+ seconden? van \d+ seconden?$"))
    there = player.at()
    fatima.page.keyboard.press("ArrowLeft")
    assert player.at() < there
    fatima.page.keyboard.press("Home")
    expect(player.copy.get_by_text("Inloggen is niet gelukt.")).to_be_visible()
    fatima.page.keyboard.press("Space")
    expect(player.copy.get_by_text("De bladzijde daarna")).to_be_visible()
    fatima.page.keyboard.press("Escape")
    expect(player.dialog).to_be_hidden()

    # An admin removes it; from then on the log tells that there was one, and offers it to nobody.
    sanne: Looking = agents("sanne")
    sanne.opens(conversation)
    sanne.page.locator(".log").get_by_role("button", name="Opname afspelen").click()
    Player(sanne.page).dialog.get_by_role("button", name="Opname verwijderen").click()
    asked = sanne.page.get_by_role("dialog", name="Opname verwijderen?")
    asked.get_by_role("button", name="Verwijderen").click()
    expect(sanne.page.locator(".log")).to_contain_text(re.compile("Opname verwijderd door Sanne"))
    for one in (sanne, fatima):
        expect(one.page.get_by_role("button", name="Opname afspelen")).to_have_count(0)


def test_where_nothing_is_recorded_the_button_says_why(
    visitor: LookPage, agents: Any, site: HostSite
) -> None:
    fatima: Looking = agents("fatima")
    meets(visitor, fatima, site, "/zonder", "Zonder opname graag.")
    visitor.agrees()
    fatima.sees("Inloggen is niet gelukt.")
    ask = fatima.tool("Opnemen")
    expect(ask).to_have_attribute("aria-disabled", "true")
    ask.click(force=True)
    expect(fatima.page.locator(".toast")).to_contain_text("Opnemen staat uit voor deze inbox")
    expect(visitor.page.locator(".look-box")).to_have_count(0)
