"""Makes an archive of everything in one snapshot, while the desk runs and is written to."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from balie import __version__
from balie.engine.ports import Blobs
from balie.engine.whole import Reader, whole
from balie.keep.archive import FORMAT, SUFFIX, ArchiveWriter, Manifest
from balie.keep.files import Files, changed, noted
from balie.lib.clock import Clock, SystemClock

Told = Callable[[str, int, int], None]


class Made(msgspec.Struct, frozen=True):
    """A finished back-up; ``size`` in bytes. ``lacks``: the files that are not in it as they were put, in words."""

    path: Path
    size: int
    manifest: Manifest
    lacks: list[str]


def place_for(target: Path, now: int) -> Path:
    """The file for a back-up to ``target``: that file, or a new one in that folder, named by the time."""
    if target.is_dir():
        moment = datetime.fromtimestamp(now / 1000, UTC)
        return target / f"balie-{moment:%Y%m%dT%H%M%SZ}{SUFFIX}"
    return target if target.suffix else target.with_suffix(SUFFIX)


def backup(
    url: str,
    target: Path,
    told: Told = lambda *_: None,
    clock: Clock | None = None,
    *,
    blobs: Blobs | None = None,
) -> Made:
    """Everything that is committed when this begins goes into the archive, and the files it refers to; ``blobs``, their
    store, may be left out where there are none. A file that is missing or damaged does not keep the rest out. Raises
    UnavailableError, DamagedError and OSError; then no archive is left behind."""
    now = (clock or SystemClock()).now()
    path = place_for(target, now)
    with whole(url).snapshot() as reader, Files(blobs) as files, ArchiveWriter(path) as archive:
        shapes = reader.shapes()
        epoch = str(reader.all("select epoch from history")[0][0])
        newest = reader.all("select at from fact order by position desc limit 1")
        for shape in shapes:
            (count,) = reader.all(f"select count(*) from {shape.name}")[0]
            columns = ", ".join(column.name for column in shape.columns)
            told(shape.name, 0, count)
            archive.add_table(
                shape,
                reader.pieces(f"select {columns} from {shape.name}"),
                lambda done, name=shape.name, count=count: told(name, done, count),  # type: ignore[misc]
            )
        lacks = list(_add_files(archive, files, reader, told))
        manifest = Manifest(
            format=FORMAT,
            balie=__version__,
            engine="sqlite" if url.startswith("sqlite:") else "postgresql",
            revisions=sorted(row[0] for row in reader.all("select version_num from alembic_version")),
            epoch=epoch,
            made_at=now,
            last_at=newest[0][0] if newest else None,
            conversations=int(reader.all("select count(*) from conversation")[0][0]),
            facts=int(reader.all("select count(*) from fact")[0][0]),
        )
        size = archive.finish(manifest)
    return Made(path, size, manifest, lacks)


def _add_files(archive: ArchiveWriter, files: Files, reader: Reader, told: Told) -> Iterator[str]:
    """What is wrong with each that cannot be had as it was put."""
    for done, blob in enumerate(noted(reader)):
        told("files", done, 0)
        content = files.open(blob.key)
        if content is None:
            yield f"{blob.key} is missing"
        elif archive.add_blob(blob.key, content) != blob.sha256.hex():
            yield changed(blob)


def rotate(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest ``keep`` archives that this command named itself; those removed."""
    old = sorted(folder.glob(f"balie-????????T??????Z{SUFFIX}"))[:-keep]
    for path in old:
        path.unlink()
    return old
