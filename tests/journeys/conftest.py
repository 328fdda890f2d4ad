"""Fixtures of the journeys: a real browser and a demo desk."""

from collections.abc import Iterator

import pytest
from browser_people import PATIENT_MS
from demo_desk import DemoDesk
from playwright.sync_api import expect

from running import Running

# A busy machine stands still for seconds at times; what has to be fast is measured in bench/.
expect.set_options(timeout=PATIENT_MS)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoDesk]:
    """One demo desk for all journeys that leave it as usable as they found it."""
    desk = DemoDesk(tmp_path_factory.mktemp("demo"))
    desk.start()
    yield desk
    desk.close()


@pytest.fixture
def own_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoDesk]:
    """A demo desk for this journey alone: it is killed, or its wire is cut."""
    desk = DemoDesk(tmp_path_factory.mktemp("own_demo"))
    desk.start()
    yield desk
    desk.close()


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A desk of the journeys' own: no other test fills its lists. What browsers do is the same on every engine."""
    running = Running(tmp_path_factory.mktemp("desk"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def engine() -> str:
    """Which engine the other desks here stand on."""
    return "sqlite"
