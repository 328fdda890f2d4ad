"""Blobs in a directory. Keys are random ids; the first two characters pick the folder."""

import asyncio
import os
import re
from collections.abc import Iterable
from pathlib import Path

_KEY = re.compile(r"[a-z0-9_]{8,80}")


class DiskBlobs:
    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, key: str, data: Iterable[bytes]) -> None:
        """Written beside its place, synced, then renamed: a blob is whole or absent."""
        await asyncio.to_thread(self._put, self._place(key), data)

    async def get(self, key: str) -> bytes | None:
        place = self._place(key)
        return await asyncio.to_thread(lambda: place.read_bytes() if place.exists() else None)

    async def drop(self, key: str) -> None:
        await asyncio.to_thread(self._place(key).unlink, missing_ok=True)

    def _place(self, key: str) -> Path:
        if _KEY.fullmatch(key) is None:
            raise ValueError("a blob key is 8 to 80 of a-z, 0-9 and _")
        return self._root / key[-2:] / key

    @staticmethod
    def _put(place: Path, data: Iterable[bytes]) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_suffix(".part")
        with beside.open("wb") as file:
            for piece in data:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)
