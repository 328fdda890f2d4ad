"""A look goes on at a sister site, once the visitor says yes there; and at no other site, and for nobody else."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from host_site import HostSite
from look_page import LookPage
from playwright.sync_api import BrowserContext, Page, expect
from widget_page import WidgetPage

from running import Running

pytest_plugins = ["widget_fixtures", "look_fixtures"]
# Runs before the widget, and keeps what it finds in the address.
SPY = "window.spied = location.hash;"


@pytest.fixture
def sister(desk: Running, site: HostSite) -> Iterator[HostSite]:
    """Another site of the organisation, which the looking policy trusts; as it was before, after."""
    sister = HostSite(site.desk, site.inbox)
    inbox = desk.cast.stroom.site
    admin = desk.agent(desk.cast.stroom, "sanne")
    allowed = {"allowedOrigins": [*inbox.allowed_origins, site.origin, sister.origin]}
    admin.patch(f"/v1/inboxes/{inbox.id}", json=allowed).raise_for_status()
    path = f"/v1/inboxes/{inbox.id}/looking-policy"

    def trusts(*sisters: str) -> None:
        now = admin.get(path).raise_for_status().json()
        body = {"version": now["version"], "profile": now["profile"], "policy": now["policy"]}
        body["policy"]["sisters"] = list(sisters)
        admin.put(path, json=body).raise_for_status()

    trusts(sister.origin)
    yield sister
    trusts()
    sister.close()


def leads_to(page: Page, address: str, form: bool = False) -> None:
    """The page gets a link, or a form, to this address."""
    page.evaluate(
        """([address, form]) => {
          const way = document.createElement(form ? 'form' : 'a');
          const step = form ? way.appendChild(document.createElement('button')) : way;
          if (form) way.action = address; else way.href = address;
          step.id = 'way';
          step.textContent = 'Naar Mijn';
          document.querySelector('main').prepend(way);
        }""",
        [address, form],
    )


def asked_at(page: Page, sister: HostSite) -> Any:
    host = sister.origin.removeprefix("http://")
    return page.get_by_role("dialog", name=f"Meekijken gaat door op {host}")


@pytest.mark.parametrize("form", [False, True])
def test_a_step_to_a_sister_site_asks_there_and_goes_on(
    visitor: LookPage, site: HostSite, sister: HostSite, desk: Running, form: bool
) -> None:
    page = visitor.page
    kind = "formulier" if form else "link"
    sister.bodies[f"/mijn-{kind}"] = '<p>Mijn omgeving</p><script src="/spy.js"></script>'
    sister.scripts["/spy.js"] = SPY
    conversation, found, watcher = visitor.is_seen(site, desk, f"/van-{kind}", f"Ik ga naar Mijn, {kind}.")
    leads_to(page, f"{sister.origin}/mijn-{kind}#saldo", form)
    page.locator("#way").click()
    page.wait_for_url(re.compile(re.escape(f"{sister.origin}/mijn-{kind}")))
    question = asked_at(page, sister)
    expect(question).to_contain_text("Fatima keek met je mee op")
    assert page.evaluate("location.hash") == "#saldo"
    assert visitor.agent.look_until(found, away="site")["away"] == "site"
    assert b"Mijn omgeving" not in watcher.wire()
    expect(page.locator(".look-box.ready")).to_be_visible()
    question.get_by_role("button", name="Ga door").click()
    watcher.sees("Mijn omgeving")
    expect(visitor.bar).to_contain_text("kijkt mee")
    assert visitor.agent.look_until(found, away=None)["state"] == "viewing"
    continued = dict(visitor.agent.facts(conversation))["look_continued"]
    assert (continued["on"], continued["address"]) == ("site", f"{sister.origin}/mijn-{kind}")
    assert continued["consentText"] == "site-2026-11"
    # The word, kept by another script of the page, opens nothing any more.
    kept = page.evaluate("window.spied").partition("balie-look=")[2]
    if kept:
        body = {"inbox": sister.inbox, "token": kept, "from": site.origin}
        headers = {"origin": sister.origin}
        again = httpx.post(f"{desk.origin}/v1/visitor/hand-overs", json=body, headers=headers, timeout=60)
        assert (again.status_code, again.json()["code"]) == (404, "hand_over_unknown")
    # The talk came along, and so does the next page; the way back asks nothing.
    visitor.widget.launcher.click()
    expect(page.get_by_text(f"Ik ga naar Mijn, {kind}.")).to_be_visible()
    sister.bodies["/verder"] = "<p>Nog verder</p>"
    page.goto(f"{sister.origin}/verder")
    watcher.sees("Nog verder")
    start = len(watcher.frames)
    page.goto(f"{site.origin}/van-{kind}")
    watcher.sees("Gasstand", start)
    assert page.evaluate("violations") == []


def test_a_no_at_the_sister_site_ends_it(
    visitor: LookPage, site: HostSite, sister: HostSite, desk: Running
) -> None:
    _, found, watcher = visitor.is_seen(site, desk, "/nee-daar", "Daar liever niet.")
    leads_to(visitor.page, f"{sister.origin}/mijn-nee")
    visitor.page.locator("#way").click()
    question = asked_at(visitor.page, sister)
    question.get_by_role("button", name="Stop met meekijken").click()
    assert visitor.agent.look_until(found, state="ended")["endReason"] == "visitor"
    expect(question).to_be_hidden()
    assert b"mijn-nee" not in watcher.wire()
    # Nobody is known there: nothing was stored for a visitor who said no.
    assert visitor.page.evaluate("Object.keys(sessionStorage).filter((it) => it.endsWith(':lent'))") == []


def test_a_word_that_somebody_else_is_sent_asks_nothing(
    visitor: LookPage, context: BrowserContext, site: HostSite, sister: HostSite, desk: Running
) -> None:
    _, found, watcher = visitor.is_seen(site, desk, "/gestuurd", "Ik stuur een link.")
    sister.bodies["/mijn-slachtoffer"] = "<p>Van iemand anders</p>"
    leads_to(visitor.page, f"{sister.origin}/mijn-slachtoffer")
    # The attacker stays where they are, and keeps the word for somebody else.
    visitor.page.evaluate(
        "const way = document.querySelector('#way'); way.addEventListener('click', (it) => it.preventDefault());"
        "new MutationObserver(() => { window.word ??= way.hash.split('balie-look=')[1]; })"
        ".observe(way, { attributes: true })"
    )
    visitor.page.locator("#way").click()
    word = visitor.page.evaluate(
        "new Promise((done) => { const look = () => (window.word ? done(window.word) : setTimeout(look)); look(); })"
    )
    victim = context.browser.new_context(locale="nl-NL") if context.browser else None
    assert victim is not None
    other = victim.new_page()
    with other.expect_response(re.compile("/hand-overs$")) as refused:
        other.goto(f"{sister.origin}/mijn-slachtoffer#balie-look={word}")
    assert refused.value.status == 404
    expect(WidgetPage(other).launcher).to_be_visible()
    expect(asked_at(other, sister)).to_have_count(0)
    assert other.evaluate("location.hash") == ""
    assert b"Van iemand anders" not in watcher.wire()
    assert visitor.agent.look(found)["state"] == "viewing"
    victim.close()
