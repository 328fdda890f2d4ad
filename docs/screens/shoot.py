"""Takes the pictures of the docs: a talk is held on a fresh demo desk and photographed from both sides."""

import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TESTS = HERE.parents[1] / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "journeys")]

import look_along  # noqa: E402
from demo_desk import DemoDesk  # noqa: E402
from playwright.sync_api import Browser, Page, expect, sync_playwright  # noqa: E402

from chromium import CHROMIUM, FLAGS  # noqa: E402

DESKTOP = {"width": 1440, "height": 900}
SITE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
TALK = (
    "Good morning, my annual bill says I have to pay € 347,16 extra. How can that be? My monthly amount never changed.",
    "Good morning Elisabeth. Let me look at it with you. Your gas use went up by about 140 m³ compared with last year.",
    "Did anything change at home since March?",
    "We replaced the boiler, and my mother has been living with us since the summer.",
    "That explains most of it. You can see it month by month here: https://www.kwelder.example/annual-bill",
    "Shall I raise your monthly amount by € 25? Then next year's bill ends around zero.",
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        desk = DemoDesk(Path(folder))
        desk.start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            shoot(browser, desk.address)
        finally:
            browser.close()
            desk.close()


def shoot(browser: Browser, address: str) -> None:
    """All pictures, from one talk."""
    visitor = page(browser, SITE, "en-GB")
    visitor.goto(f"{address}/demo/en/")
    picture(visitor, "site")
    visitor.goto(f"{address}/demo/en/annual-bill")
    visitor.evaluate("Balie('update', {name: 'Elisabeth van den Berg'})")
    visitor.locator("button.launcher").click()
    says(visitor, "textarea", TALK[0])
    agent = signed_in(browser, address, "en-GB", DESKTOP)
    agent.locator(".row", has_text="my annual bill says").click()
    agent.locator("#compose-text").focus()
    agent.keyboard.press("Escape")
    agent.keyboard.press("t")
    for text in TALK[1:3]:
        says(agent, "#compose-text", text)
    says(visitor, "textarea", TALK[3])
    agent.get_by_role("tab", name="Note").click()
    says(agent, "#compose-text", "Boiler replaced in March: check whether the meter was swapped as well.")
    agent.get_by_role("tab", name="Reply").click()
    for text in TALK[4:]:
        says(agent, "#compose-text", text)
    expect(visitor.locator("li.message")).to_have_count(6)
    expect(agent.locator(".log li.message.is-own .tick.is-read").last).to_be_visible()
    hint = agent.get_by_role("button", name="Got it")
    if hint.is_visible():
        hint.click()
    state = visitor.context.storage_state(indexed_db=True)
    picture(agent, "console-light")
    picture(visitor, "widget-light")
    agent.keyboard.press("Control+k")
    picture(agent, "console-commands")
    agent.keyboard.press("Escape")
    agent.emulate_media(color_scheme="dark")
    picture(agent, "console-dark")
    agent.set_viewport_size(PHONE)
    picture(agent, "console-phone")
    for name, size, dark in (
        ("widget-dark", SITE, True),
        ("widget-phone-light", PHONE, False),
        ("widget-phone-dark", PHONE, True),
    ):
        other = page(browser, size, "nl-NL" if dark else "en-GB", dark=dark, storage_state=state)
        other.goto(f"{address}/demo/nl/jaarnota" if dark else f"{address}/demo/en/annual-bill")
        other.locator("button.launcher").click()
        expect(other.locator("li.message")).to_have_count(6)
        picture(other, name)
    login = page(browser, DESKTOP, "nl-NL")
    login.goto(f"{address}/console/")
    expect(login.locator("input[type=password]")).to_be_visible()
    picture(login, "console-login")
    look_along.shoot(page(browser, SITE, "en-GB"), signed_in(browser, address, "en-GB", DESKTOP), address)


def page(browser: Browser, size: Any, locale: str, *, dark: bool = False, **more: Any) -> Page:
    scheme: Any = "dark" if dark else "light"
    return browser.new_context(viewport=size, locale=locale, color_scheme=scheme, **more).new_page()


def signed_in(browser: Browser, address: str, locale: str, size: Any) -> Page:
    agent = page(browser, size, locale)
    agent.goto(f"{address}/console/")
    agent.get_by_role("button", name="English").click()
    agent.locator("input[type=email]").fill("sanne@kwelder.example")
    agent.locator("input[type=password]").fill("kwelder-demo")
    agent.keyboard.press("Enter")
    expect(agent.locator(".row").first).to_be_visible()
    return agent


def says(who: Page, box: str, text: str) -> None:
    who.locator(box).fill(text)
    who.locator(box).press("Enter")
    expect(who.locator(box)).to_have_value("")
    expect(who.locator("li.message").last).to_contain_text(text[:20])


def picture(of: Page, name: str) -> None:
    of.wait_for_load_state("networkidle")
    of.evaluate("Promise.all(document.getAnimations().map((one) => one.finished.catch(() => 0)))")
    of.screenshot(path=HERE / f"{name}.png", animations="disabled")


if __name__ == "__main__":
    main()
