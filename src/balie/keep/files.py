"""The files beside the database, for commands without an event loop: read, checked and written in pieces."""

import asyncio
import hashlib
from collections.abc import Iterable, Iterator
from itertools import chain
from types import TracebackType
from typing import Self

from balie.desk.blobs import Blob
from balie.engine.ports import Blobs, UnavailableError
from balie.engine.whole import Reader

_SELECT = "select key, size, sha256 from blob order by key"


def noted(reader: Reader) -> Iterator[Blob]:
    """What the database says must be in the store. None in a database that is older than the register."""
    if any(shape.name == "blob" for shape in reader.shapes()):
        for piece in reader.pieces(_SELECT):
            yield from (Blob(row[0], row[1], bytes(row[2])) for row in piece)


class Files:
    """The store of blobs. All raise UnavailableError when it cannot be used, and ValueError when none was given."""

    def __init__(self, blobs: Blobs | None) -> None:
        self._given = blobs

    @property
    def _blobs(self) -> Blobs:
        if self._given is None:
            raise ValueError("there are files, and no store was given")
        return self._given

    def __enter__(self) -> Self:
        self._runner = asyncio.Runner()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.close()

    def open(self, key: str) -> Iterator[bytes] | None:
        """The content in pieces, none when there is no such blob."""
        pieces = self._pieces(key)
        try:
            first = next(pieces, b"")
        except KeyError:
            return None
        return chain([first] if first else (), pieces)

    def put(self, key: str, content: Iterable[bytes]) -> None:
        try:
            self._runner.run(self._blobs.put(key, content))
        except OSError as error:
            raise UnavailableError(f"{error.filename}: {error.strerror}") from error

    def flaw(self, blob: Blob) -> str:
        """What is wrong with a blob in the store; empty when it is as it was put."""
        content = self.open(blob.key)
        if content is None:
            return f"{blob.key} is missing"
        digest = hashlib.sha256()
        for piece in content:
            digest.update(piece)
        return "" if digest.digest() == blob.sha256 else changed(blob)

    def _pieces(self, key: str) -> Iterator[bytes]:
        pieces = self._blobs.pieces(key)
        try:
            while True:
                yield self._runner.run(anext(pieces))  # type: ignore[arg-type]
        except StopAsyncIteration:
            return
        except OSError as error:
            raise UnavailableError(f"{error.filename}: {error.strerror}") from error


def changed(blob: Blob) -> str:
    return f"{blob.key} is not as it was put"
