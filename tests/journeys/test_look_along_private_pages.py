"""Pages that the policy keeps to the visitor: the look hides by itself, both sides are told, nothing leaves."""

from collections.abc import Iterator
from typing import Any

import pytest
from host_site import HostSite
from look_page import LookPage
from look_together import Looking, meets
from look_watcher import Watcher
from playwright.sync_api import expect

from running import Running

pytest_plugins = ["widget_fixtures", "look_fixtures"]
PLANTED = b"saldo-88213-geheim"
PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"


@pytest.fixture
def private_pages(desk: Running) -> Iterator[None]:
    """The inbox's policy with a page that pauses and one that is never seen; as it was before, after."""
    admin = desk.agent(desk.cast.stroom, "sanne")
    path = f"/v1/inboxes/{desk.cast.stroom.site.id}/looking-policy"
    before = admin.get(path).raise_for_status().json()
    pages = [{"url": "/rekening/**", "mode": "pause"}, {"url": "/dossier", "mode": "never"}]

    def put(policy: dict[str, Any]) -> None:
        version = admin.get(path).raise_for_status().json()["version"]
        body = {"version": version, "profile": before["profile"], "policy": policy}
        admin.put(path, json=body).raise_for_status()

    put(before["policy"] | {"pages": pages})
    yield
    put(before["policy"])


def test_a_private_page_is_not_told_and_the_next_one_is(
    visitor: LookPage, agents: Any, site: HostSite, desk: Running, private_pages: None
) -> None:
    fatima: Looking = agents("fatima")
    conversation = meets(visitor, fatima, site, "/open", "Ik ga straks naar mijn rekening.")
    visitor.agrees()
    fatima.sees("Inloggen is niet gelukt.")
    look = visitor.agent.look_of(conversation)["id"]
    watcher = Watcher(desk, visitor.agent, look)
    watcher.sees("Inloggen is niet gelukt.")
    planted = f"<p>{PLANTED.decode()}</p><p><label for=iban>Rekening</label><input id=iban></p>"
    site.bodies |= {"/rekening/saldo": planted, "/dossier": planted, "/vrij": "<p>Weer een gewone pagina</p>"}

    visitor.page.goto(f"{site.origin}/rekening/saldo")
    expect(visitor.bar).to_contain_text("ziet deze pagina niet")
    expect(fatima.mark).to_have_text("Gepauzeerd: deze pagina is privé")
    expect(fatima.pane.locator(".look-copy")).to_be_hidden()
    watcher.hears(t="state", state="paused")
    assert visitor.agent.look(look)["pausedBy"] == "page"
    visitor.page.locator("#iban").fill(PLANTED.decode())
    visitor.page.evaluate(PAINTED)

    # From one private page to another kind of private page: no moment in between.
    visitor.page.goto(f"{site.origin}/dossier")
    expect(fatima.mark).to_have_text("Hier mag niemand meekijken")
    expect(fatima.pane.locator(".look-copy")).to_be_hidden()
    expect(visitor.bar).to_contain_text("ziet deze pagina niet")
    visitor.page.evaluate("document.querySelector('h1').textContent += ' ' + location.href")
    visitor.page.evaluate(PAINTED)

    visitor.page.goto(f"{site.origin}/vrij")
    fatima.sees("Weer een gewone pagina")
    expect(visitor.bar).to_contain_text("kijkt mee")
    watcher.sees("Weer een gewone pagina")
    assert PLANTED not in watcher.wire()
    assert b"rekening/saldo" not in watcher.wire()
    assert PLANTED.decode() not in fatima.page.content()
    told = [kind for kind, _ in visitor.agent.facts(conversation)]
    assert told.count("look_accepted") == 1
    expect(visitor.question).to_be_hidden()
