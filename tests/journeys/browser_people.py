"""The visitor and the agent of the journeys: what each does with mouse and keyboard, and what each sees."""

import re
from collections.abc import Sequence

from playwright.sync_api import Browser, Page, expect

PATIENT_MS = 30_000
"""For what may take a reconnect or a server's start."""


class Visitor:
    """A person on the demo website, in Dutch."""

    def __init__(self, browser: Browser, address: str, user_agent: str | None = None) -> None:
        self._address = address
        self.context = browser.new_context(
            locale="nl-NL", viewport={"width": 1280, "height": 800}, user_agent=user_agent
        )
        self.page = self.context.new_page()

    def visits(self, path: str) -> None:
        self.page.goto(self._address + path)

    def opens_chat(self) -> None:
        self.page.locator("button.launcher").click()
        expect(self.page.locator("textarea")).to_be_focused()

    def types(self, text: str) -> None:
        self.page.locator("textarea").press_sequentially(text)

    def says(self, text: str) -> None:
        self.page.locator("textarea").fill(text)
        self.page.locator("textarea").press("Enter")

    def sees(self, texts: Sequence[str], page: Page | None = None) -> None:
        """Exactly these messages, in this order."""
        bubbles = (page or self.page).locator("li.message p.bubble")
        expect(bubbles).to_have_text(list(texts), timeout=PATIENT_MS)

    def tick(self, state: str) -> None:
        """The last own message stands at ``state``: sending, sent, delivered or read."""
        expect(self.page.locator("li.message.own").last.locator(f".tick.{state}")).to_be_visible(
            timeout=PATIENT_MS
        )


class Agent:
    """A person at the console, in Dutch."""

    def __init__(
        self, browser: Browser, address: str, email: str, password: str, user_agent: str | None = None
    ) -> None:
        self.context = browser.new_context(
            locale="nl-NL", viewport={"width": 1440, "height": 900}, user_agent=user_agent
        )
        self.page = self.context.new_page()
        self.page.goto(address + "/console/")
        self.page.get_by_label("E-mailadres").fill(email)
        self.page.locator("input[type=password]").fill(password)
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".row").first).to_be_visible()

    def opens(self, words: str) -> None:
        """The conversation whose row shows these words."""
        self.page.locator(".row", has_text=words).click()
        expect(self.page.locator(".log li.message").first).to_be_visible()

    def types(self, text: str) -> None:
        self.page.locator("#compose-text").press_sequentially(text)

    def says(self, text: str) -> None:
        self.page.locator("#compose-text").fill(text)
        self.page.locator("#compose-text").press("Enter")

    def notes(self, text: str) -> None:
        """A note to colleagues."""
        self.page.get_by_role("tab", name="Notitie").click()
        self.says(text)
        self.page.get_by_role("tab", name="Antwoord").click()

    def picks_canned(self, search: str) -> str:
        """Insert a canned reply by ``/`` and send it; the text that went out."""
        box = self.page.locator("#compose-text")
        box.fill("")
        box.press("/")
        self.page.get_by_role("combobox").fill(search)
        self.page.get_by_role("combobox").press("Enter")
        expect(box).not_to_have_value("")
        text = box.input_value()
        box.press("Enter")
        expect(box).to_have_value("")
        return text.strip()

    def sees(self, texts: Sequence[str]) -> None:
        """Exactly these messages to and from the visitor, in this order; notes are left out."""
        bubbles = self.page.locator(".log li.message:not(.is-note) .bubble")
        # A bubble begins with who said it and when, for screen readers.
        ends = [re.compile(rf": {re.escape(text)}$") for text in texts]
        expect(bubbles).to_have_text(ends, timeout=PATIENT_MS)

    def tick(self, state: str) -> None:
        own = self.page.locator(".log li.message.is-own:not(.is-note)").last
        expect(own.locator(f".tick.is-{state}")).to_be_visible(timeout=PATIENT_MS)
