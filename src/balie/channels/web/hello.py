"""What a visitor is told on connecting: the facts missed since the cursors, or a snapshot with its position.

Both are read in one transaction, so that what comes after the position can simply be appended.
"""

import msgspec

from balie.desk import conversations, log, visitors
from balie.desk.facts import HIDDEN, Fact
from balie.desk.log import Appended
from balie.desk.state import ConversationRow
from balie.edge import facts, frames
from balie.engine.ports import Tx

RESUME_LIMIT = 500
"""Missed facts up to which a session resumes; beyond, a snapshot is cheaper."""
RESUME_BYTES = 1 << 20
SNAPSHOT_LOG = 100
SNAPSHOT_BYTES = 200_000
"""What a snapshot shows of one conversation's texts; a tab that does not read must not cost more (invariant I10)."""


class Caught(msgspec.Struct):
    """Where the visitor stands at ``position``: the missed facts, or a snapshot. ``contact``: who it is by then."""

    position: int
    contact: str | None
    missed: list[Appended] | None = None
    snapshot: list[frames.VisitorConversation] | None = None


def catch_up(tx: Tx, visitor: str, inbox: str, cursors: dict[str, int] | None) -> Caught:
    """``cursors``: conversation → last seq shown; none for a first visit or another epoch."""
    position = log.position(tx)
    contact = visitors.contact_of(tx, visitor)
    rows = conversations.of_visitor(tx, visitor, inbox)
    if cursors is not None:
        behind = sum(max(0, row.seq - cursors.get(row.id, 0)) for row in rows)
        ahead = any(cursors.get(row.id, 0) > row.seq for row in rows)
        if behind <= RESUME_LIMIT and not ahead and cursors.keys() <= {row.id for row in rows}:
            missed = [
                entry
                for row in rows
                if cursors.get(row.id, 0) < row.seq
                for entry in log.after(tx, row.id, cursors.get(row.id, 0), RESUME_LIMIT)
            ]
            if sum(len(entry.raw) for entry in missed) <= RESUME_BYTES:
                return Caught(position, contact, missed=missed)
    return Caught(position, contact, snapshot=[snapshot_of(tx, row) for row in rows])


def snapshot_of(tx: Tx, row: ConversationRow) -> frames.VisitorConversation:
    """The conversation with the tail of its log, notes left out."""
    found, more = log.tail(tx, row.id, SNAPSHOT_LOG)
    shown = _newest(found, SNAPSHOT_BYTES)
    return frames.VisitorConversation(
        id=row.id,
        seq=row.seq,
        status=row.status,
        assignee=row.assignee,
        visitor_mark_read=row.visitor_read,
        desk_mark_delivered=row.desk_delivered,
        desk_mark_read=row.desk_read,
        unread=row.visitor_unread,
        log=visible(shown),
        more=more or len(shown) < len(found),
    )


def _newest(entries: list[Appended], limit: int) -> list[Appended]:
    """As many of the last entries as fit in ``limit`` bytes."""
    size = 0
    for index in range(len(entries) - 1, -1, -1):
        size += len(entries[index].raw)
        if size > limit:
            return entries[index + 1 :]
    return entries


def visible(entries: list[Appended]) -> list[Fact]:
    """The lines of a log that a visitor sees."""
    seen = [facts.for_visitor(entry) for entry in entries]
    return [fact for fact in seen if fact.kind != HIDDEN]
