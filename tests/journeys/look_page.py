"""Looking along as a visitor meets it, by its names."""

import re

from desk_agent import DeskAgent
from host_site import HostSite
from look_watcher import Watcher
from playwright.sync_api import Page, expect
from widget_page import WidgetPage

from running import Running

FORM = """<form>
<p data-balie-mask>Klantnummer 40218776</p>
<label for="secret">Wachtwoord</label><input id="secret" type="password">
<label for="mail">E-mail</label><input id="mail">
<fieldset data-balie-show><label for="gas">Gasstand</label><input id="gas"></fieldset>
<button id="next" type="button">Volgende stap</button>
</form>
<p id="bottom">Onderaan</p>"""


class LookSight:
    """What of looking along is in a visitor's sight."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.question = page.get_by_role("dialog", name=re.compile("Mag .* (met|voor) "))
        self.yes = self.question.get_by_role("button", name=re.compile("^Ja, "))
        self.no = self.question.get_by_role("button", name="Nee")
        self.bar = page.get_by_role("region", name="Meekijken")
        self.view = self.bar.get_by_role("button", name="Bekijken")
        self.pause = self.bar.get_by_role("button", name="Pauzeren")
        self.resume = self.bar.get_by_role("button", name="Hervatten")
        self.stop = self.bar.get_by_role("button", name="Stoppen met meekijken")

    def sees_question(self) -> None:
        """Whoever is in a field is only told by the bar, and presses it."""
        expect(self.question.or_(self.view)).to_be_visible()
        if self.view.is_visible():
            self.view.click()
        expect(self.question).to_be_visible()

    def agrees(self) -> None:
        self.sees_question()
        # A press in the first half second was meant for what stood there before.
        expect(self.page.locator(".look-box.ready")).to_be_visible()
        self.yes.click()


class LookPage(LookSight):
    """A visitor on a site with the widget, and the agent they talk with."""

    def __init__(self, page: Page, agent: DeskAgent) -> None:
        super().__init__(page)
        self.agent = agent
        self.widget = WidgetPage(page)

    def talks(self, site: HostSite, path: str, words: str) -> str:
        """On this page, in a conversation that the agent took; the conversation."""
        site.bodies[path] = FORM
        self.widget.open(site.origin + path)
        self.widget.say(words)
        expect(self.widget.own_last()).to_contain_text("Verstuurd")
        conversation = self.agent.conversation_with(words)
        self.agent.take(conversation)
        return conversation

    def is_asked(self, conversation: str) -> str:
        """The agent asks; the look."""
        look: str = self.agent.invites(conversation)["id"]
        self.sees_question()
        return look

    def is_seen(self, site: HostSite, desk: Running, path: str, words: str) -> tuple[str, str, Watcher]:
        """Agreed, and the agent sees the page: conversation, look, the agent's end."""
        conversation = self.talks(site, path, words)
        look = self.is_asked(conversation)
        self.agrees()
        expect(self.bar).to_contain_text("kijkt mee")
        return conversation, look, self.watched(desk, look)

    def watched(self, desk: Running, look: str) -> Watcher:
        """The agent's end, with the page on it."""
        watcher = Watcher(desk, self.agent, look)
        watcher.sees("Text of the site itself.")
        return watcher
