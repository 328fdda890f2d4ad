"""The failing log-in, from both sides: a visitor's browser and an agent's console look at the same page."""

import json
import re
from typing import Any

from host_site import HostSite
from look_page import LookPage
from look_together import LOG_IN, SECRET, Looking, meets
from playwright.sync_api import expect

from running import Running

pytest_plugins = ["widget_fixtures", "look_fixtures"]


def test_an_agent_helps_with_a_log_in_that_fails_and_never_sees_the_password(
    visitor: LookPage, agents: Any, site: HostSite, desk: Running
) -> None:
    fatima: Looking = agents("fatima")
    conversation = meets(visitor, fatima, site, "/inloggen", "Inloggen lukt niet.")
    expect(fatima.page.locator(".look-strip")).to_contain_text("Gevraagd of je mag meekijken")
    visitor.agrees()

    # The agent sees the page, the password as dots whatever its length, and reads that consent was given.
    fatima.sees("Inloggen is niet gelukt.")
    expect(fatima.page.locator(".look-where")).to_contain_text(site.origin.removeprefix("http://"))
    expect(fatima.page.frame_locator(".look-copy").locator("input[type=password]")).to_have_value("••••")
    assert SECRET not in fatima.copy.content()
    expect(fatima.page.locator(".log .event", has_text="geeft toestemming")).to_have_count(1)

    # Pointing and highlighting come with looking; the visitor sees both.
    fatima.tool("Aanwijzen").click()
    fatima.page.mouse.move(*fatima.at("h1"))
    fatima.page.mouse.move(*fatima.at("p", "niet gelukt"))
    expect(visitor.page.locator(".look-hand")).to_contain_text("Fatima")
    fatima.tool("Markeren").click()
    fatima.page.mouse.click(*fatima.at("button", "vergeten"))
    expect(visitor.page.locator(".look-ring")).to_be_visible()
    expect(fatima.pane.locator(".look-marked")).to_contain_text("‘Wachtwoord vergeten’ is gemarkeerd")

    # Control is asked for, granted for a time, and refused where it never goes.
    fatima.pane.get_by_role("button", name="Vraag om te bedienen").click()
    expect(fatima.pane.locator(".look-grant")).to_contain_text("Gevraagd om te bedienen")
    visitor.agrees()
    expect(fatima.pane.locator(".look-grant")).to_contain_text(re.compile(r"Je mag bedienen\s*(10:00|9:5\d)"))
    fatima.tool("Bedienen").click()
    for _ in range(6):
        fatima.page.mouse.click(*fatima.at("input[type=password]"))
        expect(fatima.pane.get_by_role("textbox", name="Invullen in ‘Wachtwoord’")).to_be_focused()
        fatima.page.keyboard.type("geraden")
        fatima.page.keyboard.press("Enter")
        expect(fatima.told).to_contain_text("niet gedaan")
        # The visitor's own hand goes first, and it has just pressed Yes.
        if "zelf bezig" not in fatima.told.inner_text():
            break
    expect(fatima.told).to_contain_text("Wachtwoorden, kaart- en rekeningnummers vult alleen de bezoeker")
    assert visitor.page.locator("#secret").input_value() == SECRET
    fatima.page.mouse.click(*fatima.at("select"))
    choice = fatima.pane.get_by_role("listbox", name="Kies in ‘Soort account’")
    expect(choice).to_be_focused()
    choice.select_option("Zakelijk")
    fatima.page.keyboard.press("Enter")
    expect(fatima.told).to_contain_text("Keuze in ‘Soort account’: gedaan")
    assert visitor.page.locator("#kind").input_value() == "Zakelijk"
    fatima.page.mouse.click(*fatima.at("form button", "Inloggen"))
    expect(fatima.told).to_contain_text("Hier beslist de bezoeker zelf")
    fatima.pane.get_by_role("button", name="Teruggeven").click()
    expect(fatima.pane.get_by_role("button", name="Vraag om te bedienen")).to_be_enabled()

    # While paused nothing of the page is there.
    visitor.pause.click()
    expect(fatima.mark).to_have_text("Gepauzeerd door de bezoeker")
    expect(fatima.pane.locator(".look-copy")).to_be_hidden()
    visitor.resume.click()
    fatima.sees("Inloggen is niet gelukt.")

    visitor.stop.click()
    expect(fatima.mark).to_have_text("Gestopt")
    expect(fatima.pane.locator(".look-veil")).to_contain_text("De bezoeker is gestopt met delen.")
    expect(fatima.pane.locator(".look-copy")).to_be_hidden()
    rows: list[Any] = desk.read(
        lambda tx: tx.all("select body from fact where stream = ? and kind = 'control_used'", [conversation])
    )
    used = [json.loads(row[0]) for row in rows]
    assert {(it["action"], it["outcome"]) for it in used} >= {("fill", "protected_field"), ("select", "done")}
    assert SECRET not in str(used)
    assert "geraden" not in str(used)
    fatima.pane.get_by_role("button", name="Opnieuw vragen").click()
    visitor.sees_question()


def test_everything_goes_by_keyboard_alone(visitor: LookPage, agents: Any, site: HostSite) -> None:
    fatima: Looking = agents("fatima")
    meets(visitor, fatima, site, "/toetsen", "Kunt u meekijken?")
    visitor.agrees()
    fatima.sees("Inloggen is niet gelukt.")
    expect(fatima.glass).to_be_focused()
    fatima.page.keyboard.press("h")
    expect(fatima.tool("Markeren")).to_have_attribute("aria-pressed", "true")
    assert fatima.console.faults() == []
    marked = fatima.pane.locator(".look-marked")
    said = ""
    while "Wachtwoord vergeten, knop" not in said:
        said = fatima.steps(said)
    fatima.page.keyboard.press("Enter")
    expect(marked).to_contain_text("‘Wachtwoord vergeten’")
    expect(visitor.page.locator(".look-ring")).to_be_visible()
    # Esc takes one step at a time: the tool, the mark, and then back to the list.
    fatima.page.keyboard.press("Escape")
    expect(fatima.tool("Kijken")).to_have_attribute("aria-pressed", "true")
    fatima.page.keyboard.press("Escape")
    expect(marked).to_have_count(0)
    fatima.page.keyboard.press("f")
    expect(fatima.pane).to_have_class(re.compile("is-full"))
    fatima.page.keyboard.press("Escape")
    expect(fatima.pane).not_to_have_class(re.compile("is-full"))
    splitter = fatima.page.get_by_role("separator")
    splitter.focus()
    before = splitter.get_attribute("aria-valuenow")
    fatima.page.keyboard.press("ArrowLeft")
    assert splitter.get_attribute("aria-valuenow") != before
    fatima.page.keyboard.press("Shift+S")
    expect(fatima.mark).to_have_text("Gestopt")
    expect(visitor.bar).to_be_hidden()


def test_a_code_on_the_phone_leads_to_the_page_and_a_supervisor_watches_too(
    visitor: LookPage, agents: Any, site: HostSite
) -> None:
    site.bodies["/bellen"] = LOG_IN
    visitor.widget.open(f"{site.origin}/bellen")
    visitor.page.get_by_role("button", name="Meer mogelijkheden").click()
    visitor.page.get_by_role("button", name=re.compile("Laat een code zien")).click()
    spelled = visitor.page.get_by_text(re.compile(r"^Je code is (\d ){5}\d$")).first
    code = "".join(re.findall(r"\d", spelled.inner_text()))
    fatima: Looking = agents("fatima")
    fatima.page.keyboard.press("Shift+L")
    dialog = fatima.page.get_by_role("dialog", name="Meekijken met een code")
    expect(dialog.get_by_label("Code")).to_be_focused()
    wrong = "000000" if code != "000000" else "111111"
    fatima.page.keyboard.type(wrong)
    expect(dialog).to_contain_text("Deze code klopt niet")
    dialog.get_by_label("Code").fill("")
    fatima.page.keyboard.type(f"{code[:3]} {code[3:]}")
    expect(dialog).to_be_hidden()
    expect(fatima.page.locator(".look-strip")).to_contain_text("ziet nu de vraag")
    visitor.agrees()
    fatima.sees("Inloggen is niet gelukt.")

    daan: Looking = agents("daan")
    daan.opens(fatima.page.url.rpartition("/")[2])
    daan.page.get_by_role("button", name="Ook meekijken").click()
    daan.sees("Inloggen is niet gelukt.")
    expect(daan.pane.locator(".look-watchers")).to_contain_text("Fatima")
    expect(fatima.pane.locator(".look-watchers")).to_contain_text("Daan")
    daan.pane.get_by_role("button", name="Beeld sluiten").click()
    expect(daan.pane).to_be_hidden()
    expect(visitor.bar).to_contain_text("kijkt mee")
    fatima.pane.get_by_role("button", name="Stoppen met meekijken").click()
    expect(fatima.mark).to_have_text("Gestopt")


def test_a_next_page_shows_itself_and_the_agent_may_look_elsewhere_on_it(
    visitor: LookPage, agents: Any, site: HostSite
) -> None:
    fatima: Looking = agents("fatima")
    meets(visitor, fatima, site, "/een", "Ik klik door.")
    visitor.agrees()
    fatima.sees("Inloggen is niet gelukt.")
    site.bodies["/twee"] = "<p>De tweede bladzijde</p><pre>" + "regel\n" * 400 + "</pre><p>Einde</p>"
    visitor.page.goto(f"{site.origin}/twee")
    fatima.sees("De tweede bladzijde")
    expect(fatima.page.locator(".look-where")).to_contain_text("/twee")
    # Whoever scrolls the copy looks around; following brings back.
    fatima.glass.hover()
    fatima.page.mouse.wheel(0, 900)
    follow = fatima.tool("Meelopen")
    expect(follow).to_have_attribute("aria-pressed", "false")
    expect(fatima.pane.locator(".glass-sight")).to_be_visible()
    fatima.waits("scrollY > 800")
    assert visitor.page.evaluate("scrollY") == 0
    fatima.page.keyboard.press("v")
    expect(follow).to_have_attribute("aria-pressed", "true")
    fatima.waits("scrollY === 0")
    visitor.page.mouse.wheel(0, 500)
    fatima.waits("scrollY > 400")
