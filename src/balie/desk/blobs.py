"""Files beside the log: put into the store of blobs first, then noted in the transaction of what refers to them, so
that whatever is noted is there. A back-up carries what is noted; ``balie verify`` looks whether it is as it was put."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator

import msgspec

from balie.engine.ports import Blobs, Tx


class Blob(msgspec.Struct, frozen=True):
    """A file as it was put: its key in the store, its size in bytes, its SHA-256."""

    key: str
    size: int
    sha256: bytes


async def put(blobs: Blobs, data: Iterable[bytes]) -> Blob:
    """Store a file under a random key. Until it is noted nothing refers to it. UnavailableError."""
    key = f"blob_{secrets.token_hex(16)}"
    digest, size = hashlib.sha256(), 0

    def counted() -> Iterator[bytes]:
        nonlocal size
        for piece in data:
            digest.update(piece)
            size += len(piece)
            yield piece

    await blobs.put(key, counted())
    return Blob(key, size, digest.digest())


def note(tx: Tx, organisation: str, blob: Blob, now: int) -> None:
    """From this transaction on the file belongs to the organisation and is kept."""
    tx.execute(
        "insert into blob (key, organisation, size, sha256, created_at) values (?, ?, ?, ?, ?)",
        [blob.key, organisation, blob.size, blob.sha256, now],
    )
