"""The log: the one way to append facts, and the ways to read them.

Each stream carries a hash chain over the digests of its facts: ``chain = sha256(previous chain + digest + header)``
with ``digest = sha256(salt + body)``. Erasing a text empties body and salt; the chain stays checkable.
"""

import hashlib
import os
from collections.abc import Iterable
from typing import Any

import msgspec

from balie.desk import facts, rows, state
from balie.desk.model import Actor
from balie.desk.state import ConversationRow
from balie.engine.ports import Row, Tx
from balie.lib.errors import NotFoundError

_encode = msgspec.json.Encoder().encode
_sha256 = hashlib.sha256

GENESIS = bytes(32)
_STORED = (
    "position", "organisation", "inbox", "stream", "seq", "at", "kind", "actor_kind", "actor", "actor_name", "body",
    "salt", "digest", "chain",
)  # fmt: skip
KEPT_MAX = 4_096
"""Conversations that the writer remembers, so that a busy one is not read again for each of its messages."""


class Appended(msgspec.Struct, gc=False):
    """A committed fact with what the feed needs to find its readers. ``raw`` holds its body as JSON."""

    position: int
    organisation: str
    inbox: str | None
    stream: str
    seq: int
    at: int
    kind: str
    actor: Actor
    raw: bytes
    contact: str | None = None
    rest: bytes | None = None
    for_agents: bytes | None = None
    for_visitors: bytes | None = None
    """The socket frames and what they share, encoded once for all readers by the edge."""

    def fact(self) -> facts.Fact:
        return facts.Fact(
            pos=self.position,
            stream=self.stream,
            seq=self.seq,
            at=self.at,
            kind=self.kind,
            actor=self.actor,
            body=msgspec.Raw(self.raw),
        )


class Writer:
    """Collects the facts of one transaction and writes them in as few statements as it can.

    Used as a context it writes at the end. Queries see only what was written: who asks the database in between calls
    ``flush`` first.
    """

    __slots__ = ("_appended", "_changed", "_facts", "_places", "_rows", "_salts", "_streams", "_tx", "now")

    def __init__(self, tx: Tx, now: int) -> None:
        self._tx = tx
        self.now = now
        self._rows: dict[str, ConversationRow] = {}
        self._places: dict[str, tuple[Any, ...]] = {}
        """How the stored rows stand in the table; a row without a place is not stored yet."""
        self._changed: dict[str, ConversationRow] = {}
        self._salts = b""
        self._streams: dict[str, tuple[str, int, bytes]] = {}
        self._facts: list[list[Any]] = []
        """What goes into the table, in the order of ``_STORED``; the positions come last of all."""
        self._appended: list[Appended] = []
        """The same facts as the feed gets them."""

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.flush()

    @property
    def tx(self) -> Tx:
        return self._tx

    # Conversations

    def load(self, ids: Iterable[str]) -> None:
        """Fetch the rows of these conversations in one statement; unknown ids stay unknown."""
        wanted = [id for id in dict.fromkeys(ids) if id not in self._rows]
        memory = self._tx.kept
        found = [memory[id] for id in wanted if id in memory]
        found += rows.fetch(self._tx, [id for id in wanted if id not in memory])
        for row in found:
            self._rows[row.id] = row
            self._places[row.id] = rows.place(row)

    def find(self, conversation: str) -> ConversationRow | None:
        """The row as this writer's facts have made it; none for an unknown id. Rights are the caller's business."""
        if conversation not in self._rows:
            self.load([conversation])
        return self._rows.get(conversation)

    def conversation(self, organisation: str, conversation: str) -> ConversationRow:
        """The row, or NotFoundError when this organisation has no such conversation."""
        row = self.find(conversation)
        if row is None or row.organisation != organisation:
            raise NotFoundError("There is no such conversation.", code="conversation_unknown")
        return row

    def add_row(self, row: ConversationRow) -> None:
        """Take in a conversation that is not stored yet."""
        self._rows[row.id] = row

    def record(self, row: ConversationRow, actor: Actor, kind: str, body: facts.Body) -> int:
        """Append a fact to a conversation's stream and apply it to the row; its seq."""
        seq = row.seq + 1
        row.chain = self._append(
            row.organisation, row.inbox, row.id, seq, row.chain, kind, actor, body, row.contact
        )
        state.apply(row, seq, self.now, actor, body)
        self._changed[row.id] = row
        return seq

    # Other streams

    def record_in(
        self,
        stream: str,
        organisation: str,
        actor: Actor,
        kind: str,
        body: facts.Body,
        *,
        inbox: str | None = None,
    ) -> int:
        """Append a fact to an agent's or an organisation's stream; its seq. ``inbox``: told only to those who may read
        that inbox."""
        head = self._streams.get(stream)
        if head is None:
            found = self._tx.one(f"select seq, chain from stream where id = ?{self._tx.lock}", [stream])
            head = (organisation, found[0], found[1]) if found else (organisation, 0, GENESIS)
        seq = head[1] + 1
        chain = self._append(organisation, inbox, stream, seq, head[2], kind, actor, body, None)
        self._streams[stream] = (organisation, seq, chain)
        return seq

    # Inside

    def _append(
        self,
        organisation: str,
        inbox: str | None,
        stream: str,
        seq: int,
        before: bytes,
        kind: str,
        actor: Actor,
        body: facts.Body,
        contact: str | None,
    ) -> bytes:
        now = self.now
        raw = _encode(body)
        salt = self._salt()
        digest = _sha256(salt + raw).digest()
        chain = link(before, digest, stream, seq, now, kind, actor.id)
        self._facts.append(
            [0, organisation, inbox, stream, seq, now, kind, actor.kind, actor.id, actor.name, raw.decode(), salt,
             digest, chain]
        )  # fmt: skip
        self._appended.append(Appended(0, organisation, inbox, stream, seq, now, kind, actor, raw, contact))
        return chain

    def _salt(self) -> bytes:
        # One system call for many facts.
        if not self._salts:
            self._salts = os.urandom(16 * 32)
        salt, self._salts = self._salts[:16], self._salts[16:]
        return salt

    def flush(self) -> None:
        """Write what was collected; more may follow."""
        if not self._facts:
            return
        first = self._tx.positions(len(self._facts))
        for position, (values, entry) in enumerate(zip(self._facts, self._appended, strict=True), first):
            values[0] = entry.position = position
            self._tx.emit(entry)
        self._save_rows()
        self._tx.insert_many("fact", _STORED, self._facts)
        for stream, (organisation, seq, chain) in self._streams.items():
            self._tx.execute(
                "insert into stream (id, organisation, seq, chain) values (?, ?, ?, ?)"
                " on conflict (id) do update set seq = excluded.seq, chain = excluded.chain",
                [stream, organisation, seq, chain],
            )
        self._facts.clear()
        self._appended.clear()
        self._streams.clear()

    def _save_rows(self) -> None:
        changed = list(self._changed.values())
        self._changed.clear()
        fresh = [row for row in changed if row.id not in self._places]
        kept = [row for row in changed if row.id in self._places]
        moved = [row for row in kept if rows.place(row) != self._places[row.id]]
        still = [row for row in kept if row not in moved] if moved else kept
        if fresh:
            rows.insert(self._tx, fresh)
        if moved:
            rows.update(self._tx, moved, moved=True)
        if still:
            rows.update(self._tx, still, moved=False)
        for row in fresh + moved:
            self._places[row.id] = rows.place(row)
        memory = self._tx.kept
        if len(memory) > KEPT_MAX:
            memory.clear()
        memory.update((row.id, row) for row in changed)


def link(before: bytes, digest: bytes, stream: str, seq: int, at: int, kind: str, actor: str) -> bytes:
    """The chain value after a fact: 32 bytes."""
    header = f"{stream}\n{seq}\n{at}\n{kind}\n{actor}".encode()
    return _sha256(before + digest + header).digest()


# Reading

FACT_COLUMNS = "position, organisation, inbox, stream, seq, at, kind, actor_kind, actor, actor_name, body"
_NEWS = ", ".join(f"f.{name}" for name in FACT_COLUMNS.split(", "))


def _logged() -> str:
    return ", ".join(f"'{kind.name}'" for kind in facts.KINDS.values() if kind.logged)


_ERASED = b"{}"


def appended_of(r: Row) -> Appended:
    """A stored fact from FACT_COLUMNS."""
    actor = Actor(kind=r[7], id=r[8], name=r[9])
    raw = r[10].encode() if r[10] is not None else _ERASED
    return Appended(r[0], r[1], r[2], r[3], r[4], r[5], r[6], actor, raw)


def tail(tx: Tx, stream: str, limit: int, before: int | None = None) -> tuple[list[Appended], bool]:
    """The last ``limit`` lines of a conversation's log, oldest first, and whether older ones exist."""
    found = tx.all(
        f"select {FACT_COLUMNS} from fact where stream = ? and seq < ? and kind in ({_logged()})"
        " order by seq desc limit ?",
        [stream, before if before is not None else 1 << 31, limit + 1],
    )
    return [appended_of(row) for row in reversed(found[:limit])], len(found) > limit


def after(tx: Tx, stream: str, seq: int, limit: int) -> list[Appended]:
    """The facts of a stream after ``seq``, in order."""
    found = tx.all(
        f"select {FACT_COLUMNS} from fact where stream = ? and seq > ? order by seq limit ?",
        [stream, seq, limit],
    )
    return [appended_of(row) for row in found]


def since(tx: Tx, position: int, limit: int) -> list[Appended]:
    """The facts of all streams after a global position, in order, with their contacts. Callers filter by right."""
    found = tx.all(
        f"select {_NEWS}, c.contact from fact f left join conversation c on c.id = f.stream"
        " where f.position > ? order by f.position limit ?",
        [position, limit],
    )
    entries = [appended_of(row) for row in found]
    for entry, row in zip(entries, found, strict=True):
        entry.contact = row[11]
    return entries


def position(tx: Tx) -> int:
    """The newest global position, 0 for an empty log."""
    return tx.horizon()


def streams(tx: Tx, limit: int) -> list[str]:
    """The streams that were written to last, newest first."""
    found = tx.all("select stream from fact group by stream order by max(position) desc limit ?", [limit])
    return [row[0] for row in found]


def verify(tx: Tx, stream: str) -> int:
    """Check a stream's chain and numbering from the start; the seq of the first broken fact, or 0."""
    chain = GENESIS
    found = tx.all(
        "select seq, at, kind, actor, body, salt, digest, chain from fact where stream = ? order by seq",
        [stream],
    )
    for number, (seq, at, kind, actor, body, salt, digest, stored) in enumerate(found, 1):
        if body is not None and _sha256(salt + body.encode()).digest() != digest:
            return int(seq)
        chain = link(chain, digest, stream, seq, at, kind, actor)
        if chain != stored or seq != number:
            return int(seq)
    return 0
