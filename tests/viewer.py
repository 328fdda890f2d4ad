"""Clients that hold a snapshot and play facts onto it, as a console and a widget do, with the desk's own reducer."""

import msgspec

from balie.desk import state
from balie.desk.facts import HIDDEN, KINDS, ContactChanged, ConversationOpened, Fact
from balie.desk.feed import News
from balie.desk.log import Appended
from balie.desk.model import Contact, Conversation
from balie.desk.state import ConversationRow
from balie.edge.facts import agents_frames, visitors_frame
from balie.edge.frames import VisitorConversation


class FactFrame(msgspec.Struct):
    t: str
    d: Fact


_decode = msgspec.json.Decoder(FactFrame).decode


def of_wire(frame: bytes) -> Fact:
    """The fact in a server's socket frame."""
    (fact,) = all_of_wire(frame)
    return fact


def all_of_wire(frames: bytes) -> list[Fact]:
    """The facts in socket frames that a server wrote together."""
    found = []
    while frames:
        start = {126: 4, 127: 10}.get(frames[1], 2)
        end = start + (int.from_bytes(frames[2:start]) if start > 2 else frames[1])
        found.append(_decode(frames[start:end]).d)
        frames = frames[end:]
    return found


def row_of(noun: Conversation) -> ConversationRow:
    """A row as a client holds it after a snapshot."""
    return ConversationRow(
        id=noun.id,
        organisation="",
        inbox=noun.inbox,
        contact=noun.contact.id,
        number=noun.number,
        status=noun.status,
        assignee=noun.assignee,
        language=noun.language,
        seq=noun.seq,
        opened_at=noun.opened_at,
        closed_at=noun.closed_at,
        last_at=noun.last_at,
        last=noun.last,
        waiting_since=noun.waiting_since,
        visitor_delivered=noun.visitor_mark.delivered,
        visitor_read=noun.visitor_mark.read,
        desk_delivered=noun.desk_mark.delivered,
        desk_read=noun.desk_mark.read,
        visitor_unread=noun.visitor_unread,
        desk_unread=noun.desk_unread,
    )


class Gap(Exception):
    """A fact is missing in between."""


def play(row: ConversationRow | None, fact: Fact) -> ConversationRow:
    """The row after the fact; a new one for the fact that opens it."""
    if fact.kind == HIDDEN:
        if row is None or fact.seq != row.seq + 1:
            raise Gap(fact)
        row.seq = fact.seq
        return row
    body = msgspec.json.decode(fact.body, type=KINDS[fact.kind].body)
    if row is None:
        if not isinstance(body, ConversationOpened) or fact.seq != 1:
            raise Gap(fact)
        row = ConversationRow(
            id=fact.stream,
            organisation="",
            inbox=body.inbox,
            contact=body.contact.id,
            number=body.number,
            language=body.language,
        )
    elif fact.seq != row.seq + 1:
        raise Gap(fact)
    state.apply(row, fact.seq, fact.at, fact.actor, body)
    return row


class Console:
    """An agent's window. ``inboxes``: those it may read, none for all."""

    def __init__(self, organisation: str, agent: str, inboxes: frozenset[str] | None) -> None:
        self.organisation = organisation
        self.agent = agent
        self.inboxes = inboxes
        self.position = 0
        self.rows: dict[str, ConversationRow] = {}
        self.contacts: dict[str, Contact] = {}
        self.facts: list[Fact] = []

    def take_all(self, news: News) -> None:
        for fact in all_of_wire(agents_frames(news)):
            self.hear(fact)

    def signal(self, frame: bytes) -> None:
        """Signals change no row."""

    def start(self, rows: list[Conversation], position: int) -> None:
        self.position = position
        for noun in rows:
            self.rows[noun.id] = row_of(noun)
            self.contacts[noun.contact.id] = noun.contact

    def hear(self, fact: Fact) -> None:
        assert fact.pos > self.position, "facts come in the order of their position, each once"
        self.position = fact.pos
        self.facts.append(fact)
        if KINDS[fact.kind].home == "conversation":
            self.rows[fact.stream] = play(self.rows.get(fact.stream), fact)
        if fact.kind == "conversation_opened":
            opened = msgspec.json.decode(fact.body, type=ConversationOpened)
            self.contacts[opened.contact.id] = opened.contact
        elif fact.kind == "contact_changed":
            changed = msgspec.json.decode(fact.body, type=ContactChanged)
            self.contacts[changed.contact.id] = changed.contact

    def shown(self) -> dict[str, Conversation]:
        return {id: row.noun(self.contacts[row.contact]) for id, row in self.rows.items()}


class Browser:
    """A visitor's tab."""

    def __init__(self, organisation: str, visitor: str, inbox: str, contact: str | None) -> None:
        self.organisation = organisation
        self.visitor = visitor
        self.inbox = inbox
        self.contact = contact
        self.rows: dict[str, ConversationRow] = {}
        self.log: dict[str, list[Fact]] = {}
        self.bytes = b""

    def became(self, contact: str) -> None:
        self.contact = contact

    def take(self, entry: Appended) -> None:
        frame = visitors_frame(entry)
        self.bytes += frame
        self.hear(of_wire(frame))

    def signal(self, frame: bytes) -> None:
        self.bytes += frame

    def renamed(self, name: str) -> None:
        """A tab shows the name it was given itself."""

    def desk_changed(self) -> None:
        """Signals change no row."""

    def hear(self, fact: Fact) -> None:
        self.rows[fact.stream] = play(self.rows.get(fact.stream), fact)
        if fact.kind != HIDDEN and KINDS[fact.kind].logged:
            self.log.setdefault(fact.stream, []).append(fact)

    def shown(self) -> list[VisitorConversation]:
        """As in a snapshot, oldest first."""
        return [
            VisitorConversation(
                id=row.id,
                seq=row.seq,
                status=row.status,
                assignee=row.assignee,
                visitor_mark_read=row.visitor_read,
                desk_mark_delivered=row.desk_delivered,
                desk_mark_read=row.desk_read,
                unread=row.visitor_unread,
                log=self.log[row.id],
                more=False,
            )
            for row in self.rows.values()
        ]
