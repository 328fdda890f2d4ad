"""Puts an archive back: all of it or nothing, in either engine, under a new epoch, so that every client
starts afresh."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from balie.engine.ports import Blobs, Row, SchemaError
from balie.engine.refill import RefillError, refill
from balie.engine.revisions import read_graph, unknown
from balie.keep.archive import Archive, Manifest
from balie.keep.files import Files

Told = Callable[[str, int, int], None]

SKIPPED = ("history", "agent_session")
"""Not put back. A new epoch is made; and who was signed out after the back-up stays signed out, so all sign in anew."""


def restore(
    path: Path,
    url: str,
    lines: Sequence[Path],
    *,
    blobs: Blobs | None = None,
    replace: bool = False,
    told: Told = lambda *_: None,
) -> Manifest:
    """Fill the database at ``url`` and the store of files from the archive; ``blobs``, that store, may be left out for
    an archive without any. ``lines``: where the migrations stand. Raises ArchiveError, SchemaError, RefillError or
    UnavailableError; then nothing has changed, but that files may lie in the store to which nothing refers."""
    with Archive(path) as archive:
        manifest = archive.manifest
        newer = unknown(manifest.revisions, read_graph(lines))
        if newer:
            raise SchemaError(
                f"{path} has a newer schema ({', '.join(newer)}), made by Balie {manifest.balie}. Renew Balie first."
            )
        archive.check(told)
        with refill(url, lines, manifest.revisions, replace=replace) as target:
            members = [one for one in archive.tables() if one.table not in SKIPPED]
            strangers = {one.table for one in members} - set(target.tables)
            if strangers:
                raise RefillError(
                    f"{path} holds tables that its schema does not know: {', '.join(strangers)}."
                )
            for member in members:
                columns = [column.name for column in member.columns]
                target.load(
                    member.table, columns, _counted(archive.rows(member), member.table, member.rows, told)
                )
            # Before the database commits: whatever it refers to is there.
            with Files(blobs) as files:
                for done, (key, content) in enumerate(archive.blobs()):
                    files.put(key, content)
                    told("files", done + 1, 0)
        return manifest


def _counted(pieces: Iterator[list[Row]], table: str, total: int, told: Told) -> Iterator[list[Row]]:
    done = 0
    told(table, 0, total)
    for piece in pieces:
        yield piece
        done += len(piece)
        told(table, done, total)
    if done != total:
        raise RefillError(f"{table} has {done} rows in the back-up, and its manifest says {total}.")
