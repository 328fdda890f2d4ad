"""Threat S22: no secret and no personal data in a log line, wherever it came from."""

import contextlib
import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from balie.edge.logs import set_up_logs


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    before = logging.root.handlers[:], logging.root.level
    out = io.StringIO()
    set_up_logs(pretty=False, stream=out)
    yield out
    structlog.reset_defaults()
    logging.root.handlers[:], logging.root.level = before


def test_secrets_do_not_reach_the_log(lines: io.StringIO) -> None:
    log = structlog.get_logger("test")
    canary = "kanarie4711"
    log.info(
        "one", password=canary, token=canary, text=canary, headers={"cookie": canary, "authorization": canary}
    )
    log.info("two", note=f"Authorization: Bearer {canary}", url=f"/v1/socket/agent?ticket={canary}")
    log.info(f"balie_session={canary}; balie_csrf={canary}", email=canary, raw=canary.encode())
    log.info("three", detail=f"{canary}@example.nl could not sign in", items=[f"token={canary}"])
    logging.getLogger("library").warning("failed for %s with password=%s", f"{canary}@example.nl", canary)
    try:
        int(f"token={canary}")
    except ValueError:
        log.exception("four")
    assert canary not in lines.getvalue()
    assert len(lines.getvalue().splitlines()) == 6


def test_each_line_is_json_with_its_event_level_and_time(lines: io.StringIO) -> None:
    structlog.get_logger("test").info("started", port=8080, path="/v1/\n\x1b[31mx")
    (line,) = lines.getvalue().splitlines()
    entry = json.loads(line)
    assert (entry["event"], entry["level"], entry["port"]) == ("started", "info", 8080)
    assert entry["timestamp"]


def test_a_path_gives_no_orders_to_the_terminal_of_whoever_reads_along() -> None:
    before = logging.root.handlers[:], logging.root.level
    out = io.StringIO()
    set_up_logs(pretty=True, stream=out)
    try:
        structlog.get_logger("test").info("http", path="/\x1b[2J\x1b]0;owned\x07\x9b31m")
    finally:
        structlog.reset_defaults()
        logging.root.handlers[:], logging.root.level = before
    assert "owned" in out.getvalue()
    assert not {"\x1b", "\x07", "\x9b"} & set(out.getvalue())


@pytest.mark.usefixtures("lines")
def test_a_log_that_cannot_be_written_is_nobody_elses_trouble() -> None:
    with open("/dev/full", "w") as full:
        with pytest.raises(OSError, match="No space left"):
            print("a line", file=full, flush=True)
        set_up_logs(pretty=False, stream=full)
        structlog.get_logger("test").warning("write_failed", jobs=3)
        logging.getLogger("library").warning("x" * 100_000)
        with contextlib.suppress(OSError):
            full.close()
        structlog.get_logger("test").warning("after the end")
