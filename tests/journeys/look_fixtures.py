"""Fixtures of looking along from both sides."""

from collections.abc import Iterator
from typing import Any

import pytest
from console_page import ConsolePage
from desk_agent import DeskAgent
from look_page import LookPage
from look_together import Looking
from playwright.sync_api import Browser, Page

from running import Running


@pytest.fixture
def agents(browser: Browser, desk: Running) -> Iterator[Any]:
    opened: list[ConsolePage] = []

    def signs_in(name: str) -> Looking:
        console = ConsolePage(browser, desk)
        opened.append(console)
        return Looking(console.signs_in(name))

    yield signs_in
    for one in opened:
        assert one.errors == []
        one.context.close()


@pytest.fixture
def visitor(page: Page, agent: DeskAgent) -> LookPage:
    return LookPage(page, agent)
