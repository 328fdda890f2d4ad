"""Makes an archive of everything in one snapshot, while the desk runs and is written to."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from balie import __version__
from balie.engine.whole import whole
from balie.keep.archive import FORMAT, SUFFIX, ArchiveWriter, Manifest
from balie.lib.clock import Clock, SystemClock

Told = Callable[[str, int, int], None]


class Made(msgspec.Struct, frozen=True):
    """A finished back-up; ``size`` in bytes."""

    path: Path
    size: int
    manifest: Manifest


def place_for(target: Path, now: int) -> Path:
    """The file for a back-up to ``target``: that file, or a new one in that folder, named by the time."""
    if target.is_dir():
        moment = datetime.fromtimestamp(now / 1000, UTC)
        return target / f"balie-{moment:%Y%m%dT%H%M%SZ}{SUFFIX}"
    return target if target.suffix else target.with_suffix(SUFFIX)


def backup(url: str, target: Path, told: Told = lambda *_: None, clock: Clock | None = None) -> Made:
    """Everything that is committed when this begins goes into the archive. Raises UnavailableError, DamagedError and
    OSError; then no file is left behind."""
    now = (clock or SystemClock()).now()
    path = place_for(target, now)
    with whole(url).snapshot() as reader, ArchiveWriter(path) as archive:
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
    return Made(path, size, manifest)


def rotate(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest ``keep`` archives that this command named itself; those removed."""
    old = sorted(folder.glob(f"balie-????????T??????Z{SUFFIX}"))[:-keep]
    for path in old:
        path.unlink()
    return old
