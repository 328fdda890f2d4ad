"""Everybody can use it: by keyboard, with a screen reader, on a phone, in the dark."""

import pytest
from desk_agent import DeskAgent
from host_site import HostSite
from playwright.sync_api import Browser, Page, expect
from widget_page import WidgetPage

pytest_plugins = ["widget_fixtures"]


def test_a_whole_talk_without_a_mouse(page: Page, site: HostSite, agent: DeskAgent) -> None:
    page.goto(f"{site.origin}/toetsenbord")
    widget = WidgetPage(page)
    expect(widget.launcher).to_be_visible()
    page.locator("#own").focus()
    page.keyboard.press("Tab")
    expect(widget.launcher).to_be_focused()
    page.keyboard.press("Enter")
    expect(widget.field).to_be_focused()
    page.keyboard.type("Regel een")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("regel twee")
    page.keyboard.press("Enter")
    expect(widget.messages).to_have_text(["Regel een\nregel twee"], use_inner_text=True)
    expect(widget.own_last()).to_contain_text("Verstuurd")
    page.keyboard.press("Shift+Tab")
    expect(widget.panel.get_by_role("button", name="Meer mogelijkheden")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(widget.panel.get_by_role("group", name="Berichten")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(widget.panel.get_by_role("button", name="Chat sluiten")).to_be_focused()
    page.keyboard.press("Escape")
    expect(widget.panel).to_be_hidden()
    expect(widget.launcher).to_be_focused()


def test_keys_typed_in_the_panel_are_no_shortcuts_of_the_page(page: Page, site: HostSite) -> None:
    widget = WidgetPage(page).open(site.origin)
    page.evaluate("window.keys = []; document.addEventListener('keydown', (event) => keys.push(event.key))")
    page.keyboard.type("/j")
    expect(widget.field).to_have_value("/j")
    assert page.evaluate("keys") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_axe_finds_nothing(page: Page, site: HostSite, agent: DeskAgent, scheme: str, language: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    site.language = language
    page.goto(f"{site.origin}/{language}")
    widget = WidgetPage(page)
    page.locator("balie-widget button").first.wait_for()
    assert widget.faults() == []
    page.evaluate("Balie('show')")
    expect(widget.panel).to_be_visible()
    expect(widget.panel.get_by_role("heading", level=3)).to_be_visible()
    assert widget.faults() == []
    question = f"{scheme} {language}?"
    page.keyboard.type(question)
    page.keyboard.press("Enter")
    expect(widget.own_last()).to_contain_text("Verstuurd" if language == "nl" else "Sent")
    conversation = agent.conversation_with(question)
    agent.take(conversation)
    agent.say(conversation, "Zie https://www.example.nl/antwoord")
    expect(widget.messages).to_have_count(2)
    page.keyboard.type("Nog iets")
    assert widget.faults() == []


def test_on_a_phone_it_fills_the_screen_and_keeps_the_focus_inside(phone: Page, site: HostSite) -> None:
    phone.goto(site.origin)
    widget = WidgetPage(phone)
    widget.launcher.tap()
    expect(widget.panel.get_by_role("heading", level=2)).to_be_focused()
    box = widget.panel.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    assert widget.panel.evaluate("(it) => it.matches(':modal')")
    widget.field.fill("Vanaf mijn telefoon")
    widget.panel.get_by_role("button", name="Versturen").tap()
    expect(widget.own_last()).to_contain_text("Verstuurd")
    for button in widget.panel.get_by_role("button").all():
        size = button.bounding_box()
        assert size is not None
        assert size["height"] >= 44
    assert widget.faults() == []
    widget.panel.get_by_role("button", name="Chat sluiten").tap()
    expect(widget.launcher).to_be_focused()


def test_at_200_percent_zoom_everything_stays_within_reach(browser: Browser, site: HostSite) -> None:
    # A 1280 × 800 window at 200 % has this many CSS pixels.
    context = browser.new_context(
        viewport={"width": 640, "height": 400}, device_scale_factor=2, locale="nl-NL"
    )
    widget = WidgetPage(context.new_page())
    widget.page.goto(site.origin)
    widget.launcher.click()
    for part in (widget.field, widget.panel.get_by_role("button", name="Chat sluiten")):
        expect(part).to_be_in_viewport(ratio=1)
    context.close()
