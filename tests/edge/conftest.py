"""Fixtures of these tests."""

import pytest


@pytest.fixture(scope="session")
def engine() -> str:
    """What stands above the stores is the same on every engine."""
    return "sqlite"
