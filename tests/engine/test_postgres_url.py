"""What an operator's connection string sets stays as it was set."""

import contextlib
from pathlib import Path

import pytest

from core import Core, settings_for, template
from servers import postgres

_IDLE = "idle_in_transaction_session_timeout"


@pytest.mark.parametrize(("options", "idle"), [("", "3s"), (f"?options=-c%20{_IDLE}%3D11s", "11s")])
def test_options_in_the_url_win(tmp_path: Path, options: str, idle: str) -> None:
    url = template("postgres").settings(tmp_path).database_url
    try:
        with contextlib.closing(Core(settings_for(tmp_path, url.partition("?")[0] + options))) as core:
            row = core.write(
                lambda tx: tx.one(f"select current_setting('{_IDLE}'), current_setting('statement_timeout')")
            )
    finally:
        postgres.shared().drop(url)
    assert row is not None
    assert tuple(row) == (idle, "30s")
