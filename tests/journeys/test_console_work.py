"""An agent's work at the console: by keyboard, with drafts, notes and canned replies, beside a colleague."""

from collections.abc import Callable, Iterator

import pytest
from console_page import ConsolePage
from playwright.sync_api import Browser, expect

from running import Running

Open = Callable[..., ConsolePage]


@pytest.fixture
def console(browser: Browser, desk: Running) -> Iterator[Open]:
    """Opens consoles; closes them after the test."""
    opened: list[ConsolePage] = []

    def open_one(name: str, path: str = "/console/", **profile: object) -> ConsolePage:
        opened.append(ConsolePage(browser, desk, **profile))
        return opened[-1].signs_in(name, path)

    yield open_one
    errors = [error for one in opened for error in one.errors]
    for one in opened:
        one.close()
    assert errors == []


def test_a_newcomer_answers_a_first_question_by_keyboard_alone(desk: Running, console: Open) -> None:
    asked = desk.asks(desk.cast.stroom, "Waarom is mijn nota zo hoog?", name="Anna de Boer")
    fatima = console("fatima")
    page = fatima.page
    expect(page.get_by_role("heading", name="Je eerste gesprek")).to_be_visible()
    expect(fatima.row("Waarom is mijn nota")).to_be_visible()
    row = fatima.row("Waarom is mijn nota")
    while row.get_attribute("aria-current") is None:
        fatima.keys("j")
        expect(page.locator(".row[aria-current]")).to_be_focused()
    fatima.keys("Enter")
    expect(fatima.box()).to_be_focused()
    page.keyboard.type("Dag Anna, ik kijk het na.")
    fatima.keys("Shift+Enter")
    page.keyboard.type("Een ogenblik.")
    fatima.keys("Enter")
    expect(fatima.bubbles().last).to_contain_text("Een ogenblik.")
    expect(page.locator(".tick.is-sent")).to_be_visible()
    # Answering took the conversation, and the console went along with it.
    expect(page.locator(".tab[aria-current]")).to_contain_text("Van mij")
    expect(page.locator("#assign")).to_contain_text("Jij")
    expect(fatima.box()).to_be_focused()
    fatima.keys("Escape", "e")
    expect(page.locator(".toast")).to_contain_text("Anna de Boer afgesloten")
    state = desk.agent(desk.cast.stroom, "fatima").get(f"/v1/conversations/{asked.conversation}").json()
    assert state["conversation"]["status"] == "closed"
    assert [it["body"]["text"] for it in state["log"] if it["kind"] == "message_added"] == [
        "Waarom is mijn nota zo hoog?",
        "Dag Anna, ik kijk het na.\nEen ogenblik.",
    ]


def test_the_command_bar_finds_a_conversation_and_gives_the_focus_back(desk: Running, console: Open) -> None:
    desk.asks(desk.cast.stroom, "Mijn zonnepanelen doen niets", name="Zoë Yıldız")
    daan = console("daan")
    expect(daan.row("zonnepanelen")).to_be_visible()
    daan.keys("?")
    expect(daan.page.get_by_role("dialog", name="Toetsen")).to_be_visible()
    letters = daan.page.get_by_role("switch", name="Losse letters als toetsen")
    letters.click()
    daan.keys("Escape", "?")
    expect(daan.page.get_by_role("dialog")).to_have_count(0)
    daan.keys("Control+k")
    daan.page.keyboard.type("toetsen")
    daan.keys("Enter")
    letters.click()
    daan.keys("Escape")
    expect(daan.page.get_by_role("dialog")).to_have_count(0)
    daan.keys("Control+k")
    search = daan.page.get_by_role("combobox")
    expect(search).to_be_focused()
    daan.page.keyboard.type("zoe yil")
    option = daan.page.get_by_role("option", selected=True)
    expect(option).to_contain_text("Zoë Yıldız")
    assert search.get_attribute("aria-activedescendant") == option.get_attribute("id")
    daan.keys("Enter")
    expect(daan.page.locator(".head h2")).to_have_text("Zoë Yıldız")


def test_a_draft_and_a_note_survive_a_reload_and_reach_another_device(desk: Running, console: Open) -> None:
    asked = desk.asks(desk.cast.stroom, "Kan ik in termijnen betalen?", name="Bert Vos")
    sanne = console("sanne", f"/console/inbox/all/{asked.conversation}")
    sanne.box().press_sequentially("Ja, in zes delen")
    with sanne.page.expect_response(f"**/{asked.conversation}/drafts/note"):
        sanne.page.get_by_role("tab", name="Notitie").click()
        sanne.page.keyboard.type("Eerst kredietcheck")
    sanne.page.reload()
    expect(sanne.box()).to_have_value("Ja, in zes delen")
    sanne.page.get_by_role("tab", name="Notitie").click()
    expect(sanne.box()).to_have_value("Eerst kredietcheck")
    elsewhere = console("sanne", f"/console/inbox/all/{asked.conversation}")
    expect(elsewhere.box()).to_have_value("Ja, in zes delen")
    sanne.keys("Enter")
    expect(sanne.page.locator(".message.is-note")).to_contain_text("Eerst kredietcheck")
    expect(sanne.box()).to_have_value("")
    visitor = desk.agent(desk.cast.stroom, "sanne").get(f"/v1/conversations/{asked.conversation}").json()
    assert [it["kind"] for it in visitor["log"]][-1] == "note_added"


def test_a_canned_reply_fills_in_what_is_known_and_asks_for_the_rest(desk: Running, console: Open) -> None:
    replies = desk.agent(desk.cast.stroom, "daan")
    replies.post(
        "/v1/replies",
        json={
            "shortcut": "terugbellen",
            "title": "Terugbellen",
            "text": "Dag {{contact.firstName}}, we bellen u op {{contact.phone}}.",
            "language": "nl",
        },
    ).raise_for_status()
    asked = desk.asks(desk.cast.stroom, "Bel mij terug", name="Carla Smit")
    tom = console("fatima", f"/console/inbox/all/{asked.conversation}")
    tom.box().press("/")
    search = tom.page.get_by_role("combobox")
    expect(search).to_be_focused()
    tom.page.keyboard.type("terug")
    expect(tom.page.locator(".canned-preview")).to_contain_text("Dag Carla, we bellen u op telefoonnummer")
    tom.keys("Enter")
    expect(tom.box()).to_have_value("Dag Carla, we bellen u op {{contact.phone}}.")
    expect(tom.box()).to_be_focused()
    tom.keys("Enter")
    expect(tom.page.locator("#compose-problem")).to_contain_text("Vul eerst in: telefoonnummer")
    # The gap is selected: typing fills it in.
    tom.page.keyboard.type("06 1234 5678")
    tom.keys("Enter")
    expect(tom.bubbles().last).to_contain_text("Dag Carla, we bellen u op 06 1234 5678.")


def test_two_agents_see_the_same_and_the_same_moment(desk: Running, console: Open) -> None:
    asked = desk.asks(desk.cast.stroom, "Wie helpt mij?", name="Dirk Jan Prins")
    sanne = console("sanne", f"/console/inbox/all/{asked.conversation}")
    daan = console("daan", f"/console/inbox/all/{asked.conversation}")
    expect(sanne.bubbles()).to_have_count(1)
    expect(daan.bubbles()).to_have_count(1)
    daan.box().press_sequentially("Ik")
    expect(sanne.page.locator(".whisper")).to_contain_text("Daan schrijft ook een antwoord")
    daan.page.keyboard.type(" help u, Dirk Jan.")
    daan.keys("Enter")
    for one in (sanne, daan):
        expect(one.bubbles().last).to_contain_text("Ik help u, Dirk Jan.")
    expect(sanne.page.locator("#assign")).to_contain_text("Daan")
    sanne.page.locator("#assign").click()
    sanne.page.keyboard.type("fat")
    sanne.keys("Enter")
    expect(daan.page.locator("#assign")).to_contain_text("Fatima")
    expect(daan.page.locator(".event").last).to_contain_text("Sanne heeft het gesprek aan Fatima gegeven")
    name = sanne.page.get_by_role("button", name="Naam wijzigen: Dirk Jan Prins")
    name.click()
    sanne.page.keyboard.type("Dirk-Jan Prins")
    sanne.keys("Enter")
    expect(daan.page.locator(".head h2")).to_have_text("Dirk-Jan Prins")
    expect(sanne.page.get_by_role("button", name="Naam wijzigen: Dirk-Jan Prins")).to_be_focused()


def test_an_ended_session_asks_to_log_in_again_and_keeps_what_was_typed(desk: Running, console: Open) -> None:
    asked = desk.asks(desk.cast.stroom, "Ik verhuis op 1 mei", name="Els Kok")
    daan = console("daan", f"/console/inbox/all/{asked.conversation}")
    daan.box().press_sequentially("Gefeliciteerd met")
    # The session ends elsewhere, as when it ran out.
    daan.page.evaluate(
        """() => fetch('/v1/session', {method: 'DELETE',
        headers: {'X-CSRF-Token': document.cookie.match(/balie_csrf=([^;]+)/)[1]}})"""
    )
    again = daan.page.get_by_role("dialog", name="Log opnieuw in")
    expect(again).to_be_visible()
    again.get_by_label("E-mailadres").fill(desk.cast.stroom.email("daan"))
    again.locator("input[name=password]").fill("zonnebloem-op-zolder")
    daan.keys("Enter")
    expect(again).to_be_hidden()
    expect(daan.box()).to_have_value("Gefeliciteerd met")
    daan.box().press("Enter")
    expect(daan.page.locator(".tick.is-sent")).to_be_visible()


def test_a_colleague_sees_why_somebody_is_away(desk: Running, console: Open) -> None:
    asked = desk.asks(desk.cast.stroom, "Wie kan dit overnemen?")
    tom = console("tom")
    daan = console("daan", f"/console/inbox/all/{asked.conversation}")
    # By keyboard: the letter jumps to the reason.
    tom.page.locator("#my-status").focus()
    tom.keys("Enter")
    expect(tom.page.get_by_role("menuitemradio", name="Beschikbaar")).to_be_focused()
    tom.keys("p")
    tom.keys("Enter")
    expect(tom.page.locator("#my-status")).to_have_attribute("aria-label", "Mijn status: Pauze")
    daan.page.locator("#assign").click()
    expect(daan.page.get_by_role("option", name="Tom")).to_contain_text("Pauze")
    tom.keys("s")
    expect(tom.page.locator("#my-status")).to_have_attribute("aria-label", "Mijn status: Beschikbaar")
    expect(daan.page.get_by_role("option", name="Tom")).to_contain_text("Beschikbaar")
