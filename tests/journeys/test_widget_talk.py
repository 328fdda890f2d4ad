"""A visitor and an agent talk, and the talk survives what browsers and networks do."""

from datetime import UTC, datetime, timedelta

from desk_agent import DeskAgent
from host_site import HostSite
from playwright.sync_api import Browser, BrowserContext, Page, expect
from widget_fixtures import Network
from widget_page import WidgetPage

pytest_plugins = ["widget_fixtures"]


def test_question_and_answer_with_ticks_and_names(page: Page, site: HostSite, agent: DeskAgent) -> None:
    widget = WidgetPage(page).open(f"{site.origin}/jaarnota")
    expect(widget.panel).to_contain_text("Er is nu iemand aanwezig")
    widget.say("Waarom is mijn jaarnota hoger?")
    expect(widget.own_last()).to_contain_text("Verstuurd")
    conversation = agent.conversation_with("Waarom is mijn jaarnota hoger?")
    agent.take(conversation)
    expect(widget.panel.get_by_role("heading", level=2)).to_have_text("Fatima")
    agent.say_frame("read", {"conversation": conversation, "upTo": 2, "level": "delivered"})
    expect(widget.own_last()).to_contain_text("Aangekomen")
    agent.say_frame("signal", {"kind": "typing", "conversation": conversation, "on": True})
    expect(widget.panel).to_contain_text("Fatima typt")
    agent.say(conversation, "Het tarief is gestegen, zie https://www.example.nl/tarieven.")
    expect(widget.messages.last).to_contain_text("Het tarief is gestegen")
    expect(widget.panel).not_to_contain_text("Fatima typt")
    expect(widget.panel.get_by_role("link")).to_have_attribute("href", "https://www.example.nl/tarieven")
    expect(widget.own_last()).to_contain_text("Gelezen")


def test_only_new_messages_are_announced(page: Page, site: HostSite, agent: DeskAgent) -> None:
    widget = WidgetPage(page).open(site.origin)
    widget.say("Hoort u mij?")
    expect(widget.own_last()).to_contain_text("Verstuurd")
    conversation = agent.conversation_with("Hoort u mij?")
    announced = widget.panel.get_by_role("log")
    agent.say(conversation, "Ja, ik hoor u.")
    expect(announced).to_have_text("Fatima: Ja, ik hoor u.")
    page.reload()
    expect(widget.messages).to_have_count(2)
    expect(announced).to_have_text("")


def test_the_badge_counts_while_the_panel_is_closed(page: Page, site: HostSite, agent: DeskAgent) -> None:
    widget = WidgetPage(page).open(site.origin)
    widget.say("Ik wacht even af.")
    expect(widget.own_last()).to_contain_text("Verstuurd")
    widget.field.press("Escape")
    expect(widget.launcher).to_be_focused()
    agent.say(agent.conversation_with("Ik wacht even af."), "Bent u er nog?")
    expect(widget.launcher).to_have_accessible_name("Chat openen, 1 ongelezen bericht")

    page.goto(f"{site.origin}/andere-pagina")
    expect(widget.launcher).to_have_accessible_name("Chat openen, 1 ongelezen bericht")
    widget.launcher.click()
    expect(widget.messages.last).to_have_text("Bent u er nog?")
    expect(page.locator("html")).to_have_attribute("data-unread", "0")


def test_it_goes_on_over_pages_tabs_and_a_restart(
    browser: Browser, context: BrowserContext, page: Page, site: HostSite
) -> None:
    widget = WidgetPage(page).open(f"{site.origin}/een")
    widget.say("Eerste")
    expect(widget.own_last()).to_contain_text("Verstuurd")
    widget.field.fill("Nog niet af")

    page.goto(f"{site.origin}/twee")
    expect(widget.messages).to_have_text(["Eerste"])
    expect(widget.field).to_have_value("Nog niet af")
    expect(widget.field).not_to_be_focused()

    tab = WidgetPage(context.new_page()).open(f"{site.origin}/drie")
    tab.say("Tweede")
    expect(widget.messages).to_have_text(["Eerste", "Tweede"])
    expect(tab.messages).to_have_text(["Eerste", "Tweede"])

    kept = context.storage_state(indexed_db=True)
    later = browser.new_context(storage_state=kept, locale="nl-NL")
    restarted = WidgetPage(later.new_page()).open(site.origin)
    expect(restarted.messages).to_have_text(["Eerste", "Tweede"])
    later.close()


def test_what_is_typed_without_a_network_arrives_once_and_in_order(
    context: BrowserContext, page: Page, site: HostSite, network: Network, agent: DeskAgent
) -> None:
    widget = WidgetPage(page).open(site.origin)
    widget.say("Voor de tunnel")
    expect(widget.own_last()).to_contain_text("Verstuurd")
    conversation = agent.conversation_with("Voor de tunnel")
    network.cut(context)
    widget.say("In de tunnel")
    widget.say("Nog steeds in de tunnel")
    expect(widget.own_last()).to_contain_text("Wacht op verbinding")
    expect(widget.panel).to_contain_text(
        "Geen verbinding. Je berichten worden verstuurd zodra je weer online bent."
    )
    agent.say(conversation, "Bent u er nog?")
    network.mend(context)
    expect(widget.own_last()).to_contain_text("Verstuurd")
    expect(widget.panel).not_to_contain_text("Geen verbinding")
    expect(widget.messages).to_have_text(
        ["Voor de tunnel", "Bent u er nog?", "In de tunnel", "Nog steeds in de tunnel"]
    )
    assert agent.texts(conversation) == [
        "Voor de tunnel",
        "Bent u er nog?",
        "In de tunnel",
        "Nog steeds in de tunnel",
    ]


def test_what_was_typed_offline_survives_closing_the_tab(
    context: BrowserContext, page: Page, site: HostSite, network: Network, agent: DeskAgent
) -> None:
    widget = WidgetPage(page).open(site.origin)
    expect(widget.panel).to_contain_text("Er is nu iemand aanwezig")
    network.cut(context)
    widget.say("Bewaard in de browser")
    expect(widget.own_last()).to_contain_text("Wacht op verbinding")
    page.close()
    network.mend(context)
    page = context.new_page()
    page.goto(site.origin)
    again = WidgetPage(page)
    again.launcher.click()
    expect(again.messages).to_have_text(["Bewaard in de browser"])
    expect(again.own_last()).to_contain_text("Verstuurd")
    assert agent.texts(agent.conversation_with("Bewaard in de browser")) == ["Bewaard in de browser"]


def test_scripts_in_messages_and_names_are_text(page: Page, site: HostSite, agent: DeskAgent) -> None:
    tags = "<img src=x onerror='window.__pwned = 1'><script>window.__pwned = 1</script>"
    nasty = f"{tags} javascript:alert(1) ${{1}} {{{{1}}}}"
    page.goto(site.origin)
    page.evaluate("(name) => Balie('update', { name })", nasty)
    widget = WidgetPage(page)
    widget.launcher.click()
    widget.say(nasty)
    expect(widget.own_last()).to_contain_text("Verstuurd")
    agent.say(agent.conversation_with(nasty), nasty + "\u202e\u0000")
    expect(widget.messages).to_have_count(2)
    expect(widget.messages.first).to_have_text(nasty)
    expect(widget.panel.get_by_role("link")).to_have_count(0)
    assert page.evaluate("window.__pwned") is None
    assert page.evaluate("violations") == []


def test_a_text_over_the_limit_is_not_sent_and_not_lost(page: Page, site: HostSite) -> None:
    widget = WidgetPage(page).open(site.origin)
    widget.field.fill("é" * 7_990)
    expect(widget.panel).to_contain_text("Nog 10 tekens")
    widget.field.fill("é" * 8_001)
    expect(widget.panel).to_contain_text("1 teken te veel")
    widget.field.press("Enter")
    expect(widget.messages).to_have_count(0)
    widget.field.press("Backspace")
    widget.field.press("Enter")
    expect(widget.own_last()).to_contain_text("Verstuurd")


def test_a_text_that_waited_a_day_is_not_sent_without_asking(
    context: BrowserContext, page: Page, site: HostSite, network: Network, agent: DeskAgent
) -> None:
    widget = WidgetPage(page).open(site.origin)
    expect(widget.panel).to_contain_text("Er is nu iemand aanwezig")
    network.cut(context)
    widget.say("Van gisteren")
    expect(widget.own_last()).to_contain_text("Wacht op verbinding")
    page.close()
    network.mend(context)
    page = context.new_page()
    page.clock.set_system_time(datetime.now(UTC) + timedelta(hours=25))
    page.goto(site.origin)
    again = WidgetPage(page)
    again.launcher.click()
    expect(again.own_last()).to_contain_text("Niet verzonden. Je schreef dit")
    again.panel.get_by_role("button", name="Alsnog versturen").click()
    expect(again.field).to_be_focused()
    expect(again.own_last()).to_contain_text("Verstuurd")
    assert agent.texts(agent.conversation_with("Van gisteren")) == ["Van gisteren"]


def test_the_agent_sees_the_trail_of_pages_from_the_first_act_on(
    page: Page, site: HostSite, agent: DeskAgent
) -> None:
    page.goto(f"{site.origin}/voor-het-openen")
    widget = WidgetPage(page).open(f"{site.origin}/jaarnota?klant=12345#bedrag")
    widget.say("Ik kijk naar de nota.")
    expect(widget.own_last()).to_contain_text("Verstuurd")
    page.goto(f"{site.origin}/tarieven")
    expect(widget.messages).to_have_count(1)
    page.evaluate("history.pushState({}, '', '/tarieven/gas?x=1'); document.title = 'Gas'")
    expected = [("/jaarnota", "Jaarnota"), ("/tarieven", "Tarieven"), ("/tarieven/gas", "Gas")]
    trail = agent.trail_until("Ik kijk naar de nota.", len(expected))
    assert trail == [(site.origin + path, title) for path, title in expected]


def test_reading_back_loads_earlier_messages_and_nothing_jumps(
    page: Page, site: HostSite, agent: DeskAgent
) -> None:
    widget = WidgetPage(page).open(site.origin)
    widget.say("Heel lang geleden")
    expect(widget.own_last()).to_contain_text("Verstuurd")
    conversation = agent.conversation_with("Heel lang geleden")
    for n in range(120):
        agent.say(conversation, f"Bericht {n}")
    page.reload()
    expect(widget.messages.last).to_have_text("Bericht 119")
    expect(widget.messages.last).to_be_in_viewport()
    expect(widget.messages).to_have_count(100)

    reading = widget.messages.filter(has_text="Bericht 21")
    reading.first.scroll_into_view_if_needed()
    expect(widget.messages.first).to_have_text("Heel lang geleden")
    expect(widget.messages).to_have_count(121)
    expect(reading.first).to_be_in_viewport()
    expect(widget.messages.first).not_to_be_in_viewport()

    agent.say(conversation, "En nog een nieuwe")
    widget.panel.get_by_role("button", name="Nieuwe berichten").click()
    expect(widget.messages.last).to_be_in_viewport()
    expect(widget.panel.get_by_role("button", name="Nieuwe berichten")).to_have_count(0)
