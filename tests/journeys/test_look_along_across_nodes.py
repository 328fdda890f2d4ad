"""A look with the visitor's page on one node and the agent's window on another, while one of the nodes is killed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_people import PATIENT_MS, Agent, Visitor
from console_look import ConsoleLook
from demo_desk import Balancer, DemoDesk
from look_page import LookSight
from playwright.sync_api import Browser, expect

from servers import postgres
from servers.redis import PrivateRedis

VISITORS, AGENTS = "visitors-browser", "agents-browser"
CHOICE = """
const part = (name, text, ...children) => {
  const made = document.createElement(name);
  made.append(text, ...children);
  return made;
};
const label = part('label', 'Soort account');
const select = part('select', '', part('option', 'Thuis'), part('option', 'Zakelijk'));
const box = part('p', '', label, select);
label.htmlFor = select.id = 'kind';
box.dataset.balieShow = '';
document.querySelector('main').prepend(box);
"""
COUNT_QUESTIONS = """
window.asked = 0;
new MutationObserver((all) => {
  for (const { addedNodes } of all)
    for (const it of addedNodes) if (it instanceof Element && it.matches('dialog.look-box')) asked += 1;
}).observe(document.querySelector('balie-widget').shadowRoot, { childList: true, subtree: true });
"""


class Pair:
    """Two desks on one PostgreSQL and one Redis behind one address; each kind of browser meets its own."""

    def __init__(self, redis: PrivateRedis, folder: Path) -> None:
        self.front = Balancer()
        shared = {
            "BALIE_DATABASE_URL": postgres.shared().database(),
            "BALIE_REDIS_URL": redis.url,
            "BALIE_PUBLIC_URL": self.front.address,
        }
        self.desks: dict[str, DemoDesk] = {}
        for kind in (VISITORS, AGENTS):
            (folder / kind).mkdir()
            desk = self.desks[kind] = DemoDesk(folder / kind, **shared)
            desk.start()
            self.front.kinds[kind] = desk.port

    def kill(self, kind: str) -> None:
        """From here on everybody meets the other one."""
        self.desks[kind].kill()
        left = next(desk for one, desk in self.desks.items() if one != kind)
        self.front.kinds[kind] = left.port

    def close(self) -> None:
        for desk in self.desks.values():
            desk.close()
        self.front.close()


@pytest.fixture
def pair(redis: PrivateRedis, tmp_path: Path) -> Iterator[Pair]:
    pair = Pair(redis, tmp_path)
    yield pair
    pair.close()


@pytest.mark.parametrize("doomed", [VISITORS, AGENTS])
def test_a_look_between_two_nodes_outlives_the_death_of_one(
    browser: Browser, pair: Pair, doomed: str
) -> None:
    agent = Agent(browser, pair.front.address, "sanne@kwelder.example", "kwelder-demo", AGENTS)
    visitor = Visitor(browser, pair.front.address, VISITORS)
    visitor.visits("/demo/jaarnota")
    visitor.page.evaluate(CHOICE)
    visitor.opens_chat()
    visitor.says("Kunt u meekijken, ook van een andere server?")
    agent.opens("ook van een andere server")
    sight, console = LookSight(visitor.page), ConsoleLook(agent.page)
    agent.page.get_by_role("button", name=re.compile("^Meekijken")).first.click()
    expect(sight.question).to_be_visible()
    sight.agrees()
    console.sees("Soort account")
    console.pane.get_by_role("button", name="Vraag om te bedienen").click()
    sight.agrees()
    expect(console.pane.locator(".look-grant")).to_contain_text("Je mag bedienen")
    visitor.page.evaluate("document.querySelector('h1').textContent = 'Voor de storing'")
    console.sees("Voor de storing")
    visitor.page.evaluate(COUNT_QUESTIONS)

    pair.kill(doomed)
    visitor.page.evaluate("document.querySelector('h1').textContent = 'Na de storing'")
    expect(console.page.frame_locator(".look-copy").get_by_text("Na de storing")).to_be_visible(
        timeout=PATIENT_MS
    )
    console.sees("Na de storing")
    expect(sight.bar).to_contain_text("kijkt mee")

    # What was granted before holds: the agent chooses, and the visitor's page does it.
    expect(sight.bar).to_contain_text("Mag klikken en invullen")
    expect(console.pane.locator(".look-grant")).to_contain_text("Je mag bedienen")
    console.tool("Bedienen").click()
    for _ in range(30):
        console.page.mouse.click(*console.at("select"))
        console.pane.get_by_role("listbox", name="Kies in ‘Soort account’").select_option("Zakelijk")
        console.page.keyboard.press("Enter")
        expect(console.told).to_contain_text("gedaan")
        # The visitor's own hand goes first, and it has just pressed Yes.
        if "zelf bezig" not in console.told.inner_text():
            break
    expect(console.told).to_contain_text("Keuze in ‘Soort account’: gedaan")
    assert visitor.page.locator("#kind").input_value() == "Zakelijk"
    assert visitor.page.evaluate("asked") == 0
    expect(agent.page.locator(".log .event", has_text="geeft toestemming")).to_have_count(1)

    sight.stop.click()
    expect(console.mark).to_have_text("Gestopt")
