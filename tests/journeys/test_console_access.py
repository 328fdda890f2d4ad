"""The console for everybody: nothing for axe to find, on every screen; and nothing a visitor writes becomes code."""

from collections.abc import Iterator

import pytest
from console_page import ConsolePage
from playwright.sync_api import Browser, expect

from running import Running

HOSTILE = [
    "<img src=x onerror=window.__pwned=1>",
    "<script>window.__pwned=1</script>",
    "javascript:window.__pwned=1",
    "{{constructor.constructor('window.__pwned=1')()}}",
    '"><svg onload=window.__pwned=1>',
    "[klik](javascript:window.__pwned=1)",
    "![x](https://evil.example/pixel.png)",
]


@pytest.fixture
def agent(browser: Browser, desk: Running) -> Iterator[ConsolePage]:
    console = ConsolePage(browser, desk)
    yield console
    console.close()
    assert console.errors == []


@pytest.mark.parametrize(("scheme", "locale"), [("light", "nl-NL"), ("dark", "en-GB")])
def test_axe_finds_nothing(browser: Browser, desk: Running, scheme: str, locale: str) -> None:
    asked = desk.asks(desk.cast.stroom, "Staat de kleur goed?", name="Femke Bos")
    console = ConsolePage(browser, desk, color_scheme=scheme, locale=locale, reduced_motion="reduce")
    page = console.goes().page
    expect(page.locator("form")).to_be_visible()
    assert console.faults() == []
    page.keyboard.type("wie@example.nl")
    page.keyboard.press("Enter")
    page.keyboard.type("niet het wachtwoord")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert console.faults() == []
    console.signs_in("sanne")
    expect(page.locator(".row").first).to_be_visible()
    assert console.faults() == []
    page.goto(f"{desk.origin}/console/inbox/all/{asked.conversation}")
    expect(console.bubbles().first).to_be_visible()
    console.box().fill("Antwoord")
    assert console.faults() == []
    console.box().fill("")
    console.box().press("/")
    expect(page.get_by_role("combobox")).to_be_focused()
    assert console.faults() == []
    console.keys("Escape", "Escape")
    for key, dialog in (("Control+k", ".dialog-commands"), ("?", ".dialog-help"), (",", ".dialog-settings")):
        console.keys(key)
        expect(page.locator(dialog)).to_be_visible()
        assert console.faults() == []
        if dialog == ".dialog-settings":
            for tab in page.locator(".settings-tab").all():
                tab.click()
                assert console.faults() == []
        console.keys("Escape")
        expect(page.locator(dialog)).to_have_count(0)
    page.locator("#my-status").click()
    expect(page.get_by_role("menu")).to_be_visible()
    assert console.faults() == []
    assert console.errors == []
    console.close()


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_every_screen_width_leads_from_list_to_answer_to_contact(
    desk: Running, agent: ConsolePage, width: int
) -> None:
    name = f"Wilhelmina Geertruida van der Heijden-Oosterhuis {width}"
    desk.asks(desk.cast.stroom, "Een vraag van iemand met een lange naam", name=name)
    page = agent.page
    page.set_viewport_size({"width": width, "height": 844})
    agent.signs_in("sanne").knows_the_ropes()
    agent.row(name).click()
    expect(agent.box()).to_be_visible()
    context = page.get_by_role("complementary", name="Contact")
    if width < 1440:
        expect(context).to_have_count(0)
        page.get_by_role("button", name="Contact tonen").click()
    expect(context).to_contain_text(name)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if width == 390:
        agent.keys("Escape")
        page.get_by_role("button", name="Terug naar de lijst").click()
        expect(agent.row(name)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_a_visitor_writes_stays_text_and_asks_no_other_host(desk: Running, agent: ConsolePage) -> None:
    asked = [desk.asks(desk.cast.stroom, text, name=text[:100]) for text in HOSTILE]
    agent.signs_in("sanne")
    for visit, text in zip(asked, HOSTILE, strict=True):
        agent.page.goto(f"{desk.origin}/console/inbox/all/{visit.conversation}")
        expect(agent.bubbles().first).to_contain_text(text)
        expect(agent.page.locator(".head h2")).to_have_text(text[:100])
        expect(agent.page.locator(".row", has_text=text[:20]).first).to_be_visible()
        assert (
            agent.page.locator("a[href^='javascript:'], .log img, .log svg:not([aria-hidden])").count() == 0
        )
    assert agent.page.evaluate("window.__pwned") is None
    agent.keys("Control+k")
    agent.page.keyboard.type("<img")
    expect(agent.page.get_by_role("option").first).to_contain_text("<img src=x")
    assert agent.page.evaluate("window.__pwned") is None
    assert [url for url in agent.requests if not url.startswith(desk.origin)] == []


def test_a_wrong_password_is_named_and_the_language_can_be_switched(
    desk: Running, agent: ConsolePage
) -> None:
    page = agent.goes().page
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Vul je e-mailadres en je wachtwoord in.")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Log in to Balie")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"
    page.get_by_label("E-mail address").fill("nobody@example.nl")
    page.locator("input[name=password]").fill("wrong wrong wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")


def test_a_log_out_while_the_desk_is_away_is_said_and_done_when_it_is_back(
    desk: Running, agent: ConsolePage
) -> None:
    page = agent.signs_in("tom").knows_the_ropes().page
    token = next(one["value"] for one in agent.context.cookies() if one["name"] == "balie_session")

    def holds() -> bool:
        return desk.browser(cookies={"balie_session": token}).get("/v1/session").status_code == 200

    agent.context.route("**/v1/**", lambda route: route.abort())
    page.locator("#my-status").click()
    page.get_by_role("menuitem", name="Uitloggen").click()
    word = page.locator(".login").get_by_role("status")
    expect(word).to_contain_text("Laat dit venster open")
    page.reload()
    expect(word).to_contain_text("Laat dit venster open")
    assert holds()

    agent.context.unroute("**/v1/**")
    expect(word).to_have_count(0)
    assert not holds()
    agent.signs_in("fatima", "/console/settings")
    page.reload()
    expect(page.locator(".rail")).to_be_visible()
