"""Drafts: rows of their author, no facts."""

from typing import Literal

from balie.desk.access import Access
from balie.desk.model import Noun
from balie.engine.ports import Tx
from balie.lib.errors import InvalidError

LIMIT = 8_000
Kind = Literal["message", "note"]


class Draft(Noun):
    """What an agent was typing in a conversation; the author's alone."""

    conversation: str
    kind: Kind
    text: str
    at: int


def save(tx: Tx, access: Access, conversation: str, kind: Kind, text: str, now: int) -> None:
    """Keep the text; an empty one removes the draft. The caller checked that ``access`` may read the conversation."""
    if len(text) > LIMIT:
        raise InvalidError(f"A draft holds at most {LIMIT} characters.", code="text_too_long")
    key = [access.agent, conversation, kind]
    if text.strip():
        tx.execute(
            "insert into draft (agent, conversation, kind, text, at) values (?, ?, ?, ?, ?)"
            " on conflict (agent, conversation, kind) do update set text = excluded.text, at = excluded.at",
            [*key, text, now],
        )
    else:
        tx.execute("delete from draft where agent = ? and conversation = ? and kind = ?", key)


def of_agent(tx: Tx, access: Access, limit: int = 500) -> list[Draft]:
    rows = tx.all(
        "select conversation, kind, text, at from draft where agent = ? order by at desc limit ?",
        [access.agent, limit],
    )
    return [Draft(conversation=row[0], kind=row[1], text=row[2], at=row[3]) for row in rows]
