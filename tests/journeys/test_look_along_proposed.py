"""An agent proposes a page: the visitor is asked, stays or goes, and the look goes on where they went."""

import json
import re
from typing import Any

from host_site import HostSite
from look_page import LookPage
from look_together import Looking, meets
from playwright.sync_api import expect

from running import Running

pytest_plugins = ["widget_fixtures", "look_fixtures"]


def proposes(fatima: Looking, address: str) -> None:
    fatima.pane.get_by_role("button", name="Pagina voorstellen").click()
    field = fatima.page.get_by_role("textbox", name="Adres")
    expect(field).to_be_focused()
    field.fill(address)
    fatima.page.keyboard.press("Enter")


def test_a_visitor_declines_a_proposed_page_and_then_goes_there(
    visitor: LookPage, agents: Any, site: HostSite, desk: Running
) -> None:
    fatima: Looking = agents("fatima")
    site.bodies["/tarieven"] = "<p>Een ander tarief</p>"
    conversation = meets(visitor, fatima, site, "/storing", "Waar staan de tarieven?")
    visitor.agrees()
    fatima.sees("Text of the site itself.")
    asked = visitor.page.get_by_role("dialog", name=re.compile("wil je naar deze pagina brengen"))

    # No address of another place gets as far as the visitor.
    for address, why in (("//evil.example/", "andere website"), ("javascript:alert(1)", "geen adres")):
        proposes(fatima, address)
        expect(fatima.told).to_contain_text(why)
        expect(asked).to_be_hidden()

    # Typing goes first; the question comes once they are done, and Escape stays.
    visitor.page.locator("#name").focus()
    proposes(fatima, "/tarieven?klant=7")
    expect(fatima.told).to_contain_text("Voorstel ‘/tarieven’")
    expect(asked).to_be_hidden()
    visitor.page.locator("#name").blur()
    expect(asked).to_be_visible()
    expect(asked.get_by_role("heading", level=2)).to_be_focused()
    expect(asked).to_contain_text("Fatima")
    expect(asked).to_contain_text(site.origin.removeprefix("http://") + "/tarieven?…")
    assert visitor.widget.faults() == []
    visitor.page.keyboard.press("Escape")
    expect(fatima.told).to_contain_text("De bezoeker blijft op deze pagina.")
    expect(asked).to_be_hidden()
    expect(visitor.bar).to_contain_text("kijkt mee")

    # Not twice within five seconds: the agent reads that, and proposes it again.
    proposes(fatima, "/tarieven")
    while not asked.is_visible():
        if "net een vraag" in fatima.told.inner_text():
            proposes(fatima, "/tarieven")
    expect(visitor.page.locator(".look-box.ready")).to_be_visible()
    asked.get_by_role("button", name="Ga erheen").click()
    visitor.page.wait_for_url(site.origin + "/tarieven")
    expect(fatima.told).to_contain_text("Voorstel ‘/tarieven’: gedaan")

    # Seen there as well, without another question.
    fatima.sees("Een ander tarief")
    expect(visitor.bar).to_contain_text("kijkt mee")
    expect(visitor.question).to_be_hidden()
    rows: list[Any] = desk.read(
        lambda tx: tx.all(
            "select body, actor_kind from fact where stream = ? and kind = 'control_used'", [conversation]
        )
    )
    used = [json.loads(body) for body, _ in rows]
    assert {(it["action"], it["label"], it["outcome"]) for it in used} >= {
        ("visit", site.origin + "/tarieven", "declined"),
        ("visit", site.origin + "/tarieven", "done"),
    }
    assert {kind for _, kind in rows} == {"contact"}
    assert visitor.page.evaluate("violations") == []
