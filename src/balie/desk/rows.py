"""The stored conversations: rows in and out of the table. What changes a row is ``state``'s business."""

from collections.abc import Sequence
from typing import Any

import msgspec

from balie.desk.model import Actor
from balie.desk.state import ConversationRow
from balie.engine.ports import Row, Tx

_PLACE = ("status", "assignee", "assignee_actor", "opened_at", "closed_at")
_HEAD = (
    "seq", "chain", "last_at", "last", "waiting_since", "visitor_delivered", "visitor_read", "desk_delivered",
    "desk_read", "visitor_unread", "desk_unread",
)  # fmt: skip
_NAMES = ("id", "organisation", "inbox", "contact", "number", "language", *_PLACE, *_HEAD)
COLUMNS = ", ".join(_NAMES)

_encode = msgspec.json.Encoder().encode
_decode_actor = msgspec.json.Decoder(Actor).decode


def fetch(tx: Tx, ids: Sequence[str]) -> list[ConversationRow]:
    """The rows of these ids, locked until the commit; unknown ones are left out."""
    if not ids:
        return []
    # A power of two, so that the engine meets few different statements and keeps them prepared.
    size = 1 << (len(ids) - 1).bit_length()
    padded = [*ids, *[ids[-1]] * (size - len(ids))]
    marks = ",".join("?" * size)
    # In one order, so that two writers who want the same rows do not wait for each other.
    ordered = f" order by id{tx.lock}" if tx.lock else ""
    return [
        row_of(row)
        for row in tx.all(f"select {COLUMNS} from conversation where id in ({marks}){ordered}", padded)
    ]


def insert(tx: Tx, rows: Sequence[ConversationRow]) -> None:
    values = [
        (row.id, row.organisation, row.inbox, row.contact, row.number, row.language, *place(row), *_head(row))
        for row in rows
    ]
    tx.insert_many("conversation", _NAMES, values)


def update(tx: Tx, rows: Sequence[ConversationRow], *, moved: bool) -> None:
    """Write the heads back; with ``moved`` the places too. Places are indexed and checked against other tables, which
    costs as much again, and most messages move nothing."""
    names = _PLACE + _HEAD if moved else _HEAD
    values = [(row.id, *(place(row) if moved else ()), *_head(row)) for row in rows]
    tx.update_many("conversation", "id", names, values)


def place(row: ConversationRow) -> tuple[Any, ...]:
    """What lists find a conversation by."""
    assignee = row.assignee
    return (
        row.status,
        assignee.id if assignee else None,
        _encode(assignee).decode() if assignee else None,
        row.opened_at,
        row.closed_at,
    )


def row_of(r: Row) -> ConversationRow:
    """A conversation from COLUMNS."""
    return ConversationRow(
        id=r[0],
        organisation=r[1],
        inbox=r[2],
        contact=r[3],
        number=r[4],
        language=r[5],
        status=r[6],
        assignee=_decode_actor(r[8]) if r[8] else None,
        opened_at=r[9],
        closed_at=r[10],
        seq=r[11],
        chain=r[12],
        last_at=r[13],
        last=msgspec.Raw(r[14].encode()) if r[14] else None,
        waiting_since=r[15],
        visitor_delivered=r[16],
        visitor_read=r[17],
        desk_delivered=r[18],
        desk_read=r[19],
        visitor_unread=r[20],
        desk_unread=r[21],
    )


def _head(row: ConversationRow) -> tuple[Any, ...]:
    return (
        row.seq,
        row.chain,
        row.last_at,
        _encode(row.last).decode() if row.last else None,
        row.waiting_since,
        row.visitor_delivered,
        row.visitor_read,
        row.desk_delivered,
        row.desk_read,
        row.visitor_unread,
        row.desk_unread,
    )
