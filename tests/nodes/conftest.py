"""Fixtures of the tests with several nodes."""

from collections.abc import Iterator

import pytest

from core import Template
from nodes.cluster import Cluster
from servers.redis import PrivateRedis


@pytest.fixture(scope="session")
def engine() -> str:
    """Several processes share a PostgreSQL."""
    return "postgres"


@pytest.fixture(scope="session")
def pair(
    office: Template, redis: PrivateRedis, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cluster]:
    """Two nodes for all tests that leave them as usable as they found them."""
    cluster = Cluster(office, redis, tmp_path_factory.mktemp("pair"))
    cluster.start(2)
    yield cluster
    cluster.close()


@pytest.fixture
def cluster(
    office: Template, own_redis: PrivateRedis, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cluster]:
    """No node yet, for tests that kill them."""
    cluster = Cluster(office, own_redis, tmp_path_factory.mktemp("cluster"))
    yield cluster
    cluster.close()
