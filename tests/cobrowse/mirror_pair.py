"""A visitor's page and the agent's copy of it, joined as the relay will join them; and the frames between, as bytes."""

import base64
from typing import Any

from mirror_site import MirrorSite
from playwright.sync_api import Browser, Frame, Page

from mirror_envelope import opened

SHOWN: dict[str, Any] = {"version": 1, "text": "show"}
OPEN: dict[str, Any] = {"version": 1, "text": "show", "labels": True, "cssContent": True, "title": True}


def inflated(frames: list[str]) -> bytes:
    """The payloads of frames in base64."""
    return b"\n".join(opened(base64.b64decode(it))[1] for it in frames)


class Pair:
    """Opens both pages in one browser context, on one origin."""

    def __init__(self, browser: Browser, site: MirrorSite, width: int = 1280, height: int = 800) -> None:
        self.site = site
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, service_workers="block"
        )
        self.visitor: Page = self.context.new_page()
        self.agent: Page = self.context.new_page()
        self.errors: list[str] = []
        for page in (self.visitor, self.agent):
            page.on("pageerror", lambda error: self.errors.append(str(error)))

    def close(self) -> None:
        self.context.close()

    def looks_along(
        self,
        path: str,
        policy: dict[str, Any] | None = None,
        *,
        assets: bool = True,
        agent: bool = True,
        epoch: int = 1,
        quirks: bool = False,
    ) -> None:
        """Visitor on ``path``; returns when the agent's copy stands."""
        self.visitor.goto(self.site.origin + path)
        if agent:
            self.agent.goto(self.site.origin + "/console")
            self.agent.wait_for_function("window.agent !== undefined")
            self.agent.evaluate("([it, quirks]) => agent.begin(it, quirks)", [f"{self.site.origin}/", quirks])
        self.records(policy, assets=assets, epoch=epoch)
        if agent:
            self.hears({"t": "notice", "what": "shown"})

    def records(self, policy: dict[str, Any] | None, *, assets: bool = True, epoch: int = 1) -> None:
        self.loads("visitor.js")
        self.visitor.evaluate(
            "([policy, epoch, assets]) => mirror.start(policy, epoch, assets)",
            [policy or SHOWN, epoch, assets],
        )

    def loads(self, script: str) -> None:
        self.visitor.evaluate("(it) => import(it)", f"/site/{script}")
        # The page's own script is a module, too: its top-level await ends after the import.
        self.visitor.wait_for_function("window.mirror !== undefined")

    def told(self) -> None:
        """Everything that happened has been told."""
        self.visitor.evaluate("mirror.told()")

    def hears(self, wanted: dict[str, Any], start: int = 0) -> Any:
        return self.agent.evaluate("([wanted, from]) => agent.hears(wanted, from)", [wanted, start])

    @property
    def heard(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.agent.evaluate("agent.heard")
        return found

    def does(self, script: str, argument: Any = None) -> None:
        """Runs in the visitor's page; returns when the agent's copy compared equal afterwards."""
        start = len(self.heard)
        self.visitor.evaluate(script, argument)
        self.visitor.evaluate("mirror.digest()")
        self.hears({"t": "told", "message": {"type": 9}}, start)
        self.agrees()

    def agrees(self) -> None:
        wrong = [it for it in self.heard if it["t"] == "notice" and it["what"] in ("diverged", "refused")]
        assert not wrong, wrong

    @property
    def copy(self) -> Frame:
        """The viewer's document."""
        return next(it for it in self.agent.frames if "/viewer" in it.url)

    def frames(self) -> list[bytes]:
        return [base64.b64decode(it) for it in self.visitor.evaluate("mirror.base64()")]

    def wire(self) -> bytes:
        return inflated(self.visitor.evaluate("mirror.base64()"))

    def id_of(self, selector: str) -> int:
        """The node's number, as the agent's side has it: by a click on the copy."""
        start = len(self.heard)
        self.copy.evaluate(
            "(it) => document.querySelector(it).dispatchEvent(new MouseEvent('click', {bubbles: true}))",
            selector,
        )
        return int(self.hears({"t": "picked"}, start)["id"])
