"""How facts change a conversation: the one reducer behind the stored projection and every snapshot.

``web/state`` has the same rules in TypeScript; both run the cases in tests/cases/reducer.
"""

import msgspec

from balie.desk import facts
from balie.desk.model import Actor, Contact, Conversation, ConversationStatus, Language, Mark, Preview

PREVIEW_LENGTH = 140

_decode_preview = msgspec.json.Decoder(Preview).decode


class ConversationRow(msgspec.Struct, kw_only=True):
    """A conversation as stored: head of its stream and everything a list row shows."""

    id: str
    organisation: str
    inbox: str
    contact: str
    number: int
    status: ConversationStatus = "open"
    assignee: Actor | None = None
    language: Language = "nl"
    seq: int = 0
    chain: bytes = bytes(32)
    opened_at: int = 0
    closed_at: int | None = None
    last_at: int = 0
    last: Preview | msgspec.Raw | None = None
    """As JSON while nobody looked: a message replaces it unread."""
    waiting_since: int | None = None
    visitor_delivered: int = 0
    visitor_read: int = 0
    desk_delivered: int = 0
    desk_read: int = 0
    visitor_unread: int = 0
    desk_unread: int = 0

    def noun(self, contact: Contact) -> Conversation:
        """The conversation as the outside sees it."""
        return Conversation(
            id=self.id,
            seq=self.seq,
            number=self.number,
            inbox=self.inbox,
            contact=contact,
            status=self.status,
            assignee=self.assignee,
            language=self.language,
            opened_at=self.opened_at,
            closed_at=self.closed_at,
            last_at=self.last_at,
            last=_decode_preview(self.last) if isinstance(self.last, msgspec.Raw) else self.last,
            waiting_since=self.waiting_since,
            visitor_mark=Mark(delivered=self.visitor_delivered, read=self.visitor_read),
            desk_mark=Mark(delivered=self.desk_delivered, read=self.desk_read),
            visitor_unread=self.visitor_unread,
            desk_unread=self.desk_unread,
        )


def apply(row: ConversationRow, seq: int, at: int, actor: Actor, body: facts.Body) -> None:  # noqa: PLR0912 - a table
    """Change ``row`` as the fact says. Kinds that do not concern the row only move its seq."""
    row.seq = seq
    match body:
        case facts.MessageAdded():
            _message(row, seq, at, actor, body.text)
        case facts.MessagesDelivered(side=side, up_to=up_to):
            if side == "visitor":
                row.visitor_delivered = up_to
            else:
                row.desk_delivered = up_to
        case facts.MessagesRead(side=side, up_to=up_to, unread=unread):
            if side == "visitor":
                row.visitor_read, row.visitor_unread = up_to, unread
                row.visitor_delivered = max(row.visitor_delivered, up_to)
            else:
                row.desk_read, row.desk_unread = up_to, unread
                row.desk_delivered = max(row.desk_delivered, up_to)
        case facts.NoteAdded():
            row.last_at = at
            row.last = Preview(kind="note", actor=actor, text=preview(body.text))
        case facts.ConversationAssigned():
            row.assignee = body.agent
        case facts.ConversationClosed():
            row.status, row.closed_at = "closed", at
            row.waiting_since, row.desk_unread = None, 0
            row.desk_read = row.desk_delivered = seq
        case facts.ConversationReopened():
            row.status, row.closed_at = "open", None
        case facts.ConversationOpened():
            row.opened_at = row.last_at = at
        case _:
            pass


def _message(row: ConversationRow, seq: int, at: int, actor: Actor, text: str) -> None:
    row.last_at = at
    row.last = Preview(kind="message", actor=actor, text=preview(text))
    if actor.kind == "contact":
        row.desk_unread += 1
        if row.waiting_since is None:
            row.waiting_since = at
        row.visitor_read = row.visitor_delivered = seq
        row.visitor_unread = 0
        return
    row.visitor_unread += 1
    row.desk_read = row.desk_delivered = seq
    row.desk_unread = 0
    if actor.kind != "system":
        row.waiting_since = None


def preview(text: str) -> str:
    """``text`` on one line, at most PREVIEW_LENGTH code points."""
    # Printable text has no white space but the plain space.
    if len(text) <= PREVIEW_LENGTH and text.isprintable() and "  " not in text and text == text.strip():
        return text
    line = " ".join(text.split())
    return line if len(line) <= PREVIEW_LENGTH else line[: PREVIEW_LENGTH - 1] + "…"
