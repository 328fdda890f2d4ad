"""An energy supplier on Monday evening: open until nine, and what a visitor sees at 20:59 and at 21:00."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from console_page import ConsolePage
from desk_agent import DeskAgent
from host_site import HostSite
from playwright.sync_api import Browser, Page, expect
from widget_page import WidgetPage

from running import Running

MONDAY = "2026-11-23"


def at(time: str) -> datetime:
    return datetime.fromisoformat(f"{MONDAY}T{time}").replace(tzinfo=ZoneInfo("Europe/Amsterdam"))


def strikes(desk: Running, time: str, *pages: Page) -> None:
    """It is this time now, on the desk's clock and on everybody's wall."""
    desk.clock.advance(at(time).timestamp() - desk.clock.now() / 1000)
    for page in pages:
        page.clock.set_fixed_time(at(time))

    async def wake() -> None:
        desk.app.backstage.worker.wake("hours")

    desk.run(wake)


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="nl-NL", timezone_id="Europe/Amsterdam"
    )
    yield context.new_page()
    context.close()


def test_the_desk_closes_at_nine(browser: Browser, own_desk: Running, visitor: Page) -> None:
    desk = own_desk
    strikes(desk, "20:57", visitor)
    admin = ConsolePage(browser, desk, timezone_id="Europe/Amsterdam")
    page = admin.signs_in("sanne").page
    page.keyboard.press(",")
    page.get_by_role("button", name="Openingstijden").click()
    page.get_by_role("button", name="Nieuwe agenda").click()
    expect(page.get_by_label("Naam")).to_be_focused()
    page.keyboard.type("Klantenservice")

    # An end before the beginning is told at its day, and nothing is kept.
    monday = page.get_by_label("maandag: open tot")
    monday.fill("7")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("Het eind komt na het begin.")).to_be_visible()
    expect(monday).to_have_attribute("aria-invalid", "true")
    monday.fill("21")
    page.get_by_role("button", name="Maandag op alle werkdagen").click()
    expect(page.get_by_label("vrijdag: open tot")).to_have_value("21:00")
    expect(page.locator(".hours-ahead li").first).to_contain_text("08:00–21:00")
    assert admin.faults() == []
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("ma–vr 08:00–21:00")).to_be_visible()

    office = desk.cast.stroom
    site = HostSite(desk.origin, office.site.key)
    allowed = {"allowedOrigins": [*office.site.allowed_origins, site.origin]}
    desk.agent(office, "sanne").patch(f"/v1/inboxes/{office.site.id}", json=allowed).raise_for_status()
    agent = DeskAgent(desk, "fatima")
    widget = WidgetPage(visitor).open(f"{site.origin}/")
    expect(widget.panel.get_by_text("Er is nu iemand aanwezig")).to_be_visible()
    page.get_by_label(office.site.name).select_option("Klantenservice")
    strikes(desk, "20:59", visitor)
    widget.say("Ben ik nog op tijd?")
    expect(widget.own_last()).to_contain_text("Verstuurd")
    expect(widget.panel.get_by_text("Er is nu iemand aanwezig")).to_be_visible()

    # Without a reload, at the minute.
    strikes(desk, "21:00", visitor)
    expect(widget.panel.get_by_text("Gesloten tot morgen om 08:00")).to_be_visible()
    expect(widget.panel.get_by_text("Je bericht is bewaard")).to_contain_text("Weer open: morgen om 08:00.")
    assert widget.faults() == []
    # What is written now is kept all the same.
    widget.say("Dan lees ik het morgen")
    expect(widget.own_last()).to_contain_text("Verstuurd")

    agent.close()
    site.close()
    assert admin.errors == []
    admin.close()
