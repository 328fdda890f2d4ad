"""Fixtures of these tests."""

import pytest


@pytest.fixture(scope="session")
def engine() -> str:
    """Nothing here stores anything."""
    return "sqlite"
