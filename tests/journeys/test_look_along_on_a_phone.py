"""Looking along with somebody who has the site on a phone."""

from desk_agent import DeskAgent
from host_site import HostSite
from look_page import LookPage
from playwright.sync_api import Locator, Page, expect

from running import Running

pytest_plugins = ["widget_fixtures"]

WIDTH, FINGER = 390, 44
"""CSS pixels: of the screen, and what a finger needs."""
POINTER = 5


def within_the_screen(part: Locator) -> bool:
    box = part.bounding_box()
    return box is not None and box["x"] >= 0 and box["x"] + box["width"] <= WIDTH


def test_a_visitor_on_a_phone_agrees_taps_and_stops(
    phone: Page, agent: DeskAgent, site: HostSite, desk: Running
) -> None:
    look = LookPage(phone, agent)
    phone.goto(f"{site.origin}/telefoon")
    look.widget.launcher.tap()
    look.widget.say("Ik zit op mijn telefoon.")
    expect(look.widget.own_last()).to_contain_text("Verstuurd")
    conversation = agent.conversation_with("Ik zit op mijn telefoon.")
    agent.take(conversation)
    found = look.is_asked(conversation)
    assert within_the_screen(look.question)
    assert within_the_screen(look.yes)
    assert within_the_screen(look.no)
    look.agrees()
    expect(look.bar).to_contain_text("kijkt mee")
    watcher = look.watched(desk, found)
    look.widget.panel.get_by_role("button", name="Chat sluiten").tap()
    for part in (look.bar, look.pause, look.stop):
        assert within_the_screen(part)
    for button in (look.pause, look.stop):
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= FINGER
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert look.widget.faults() == []

    # The agent sees where the finger is, and that it is one.
    phone.locator("#own").tap()
    watcher.frame(lambda it: it.kind == POINTER and it.payload[-1] == 1)

    look.stop.tap()
    expect(phone.locator("balie-widget")).to_contain_text("Gestopt. Er kijkt niemand meer mee.")
    assert agent.look_until(found, state="ended")["endReason"] == "visitor"
