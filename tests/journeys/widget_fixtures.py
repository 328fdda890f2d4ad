"""Fixtures of the widget's journeys: a site of its own origin, a visitor's browser, an agent behind a console."""

from collections.abc import Iterator

import pytest
from desk_agent import DeskAgent
from host_site import HostSite
from playwright.sync_api import Browser, BrowserContext, Page

from running import Running

PATIENCE_MS = 10_000


@pytest.fixture
def site(desk: Running) -> Iterator[HostSite]:
    """A site that the inbox allows."""
    inbox = desk.cast.stroom.site
    site = HostSite(desk.origin, inbox.key)
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
