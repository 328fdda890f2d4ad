"""The file that a back-up is: a zip with one member of JSON lines per table, a folder of blobs, and a manifest with the
digest of each. Any zip tool and any language can read it; docs/operate.md describes it."""

import base64
import hashlib
import os
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import msgspec

from balie.engine.ports import Row
from balie.engine.whole import Column, Shape

FORMAT = 1
SUFFIX = ".balie"
MANIFEST = "manifest.json"
_PIECE = 1 << 20
_LINES_AT_ONCE = 1_000
_BROKEN = (
    zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip
"""What the zip reader says of one flipped bit, by the field that it hits."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[Any]).decode


class Member(msgspec.Struct, frozen=True):
    """A member as it must be: its digest is over what is in it, uncompressed."""

    name: str
    size: int
    sha256: str
    table: str = ""
    columns: Sequence[Column] = ()
    rows: int = 0


class Manifest(msgspec.Struct, kw_only=True):
    """What an archive holds. ``last_at``: when the newest fact in it was written; times are UTC milliseconds."""

    format: int
    balie: str
    engine: str
    revisions: list[str]
    epoch: str
    made_at: int
    last_at: int | None
    conversations: int
    facts: int
    members: list[Member] = msgspec.field(default_factory=list)


class ArchiveError(Exception):
    """The file is no archive of ours, or not as it was written."""


Told = Callable[[str, int, int], None]


class ArchiveWriter:
    """Writes beside ``path``, and puts the whole file in its place at the end or nothing at all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._beside = path.with_name(f".{path.name}.part")

    def __enter__(self) -> "ArchiveWriter":
        self._members: list[Member] = []
        descriptor = os.open(self._beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(descriptor, "w+b")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._file.close()
            self._zip.fp = None  # so that it does not try to end a file that is gone
            self._beside.unlink(missing_ok=True)

    def add_table(self, shape: Shape, pieces: Iterable[list[Row]], told: Callable[[int], None]) -> None:
        """A table: ``told(rows so far)``."""
        line = _line_writer(shape.columns)
        rows = 0

        def content() -> Iterator[bytes]:
            nonlocal rows
            for piece in pieces:
                yield b"".join([line(row) for row in piece])
                rows += len(piece)
                told(rows)

        name = f"tables/{shape.name}.jsonl"
        size, digest = self._add(name, content())
        self._members.append(Member(name, size, digest, shape.name, shape.columns, rows))

    def add_blob(self, key: str, content: Iterable[bytes]) -> str:
        """A file; its SHA-256 in hex. Attachments are mostly packed already, so they are stored as they are."""
        name = f"blobs/{key}"
        size, digest = self._add(name, content, zipfile.ZIP_STORED)
        self._members.append(Member(name, size, digest))
        return digest

    def finish(self, manifest: Manifest) -> int:
        """Write the manifest and put the file in its place, synced; its size."""
        manifest.members = self._members
        with self._zip.open(MANIFEST, "w") as file:
            file.write(msgspec.json.format(_encode(manifest), indent=1))
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._beside.replace(self._path)
        sync_folder(self._path.parent)
        return self._path.stat().st_size

    def _add(
        self, name: str, content: Iterable[bytes], method: int = zipfile.ZIP_DEFLATED
    ) -> tuple[int, str]:
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name, time.gmtime()[:6])
        info.compress_type = method
        with self._zip.open(info, "w", force_zip64=True) as file:
            for piece in content:
                file.write(piece)
                digest.update(piece)
                size += len(piece)
        return size, digest.hexdigest()


class Archive:
    """An archive to read. ArchiveError when it is none, or one of a newer format."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
            self.manifest = msgspec.json.decode(self._zip.read(MANIFEST), type=Manifest)
        except FileNotFoundError:
            raise ArchiveError(f"There is no file {path}.") from None
        except (*_BROKEN, msgspec.DecodeError) as error:
            raise ArchiveError(f"{path} is no whole back-up of Balie: {error}.") from None
        if self.manifest.format > FORMAT:
            raise ArchiveError(
                f"{path} was made by a newer Balie ({self.manifest.balie}). Renew this one first."
            )

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def check(self, told: Told = lambda *_: None) -> None:
        """Read every member and compare digests. ArchiveError names the first that differs."""
        total = sum(member.size for member in self.manifest.members)
        known = {member.name for member in self.manifest.members} | {MANIFEST}
        if set(self._zip.namelist()) != known:
            raise ArchiveError(f"{self.path} is damaged: its members are not those that its manifest lists.")
        done = 0
        for member in self.manifest.members:
            digest = hashlib.sha256()
            with self._opened(member) as file:
                while piece := self._read(member, file):
                    digest.update(piece)
                    done += len(piece)
                    told("digests", done, total)
            if digest.hexdigest() != member.sha256:
                raise self._damaged(member)

    def tables(self) -> list[Member]:
        return [member for member in self.manifest.members if member.table]

    def rows(self, member: Member) -> Iterator[list[Row]]:
        """The rows of a table, in lists of bounded length; bytes and booleans are what they are in Python."""
        decode = _line_reader(member.columns)
        rest = b""
        with self._opened(member) as file:
            while piece := self._read(member, file):
                *lines, rest = (rest + piece).split(b"\n")
                for start in range(0, len(lines), _LINES_AT_ONCE):
                    yield [decode(line) for line in lines[start : start + _LINES_AT_ONCE]]

    def blobs(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Key and content of each."""
        for member in self.manifest.members:
            if member.name.startswith("blobs/"):
                yield member.name.removeprefix("blobs/"), self._pieces(member)

    def _pieces(self, member: Member) -> Iterator[bytes]:
        with self._opened(member) as file:
            while piece := self._read(member, file):
                yield piece

    def _opened(self, member: Member) -> IO[bytes]:
        try:
            return self._zip.open(member.name)
        except _BROKEN:
            raise self._damaged(member) from None

    def _read(self, member: Member, file: IO[bytes]) -> bytes:
        try:
            return file.read(_PIECE)
        except _BROKEN:
            raise self._damaged(member) from None

    def _damaged(self, member: Member) -> ArchiveError:
        return ArchiveError(f"{self.path} is damaged at {member.name}. Take another back-up.")


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _line_writer(columns: Sequence[Column]) -> Callable[[Row], bytes]:
    # Bytes become base64 by themselves; SQLite has its booleans as numbers.
    booleans = [index for index, column in enumerate(columns) if column.kind == "boolean"]

    def write(row: Row) -> bytes:
        values = list(row)
        for index in booleans:
            if values[index] is not None:
                values[index] = bool(values[index])
        return _encode(values) + b"\n"

    return write


def _line_reader(columns: Sequence[Column]) -> Callable[[bytes], Row]:
    binary = [index for index, column in enumerate(columns) if column.kind == "bytes"]

    def read(line: bytes) -> Row:
        values = _decode(line)
        for index in binary:
            if values[index] is not None:
                values[index] = base64.b64decode(values[index])
        return values

    return read
