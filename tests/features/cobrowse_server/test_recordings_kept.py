"""Recordings in a back-up, and in either store of blobs."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from look_people import frame, good, page
from recording_people import played, recorded, recording_of, stored, take_out

from balie import app
from balie.engine.disk import DiskBlobs
from balie.engine.sqlite import SqliteDatabase
from balie.features.cobrowse import recording, recordings
from balie.keep.backup import backup
from balie.keep.restore import restore
from balie.keep.verify import Wanted, verify
from balie.lib.seals import unseal
from keep.offices import empty_place
from running import Running
from servers.s3 import PrivateS3

TOKEN = frame(b"what stood on the page")


@pytest.fixture
def on_s3(s3: PrivateS3, tmp_path: Path) -> Iterator[Running]:
    """A desk whose blobs lie in an object store."""
    running = Running(tmp_path, "sqlite")
    running.settings = msgspec.structs.replace(running.settings, blob_url=s3.url)
    running.start()
    yield running
    running.stop()


def test_a_recording_lies_in_an_object_store_as_well(on_s3: Running) -> None:
    guest, sanne, look = recorded(on_s3)
    visitor = page(guest, look)
    visitor.send(TOKEN)
    visitor.quiet()
    good(sanne.delete(f"/v1/looks/{look}/recording"))
    stored(on_s3, sanne, look, 1)
    assert [one for _, one in played(sanne, look)] == [TOKEN]
    (key,) = on_s3.read(lambda tx: [row[0] for row in tx.all("select key from blob")])
    blobs = on_s3.app.house.blobs
    assert b"what stood" not in (on_s3.run(lambda: blobs.get(key)) or b"what stood")
    assert sanne.delete(f"/v1/looks/{look}/recording/pieces").status_code == 204
    take_out(on_s3)
    assert on_s3.run(lambda: blobs.get(key)) is None


def test_a_back_up_carries_recordings_and_not_the_secret(own_desk: Running, tmp_path: Path) -> None:
    guest, sanne, look = recorded(own_desk)
    visitor = page(guest, look)
    visitor.send(TOKEN)
    visitor.quiet()
    good(sanne.delete(f"/v1/looks/{look}/recording"))
    stored(own_desk, sanne, look, 1)
    told = recording_of(sanne, look)
    made = backup(
        own_desk.settings.database, tmp_path / "made.balie", blobs=app.create_blobs(own_desk.settings)
    )
    assert made.lacks == []
    secret = (own_desk.settings.data_dir / "secret.key").read_bytes().strip()
    archive = made.path.read_bytes()
    assert secret not in archive
    assert b"what stood" not in archive

    place, blobs = empty_place("sqlite", tmp_path), DiskBlobs(tmp_path / "elsewhere")
    restore(made.path, place, app.MIGRATIONS, blobs=blobs)
    assert verify(place, Wanted(), blobs=blobs).well
    keyring = app.create_keyring(own_desk.settings)

    async def read() -> bytes:
        db = SqliteDatabase(Path(place.removeprefix("sqlite:///")))
        await db.start()
        try:
            found = await db.read(lambda tx: recordings.find(tx, look))
            (piece,) = await db.read(lambda tx: recordings.pieces(tx, look))
        finally:
            await db.stop()
        assert found is not None
        assert found.key is not None
        assert found.removes_at == told["removesAt"]
        key = keyring.unwrap(found.key, recording.key_context(look))
        sealed = await blobs.get(piece.blob)
        assert sealed is not None
        return unseal(key, sealed, recording.piece_context(look, piece.from_ms, piece.to_ms))

    assert asyncio.run(read()).endswith(TOKEN)
