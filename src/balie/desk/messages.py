"""Receiving a message: the one command behind every channel, every agent's reply and every bot.

Dedupe by the unique key, append, commit; the ack is the caller's.
"""

from typing import Any

import msgspec

from balie.desk import conversations, log, visitors
from balie.desk.facts import MessageAdded, NoteAdded
from balie.desk.model import Actor, Language, PageView
from balie.desk.state import ConversationRow
from balie.engine.ports import Tx, UnavailableError
from balie.lib import ids
from balie.lib.clock import Clock
from balie.lib.errors import BalieError, InvalidError, NotFoundError
from balie.lib.text import clean

TEXT_LIMIT = 8_000


class Inbound(msgspec.Struct, kw_only=True, gc=False):
    """A message on its way in. ``sender`` is the key of the device or person that made ``external_id``: a visitor,
    an agent or a provider's address.

    Visitors name ``visitor`` and may leave ``conversation`` out; agents name the conversation and the inboxes they may
    write in (none: all of the organisation).
    """

    organisation: str
    sender: str
    external_id: str
    text: str
    actor: Actor
    inbox: str = ""
    conversation: str | None = None
    visitor: str | None = None
    inboxes: frozenset[str] | None = None
    note: bool = False
    sent_at: int | None = None
    language: Language = "nl"
    page: PageView | None = None


class Receipt(msgspec.Struct, frozen=True, gc=False):
    """Where the message stands in the log. ``mismatch``: a repeat whose text differed from the stored one."""

    conversation: str
    seq: int
    at: int
    mismatch: bool = False


def checked_text(text: str) -> str:
    """``text`` cleaned; InvalidError when it is empty or too long."""
    if len(text) > TEXT_LIMIT:
        raise InvalidError(f"A message holds at most {TEXT_LIMIT} characters.", code="text_too_long")
    cleaned = clean(text)
    if not cleaned:
        raise InvalidError("A message needs text.", code="text_empty")
    return cleaned


class Receive:
    """The batch command: many messages, one transaction. Results are Receipts or BalieErrors, in order."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __call__(self, tx: Tx, items: list[Any]) -> list[Any]:
        inbounds: list[Inbound] = items
        store = self._all_new
        for _ in range(_ATTEMPTS):
            try:
                with tx.savepoint():
                    return store(tx, inbounds)
            except _Repeated:
                # Another node may store the same message between our look and our insert, so this may come again.
                store = self._with_repeats
        raise UnavailableError("the same messages keep coming in elsewhere")

    def _all_new(self, tx: Tx, items: list[Inbound]) -> list[Any]:
        """The common case: nothing in the batch was sent before. The unique key has the last word."""
        with log.Writer(tx, self._clock.now()) as writer:
            visitors.lock(tx, [item.visitor for item in items if item.visitor and not item.conversation])
            writer.load(item.conversation for item in items if item.conversation)
            results: list[Any] = []
            keys: list[tuple[Any, ...]] = []
            for item in items:
                try:
                    row = _home(writer, item)
                except BalieError as error:
                    results.append(error)
                    continue
                seq = writer.record(row, item.actor, *_content(item))
                results.append(Receipt(row.id, seq, writer.now))
                keys.append(
                    (item.organisation, row.inbox, item.sender, item.external_id, row.id, seq, writer.now)
                )
            stored = tx.insert_many("message", _KEYS, keys, "on conflict do nothing")
            if stored != len(keys):
                raise _Repeated
            return results

    def _with_repeats(self, tx: Tx, items: list[Inbound]) -> list[Any]:
        """At least one message is a repeat: answer those from what is stored (or stands earlier in this batch)."""
        results: list[Any] = [None] * len(items)
        first: dict[tuple[str, str], int] = {}
        fresh: list[int] = []
        for index, item in enumerate(items):
            key = (item.sender, item.external_id)
            stored = _stored(tx, item)
            if stored is not None:
                results[index] = stored
            elif key in first:
                results[index] = first[key]
            else:
                first[key] = index
                fresh.append(index)
        for index, result in zip(
            fresh, self._all_new(tx, [items[i] for i in fresh]) if fresh else [], strict=True
        ):
            results[index] = result
        for index, result in enumerate(results):
            if isinstance(result, int):
                results[index] = _repeat_of(results[result], items[result], items[index])
        return results


class _Text(msgspec.Struct):
    """What a message and a note have in common."""

    text: str


_decode_text = msgspec.json.Decoder(_Text).decode


class _Repeated(Exception):  # noqa: N818 - a signal inside this module, not an error
    """The batch holds a message that is stored already."""


_KEYS = ("organisation", "inbox", "sender", "external_id", "conversation", "seq", "at")
_ATTEMPTS = 4


def _content(item: Inbound) -> tuple[str, MessageAdded | NoteAdded]:
    if item.note:
        return "note_added", NoteAdded(cid=item.external_id, text=item.text)
    return "message_added", MessageAdded(cid=item.external_id, text=item.text, sent_at=item.sent_at)


def _stored(tx: Tx, item: Inbound) -> Receipt | None:
    # By organisation and sender, never by conversation: a resend after closing must not open a new one. An agent's
    # inbox is known by the conversation only, so any inbox will do: (sender, external_id) names one message.
    row = tx.one(
        "select m.conversation, m.seq, m.at, f.body from message m"
        " join fact f on f.stream = m.conversation and f.seq = m.seq"
        " where m.external_id = ? and m.sender = ? and m.organisation = ?",
        [item.external_id, item.sender, item.organisation],
    )
    if row is None:
        return None
    mismatch = row[3] is not None and _decode_text(row[3]).text != item.text
    return Receipt(row[0], row[1], row[2], mismatch)


def _repeat_of(result: Any, first: Inbound, item: Inbound) -> Any:
    if isinstance(result, Receipt):
        return Receipt(result.conversation, result.seq, result.at, first.text != item.text)
    return result


def _home(writer: log.Writer, item: Inbound) -> ConversationRow:
    """The conversation this message belongs to; opened or reopened where need be."""
    if item.visitor is not None:
        return _visitors_home(writer, item)
    if item.conversation is None:
        raise NotFoundError("A reply names its conversation.", code="conversation_unknown")
    row = writer.conversation(item.organisation, item.conversation)
    if item.inboxes is not None and row.inbox not in item.inboxes:
        raise NotFoundError("There is no such conversation.", code="conversation_unknown")
    if row.status == "closed" and not item.note:
        conversations.reopened(writer, row, item.actor)
    return row


def _visitors_home(writer: log.Writer, item: Inbound) -> ConversationRow:
    row = writer.find(item.conversation) if item.conversation else None
    if row is not None and (row.contact != item.actor.id or row.inbox != item.inbox):
        # As with an id that does not exist, so that nobody learns which ones do.
        row = None
    if row is None or row.status == "closed":
        row = conversations.current(writer, item.organisation, item.inbox, item.visitor or "")
    if row is None:
        row = conversations.opened_by_visitor(
            writer,
            item.organisation,
            item.inbox,
            item.visitor or "",
            item.actor.name,
            item.language,
            item.page,
        )
    if item.actor.id != row.contact:
        item.actor = Actor(kind="contact", id=row.contact, name=item.actor.name)
    if row.status == "closed":
        conversations.reopened(writer, row, item.actor)
    return row


def inbound_id(external_id: str) -> str:
    """``external_id`` of a socket or HTTP sender, checked: a bare UUIDv7; InvalidError otherwise."""
    if not ids.is_cid(external_id):
        raise InvalidError("cid must be a UUIDv7 in lower case.", code="cid_invalid")
    return external_id
