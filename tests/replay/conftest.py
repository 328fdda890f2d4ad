"""Fixtures of these tests."""

import pytest


@pytest.fixture(scope="session")
def engine() -> str:
    """The people of the recorded dialogues are the same on every engine."""
    return "sqlite"
