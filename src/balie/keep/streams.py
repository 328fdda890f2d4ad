"""Checks one stream against what its facts say about themselves, and its row against the stream. Pure: rows in,
findings out."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from balie.desk import facts, log, rows, state
from balie.desk.model import Actor, Preview
from balie.desk.state import ConversationRow
from balie.engine.ports import Row

FACT_COLUMNS = (
    "stream, seq, organisation, inbox, at, kind, actor_kind, actor, actor_name, body, salt, digest, chain"
)
TEXTS = ("message_added", "note_added")


class Head(msgspec.Struct, frozen=True):
    """What stands beside a log: the row of a conversation, or of an agent's or an organisation's stream."""

    id: str
    organisation: str
    seq: int
    chain: bytes
    number: int = 0
    """The conversation's number; 0 for another stream."""
    row: ConversationRow | None = None

    @property
    def name(self) -> str:
        return name_of(self.id, self.number)


def name_of(stream: str, number: int | None) -> str:
    """How a report calls a stream."""
    return f"conversation {number} ({stream})" if number else stream


class Damage(msgspec.Struct, frozen=True):
    """Something that is not as it was stored. ``seq`` 0: the row beside the log."""

    stream: str
    name: str
    seq: int
    word: str

    def __str__(self) -> str:
        return f"{self.name}{f' at {self.seq}' if self.seq else ''}: {self.word}"


class Checked(msgspec.Struct):
    """What was read so far. ``keys``: cid, stream and seq of each message and note that still has its text."""

    facts: int = 0
    erased: int = 0
    damage: list[Damage] = msgspec.field(default_factory=list)
    keys: list[tuple[str, str, int]] = msgspec.field(default_factory=list)


class StreamCheck:
    """Takes the facts of one stream in order. The first fact that is wrong is told, and ends the check of its chain;
    what stands behind it can only be judged from a back-up."""

    def __init__(self, stream: str, head: Head | None, checked: Checked) -> None:
        self.stream = stream
        self._head = head
        self._checked = checked
        self._name = head.name if head else stream
        self._seq = 0
        self._chain = log.GENESIS
        self._broken = False
        self._row = ConversationRow(id=stream, organisation="", inbox="", contact="", number=0)
        self._preview_known = True

    def take(self, r: Row) -> None:
        """The next fact, as FACT_COLUMNS."""
        _, seq, organisation, inbox, at, kind, actor_kind, actor, actor_name, body, salt, digest, stored = r
        self._checked.facts += 1
        if self._broken:
            return
        if seq != self._seq + 1:
            self._tell(seq, f"{_missing(self._seq + 1, seq - 1)} before it")
            return
        raw = None if body is None else body.encode(errors="surrogateescape")
        if (raw is None) != (salt is None):
            self._tell(seq, "half of it was erased")
            return
        if raw is None:
            self._checked.erased += 1
        elif hashlib.sha256(salt + raw).digest() != digest:
            self._tell(seq, "its content was changed after it was written")
            return
        chain = log.link(self._chain, digest, self.stream, seq, at, kind, actor)
        if chain != stored:
            self._tell(seq, "it was changed, replaced or moved after it was written")
            return
        if self._head and organisation != self._head.organisation:
            self._tell(seq, "it stands under another organisation")
            return
        row = self._head.row if self._head else None
        if row and inbox != row.inbox:
            self._tell(seq, "it stands under another inbox")
            return
        self._seq, self._chain = seq, chain
        if row:
            self._apply(seq, at, kind, Actor(kind=actor_kind, id=actor, name=actor_name), raw)

    def end(self) -> None:
        """After the last fact: compare with the row beside the log."""
        head = self._head
        if self._broken:
            return
        if head is None:
            self._tell(0, "a log without the row that belongs to it")
        elif self._seq < head.seq:
            self._tell(0, f"{_missing(self._seq + 1, head.seq)} at its end")
        elif self._seq > head.seq:
            self._tell(0, f"its row knows {head.seq} facts, its log has {self._seq}")
        elif self._chain != head.chain:
            self._tell(0, "the chain of its row is not that of its last fact")
        elif head.row:
            for word in _differences(head.row, self._row, preview=self._preview_known):
                self._tell(0, word)

    def _tell(self, seq: int, word: str) -> None:
        self._broken = True
        self._checked.damage.append(Damage(self.stream, self._name, seq, word))

    def _apply(self, seq: int, at: int, kind: str, actor: Actor, raw: bytes | None) -> None:
        known = facts.KINDS.get(kind)
        if raw is None or known is None:
            if kind in TEXTS:
                _apply_erased(self._row, seq, at, actor, note=kind == "note_added")
                self._preview_known = False
            return
        try:
            body = msgspec.json.decode(raw, type=known.body)
        except msgspec.DecodeError:
            self._tell(seq, "its content cannot be read by this version")
            return
        state.apply(self._row, seq, at, actor, body)
        if isinstance(body, facts.MessageAdded | facts.NoteAdded):
            self._preview_known = True
            self._checked.keys.append((body.cid, self.stream, seq))
        elif isinstance(body, facts.ConversationOpened):
            self._row.number = body.number


def check(heads: Iterable[Head], found: Iterable[list[Row]]) -> Checked:
    """All facts of these streams, sorted by stream and seq, against their heads. A stream without a head, or a head
    without facts, is damage."""
    checked = Checked()
    waiting = {head.id: head for head in heads}
    for one in _streams(waiting, found, checked):
        one.end()
    for head in waiting.values():
        if head.seq:
            checked.damage.append(Damage(head.id, head.name, 0, f"{_missing(1, head.seq)}: its log is empty"))
    return checked


def _streams(heads: dict[str, Head], found: Iterable[list[Row]], checked: Checked) -> Iterator[StreamCheck]:
    one: StreamCheck | None = None
    for piece in found:
        for r in piece:
            if one is None or one.stream != r[0]:
                if one is not None:
                    yield one
                one = StreamCheck(r[0], heads.pop(r[0], None), checked)
            one.take(r)
    if one is not None:
        yield one


def _missing(first: int, last: int) -> str:
    if first > last:
        return "a number that was there already stands"
    return f"fact {first} is missing" if first == last else f"facts {first} to {last} are missing"


def _apply_erased(row: ConversationRow, seq: int, at: int, actor: Actor, *, note: bool) -> None:
    body = facts.NoteAdded(cid="", text="") if note else facts.MessageAdded(cid="", text="")
    state.apply(row, seq, at, actor, body)


_FIELDS = ("number", "opened_at", "closed_at", "last_at")


def _differences(stored: ConversationRow, told: ConversationRow, *, preview: bool) -> Iterator[str]:
    """What the list shows and the log does not. Marks and counts are left out: how they follow from the log may change
    between versions."""
    for name in _FIELDS:
        if getattr(stored, name) != getattr(told, name):
            yield f"{name} in the list is {getattr(stored, name)}, in the log {getattr(told, name)}"
    if rows.place(stored)[:3] != rows.place(told)[:3]:
        yield "status or assignee in the list are not those of the log"
    if preview and _preview(stored.last) != _preview(told.last):
        yield "the line in the list is not the last one of the log"


def _preview(last: Any) -> Preview | None:
    try:
        return msgspec.json.decode(last, type=Preview) if isinstance(last, msgspec.Raw) else last
    except (msgspec.DecodeError, UnicodeError):
        return Preview(
            kind="message", actor=Actor(kind="system", id="", name=""), text="\N{REPLACEMENT CHARACTER}"
        )
