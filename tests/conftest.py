"""Fixtures that every part of the tests may use."""

import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from chromium import chromium
from core import ENGINES, Core, Template
from core import template as made_once
from running import Running
from servers.redis import PrivateRedis
from servers.s3 import KEYS, PrivateS3


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Which database the desk stands on. Folders whose tests have nothing to do with it override this with one."""
    return str(request.param)


@pytest.fixture(scope="session")
def desk(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One running desk for all tests that leave it as usable as they found it."""
    running = Running(tmp_path_factory.mktemp("desk"), engine)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def own_desk(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A desk for this test alone: it moves the clock or uses up limits."""
    running = Running(tmp_path_factory.mktemp("own_desk"), engine)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def template() -> Template:
    """The office on disk, made once."""
    return made_once("sqlite")


@pytest.fixture(scope="session")
def office(engine: str) -> Template:
    """The office on each engine, made once."""
    return made_once(engine)


@pytest.fixture
def core(office: Template, tmp_path: Path) -> Iterator[Core]:
    """The spine without doors, with the office in a database of its own."""
    core = office.copy(tmp_path)
    yield core
    core.close()


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateRedis]:
    """One Redis for all tests that leave it running."""
    server = PrivateRedis(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def own_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateRedis]:
    """A Redis for this test alone: it is killed, frozen or emptied."""
    server = PrivateRedis(tmp_path_factory.mktemp("own_redis"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def s3() -> Iterator[PrivateS3]:
    """One S3 server with an empty bucket."""
    server = PrivateS3()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in KEYS.items():
            patch.setenv(name, value)
        server.start()
        yield server
        server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests with pages."""
    made_once("sqlite")  # takes a loop of its own, and the browser holds this thread's until the end
    with chromium() as browser:
        yield browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pages last: from the first one to the end, the browser holds this thread's event loop."""
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, Any, Any]:
    """Hostile inputs hold half characters. In what a failed test shows they would break the worker that reports it."""
    return _encodable((yield))


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_encodable(key): _encodable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(_encodable, value))
    return value


_broken: list[str] = []


def pytest_internalerror(excinfo: pytest.ExceptionInfo[BaseException]) -> None:
    """Keep what broke pytest itself: a worker's error stands far above what the other processes still print."""
    _broken.append(str(excinfo.value)[-4_000:])


def pytest_unconfigure() -> None:
    for error in _broken:
        print(f"\npytest itself broke: {error}", file=sys.stderr)
