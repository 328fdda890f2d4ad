"""The SQL of recordings and their pieces."""

from typing import Any

import msgspec

from balie.desk import blobs
from balie.desk.access import Access
from balie.desk.blobs import Blob
from balie.engine.ports import Tx
from balie.features.cobrowse.store import LookRow

_COLUMNS = "look, organisation, key, days, size, pieces, started_at, ended_at, removes_at, removed_at"


class RecordingRow(msgspec.Struct, frozen=True, kw_only=True):
    """``key`` is wrapped by the desk's secret, and none once the recording is removed. ``size`` in bytes; ``pieces``
    counts all there ever were. ``removes_at`` is set when it ends."""

    look: str
    organisation: str
    key: bytes | None
    days: int
    size: int = 0
    pieces: int = 0
    started_at: int
    ended_at: int | None = None
    removes_at: int | None = None
    removed_at: int | None = None


class PieceRow(msgspec.Struct, frozen=True, kw_only=True):
    """``from_ms`` and ``to_ms`` since the recording's beginning, by which it is sealed too; ``size`` before sealing."""

    n: int
    blob: str
    from_ms: int
    to_ms: int
    size: int


def find(tx: Tx, look: str, *, lock: bool = False) -> RecordingRow | None:
    """Who asks must be sure of the look."""
    row = tx.one(f"select {_COLUMNS} from look_recording where look = ?{tx.lock if lock else ''}", [look])
    if row is None:
        return None
    told: dict[str, Any] = dict(zip(RecordingRow.__struct_fields__, row, strict=True))
    told["key"] = bytes(told["key"]) if told["key"] is not None else None
    return RecordingRow(**told)


def may_play(access: Access, row: LookRow) -> bool:
    """Who oversees, and who led; ``access`` may read the look."""
    return access.oversees or (row.agent is not None and row.agent.id == access.agent)


def insert(tx: Tx, row: RecordingRow) -> None:
    tx.execute(
        f"insert into look_recording ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        list(msgspec.structs.astuple(row)),
    )


def goes_on(tx: Tx, look: str, days: int) -> None:
    """The visitor agreed once more, to ``days`` from its end."""
    tx.execute(
        "update look_recording set ended_at = null, removes_at = null, days = ? where look = ?", [days, look]
    )


def ended(tx: Tx, look: str, now: int, removes_at: int) -> None:
    tx.execute(
        "update look_recording set ended_at = ?, removes_at = ? where look = ?", [now, removes_at, look]
    )


def add_piece(tx: Tx, row: RecordingRow, blob: Blob, from_ms: int, to_ms: int, size: int, now: int) -> None:
    """The next piece of ``row``, which is held until the commit."""
    blobs.note(tx, row.organisation, blob, now)
    tx.execute(
        "insert into look_piece (look, n, blob, from_ms, to_ms, size) values (?, ?, ?, ?, ?, ?)",
        [row.look, row.pieces, blob.key, from_ms, to_ms, size],
    )
    tx.execute(
        "update look_recording set size = size + ?, pieces = pieces + 1 where look = ?", [size, row.look]
    )


def pieces(tx: Tx, look: str) -> list[PieceRow]:
    """In the order they were stored."""
    rows = tx.all("select n, blob, from_ms, to_ms, size from look_piece where look = ? order by n", [look])
    return [PieceRow(n=r[0], blob=r[1], from_ms=r[2], to_ms=r[3], size=r[4]) for r in rows]


def piece(tx: Tx, look: str, n: int) -> PieceRow | None:
    r = tx.one("select n, blob, from_ms, to_ms, size from look_piece where look = ? and n = ?", [look, n])
    return PieceRow(n=r[0], blob=r[1], from_ms=r[2], to_ms=r[3], size=r[4]) if r else None


def remove(tx: Tx, look: str, now: int) -> None:
    """Nothing of it can be read from this commit on: the key is gone, whatever becomes of the blobs."""
    blobs.remove(tx, [one.blob for one in pieces(tx, look)], now)
    tx.execute("delete from look_piece where look = ?", [look])
    tx.execute(
        "update look_recording set key = null, removed_at = ?, removes_at = null where look = ?", [now, look]
    )
