"""Files beside the log: put into the store of blobs first, then noted in the transaction of what refers to them, so
that whatever is noted is there. A back-up carries what is noted; ``balie verify`` looks whether it is as it was put.

Removing goes the other way round: in the transaction that needs them no more they are struck off, and a loop takes them
out of the store, as often as it takes."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Sequence

import msgspec
import structlog

from balie.desk.worker import Wake
from balie.engine.ports import Blobs, Database, Tx, UnavailableError
from balie.lib.backoff import full_jitter
from balie.lib.clock import Clock

_log = structlog.get_logger("balie.blobs")

LOOP = "blobs"
AT_ONCE = 200
TROUBLE_S = 3_600.0
"""The longest wait before a store that does not let go of a file is asked again."""


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


def remove(tx: Tx, keys: Sequence[str], now: int) -> None:
    """From this transaction on nothing refers to these files, and they are on their way out of the store."""
    if not keys:
        return
    tx.insert_many(
        "blob_removal", ["key", "look_at"], [[key, now] for key in keys], "on conflict (key) do nothing"
    )
    for key in keys:
        tx.execute("delete from blob where key = ?", [key])
    tx.emit(Wake(LOOP))


class Removals:
    """The loop. Several nodes may do it side by side: what is gone is gone."""

    def __init__(self, db: Database, blobs: Blobs, clock: Clock) -> None:
        self._db = db
        self._blobs = blobs
        self._clock = clock

    async def run(self) -> int | None:
        """Take out what is due; when there is something to do next (UTC ms)."""
        rows = await self._db.read(
            lambda tx: tx.all(
                f"select key, look_at, attempts from blob_removal order by look_at limit {AT_ONCE}"
            )
        )
        now = self._clock.now()
        due = [(str(key), int(attempts)) for key, look_at, attempts in rows if look_at <= now]
        gone = [key for key, attempts in due if await self._drop(key, attempts)]
        if gone:
            await self._db.write(lambda tx: _struck(tx, gone))
        if due:
            return now
        return int(rows[0][1]) if rows else None

    async def _drop(self, key: str, attempts: int) -> bool:
        try:
            await self._blobs.drop(key)
        except (OSError, UnavailableError) as error:
            _log.warning("blob_not_removed", key=key, attempt=attempts + 1, error=str(error)[:200])
            again = self._clock.now() + int(full_jitter(attempts + 1, longest_s=TROUBLE_S) * 1000) + 1
            await self._db.write(
                lambda tx: tx.execute(
                    "update blob_removal set attempts = ?, look_at = ? where key = ?",
                    [attempts + 1, again, key],
                )
            )
            return False
        return True


def _struck(tx: Tx, keys: Sequence[str]) -> None:
    for key in keys:
        tx.execute("delete from blob_removal where key = ?", [key])
