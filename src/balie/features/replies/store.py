"""The SQL of canned replies. Every statement names the organisation (invariant I7)."""

from balie.desk.access import Access
from balie.engine.ports import Row, Tx
from balie.features.replies.facts import CannedReply

_SELECT = "select id, shortcut, title, text, language from reply where organisation = ?"


def replies(tx: Tx, access: Access) -> list[CannedReply]:
    """All of the organisation's, by shortcut."""
    rows = tx.all(_SELECT + " order by shortcut, language", [access.organisation])
    return [_reply(row) for row in rows]


def find(tx: Tx, access: Access, reply: str) -> CannedReply | None:
    row = tx.one(_SELECT + " and id = ?", [access.organisation, reply])
    return _reply(row) if row else None


def holder(tx: Tx, access: Access, shortcut: str, language: str) -> str | None:
    """The id of the reply that has this shortcut in this language."""
    row = tx.one(
        "select id from reply where organisation = ? and shortcut = ? and language = ?",
        [access.organisation, shortcut, language],
    )
    return str(row[0]) if row else None


def put(tx: Tx, access: Access, reply: CannedReply, now: int) -> None:
    """Insert, or replace the organisation's reply of this id."""
    tx.execute(
        "insert into reply (id, organisation, shortcut, title, text, language, changed_at)"
        " values (?, ?, ?, ?, ?, ?, ?) on conflict (id) do update set shortcut = excluded.shortcut,"
        " title = excluded.title, text = excluded.text, language = excluded.language,"
        " changed_at = excluded.changed_at where reply.organisation = excluded.organisation",
        [reply.id, access.organisation, reply.shortcut, reply.title, reply.text, reply.language, now],
    )


def delete(tx: Tx, access: Access, reply: str) -> bool:
    return tx.execute("delete from reply where id = ? and organisation = ?", [reply, access.organisation]) > 0


def _reply(row: Row) -> CannedReply:
    return CannedReply(id=row[0], shortcut=row[1], title=row[2], text=row[3], language=row[4])
