"""Fixtures of the widget's journeys: a site of its own origin, a visitor's browser, an agent behind a console."""

from collections.abc import Iterator
from threading import Timer

import pytest
from demo_desk import Wire
from desk_agent import DeskAgent
from host_site import HostSite
from playwright.sync_api import Browser, BrowserContext, Page

from running import Running

PATIENCE_MS = 60_000


class Network:
    """What lies between a visitor's browser and the desk."""

    def __init__(self, desk: Running) -> None:
        self.wire = Wire()
        self.wire.lead_to(desk.port)
        self._cut: Timer | None = None

    def cut(self, context: BrowserContext) -> None:
        """The browser knows that it is offline, and its open sockets break; emulation alone may leave them open."""
        context.set_offline(True)
        self._cut = self.wire.cut(3_600)

    def mend(self, context: BrowserContext) -> None:
        if self._cut is not None:
            self._cut.cancel()
        self.wire.cut(0).join()
        context.set_offline(False)

    def close(self) -> None:
        if self._cut is not None:
            self._cut.cancel()
        self.wire.close()


@pytest.fixture
def network(desk: Running) -> Iterator[Network]:
    network = Network(desk)
    yield network
    network.close()


@pytest.fixture
def site(desk: Running, network: Network) -> Iterator[HostSite]:
    """A site that the inbox allows."""
    inbox = desk.cast.stroom.site
    site = HostSite(network.wire.address, inbox.key)
    admin = desk.agent(desk.cast.stroom, "sanne")
    allowed = [*inbox.allowed_origins, site.origin]
    admin.patch(f"/v1/inboxes/{inbox.id}", json={"allowedOrigins": allowed}).raise_for_status()
    yield site
    site.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A new browser profile, as a first visitor has."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="nl-NL")
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        is_mobile=True,
        has_touch=True,
        device_scale_factor=3,
        locale="nl-NL",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


@pytest.fixture
def agent(desk: Running) -> Iterator[DeskAgent]:
    """Fatima behind an open console."""
    agent = DeskAgent(desk, "fatima")
    yield agent
    agent.close()
