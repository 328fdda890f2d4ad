"""The SQL of looks. Every statement on somebody's behalf names the organisation and what they may read (I7)."""

from typing import Any, TypeVar

import msgspec

from balie.desk.access import Access, inboxes_sql
from balie.desk.model import Actor
from balie.desk.visitors import Visitor
from balie.engine.ports import Row, Tx
from balie.features.cobrowse.facts import Asked, Away, EndReason, Look, LookRecording, LookState, PausedBy
from balie.lib import ids
from balie.lib.errors import ConflictError

LIVE = "state <> 'ended'"
_NAMES = (
    "id", "organisation", "inbox", "contact", "conversation", "state", "revision", "paused_by", "agent", "controller",
    "scroll_until", "act_until", "asked", "code_digest", "policy_version", "policy_hash", "consent_text", "language",
    "address", "expires_at", "end_reason", "since", "created_at", "accepted_at", "ended_at", "touched_at",
    "tickets", "mirror", "recording", "away",
)  # fmt: skip
_SELECT = f"select {', '.join(_NAMES)} from look"
_KEPT = _NAMES[4:]
_UPDATE = (
    f"update look set {', '.join(f'{name} = ?' for name in _KEPT)}"
    " where id = ? and organisation = ? and revision = ?"
)
_INSERT = f"insert into look ({', '.join(_NAMES)}) values ({', '.join('?' * len(_NAMES))})"

T = TypeVar("T")
_encode = msgspec.json.Encoder().encode
_decode_actor = msgspec.json.Decoder(Actor).decode
_decode_asked = msgspec.json.Decoder(Asked).decode
_decode_recording = msgspec.json.Decoder(LookRecording).decode


class LookRow(msgspec.Struct, frozen=True, kw_only=True):
    """A look as stored. ``revision`` counts its changes."""

    id: str
    organisation: str
    inbox: str
    contact: str
    conversation: str | None = None
    state: LookState
    revision: int = 1
    paused_by: PausedBy | None = None
    agent: Actor | None = None
    controller: Actor | None = None
    scroll_until: int | None = None
    act_until: int | None = None
    asked: Asked | None = None
    code_digest: bytes | None = None
    policy_version: int
    policy_hash: str
    consent_text: str | None = None
    language: str | None = None
    address: str = ""
    expires_at: int | None = None
    end_reason: EndReason | None = None
    since: int
    created_at: int
    accepted_at: int | None = None
    ended_at: int | None = None
    touched_at: int
    tickets: int = 0
    mirror: int = 0
    recording: LookRecording | None = None
    away: Away | None = None

    def noun(self, watchers: list[Actor] | None = None) -> Look:
        """The look as the outside sees it."""
        known = {name: getattr(self, name) for name in Look.__struct_fields__ if name != "watchers"}
        return Look(watchers=watchers or [], **known)


class LookChanged(msgspec.Struct, frozen=True):
    """Emitted with the transaction that changed a look: the relay of every node has to know at once."""

    row: LookRow


def find(tx: Tx, look: str) -> LookRow | None:
    """For the desk's own work; held until the commit."""
    return _one(tx, "id = ?", [look], lock=True)


def peek(tx: Tx, look: str) -> LookRow | None:
    """The same, for who only looks."""
    return _one(tx, "id = ?", [look])


def for_agent(tx: Tx, access: Access, look: str, *, lock: bool = False) -> LookRow | None:
    """The look, where ``access`` may read its inbox."""
    inboxes, params = inboxes_sql(access)
    where = f"id = ? and organisation = ? and inbox in ({inboxes})"
    return _one(tx, where, [look, access.organisation, *params], lock=lock)


def for_visitor(tx: Tx, visitor: Visitor, look: str, *, lock: bool = False) -> LookRow | None:
    where = "id = ? and organisation = ? and inbox = ? and contact = ?"
    return _one(tx, where, [look, visitor.organisation, visitor.inbox, visitor.contact], lock=lock)


def live_of_visitor(tx: Tx, visitor: Visitor) -> LookRow | None:
    where = f"organisation = ? and inbox = ? and contact = ? and {LIVE}"
    return _one(tx, where, [visitor.organisation, visitor.inbox, visitor.contact])


def live_of_contact(tx: Tx, organisation: str, contact: str) -> LookRow | None:
    """Held until the commit: who makes a new look wants it gone."""
    return _one(tx, f"organisation = ? and contact = ? and {LIVE}", [organisation, contact], lock=True)


def live_of_conversation(tx: Tx, organisation: str, conversation: str) -> LookRow | None:
    return _one(
        tx, f"organisation = ? and conversation = ? and {LIVE}", [organisation, conversation], lock=True
    )


def last_of_conversation(tx: Tx, access: Access, conversation: str, since: int) -> LookRow | None:
    """The live one, else the last one that began after ``since``."""
    inboxes, params = inboxes_sql(access)
    where = (
        f"organisation = ? and conversation = ? and inbox in ({inboxes}) and ({LIVE} or created_at >= ?)"
        f" order by ({LIVE}) desc, created_at desc, id desc limit 1"
    )
    return _one(tx, where, [access.organisation, conversation, *params, since])


def all_of_conversation(tx: Tx, access: Access, conversation: str) -> list[LookRow]:
    """Oldest first."""
    inboxes, params = inboxes_sql(access)
    rows = tx.all(
        f"{_SELECT} where organisation = ? and conversation = ? and inbox in ({inboxes}) order by created_at, id",
        [access.organisation, conversation, *params],
    )
    return [_look(row) for row in rows]


def of_inbox(
    tx: Tx, access: Access, inbox: str, since: int, until: int, after: tuple[int, str] | None, limit: int
) -> list[LookRow]:
    """Those that began from ``since`` to before ``until``, oldest first, after that moment and id."""
    inboxes, params = inboxes_sql(access)
    rows = tx.all(
        f"{_SELECT} where organisation = ? and inbox = ? and inbox in ({inboxes}) and created_at >= ?"
        " and created_at < ? and (created_at, id) > (?, ?) order by created_at, id limit ?",
        [access.organisation, inbox, *params, since, until, *(after or (-1, "")), limit],
    )
    return [_look(row) for row in rows]


def by_code(tx: Tx, access: Access, code_digest: bytes, now: int) -> LookRow | None:
    """The look that waits behind this code, where ``access`` may read its inbox."""
    inboxes, params = inboxes_sql(access)
    where = (
        f"organisation = ? and code_digest = ? and state = 'code' and expires_at > ? and inbox in ({inboxes})"
    )
    return _one(tx, where, [access.organisation, code_digest, now, *params], lock=True)


def code_is_taken(tx: Tx, organisation: str, code_digest: bytes) -> bool:
    sql = "select 1 from look where organisation = ? and code_digest = ?"
    return tx.one(sql, [organisation, code_digest]) is not None


def first_position(tx: Tx) -> int | None:
    """Where the oldest look that goes on began, of all organisations; none without one."""
    row = tx.one(f"select min(since) from look where {LIVE} and conversation is not null")
    return int(row[0]) if row and row[0] is not None else None


def insert(tx: Tx, row: LookRow) -> None:
    tx.execute(_INSERT, _values(row))
    tx.emit(LookChanged(row))


def save(tx: Tx, before: LookRow, **changes: Any) -> LookRow:
    """Write the changes, if the look is still as ``before``. ConflictError when it is not."""
    after = msgspec.structs.replace(before, **changes, revision=before.revision + 1)
    values = [*_values(after)[4:], before.id, before.organisation, before.revision]
    if not tx.execute(_UPDATE, values):
        raise ConflictError("The look changed in the meantime.", code="look_changed")
    tx.emit(LookChanged(after))
    return after


def touch(tx: Tx, look: str, now: int) -> None:
    """The visitor did something. No change that anybody hears of."""
    tx.execute("update look set touched_at = ? where id = ? and touched_at < ?", [now, look, now])


def leave(tx: Tx, look: str, ticket: int, away: Away) -> None:
    """The page of this ticket of the visitor's went away; nothing happens where a newer one is told."""
    row = find(tx, look)
    if row is not None and row.state != "ended" and row.mirror == ticket:
        save(tx, row, away=away)


def next_ticket(tx: Tx, row: LookRow) -> LookRow:
    """Count a ticket of the visitor's. No change that anybody hears of."""
    number = row.tickets + 1
    tx.execute("update look set tickets = ? where id = ?", [number, row.id])
    return msgspec.structs.replace(row, tickets=number)


def new_id() -> str:
    return ids.new_id(ids.LOOK)


def _one(tx: Tx, where: str, params: list[Any], *, lock: bool = False) -> LookRow | None:
    row = tx.one(f"{_SELECT} where {where}{tx.lock if lock else ''}", params)
    return _look(row) if row else None


def _values(row: LookRow) -> list[Any]:
    return [_stored(getattr(row, name)) for name in _NAMES]


def _stored(value: Any) -> Any:
    return _encode(value).decode() if isinstance(value, msgspec.Struct) else value


def _look(row: Row) -> LookRow:
    told: dict[str, Any] = dict(zip(_NAMES, row, strict=True))
    for name in ("agent", "controller"):
        told[name] = _decode_actor(told[name]) if told[name] else None
    told["asked"] = _decode_asked(told["asked"]) if told["asked"] else None
    told["recording"] = _decode_recording(told["recording"]) if told["recording"] else None
    told["code_digest"] = bytes(told["code_digest"]) if told["code_digest"] is not None else None
    return LookRow(**told)
