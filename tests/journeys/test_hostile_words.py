"""Threats S4, S5, S8: every hostile input (tests/security/inputs) wherever the console shows text, in a real browser.

Nothing may run, and the browser may ask nobody but the desk.
"""

import pytest
from console_page import ConsolePage
from playwright.sync_api import Browser, expect

import cast
from balie.lib import ids
from hostile import texts
from running import Running

KINDS = ("text", "url", "path", "slow")


@pytest.fixture
def words() -> list[str]:
    return [text for _, text in texts(*KINDS) if text.strip() and len(text) <= 8_000]


def test_no_word_of_anybody_becomes_code_in_the_console(
    browser: Browser, own_desk: Running, words: list[str]
) -> None:
    desk, office = own_desk, own_desk.cast.stroom
    admin = desk.agent(office, "sanne")
    visit = desk.run(lambda: _asks_all(desk, words))
    home = f"/v1/conversations/{visit.conversation}"
    shown = [one for one in words if one.isprintable() and one.startswith(("<", '"', "[", "!", "{", "'"))]
    for text in shown:
        admin.post(f"{home}/messages", json={"cid": ids.new_cid(), "text": text, "note": True})
        desk.asks(office, text, name=text[:120])
    for number, text in enumerate(shown):
        admin.post("/v1/replies", json={"shortcut": f"x{number}", "title": text[:200], "text": text})
    admin.patch(
        f"/v1/contacts/{visit.contact}", json={"name": shown[0], "email": shown[4], "phone": shown[2][:40]}
    )
    admin.patch(f"/v1/agents/{office.agents['tom'].id}", json={"name": shown[0]})
    admin.patch(f"/v1/inboxes/{office.engineers.id}", json={"name": shown[4]})
    admin.put(f"{home}/drafts/message", json={"text": shown[0]})

    agent = ConsolePage(browser, desk)
    page = agent.signs_in("sanne").knows_the_ropes().page
    page.goto(f"{desk.origin}/console/inbox/all/{visit.conversation}")
    expect(agent.bubbles().first).to_be_visible()
    expect(page.locator(".log")).to_contain_text(shown[-1])
    page.locator(".log").evaluate(
        "(it) => { for (const one of it.querySelectorAll('*')) one.scrollIntoView() }"
    )
    agent.keys("Control+k")
    page.keyboard.type("<img")
    expect(page.get_by_role("option").first).to_be_visible()
    agent.keys("Escape", ",")
    expect(page.locator(".dialog-settings")).to_be_visible()
    for tab in page.locator(".settings-tab").all():
        tab.click()

    # What the browser made of it: no element of a writer's own, no link that runs, nothing asked of others.
    assert page.evaluate("window.__pwned") is None
    assert (
        page.locator("iframe, object, embed, a[href^='javascript:'], .log img, [onerror], [onload]").count()
        == 0
    )
    assert [url for url in agent.requests if not url.startswith((desk.origin, "data:"))] == []
    assert agent.errors == []
    agent.close()


async def _asks_all(desk: Running, words: list[str]) -> cast.Visit:
    office = desk.cast.stroom
    visit = await cast.asks(desk.db, desk.clock, office, words[0], name=words[0][:120])
    for text in words[1:]:
        await cast.says(desk.db, desk.clock, visit, text)
    return visit
