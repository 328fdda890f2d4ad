"""The widget as a visitor finds it on a page: by its names, never by its inside."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

_AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


class WidgetPage:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.launcher = page.locator("balie-widget").get_by_role("button", name="Chat openen")
        self.panel = page.get_by_role("dialog")
        self.field = self.panel.get_by_role("textbox", name="Typ je bericht")
        self.messages = self.panel.locator(".bubble")

    def open(self, url: str) -> "WidgetPage":
        self.page.goto(url)
        self.launcher.click()
        expect(self.field).to_be_focused()
        return self

    def say(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")

    def own_last(self) -> Locator:
        return self.panel.locator(".message.own").last

    def faults(self) -> list[str]:
        """What axe-core finds wrong in the widget."""
        # Through the debugger, for the page's own policy lets no script in; in the page's own world, where axe lives.
        self.page.evaluate(_AXE.read_text())
        found: dict[str, Any] = self.page.evaluate("axe.run(document.querySelector('balie-widget'))")
        return [
            f"{fault['id']}: {node['html']} {node['failureSummary']}"
            for fault in found["violations"]
            for node in fault["nodes"]
        ]
