"""``balie backup`` and ``balie restore``: everything or nothing, from and to either engine, while the desk is busy."""

import hashlib
import json
import random
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from offices import contents, empty_place, epoch, forget, messages, opened, talk

from balie import app
from balie.engine.ports import SchemaError
from balie.engine.refill import RefillError
from balie.keep.archive import MANIFEST, Archive, ArchiveError
from balie.keep.backup import backup, place_for, rotate
from balie.keep.restore import restore
from balie.keep.verify import Wanted, verify
from balie.lib.clock import SetClock
from core import ENGINES, Core


@pytest.fixture
def made(core: Core, tmp_path: Path) -> Path:
    """A back-up of an office in which people talked."""
    talk(core)
    return backup(core.settings.database, tmp_path / "made.balie").path


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database on each engine."""
    url = empty_place(request.param, tmp_path)
    yield url
    forget(url)


def put_back(path: Path, url: str, *, replace: bool = False) -> None:
    restore(path, url, app.MIGRATIONS, replace=replace)


def test_what_comes_back_is_what_was_there_on_either_engine(core: Core, made: Path, place: str) -> None:
    """Also from one machine's file to the database that many share, and back."""
    put_back(made, place)
    before = contents(core.settings.database)
    assert contents(place) == before
    assert sum(map(len, before.values())) > 40
    report = verify(place, Wanted())
    assert (report.well, report.conversations, report.erased) == (True, 3, 3)


def test_a_restored_desk_goes_on_under_a_history_of_its_own(core: Core, made: Path, place: str) -> None:
    put_back(made, place)
    assert epoch(place) != epoch(core.settings.database)
    newest = core.facts()[-1].position
    again = opened(place, core)
    visit = again.visit()
    home = again.says(visit, "Bent u er weer?").conversation
    assert again.row(home).number == 4
    assert again.facts()[0].position > newest
    again.close()
    assert verify(place, Wanted()).well


def test_everything_acked_before_a_back_up_began_is_in_it_while_people_go_on_writing(
    core: Core, tmp_path: Path, place: str
) -> None:
    """And what it holds is one moment of all conversations: nothing half, nothing out of order."""
    other = opened(core.settings.database, core)
    visits = [other.visit() for _ in range(4)]
    acked: list[tuple[str, int]] = []
    stop = threading.Event()

    def write() -> None:
        n = 0
        while not stop.is_set():
            n += 1
            for receipt in other.receive(*(other.inbound(visit, f"Bericht {n}") for visit in visits)):
                acked.append((receipt.conversation, receipt.seq))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for round in range(3):
            while len(acked) < 40 * (round + 1):
                stop.wait(0.005)
            before = list(acked)
            path = backup(core.settings.database, tmp_path / "busy.balie").path
    finally:
        stop.set()
        writer.join()
    other.close()
    put_back(path, place)
    stored = messages(place)
    assert set(before) <= stored <= set(acked)
    assert verify(place, Wanted()).well


def test_one_wrong_byte_anywhere_and_nothing_is_restored(made: Path, tmp_path: Path) -> None:
    chance = random.Random(5)
    whole = made.read_bytes()
    damaged = tmp_path / "damaged.balie"
    place = f"sqlite:///{tmp_path / 'new.db'}"
    for at in [0, 20, len(whole) - 1, *chance.sample(range(len(whole)), 25)]:
        broken = bytearray(whole)
        broken[at] ^= 1 << chance.randrange(8)
        damaged.write_bytes(broken)
        try:
            with Archive(damaged) as archive:
                archive.check()
        except ArchiveError:
            continue
        # A bit of the zip's own book-keeping, such as a time of day, may change without harm to what is in it.
        put_back(damaged, place, replace=True)
        assert verify(place, Wanted()).well
    for length in (0, 100, len(whole) // 2, len(whole) - 1):
        damaged.write_bytes(whole[:length])
        with pytest.raises(ArchiveError):
            put_back(damaged, place)


def test_an_archive_that_says_less_than_it_holds_is_refused(made: Path, tmp_path: Path) -> None:
    forged = tmp_path / "forged.balie"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(forged, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"Antwoord", b"Andwoord"))
    with pytest.raises(ArchiveError, match=r"damaged at tables/"):
        put_back(forged, f"sqlite:///{tmp_path / 'new.db'}")
    assert not (tmp_path / "new.db").exists()


def test_a_newer_schema_or_format_is_refused_in_one_sentence(made: Path, tmp_path: Path) -> None:
    newer = tmp_path / "newer.balie"
    for change, error, word in (
        ({"revisions": ["desk_0001", "desk_9999"]}, SchemaError, r"newer schema \(desk_9999\).*Renew"),
        ({"format": 99}, ArchiveError, "newer Balie"),
    ):
        with zipfile.ZipFile(made) as old, zipfile.ZipFile(newer, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                if name == MANIFEST:
                    data = json.dumps(json.loads(data) | change).encode()
                new.writestr(name, data)
        with pytest.raises(error, match=word):
            put_back(newer, f"sqlite:///{tmp_path / 'new.db'}")


def test_an_office_that_is_there_is_not_written_over_unasked(core: Core, made: Path, tmp_path: Path) -> None:
    url = core.settings.database
    core.says(core.visit(), "Na de back-up")
    with pytest.raises(RefillError, match=r"in use|Stop all nodes"):
        put_back(made, url, replace=True)
    core.run(core.feed.stop())
    core.run(core.db.stop())
    before = contents(url)
    with pytest.raises(RefillError, match="--replace"):
        put_back(made, url)
    assert contents(url) == before
    put_back(made, url, replace=True)
    after = contents(url)
    assert len(after["message"]) == len(before["message"]) - 1
    if url.startswith("sqlite:"):
        (kept,) = tmp_path.glob("balie.db.before-restore-*")
        assert contents(f"sqlite:///{kept}") == before


def test_a_restore_that_fails_half_way_leaves_what_was_there(made: Path, tmp_path: Path, place: str) -> None:
    """All digests fit, and still one row cannot be stored."""
    forged = tmp_path / "forged.balie"
    put_back(made, place)
    before, history = contents(place), epoch(place)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(forged, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "tables/message.jsonl":
                data += data.splitlines(keepends=True)[0]
            elif name == MANIFEST:
                data = _manifest_of(data, old.read("tables/message.jsonl"))
            new.writestr(name, data)
    with pytest.raises(RefillError, match="The rows of message do not fit"):
        put_back(forged, place, replace=True)
    assert (contents(place), epoch(place)) == (before, history)
    assert not list(tmp_path.glob(".*restoring*"))


def test_a_folder_gets_a_file_named_by_the_time_and_keeps_the_newest(core: Core, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "balie-notes.balie").touch()
    clock = SetClock()
    paths = []
    for _ in range(3):
        paths.append(backup(core.settings.database, folder, clock=clock).path)
        clock.advance(86_400)
    assert [path.stat().st_mode & 0o777 for path in paths] == [0o600] * 3
    assert rotate(folder, 2) == paths[:1]
    assert sorted(folder.iterdir()) == [*paths[1:], folder / "balie-notes.balie"]
    assert place_for(tmp_path / "mine", 0) == tmp_path / "mine.balie"


def test_a_back_up_that_cannot_be_finished_leaves_no_file(core: Core, tmp_path: Path) -> None:
    core.says(core.visit(), "Hallo")
    folder = tmp_path / "backups"
    folder.mkdir()

    def full(what: str, done: int, total: int) -> None:
        if what == "fact" and done:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        backup(core.settings.database, folder, full)
    assert list(folder.iterdir()) == []


def _manifest_of(manifest: bytes, messages: bytes) -> bytes:
    data = messages + messages.splitlines(keepends=True)[0]
    told = json.loads(manifest)
    for member in told["members"]:
        if member["name"] == "tables/message.jsonl":
            member |= {
                "sha256": hashlib.sha256(data).hexdigest(),
                "size": len(data),
                "rows": member["rows"] + 1,
            }
    return json.dumps(told).encode()
