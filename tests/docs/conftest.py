"""Fixtures of these tests."""

import pytest


@pytest.fixture(scope="session")
def engine() -> str:
    """The pages say the same on every engine."""
    return "sqlite"
