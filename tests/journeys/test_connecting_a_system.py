"""An admin connects another system: from an empty page to a receiver that hears, fails, and hears again."""

import json
import re
import time
from collections.abc import Iterator

import pytest
from console_page import ConsolePage
from playwright.sync_api import Browser, Page, expect
from standardwebhooks import Webhook

from balie.lib.clock import SetClock
from receiver import Receiver
from running import Running


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A desk of today, whose webhooks may reach this machine."""
    import msgspec

    running = Running(tmp_path_factory.mktemp("hooks"))
    running.clock = SetClock(int(time.time() * 1000))
    running.settings = msgspec.structs.replace(running.settings, outward_networks="127.0.0.0/8")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def opens_webhooks(console: ConsolePage) -> Page:
    page = console.page
    console.keys(",")
    page.locator(".settings-tab", has_text="Webhooks").click()
    return page


def test_an_admin_connects_a_system_and_mends_what_failed(
    browser: Browser, desk: Running, receiver: Receiver
) -> None:
    console = ConsolePage(browser, desk)
    console.signs_in("sanne").knows_the_ropes()
    page = opens_webhooks(console)
    expect(page.get_by_text("Laat een ander systeem meeluisteren")).to_be_visible()
    assert console.faults() == []

    # With the keyboard: the one action, the address, the name, and save.
    page.get_by_role("button", name="Webhook toevoegen").press("Enter")
    address = page.get_by_label("Adres van de ontvanger")
    expect(address).to_be_focused()
    address.fill("geen adres")
    address.press("Enter")
    expect(page.get_by_text("Dit is geen volledig adres")).to_be_visible()
    assert console.faults() == []
    address.fill("https://10.0.0.1/hook")
    address.press("Enter")
    expect(page.get_by_role("alert").get_by_text("niet bereikbaar via internet")).to_be_visible()
    address.fill(f"{receiver.url}/hook")
    page.get_by_label(re.compile("^Naam")).fill("Datawarehouse")
    page.keyboard.press("Enter")

    secret = page.locator(".secret-code").inner_text()
    assert secret.startswith("whsec_")
    assert console.faults() == []
    page.get_by_role("button", name="Ik heb het bewaard").click()
    expect(page.locator(".secret-code")).to_have_count(0)
    expect(page.get_by_text("Nog niets verstuurd")).to_be_visible()

    page.get_by_role("button", name="Testbericht sturen").click()
    (got,) = receiver.wait_for(1)
    Webhook(secret).verify(got.body, got.headers)
    expect(page.locator(".sent-open", has_text="Testbericht")).to_contain_text("Aangekomen")

    receiver.answer = lambda _: (404, {}, b"no such hook here")
    visit = desk.asks(desk.cast.stroom, "Waar blijft mijn nota?")
    failed = page.locator(".sent-open", has_text="Nieuw gesprek")
    expect(failed).to_contain_text("Mislukt")
    expect(page.get_by_role("button", name="Mislukt 2")).to_be_visible()
    assert console.faults() == []
    failed.press("Enter")
    expect(page.locator(".attempts")).to_contain_text("HTTP 404")
    expect(page.locator(".attempts")).to_contain_text("no such hook here")
    assert visit.conversation in page.locator("section > pre").inner_text()
    assert console.faults() == []
    receiver.answer = None
    page.get_by_role("button", name="Opnieuw sturen").click()
    expect(page.locator(".hook-title .shape")).to_contain_text("Aangekomen")
    ids = [
        one.headers["webhook-id"]
        for one in receiver.got
        if json.loads(one.body)["type"] == "conversation.opened"
    ]
    assert len(ids) == 2
    assert len(set(ids)) == 1

    page.get_by_role("button", name="Terug naar de webhook").click()
    page.get_by_role("button", name="Alle mislukte opnieuw sturen").click()
    page.get_by_role("menuitem", name="Van de laatste 24 uur").click()
    expect(page.get_by_role("button", name="Aangekomen 3")).to_be_visible()
    page.get_by_role("button", name="Mislukt 0").click()
    expect(page.get_by_text("Niets in deze lijst.")).to_be_visible()

    page.get_by_role("button", name="Meer acties").click()
    page.get_by_role("menuitem", name="Nieuw geheim").click()
    page.get_by_role("button", name="Nieuw geheim maken").click()
    expect(page.locator(".secret-code")).not_to_have_text(secret)
    page.get_by_role("button", name="Ik heb het bewaard").click()
    expect(page.get_by_text("tellen het oude en het nieuwe geheim allebei")).to_be_visible()

    page.get_by_role("button", name="Meer acties").click()
    page.get_by_role("menuitem", name="Verwijderen").click()
    page.get_by_role("alert").get_by_role("button", name="Verwijderen").click()
    expect(page.get_by_text("Laat een ander systeem meeluisteren")).to_be_visible()
    assert console.errors == []
    console.close()


def test_admins_hear_that_a_webhook_was_turned_off_on_every_width_and_in_the_dark(
    browser: Browser, desk: Running, receiver: Receiver
) -> None:
    receiver.answer = lambda _: (410, {}, b"")
    admin = desk.agent(desk.cast.stroom, "sanne")
    body = {"url": receiver.url, "description": "Kluis", "events": ["message.added"]}
    assert admin.post("/v1/webhooks", json=body).status_code == 201
    phone = {"width": 390, "height": 844}
    console = ConsolePage(browser, desk, viewport=phone, color_scheme="dark")
    page = console.signs_in("sanne").page
    desk.asks(desk.cast.stroom, "Hallo")
    toast = page.locator(".toast")
    expect(toast).to_contain_text("‘Kluis’ is uitgezet")
    toast.get_by_role("button", name="Bekijken").click()
    page.locator(".hook-open").click()
    expect(page.get_by_text("de ontvanger antwoordde 410")).to_be_visible()
    assert console.faults() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Weer aanzetten").click()
    expect(page.locator(".hook-title .shape")).to_have_text("Werkt")
    assert console.errors == []
    console.close()


def test_an_agent_sees_no_webhooks(browser: Browser, desk: Running) -> None:
    console = ConsolePage(browser, desk)
    console.signs_in("fatima")
    console.keys(",")
    expect(console.page.locator(".settings-tab").first).to_be_visible()
    expect(console.page.locator(".settings-tab", has_text="Webhooks")).to_have_count(0)
    console.close()
