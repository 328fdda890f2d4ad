"""A visitor is asked, agrees, is seen, and can end it at every moment. The agent's end is read as bytes."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from desk_agent import DeskAgent
from host_site import HostSite
from look_page import LookPage
from look_watcher import (
    ACT,
    DONE,
    FILL,
    HIGHLIGHT,
    NO_GRANT,
    POINT,
    SCROLL,
    SCROLL_TO,
    SNAPSHOT_END,
    Watcher,
    signed,
)
from playwright.sync_api import BrowserContext, Page, expect

from balie.desk.log import after
from running import PATIENCE_S, Running

if TYPE_CHECKING:
    from widget_fixtures import Network

pytest_plugins = ["widget_fixtures"]
KEPT = "Object.keys(sessionStorage).filter((it) => it.endsWith(':look'))"
FORGETS = (
    f"new Promise((done) => {{ const look = () => {KEPT}.length ? requestAnimationFrame(look) : done(true);"
    " look(); })"
)
"""The tab forgets a look once the desk has answered that it ended."""
PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"


@pytest.fixture
def asked(page: Page) -> list[str]:
    """The widget's files that the page asked for."""
    files: list[str] = []
    page.on("request", lambda it: files.append(it.url.rpartition("/")[2]) if "/widget/" in it.url else None)
    return files


@pytest.fixture
def look(page: Page, agent: DeskAgent) -> Iterator[LookPage]:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield LookPage(page, agent)
    assert errors == []


def reported(desk: Running, conversation: str, outcome: str) -> list[dict[str, Any]]:
    """The acts that the log holds, once one has this outcome: a report comes after the act."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        log = desk.read(lambda tx: after(tx, conversation, 0, 1_000))
        bodies = [msgspec.json.decode(it.raw) for it in log if it.kind == "control_used"]
        if any(it["outcome"] == outcome for it in bodies) or time.monotonic() > deadline:
            return bodies


def names(files: list[str]) -> list[str]:
    return [name.partition("-")[0] for name in files]


def test_an_invited_visitor_agrees_and_is_seen_and_what_is_masked_is_not(
    look: LookPage, site: HostSite, desk: Running, asked: list[str]
) -> None:
    conversation = look.talks(site, "/meekijken", "Kijkt u even mee?")
    look.page.locator("#secret").fill("zonnebloem-7")
    look.page.locator("#mail").fill("marieke@voorbeeld.nl")
    look.page.locator("#gas").fill("3648")
    assert names(asked) == ["panel"]
    found = look.is_asked(conversation)
    expect(look.question.get_by_role("heading", level=2)).to_be_focused()
    expect(look.question).to_contain_text("Wachtwoorden, codes, bankgegevens")
    assert look.widget.faults() == []
    assert names(asked) == ["panel", "look"]
    look.agrees()
    expect(look.bar).to_contain_text("Fatima")
    assert names(asked) == ["panel", "look", "mirror"]
    assert look.widget.faults() == []

    watcher = Watcher(desk, look.agent, found)
    watcher.sees("Text of the site itself.")
    watcher.frame(lambda it: it.kind == SNAPSHOT_END)
    watcher.sees("3648")
    for secret in (b"zonnebloem", b"marieke@", b"40218776", b"Mag Fatima", b"Typ je bericht"):
        assert secret not in watcher.wire()
    assert look.page.evaluate("violations") == []

    look.page.evaluate("document.querySelector('h1').textContent = 'Nieuwe kop'")
    watcher.sees("Nieuwe kop")
    accepted = dict(look.agent.facts(conversation))["look_accepted"]
    assert (accepted["consentText"], accepted["language"]) == ("2026-11.2", "nl")
    assert accepted["address"] == site.origin + "/meekijken"


@pytest.mark.parametrize("how", ["button", "escape"])
def test_no_means_no(look: LookPage, site: HostSite, asked: list[str], how: str) -> None:
    conversation = look.talks(site, "/nee", f"Liever niet, {how}.")
    found = look.is_asked(conversation)
    look.no.click() if how == "button" else look.page.keyboard.press("Escape")
    expect(look.question).to_be_hidden()
    assert look.agent.look_until(found, state="ended")["endReason"] == "declined"
    expect(look.bar).to_be_hidden()
    assert names(asked) == ["panel", "look"]
    assert look.page.evaluate(FORGETS)


def test_a_press_that_was_meant_for_the_page_agrees_to_nothing(look: LookPage, site: HostSite) -> None:
    conversation = look.talks(site, "/schrik", "Ik typ nog.")
    look.page.locator("#mail").focus()
    look.is_asked(conversation)
    look.page.keyboard.press("Enter")
    look.page.keyboard.press("Space")
    look.question.get_by_role("button").evaluate_all("(all) => all.forEach((it) => it.click())")
    expect(look.question).to_be_visible()
    expect(look.bar).to_be_hidden()


def test_an_invitation_lets_the_visitor_type_on_and_asks_when_they_are_done(
    look: LookPage, site: HostSite
) -> None:
    conversation = look.talks(site, "/typen", "Ik vul het zelf in.")
    look.page.locator("#mail").click()
    look.page.keyboard.type("marieke")
    found = look.agent.invites(conversation)["id"]
    expect(look.bar).to_contain_text("wil met je meekijken")
    expect(look.page.get_by_role("status").filter(has_text="wil met je meekijken")).to_have_count(1)
    expect(look.view).to_be_visible()
    look.page.keyboard.type("@voorbeeld.nl ")
    look.page.keyboard.press("Tab")
    look.page.keyboard.type("3648")
    assert look.page.locator("#mail").input_value() == "marieke@voorbeeld.nl "
    assert look.page.locator("#gas").input_value() == "3648"
    expect(look.question).to_be_hidden()

    # Out of the fields the question comes, and a key that was meant for the page does not answer it.
    look.page.keyboard.press("Tab")
    expect(look.page.locator("#next")).to_be_focused()
    expect(look.question).to_be_visible()
    expect(look.question.get_by_role("heading", level=2)).to_be_focused()
    for key in ("Space", "Enter", "a"):
        look.page.keyboard.press(key)
    expect(look.page.locator(".look-box.ready")).to_be_visible()
    for key in ("Space", "Enter", "a"):
        look.page.keyboard.press(key)
    expect(look.question).to_be_visible()
    assert look.agent.look(found)["state"] == "invited"
    assert look.widget.faults() == []
    look.no.click()
    assert look.agent.look_until(found, state="ended")["endReason"] == "declined"


def test_an_invitation_in_mid_word_is_answered_by_keyboard_from_the_bar(
    look: LookPage, site: HostSite
) -> None:
    conversation = look.talks(site, "/balk", "Ik typ hier nog.")
    look.page.locator("#mail").click()
    look.page.keyboard.type("mar")
    look.agent.invites(conversation)
    expect(look.view).to_be_visible()
    look.view.focus()
    look.page.keyboard.press("Enter")
    expect(look.question).to_be_visible()
    look.agrees()
    expect(look.bar).to_contain_text("kijkt mee")


def test_pause_holds_everything_back_and_resume_tells_the_page_anew(
    look: LookPage, site: HostSite, desk: Running
) -> None:
    _, found, watcher = look.is_seen(site, desk, "/pauze", "Even pauze straks.")
    look.pause.click()
    expect(look.bar).to_contain_text("Pauze: Fatima")
    watcher.hears(t="state", state="paused")
    assert look.agent.look(found)["pausedBy"] == "visitor"
    look.page.evaluate("document.querySelector('h1').textContent = 'Onder ons'")
    look.page.evaluate(PAINTED)
    look.page.evaluate("document.querySelector('h1').textContent = 'Weer samen'")
    start = len(watcher.frames)
    look.resume.click()
    expect(look.bar).to_contain_text("kijkt mee")
    watcher.sees("Weer samen", start)
    assert b"Onder ons" not in watcher.wire()


def test_a_page_load_goes_on_without_asking_again_and_pause_survives_it(
    look: LookPage, site: HostSite, desk: Running
) -> None:
    _, _, watcher = look.is_seen(site, desk, "/een", "Ik ga zo verder.")
    epoch = watcher.frames[-1].envelope.epoch
    site.bodies["/twee"] = "<p>De tweede bladzijde</p>"
    look.page.goto(f"{site.origin}/twee")
    expect(look.bar).to_contain_text("kijkt mee")
    assert watcher.sees("De tweede bladzijde").envelope.epoch > epoch
    expect(look.question).to_be_hidden()
    watcher.hears(t="gone")
    watcher.hears(t="back")

    look.pause.click()
    watcher.hears(t="state", state="paused")
    site.bodies["/drie"] = "<p>De derde bladzijde</p>"
    look.page.goto(f"{site.origin}/drie")
    expect(look.bar).to_contain_text("Pauze")
    look.page.evaluate(PAINTED)
    assert b"De derde bladzijde" not in watcher.wire()
    look.resume.click()
    watcher.sees("De derde bladzijde")


@pytest.mark.parametrize("how", ["stop", "escape"])
def test_stop_and_escape_twice_end_it_at_once(
    look: LookPage, site: HostSite, desk: Running, how: str
) -> None:
    conversation, found, watcher = look.is_seen(site, desk, "/klaar", f"Dank u, {how}.")
    if how == "stop":
        look.stop.click()
    else:
        look.page.locator("#own").focus()
        look.page.keyboard.press("Escape")
        look.page.keyboard.press("Escape")
    expect(look.page.locator("balie-widget")).to_contain_text("Gestopt. Er kijkt niemand meer mee.")
    reason = {"stop": "visitor", "escape": "escape"}[how]
    assert look.agent.look_until(found, state="ended")["endReason"] == reason
    seen = len(watcher.frames)
    look.page.evaluate("document.querySelector('h1').textContent = 'Na het einde'")
    look.page.evaluate(PAINTED)
    assert b"Na het einde" not in watcher.wire()
    assert len(watcher.frames) <= seen + 1
    assert look.page.evaluate(FORGETS)
    assert ("look_ended", {"look": found, "reason": reason}) in look.agent.facts(conversation)


def test_the_agents_stop_and_a_log_out_end_it_too(look: LookPage, site: HostSite, desk: Running) -> None:
    conversation, found, _ = look.is_seen(site, desk, "/uit", "Tot ziens zo.")
    look.agent.ends(found)
    expect(look.page.locator("balie-widget")).to_contain_text("is gestopt met meekijken")
    assert look.page.evaluate(FORGETS)

    second = look.is_asked(conversation)
    look.agrees()
    expect(look.bar).to_contain_text("kijkt mee")
    look.page.evaluate("Balie('shutdown')")
    assert look.agent.look_until(second, state="ended")["endReason"] == "signed_out"
    expect(look.page.locator("balie-widget")).to_have_count(0)
    assert look.page.evaluate(FORGETS)


def test_a_code_that_the_visitor_reads_out_leads_to_the_same_question(
    look: LookPage, site: HostSite, desk: Running
) -> None:
    site.bodies["/bellen"] = "<p>Over bellen</p>"
    look.widget.open(f"{site.origin}/bellen")
    look.page.get_by_role("button", name="Meer mogelijkheden").click()
    look.page.get_by_role("button", name=re.compile("Laat een code zien")).click()
    box = look.page.get_by_role("dialog", name="Laat een medewerker meekijken")
    spelled = box.get_by_text(re.compile(r"^Je code is (\d ){5}\d$")).first
    code = "".join(re.findall(r"\d", spelled.inner_text()))
    expect(box.locator(".look-half")).to_have_text([code[:3], code[3:]])
    found = look.agent.joins(code)["id"]
    expect(look.question).to_be_visible()
    expect(box).to_be_hidden()
    look.agrees()
    expect(look.bar).to_contain_text("kijkt mee")
    watcher = Watcher(desk, look.agent, found)
    watcher.sees("Over bellen")


def test_a_code_that_is_put_away_is_worth_nothing(look: LookPage, site: HostSite) -> None:
    look.widget.open(f"{site.origin}/bellen")
    look.page.get_by_role("button", name="Meer mogelijkheden").click()
    look.page.get_by_role("button", name=re.compile("Laat een code zien")).click()
    box = look.page.get_by_role("dialog", name="Laat een medewerker meekijken")
    expect(box.locator(".look-half")).to_have_count(2)
    look.page.reload()
    expect(box.locator(".look-half")).to_have_count(2)
    with look.page.expect_response("**/end") as ended:
        look.page.keyboard.press("Escape")
    assert ended.value.json()["state"] == "ended"
    expect(box).to_be_hidden()
    expect(look.bar).to_be_hidden()


def test_the_agent_points_and_the_overlay_is_neither_pressed_nor_mirrored(
    look: LookPage, site: HostSite, desk: Running
) -> None:
    _, _, watcher = look.is_seen(site, desk, "/wijzen", "Waar moet ik zijn?")
    watcher.says(POINT, signed(200), signed(300))
    hand = look.page.locator(".look-hand")
    expect(hand).to_be_visible()
    expect(hand).to_contain_text("Fatima")
    ring = look.page.locator(".look-ring")
    ids = range(1, 60)
    for node in ids:
        watcher.says(HIGHLIGHT, node)
        if ring.is_visible():
            break
    expect(ring).to_be_visible()
    look.page.mouse.click(200, 300)
    assert look.page.evaluate("document.elementFromPoint(200, 300).localName") != "balie-widget"
    assert b"look-hand" not in watcher.wire()
    watcher.says(HIGHLIGHT, 0)
    expect(ring).to_be_hidden()


def test_scrolling_and_filling_in_need_a_grant_each_and_are_reported_without_values(
    look: LookPage, site: HostSite, desk: Running
) -> None:
    conversation, found, watcher = look.is_seen(site, desk, "/hand", "Wilt u het invullen?")
    watcher.says(FILL, 1, 5, 1, text="x", flags=ACT)
    watcher.hears(t="refused", why="no_grant")
    look.agent.asks_control(found, "scroll")
    expect(look.question).to_contain_text("voor je scrollen")
    look.agrees()
    expect(look.bar).to_contain_text("Mag scrollen, nog 10 minuten")
    look.agent.look_until(found, asked=None)
    look.agent.asks_control(found, "act")
    expect(look.question).to_contain_text("Betalen, bestellen")
    look.agrees()
    expect(look.bar).to_contain_text("Mag klikken en invullen, nog 10 minuten")

    # Without the flag of its grant, a frame that reaches the page is refused there.
    assert watcher.act(FILL, 5, text="x") == NO_GRANT
    filled = next(node for node in range(1, 80) if watcher.act(FILL, node, text="4711", flags=ACT) == DONE)
    assert look.page.evaluate("document.querySelector('#gas').value") == "4711"
    assert look.page.evaluate("document.querySelector('#mail').value") == ""
    assert watcher.act(SCROLL_TO, filled, flags=SCROLL) == DONE
    used = reported(desk, conversation, "done")
    assert {"look": found, "action": "fill", "label": "Gasstand", "outcome": "done"} in used
    assert "4711" not in str(used)

    look.bar.get_by_role("button", name="Niet meer laten klikken en invullen").click()
    expect(look.bar).not_to_contain_text("Mag klikken")
    assert look.agent.look_until(found, actUntil=None)["actUntil"] is None


def test_a_second_tab_asks_for_itself_and_the_one_in_front_is_seen(
    look: LookPage, context: BrowserContext, site: HostSite, desk: Running
) -> None:
    _, _, watcher = look.is_seen(site, desk, "/tab-een", "Ik open een tabblad.")
    site.bodies["/tab-twee"] = "<p>Het tweede tabblad</p>"
    other = LookPage(context.new_page(), look.agent)
    other.page.goto(f"{site.origin}/tab-twee")
    expect(other.bar).to_contain_text("in een ander tabblad")
    assert b"Het tweede tabblad" not in watcher.wire()
    other.bar.get_by_role("button", name="Ook hier").click()
    other.agrees()
    watcher.sees("Het tweede tabblad")
    start = len(watcher.frames)
    look.page.bring_to_front()
    look.page.evaluate("dispatchEvent(new Event('focus'))")
    watcher.sees("Gasstand", start)
    other.page.close()


def test_a_cut_line_is_said_and_what_changed_meanwhile_arrives(
    look: LookPage, context: BrowserContext, site: HostSite, desk: Running, network: Network
) -> None:
    _, _, watcher = look.is_seen(site, desk, "/tunnel", "Ik ga een tunnel in.")
    network.cut(context)
    expect(look.bar).to_contain_text("Geen verbinding")
    look.page.evaluate("document.querySelector('h1').textContent = 'In de tunnel'")
    network.mend(context)
    expect(look.bar).to_contain_text("kijkt mee")
    watcher.sees("In de tunnel")


def test_an_error_of_the_recorder_ends_it_and_leaves_the_page_alone(
    look: LookPage, site: HostSite, desk: Running
) -> None:
    _, found, _ = look.is_seen(site, desk, "/kapot", "Dit gaat stuk.")
    look.page.evaluate(
        "Object.defineProperty(Node.prototype, 'childNodes', {get() { throw new Error('broken on purpose') }});"
        "Object.defineProperty(Node.prototype, 'firstChild', {get() { throw new Error('broken on purpose') }})"
    )
    look.page.evaluate("document.querySelector('main').append(new Text('meer'))")
    expect(look.page.locator("balie-widget")).to_contain_text("gestopt door een fout")
    assert look.agent.look_until(found, state="ended")["endReason"] == "recorder_failed"
    look.page.locator("#own").click()


def test_a_payment_page_and_a_page_of_another_kind_hold_it_back(
    look: LookPage, site: HostSite, desk: Running
) -> None:
    _, _, watcher = look.is_seen(site, desk, "/winkel", "Ik ga betalen.")
    look.page.evaluate("document.documentElement.dataset.balie = 'payment'")
    expect(look.bar).to_be_hidden()
    watcher.hears(t="gone")
    look.page.evaluate("document.querySelector('h1').textContent = 'Kaart 4111'")
    look.page.evaluate(
        "delete document.documentElement.dataset.balie; document.querySelector('h1').textContent = 'Terug'"
    )
    expect(look.bar).to_contain_text("kijkt mee")
    watcher.sees("Terug")
    assert b"Kaart 4111" not in watcher.wire()


def test_over_a_modal_dialog_of_the_page_the_bar_can_still_be_pressed(
    look: LookPage, site: HostSite, desk: Running
) -> None:
    _, found, _ = look.is_seen(site, desk, "/venster", "Er is een venster.")
    look.page.evaluate(
        "const it = document.createElement('dialog'); it.textContent = 'Venster van de pagina'; it.id = 'modal';"
        "document.body.append(it); it.showModal();"
        "it.style.setProperty('display', 'block', 'important');"
        "window.pressed = 0; document.addEventListener('click', () => pressed++)"
    )
    place = look.stop.bounding_box()
    assert place is not None
    look.page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    assert look.agent.look_until(found, state="ended")["endReason"] == "visitor"
    assert look.page.evaluate("pressed") == 0


def test_a_second_tab_s_consent_is_kept_with_its_page_and_the_tab_in_front_is_told(
    look: LookPage, context: BrowserContext, site: HostSite, desk: Running
) -> None:
    conversation, found, watcher = look.is_seen(site, desk, "/eerste", "Ik heb twee tabbladen.")
    site.bodies["/tweede"] = "<p>Het andere tabblad</p>"
    other = LookPage(context.new_page(), look.agent)
    other.page.goto(f"{site.origin}/tweede?klant=40218776")
    other.bar.get_by_role("button", name="Ook hier").click()
    other.agrees()
    watcher.sees("Het andere tabblad")
    expect(other.bar).to_contain_text("kijkt mee")
    expect(look.bar).to_contain_text("in een ander tabblad")
    facts = dict(look.agent.facts(conversation))
    continued = facts["look_continued"]
    assert (continued["look"], continued["on"]) == (found, "tab")
    assert continued["address"] == f"{site.origin}/tweede"
    assert continued["consentText"] == facts["look_accepted"]["consentText"]
    assert continued["tab"] == other.page.evaluate("sessionStorage.getItem('balie:tab')")

    # What happens in the tab behind stays there.
    look.page.evaluate("document.querySelector('h1').textContent = 'Achter de schermen'")
    look.page.evaluate(PAINTED)
    assert b"Achter de schermen" not in watcher.wire()
    start = len(watcher.frames)
    other.page.close()
    look.page.bring_to_front()
    look.page.evaluate("dispatchEvent(new Event('focus'))")
    watcher.sees("Achter de schermen", start)
    expect(look.bar).to_contain_text("kijkt mee")


@pytest.mark.parametrize("way", ["link", "closed"])
def test_agents_are_told_another_site_apart_from_a_closed_page(
    look: LookPage, context: BrowserContext, site: HostSite, desk: Running, way: str
) -> None:
    _, found, watcher = look.is_seen(site, desk, f"/weg-{way}", f"Ik ga even weg, {way}.")
    foreign = HostSite(site.desk, site.inbox)
    try:
        look.page.evaluate(
            "(address) => { const it = document.createElement('a'); it.href = address; it.id = 'away';"
            " it.textContent = 'Naar de bank'; document.querySelector('main').prepend(it); }",
            f"{foreign.origin}/bank",
        )
        if way == "link":
            look.page.locator("#away").click()
            look.page.wait_for_url("**/bank")
        else:
            look.page.evaluate(PAINTED)
            context.new_page()
            look.page.close()
        watcher.hears(t="gone")
        away = {"link": "site", "closed": "left"}[way]
        assert look.agent.look_until(found, away=away)["state"] == "viewing"
        assert b"/bank" not in watcher.wire()
        if way == "link":
            look.page.go_back()
            expect(look.bar).to_contain_text("kijkt mee")
            watcher.hears(t="back")
            assert look.agent.look_until(found, away=None)["away"] is None
    finally:
        foreign.close()
