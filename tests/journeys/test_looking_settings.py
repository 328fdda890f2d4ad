"""An admin decides what agents may see, and tries it out before it holds."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browser_people import Agent
from console_page import ConsolePage
from demo_desk import DemoDesk
from playwright.sync_api import Browser, Page, expect

from running import Running

Open = Callable[..., ConsolePage]


@pytest.fixture
def console(browser: Browser, own_desk: Running) -> Iterator[Open]:
    opened: list[ConsolePage] = []

    def open_(name: str, **profile: Any) -> ConsolePage:
        one = ConsolePage(browser, own_desk, **profile)
        opened.append(one)
        return one.signs_in(name)

    yield open_
    for one in opened:
        assert one.errors == []
        one.context.close()


def settings(page: Page, inbox: str = "") -> None:
    page.keyboard.press(",")
    page.locator(".settings-tab", has_text="Meekijken").click()
    if inbox:
        page.locator(".policy-inbox select").select_option(inbox)
    expect(page.get_by_role("button", name="Bewaren als nieuwe versie")).to_be_visible()


def test_a_policy_is_saved_as_a_version_and_what_is_wrong_stands_at_its_field(
    own_desk: Running, console: Open
) -> None:
    inbox = own_desk.cast.stroom.site.id
    page = console("sanne").page
    settings(page, inbox)
    expect(page.get_by_text("Beginstand")).to_be_visible()
    page.get_by_role("button", name="Regel toevoegen").click()
    page.get_by_label("Afschermen").fill(".klant\n..dubbel")
    page.get_by_role("button", name="Bewaren als nieuwe versie").click()
    url = page.get_by_label("Adres van regel 1")
    expect(url).to_have_attribute("aria-invalid", "true")
    expect(url).to_be_focused()
    expect(page.get_by_text("Regel 2: dit is geen CSS-selector.")).to_be_visible()

    url.fill("/mijn/**")
    page.get_by_label("Wat er mag bij regel 1").select_option("never")
    page.get_by_label("Afschermen").fill(".klant\n.a > b")
    page.get_by_role("switch", name="Titel van de pagina").check()
    page.get_by_role("button", name="Bewaren als nieuwe versie").click()
    expect(page.get_by_text("Versie 1")).to_be_visible()
    kept = own_desk.agent(own_desk.cast.stroom, "sanne").get(f"/v1/inboxes/{inbox}/looking-policy").json()
    assert kept["policy"]["pages"] == [{"url": "/mijn/**", "mode": "never"}]
    assert kept["policy"]["mask"] == [".klant", ".a > b"]
    assert kept["policy"]["title"] is True

    # What a stricter profile does not allow is set right in sight, and saved as such.
    page.get_by_label("Niet bedienen").fill("p::before")
    page.get_by_label("Streng").check()
    expect(page.get_by_label("Velden tonen")).to_have_count(0)
    page.get_by_role("button", name="Bewaren als nieuwe versie").click()
    expect(page.get_by_text("Versie 2")).to_be_visible()
    page.get_by_text("Versie 2").click()
    # The two that were saved, and what the inbox began with.
    expect(page.locator(".versions li")).to_have_count(3)
    expect(page.locator(".versions li").first).to_contain_text("geldt nu")

    # Two admins at once: the second is told, and loses nothing without being asked.
    other = console("sanne").page
    settings(other, inbox)
    other.get_by_label("Afschermen").fill(".ander")
    page.get_by_label("Afschermen").fill(".eerst")
    page.get_by_role("button", name="Bewaren als nieuwe versie").click()
    expect(page.get_by_text("Versie 3")).to_be_visible()
    other.get_by_role("button", name="Bewaren als nieuwe versie").click()
    expect(other.get_by_text("Een collega heeft dit intussen gewijzigd")).to_be_visible()
    expect(other.get_by_label("Afschermen")).to_have_value(".ander")
    other.get_by_role("button", name="Nieuwste versie laden").click()
    expect(other.get_by_label("Afschermen")).to_have_value(".eerst")


def test_trying_it_out_shows_exactly_what_an_agent_would_see(browser: Browser, demo: DemoDesk) -> None:
    admin = Agent(browser, demo.address, "sanne@kwelder.example", "kwelder-demo")
    page = admin.page
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    settings(page)
    page.get_by_label("Afschermen").fill("h1")
    page.get_by_role("button", name="Uitproberen").click()
    dialog = page.get_by_role("dialog", name="Uitproberen wat een medewerker ziet")
    address = dialog.get_by_label("Adres van een eigen pagina")
    address.fill("https://www.example.com/")
    dialog.get_by_role("button", name="Pagina openen").click()
    expect(dialog.get_by_text("Deze site staat niet bij de websites van deze inbox.")).to_be_visible()

    address.fill(f"{demo.address}/demo/nl/meterstanden")
    with page.expect_popup() as opened:
        address.press("Enter")
    own = opened.value
    expect(dialog.get_by_role("status")).to_contain_text("Dit ziet een medewerker")
    copy = page.frame_locator(".tester-room iframe")
    expect(copy.locator("h1")).to_have_text("••••")
    field = own.locator("main input:not([type=hidden])").first
    field.fill("4711")
    expect(copy.locator("main input").first).to_have_value("••••")
    own.evaluate("document.querySelector('main').append('Zichtbaar voor wie meekijkt')")
    expect(copy.get_by_text("Zichtbaar voor wie meekijkt")).to_be_visible()

    # The next page of the same window is seen, too; a window that is closed is said.
    own.goto(f"{demo.address}/demo/nl/tarieven")
    expect(dialog.get_by_role("status")).to_contain_text("tarieven")
    expect(copy.locator("h1")).to_have_text("••••")
    own.close()
    expect(dialog.get_by_role("status")).to_contain_text("Het venster is gesloten")
    assert errors == []
    admin.context.close()
