"""Fixtures that every part of the tests may use."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import Core, Template
from running import Running


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One running desk for all tests that leave it as usable as they found it."""
    running = Running(tmp_path_factory.mktemp("desk"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def own_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A desk for this test alone: it moves the clock or uses up limits."""
    running = Running(tmp_path_factory.mktemp("own_desk"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The office on disk, made once."""
    return Template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def core(template: Template, tmp_path: Path) -> Iterator[Core]:
    """The spine without doors, with the office in a database of its own."""
    core = template.copy(tmp_path)
    yield core
    core.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys last: from its first page to its end, the browser holds this thread's event loop."""
    items.sort(key=lambda item: "journeys" in item.path.parts)
