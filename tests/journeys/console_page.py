"""The console as an agent works it, for the console's own journeys."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

import cast
from running import Running

_AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


class ConsolePage:
    """A browser of its own with an agent of *Groene Stroom* signed in."""

    def __init__(self, browser: Browser, desk: Running, **profile: Any) -> None:
        given: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "locale": "nl-NL"}
        self.context = browser.new_context(**(given | profile))
        self.desk = desk
        self.page: Page = self.context.new_page()
        self.requests: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.errors.append(said.text) if "Content Security Policy" in said.text else None,
        )

    def goes(self, path: str = "/console/") -> "ConsolePage":
        self.page.goto(self.desk.origin + path)
        return self

    def signs_in(self, name: str, path: str = "/console/") -> "ConsolePage":
        """With the keyboard alone: the form has the focus."""
        self.goes(path)
        expect(self.page.locator("input[name=email]")).to_be_focused()
        self.page.keyboard.type(self.desk.cast.stroom.email(name))
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(cast.PASSWORD)
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".rail")).to_be_visible()
        return self

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def knows_the_ropes(self) -> "ConsolePage":
        """Without the guide for newcomers."""
        self.page.get_by_role("button", name=re.compile("^(Begrepen|Got it)$")).click()
        return self

    def row(self, words: str) -> Any:
        return self.page.locator(".row", has_text=words)

    def box(self) -> Any:
        return self.page.locator("#compose-text")

    def bubbles(self) -> Any:
        return self.page.locator(".log li.message .bubble")

    def faults(self) -> list[str]:
        """What axe-core finds wrong on the whole page."""
        # Through the debugger, for the page's own policy lets no script in.
        session = self.context.new_cdp_session(self.page)
        session.send("Runtime.evaluate", {"expression": _AXE.read_text()})
        found: dict[str, Any] = self.page.evaluate("axe.run(document)")
        return [
            f"{fault['id']}: {node['target']} {node.get('failureSummary', '')}"
            for fault in found["violations"]
            for node in fault["nodes"]
        ]

    def close(self) -> None:
        self.context.close()
