"""The embedded database when the machine lets it down: full disk, failing writes, a file that cannot grow."""

import asyncio
import os
import resource
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from plugs import Bench, put, put_all, sqlite

from balie.engine.ports import Tx, UnavailableError
from core import Template, together

BIG = "x" * 200_000


@pytest.fixture
def lines(template: Template, tmp_path: Path) -> Iterator[Bench]:
    yield from opened(template, tmp_path / "own.db")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 6 MB. Without the right to mount one there is no such test here; the page limit below runs anywhere."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("mounting needs root")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("this machine lets nobody mount")
    yield place
    subprocess.run([shutil.which("umount") or "umount", "-l", str(place)], check=True)


def opened(template: Template, path: Path) -> Iterator[Bench]:
    shutil.copyfile(template.path, path)
    bench = sqlite(path)
    yield bench
    bench.close()


def outcomes(bench: Bench, *texts: str) -> list[Any]:
    return bench.run(together(bench.db, put_all, texts))


def all_unavailable(results: list[Any]) -> bool:
    return all(isinstance(one, UnavailableError) for one in results)


@contextmanager
def files_that_cannot_grow_beyond(size: int) -> Iterator[None]:
    """Writes past ``size`` fail with an I/O error for this process (RLIMIT_FSIZE)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def no_more_file_handles() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def fill(place: Path) -> Path:
    """Take all the room there is on this disk."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65_536, 4_096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return ballast


def test_a_full_disk_refuses_all_keeps_what_is_stored_and_recovers(
    template: Template, small_disk: Path
) -> None:
    for bench in opened(template, small_disk / "own.db"):
        emitted: list[Any] = []
        bench.db.on_commit(emitted.extend)
        bench.put("before")
        ballast = fill(small_disk)
        for attempt in range(3):
            assert all_unavailable(
                outcomes(bench, f"small {attempt}", f"{attempt} {BIG}", f"after {attempt}")
            )
            assert bench.lines() == ["before"]
        assert emitted == ["before"]
        ballast.unlink()
        bench.put("again", BIG)
        assert bench.lines() == ["before", "again", BIG]
        assert bench.read(lambda tx: tx.all("pragma integrity_check")) == [("ok",)]


def test_a_message_behind_one_that_found_no_room_does_not_overtake_it(lines: Bench) -> None:
    pages = lines.read(lambda tx: tx.one("pragma page_count"))
    assert pages is not None
    lines.write(lambda tx: tx.one(f"pragma max_page_count = {pages[0] + 4}"))
    assert all_unavailable(outcomes(lines, "first", BIG, "second"))
    assert lines.lines() == []
    lines.write(lambda tx: tx.one("pragma max_page_count = 1000000"))
    assert outcomes(lines, "first", BIG, "second") == ["first", BIG, "second"]
    assert lines.lines() == ["first", BIG, "second"]


def test_what_was_handed_in_before_the_news_of_a_failure_fails_too(lines: Bench) -> None:
    """A socket that has two messages under way must not get the second one stored when the first one was not."""
    begun, queued = threading.Event(), threading.Event()

    def give_way(tx: Tx, items: list[Any]) -> list[Any]:
        begun.set()
        assert queued.wait(60)
        tx.execute("rollback")  # as the engine does on a full disk
        return [tx.one("select 1") for _ in items]

    async def both() -> list[Any]:
        first = asyncio.create_task(together(lines.db, give_way, ["first"]))
        await asyncio.to_thread(begun.wait, 20)
        second = asyncio.create_task(together(lines.db, put_all, ["second"]))
        await asyncio.sleep(0)
        queued.set()
        results: list[Any] = await first + await second
        return results

    assert all_unavailable(lines.run(both()))
    assert lines.lines() == []
    assert outcomes(lines, "first", "second") == ["first", "second"]


def test_a_failing_write_is_named_and_the_next_one_works_on_a_fresh_connection(lines: Bench) -> None:
    lines.put("before")
    with files_that_cannot_grow_beyond(16_384):
        for attempt in range(3):
            assert all_unavailable(outcomes(lines, f"{attempt}", f"{attempt}{BIG}"))
            assert lines.lines() == ["before"]
    lines.put("again", BIG)
    assert lines.lines() == ["before", "again", BIG]
    assert lines.read(lambda tx: tx.all("pragma integrity_check")) == [("ok",)]


def test_a_connection_that_could_not_be_opened_again_is_opened_later(lines: Bench) -> None:
    """No file handles left, just when a failed write asks for a fresh connection: nothing stays broken for ever."""
    lines.put("before")
    with files_that_cannot_grow_beyond(16_384), no_more_file_handles():
        for attempt in range(3):
            assert all_unavailable(outcomes(lines, f"{attempt}{BIG}"))
    outcomes(lines, "noticed")  # the write that finds the connection gone may still be refused
    lines.put("again")
    assert [line for line in lines.lines() if line != "noticed"] == ["before", "again"]


def test_what_was_committed_survives_a_crash_of_the_process(template: Template, tmp_path: Path) -> None:
    """The copy holds what a killed process leaves on disk: database and write-ahead log, never closed."""
    path, crashed = tmp_path / "own.db", tmp_path / "crashed.db"
    for bench in opened(template, path):
        texts = [str(n) for n in range(100)]
        assert outcomes(bench, *texts) == texts
        shutil.copyfile(path, crashed)
        shutil.copyfile(f"{path}-wal", f"{crashed}-wal")
    after = sqlite_as_left(crashed)
    assert after == texts


def sqlite_as_left(path: Path) -> list[str]:
    import sqlite3

    with sqlite3.connect(path) as connection:
        found = [row[0] for row in connection.execute("select text from line order by id")]
    connection.close()
    return found


def test_every_commit_is_forced_to_disk(lines: Bench) -> None:
    mode = lines.write(lambda tx: (tx.one("pragma synchronous"), tx.one("pragma journal_mode")))
    assert mode == ((2,), ("wal",))


def test_a_single_command_that_waits_for_its_answer_gets_its_own_error(lines: Bench) -> None:
    with pytest.raises(ValueError, match="bad one"):
        lines.write(put("bad one"))
