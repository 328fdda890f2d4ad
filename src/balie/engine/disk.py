"""Blobs in a directory."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from balie.engine.keys import place_of

PIECE = 1 << 20


class DiskBlobs:
    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, key: str, data: Iterable[bytes]) -> None:
        """Written beside its place, synced, then renamed: a blob is whole or absent, also after a power cut."""
        await asyncio.to_thread(self._put, self._place(key), data)

    async def get(self, key: str) -> bytes | None:
        place = self._place(key)
        return await asyncio.to_thread(lambda: place.read_bytes() if place.exists() else None)

    async def pieces(self, key: str) -> AsyncIterator[bytes]:
        place = self._place(key)
        try:
            file = await asyncio.to_thread(place.open, "rb")
        except FileNotFoundError:
            raise KeyError(key) from None
        with file:
            while piece := await asyncio.to_thread(file.read, PIECE):
                yield piece

    async def drop(self, key: str) -> None:
        await asyncio.to_thread(self._place(key).unlink, missing_ok=True)

    def _place(self, key: str) -> Path:
        return self._root / place_of(key)

    def _put(self, place: Path, data: Iterable[bytes]) -> None:
        if not place.parent.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            _sync_folder(self._root.parent)
            _sync_folder(self._root)
        beside = place.with_suffix(".part")
        with beside.open("wb") as file:
            for piece in data:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)
        # The name is not on disk before its folder is.
        _sync_folder(place.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
