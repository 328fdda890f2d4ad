"""Fixtures of these tests."""

import pytest


@pytest.fixture(scope="session")
def engine() -> str:
    """The demo stands on the embedded engine."""
    return "sqlite"
