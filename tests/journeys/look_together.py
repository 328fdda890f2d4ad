"""A visitor on a site with the widget and agents in consoles of their own, around one look."""

import re

from console_look import ConsoleLook
from console_page import ConsolePage
from host_site import HostSite
from look_page import LookPage
from playwright.sync_api import expect

LOG_IN = """<form>
<p><label for="name">Gebruikersnaam</label> <input id="name"></p>
<p><label for="secret">Wachtwoord</label> <input id="secret" type="password"></p>
<p id="wrong">Inloggen is niet gelukt.</p>
<p data-balie-show><label for="kind">Soort account</label>
<select id="kind"><option>Thuis</option><option>Zakelijk</option></select></p>
<p><button type="button" id="forgot">Wachtwoord vergeten</button> <button id="enter">Inloggen</button></p>
</form>"""
SECRET = "zonnebloem-7"


class Looking(ConsoleLook):
    """The agent's side in a console of its own."""

    def __init__(self, console: ConsolePage) -> None:
        super().__init__(console.page)
        self.console = console

    def opens(self, conversation: str) -> None:
        self.console.goes(f"/console/inbox/all/{conversation}")
        expect(self.page.locator(".head h2")).to_be_visible()


def meets(visitor: LookPage, fatima: Looking, site: HostSite, path: str, words: str) -> str:
    """In a conversation with Fatima, and asked by her to look along; the conversation."""
    site.bodies[path] = LOG_IN
    visitor.widget.open(site.origin + path)
    visitor.widget.say(words)
    # A console that has it already makes more of it.
    expect(visitor.widget.own_last()).to_contain_text(re.compile("Verstuurd|Aangekomen|Gelezen"))
    conversation = visitor.agent.conversation_with(words)
    visitor.agent.take(conversation)
    fatima.opens(conversation)
    visitor.page.locator("#secret").fill(SECRET)
    fatima.page.keyboard.press("l")
    return conversation
