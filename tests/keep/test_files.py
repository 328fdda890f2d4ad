"""Files beside the database: a back-up carries them, a restore puts them into whichever store, verify looks at each."""

import asyncio
import secrets
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from offices import empty_place, forget

from balie import app
from balie.desk import blobs as files
from balie.desk.blobs import Blob
from balie.engine.disk import DiskBlobs
from balie.engine.ports import Blobs, UnavailableError
from balie.engine.s3 import S3Blobs
from balie.keep.archive import Archive, ArchiveError
from balie.keep.backup import backup
from balie.keep.restore import restore
from balie.keep.verify import Report, Wanted, verify
from core import Core
from servers.s3 import KEYS

STORES: dict[str, Callable[[pytest.FixtureRequest, Path], Blobs]] = {
    "disk": lambda _, folder: DiskBlobs(folder / "blobs"),
    "s3": lambda request, _: S3Blobs(request.getfixturevalue("s3").url),
}
LARGE = (3 << 20) + 11


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return STORES[request.param](request, tmp_path)


def kept(core: Core, store: Blobs, *sizes: int) -> list[Blob]:
    """Files of these sizes, put and noted."""
    made = []
    home = core.access(core.cast.stroom, "sanne").organisation
    for size in sizes:
        blob = core.run(files.put(store, [secrets.token_bytes(size)]))
        core.write(lambda tx, blob=blob: files.note(tx, home, blob, core.clock.now()))  # type: ignore[misc]
        made.append(blob)
    return made


def read(store: Blobs, blob: Blob) -> bytes | None:
    return asyncio.run(store.get(blob.key))


def checked(core: Core, store: Blobs) -> Report:
    return verify(core.settings.database, Wanted(), blobs=store)


@pytest.mark.parametrize("other", STORES)
def test_files_come_back_byte_by_byte_in_either_store(
    core: Core, store: Blobs, other: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    made = kept(core, store, 0, 1, LARGE)
    before = [read(store, blob) for blob in made]
    done = backup(core.settings.database, tmp_path / "made.balie", blobs=store)
    assert done.lacks == []
    for blob in made:
        asyncio.run(store.drop(blob.key))
    target = STORES[other](request, tmp_path / "elsewhere")
    place = empty_place("sqlite", tmp_path)
    restore(done.path, place, app.MIGRATIONS, blobs=target)
    assert [read(target, blob) for blob in made] == before
    report = verify(place, Wanted(), blobs=target)
    assert (report.well, report.files) == (True, 3)
    forget(place)


def test_a_file_that_nothing_refers_to_is_in_no_back_up(core: Core, store: Blobs, tmp_path: Path) -> None:
    (blob,) = kept(core, store, 100)
    stray = asyncio.run(files.put(store, [b"nobody noted this"]))
    done = backup(core.settings.database, tmp_path / "made.balie", blobs=store)
    with Archive(done.path) as archive:
        archive.check()
        assert [key for key, _ in archive.blobs()] == [blob.key]
    assert read(store, stray) is not None


def test_missing_and_damaged_files_are_named_and_keep_nothing_else_out(
    core: Core, store: Blobs, tmp_path: Path
) -> None:
    well, gone, bad = kept(core, store, 10, 20, 30)
    assert checked(core, store).well
    asyncio.run(store.drop(gone.key))
    asyncio.run(store.put(bad.key, [b"somebody else wrote this here"]))
    words = {f"{gone.key} is missing", f"{bad.key} is not as it was put"}
    report = checked(core, store)
    assert (report.well, set(report.flaws), report.files) == (False, words, 3)
    done = backup(core.settings.database, tmp_path / "made.balie", blobs=store)
    assert set(done.lacks) == words
    with Archive(done.path) as archive:
        assert well.key in {key for key, _ in archive.blobs()}


def test_one_wrong_byte_in_a_file_of_an_archive_and_nothing_is_restored(core: Core, tmp_path: Path) -> None:
    store = DiskBlobs(tmp_path / "blobs")
    (blob,) = kept(core, store, LARGE)
    path = backup(core.settings.database, tmp_path / "made.balie", blobs=store).path
    with zipfile.ZipFile(path) as file:
        at = file.getinfo(f"blobs/{blob.key}").header_offset + LARGE // 2
    with path.open("r+b") as raw:
        raw.seek(at)
        byte = raw.read(1)[0]
        raw.seek(at)
        raw.write(bytes([byte ^ 1]))
    target = DiskBlobs(tmp_path / "elsewhere")
    with pytest.raises(ArchiveError, match=f"damaged at blobs/{blob.key}"):
        restore(path, f"sqlite:///{tmp_path / 'new.db'}", app.MIGRATIONS, blobs=target)
    assert not (tmp_path / "new.db").exists()
    assert read(target, blob) is None


def test_a_store_that_is_away_ends_a_back_up_without_a_file_and_a_restore_without_a_change(
    core: Core, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    store = DiskBlobs(tmp_path / "blobs")
    kept(core, store, 10)
    away = S3Blobs("s3://balie/x?endpoint=http://127.0.0.1:1&region=eu-west-1")
    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(UnavailableError):
        backup(core.settings.database, folder, blobs=away)
    assert list(folder.iterdir()) == []
    path = backup(core.settings.database, folder, blobs=store).path
    with pytest.raises(UnavailableError):
        restore(path, f"sqlite:///{tmp_path / 'new.db'}", app.MIGRATIONS, blobs=away)
    assert not (tmp_path / "new.db").exists()
