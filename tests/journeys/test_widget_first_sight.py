"""What the widget does to a page before and without anybody chatting."""

from host_site import HostSite
from playwright.sync_api import BrowserContext, Page, expect
from widget_page import WidgetPage

pytest_plugins = ["widget_fixtures"]

STORED = """async () => ({
  local: Object.keys(localStorage), session: Object.keys(sessionStorage), cookies: document.cookie,
  databases: (await indexedDB.databases()).map((it) => it.name),
})"""
NOTHING = {"local": [], "session": [], "cookies": "", "databases": []}


def test_a_page_load_makes_one_request_and_leaves_nothing_behind(page: Page, site: HostSite) -> None:
    asked: list[str] = []
    sockets: list[str] = []
    page.on("request", lambda it: asked.append(it.url) if it.url.startswith(site.desk) else None)
    page.on("websocket", lambda it: sockets.append(it.url))
    page.goto(f"{site.origin}/jaarnota", wait_until="networkidle")
    widget = WidgetPage(page)
    expect(widget.launcher).to_be_visible()
    assert asked == [f"{site.desk}/widget.js"]
    assert page.evaluate(STORED) == NOTHING

    with page.expect_response("**/widget/panel-*.js"):
        widget.launcher.hover()
    assert len(asked) == 2
    assert sockets == []
    assert page.evaluate(STORED) == NOTHING


def test_it_works_on_a_page_that_forbids_inline_style_and_script_and_demands_trusted_types(
    page: Page, site: HostSite
) -> None:
    widget = WidgetPage(page).open(f"{site.origin}/strict")
    widget.say("Mag dit van de pagina?")
    expect(widget.own_last()).to_contain_text("Verstuurd")
    assert page.evaluate("violations") == []
    assert (
        page.locator("balie-widget").evaluate(
            "(it) => it.shadowRoot.querySelectorAll('[style], style').length"
        )
        == 0
    )


def test_the_rules_of_the_host_page_do_not_reach_inside(page: Page, site: HostSite) -> None:
    widget = WidgetPage(page).open(f"{site.origin}/wild")
    expect(widget.panel).to_be_visible()
    assert widget.panel.evaluate("(it) => getComputedStyle(it).letterSpacing") == "normal"
    assert widget.panel.evaluate("(it) => getComputedStyle(it).borderTopWidth") == "0px"


def test_a_payment_page_never_shows_it(page: Page, site: HostSite) -> None:
    asked: list[str] = []
    page.on("request", lambda it: asked.append(it.url) if it.url.startswith(site.desk) else None)
    page.goto(f"{site.origin}/payment", wait_until="networkidle")
    page.evaluate("Balie('show')")
    expect(page.locator("balie-widget")).to_be_attached()
    expect(WidgetPage(page).launcher).to_be_hidden()
    expect(WidgetPage(page).panel).to_be_hidden()
    assert asked == [f"{site.desk}/widget.js"]


def test_a_page_that_becomes_a_payment_page_hangs_up_and_a_page_that_stops_being_one_goes_on(
    page: Page, site: HostSite
) -> None:
    with page.expect_websocket() as opened:
        widget = WidgetPage(page).open(f"{site.origin}/winkel")
    widget.say("Ik wil zo betalen.")
    expect(widget.own_last()).to_contain_text("Verstuurd")
    socket = opened.value
    with socket.expect_event("close") if not socket.is_closed() else page.expect_event("close"):
        page.evaluate("document.documentElement.dataset.balie = 'payment'")
    expect(widget.panel).to_be_hidden()
    expect(widget.launcher).to_be_hidden()

    page.evaluate("delete document.documentElement.dataset.balie")
    expect(widget.messages).to_have_text(["Ik wil zo betalen."])


def test_calls_made_before_the_file_was_there_are_kept(page: Page, site: HostSite) -> None:
    page.add_init_script(
        "window.Balie = function () { (Balie.q = Balie.q || []).push(arguments) };"
        "Balie('onShow', () => { window.shown = true }); Balie('showNewMessage', 'Mijn vraag gaat over');"
    )
    page.goto(site.origin)
    widget = WidgetPage(page)
    expect(widget.field).to_have_value("Mijn vraag gaat over")
    assert page.evaluate("shown") is True


def test_shutdown_leaves_nothing_behind(context: BrowserContext, page: Page, site: HostSite) -> None:
    widget = WidgetPage(page).open(site.origin)
    widget.say("Vergeet mij maar.")
    expect(widget.own_last()).to_contain_text("Verstuurd")
    page.evaluate("Balie('shutdown')")
    expect(page.locator("balie-widget")).to_have_count(0)

    again = WidgetPage(context.new_page()).open(site.origin)
    expect(again.panel.get_by_role("heading", level=3)).to_be_visible()
    expect(again.messages).to_have_count(0)
