"""Visitors: browsers with a token. The token is 256 random bits, stored as a hash, bound to inbox and origin,
and rotated as it is used."""

import hashlib
import secrets
import sys
from collections.abc import Sequence

import msgspec

from balie.desk.model import Language
from balie.engine.ports import Row, Tx
from balie.lib import ids
from balie.lib.errors import NotSignedInError
from balie.lib.marks import marks
from balie.lib.text import one_line

TOKEN_LIFE_MS = 180 * 86_400_000
ROTATE_AFTER_MS = 86_400_000
PREVIOUS_GRACE_MS = 10 * 60_000


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """A visitor whose token was checked."""

    id: str
    organisation: str
    inbox: str
    contact: str | None
    name: str
    language: Language
    origin: str


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What a visitor's session starts from. ``name``: the contact's, else the visitor's own claim; ``desk``: the name
    of the organisation."""

    contact: str | None
    name: str
    language: Language
    desk: str


class Issued(msgspec.Struct, frozen=True):
    """A visitor and the token in clear, which exists nowhere else; no token when the old one stays good."""

    visitor: Visitor
    token: str | None
    expires_at: int


def create(
    tx: Tx,
    now: int,
    *,
    organisation: str,
    inbox: str,
    origin: str,
    language: Language,
    name: str = "",
    email: str = "",
    device: str = "",
    contact: str | None = None,
) -> Issued:
    """``contact``: who this is, where that was proven already."""
    token = _fresh_token()
    visitor = Visitor(
        id=ids.new_id(ids.VISITOR),
        organisation=organisation,
        inbox=inbox,
        contact=contact,
        name=one_line(name, 120),
        language=language,
        origin=origin,
    )
    expires_at = now + TOKEN_LIFE_MS
    tx.execute(
        "insert into visitor (id, organisation, inbox, token_hash, origin, name, email, device, language, created_at,"
        " rotated_at, expires_at, contact) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            visitor.id, organisation, inbox, digest(token), origin, visitor.name, one_line(email, 254),
            one_line(device, 200), language, now, now, expires_at, contact,
        ],
    )  # fmt: skip
    return Issued(visitor, token, expires_at)


def find(tx: Tx, now: int, token: str, origin: str) -> Visitor:
    """The visitor of a token, when it is known, not expired, and used from the origin it was given to."""
    hashed = digest(token)
    row = tx.one(
        "select id, organisation, inbox, contact, name, language, origin from visitor"
        " where (token_hash = ? or (previous_hash = ? and previous_until > ?)) and expires_at > ?",
        [hashed, hashed, now, now],
    )
    if row is None or row[6] != origin:
        raise NotSignedInError("This visitor's token is not valid here.", code="token_invalid")
    return Visitor(
        id=row[0],
        organisation=row[1],
        inbox=row[2],
        contact=row[3],
        name=row[4],
        language=row[5],
        origin=row[6],
    )


def is_due(tx: Tx, now: int, token: str, visitor: str) -> bool:
    """Whether ``refresh`` would give this visitor a new token."""
    row = tx.one("select rotated_at, token_hash from visitor where id = ?", [visitor])
    return row is not None and (now - row[0] >= ROTATE_AFTER_MS or bytes(row[1]) != digest(token))


def refresh(tx: Tx, now: int, token: str, origin: str) -> Issued:
    """As ``find``; also gives a new token once a day. The old one stays good for ten minutes, so that an answer lost
    on the way costs nobody their conversation."""
    visitor = find(tx, now, token, origin)
    row = tx.one("select rotated_at, expires_at, token_hash from visitor where id = ?", [visitor.id])
    if row is None or (now - row[0] < ROTATE_AFTER_MS and row[2] == digest(token)):
        return Issued(visitor, None, row[1] if row else now)
    fresh = _fresh_token()
    expires_at = now + TOKEN_LIFE_MS
    tx.execute(
        "update visitor set token_hash = ?, previous_hash = ?, previous_until = ?, rotated_at = ?, expires_at = ?"
        " where id = ?",
        [digest(fresh), digest(token), now + PREVIOUS_GRACE_MS, now, expires_at, visitor.id],
    )
    return Issued(visitor, fresh, expires_at)


def claim(tx: Tx, visitor: str, *, name: str | None, email: str | None, language: Language | None) -> None:
    """Note what the site says of a visitor who is no contact yet."""
    if name is not None:
        tx.execute("update visitor set name = ? where id = ?", [one_line(name, 120), visitor])
    if email is not None:
        tx.execute("update visitor set email = ? where id = ?", [one_line(email, 254), visitor])
    if language is not None:
        tx.execute("update visitor set language = ? where id = ?", [language, visitor])


def lock(tx: Tx, visitors: list[str]) -> None:
    """Let nobody else write for these visitors before the commit. In one order, so that two nodes that want the same
    ones do not wait for each other."""
    if visitors and tx.lock:
        marks = ",".join("?" * len(visitors))
        tx.all(f"select 1 from visitor where id in ({marks}) order by id{tx.lock}", visitors)


def forget_expired(tx: Tx, now: int, most: int) -> int:
    """Remove visitors who never wrote and whose token has ended, with their pages, at most ``most``; how many."""
    sql = f"select id from visitor where contact is null and expires_at <= ? limit ?{tx.lock}"
    found = tx.all(sql, [now, most])
    if found:
        marks = ", ".join("?" * len(found))
        gone = [row[0] for row in found]
        tx.execute(f"delete from page_view where visitor in ({marks})", gone)
        tx.execute(f"delete from visitor where id in ({marks}) and contact is null", gone)
    return len(found)


def known(tx: Tx, visitor: str, inbox: str) -> Known | None:
    """The visitor of this inbox, if there is one."""
    row = tx.one(
        "select v.contact, coalesce(k.name, v.name), v.language, o.name from visitor v"
        " join organisation o on o.id = v.organisation left join contact k on k.id = v.contact"
        " where v.id = ? and v.inbox = ?",
        [visitor, inbox],
    )
    return _known(row) if row else None


def known_here(tx: Tx, now: int, visitors: Sequence[str]) -> dict[str, tuple[str, Known]]:
    """Those of ``visitors`` whose token has not ended, each with its inbox."""
    if not visitors:
        return {}
    places, keys = marks(visitors)
    found = tx.all(
        "select v.id, v.inbox, v.contact, coalesce(k.name, v.name), v.language, o.name from visitor v"
        " join organisation o on o.id = v.organisation left join contact k on k.id = v.contact"
        f" where v.id in ({places}) and v.expires_at > ?",
        [*keys, now],
    )
    return {row[0]: (row[1], _known(row[2:])) for row in found}


def contact_of(tx: Tx, visitor: str) -> str | None:
    row = tx.one("select contact from visitor where id = ?", [visitor])
    return row[0] if row else None


def _known(row: Row) -> Known:
    # What thousands of open sessions have in common is kept once.
    return Known(contact=row[0], name=row[1], language=sys.intern(row[2]), desk=sys.intern(row[3]))  # type: ignore[arg-type]


def digest(token: str) -> bytes:
    """What is stored of a token: 32 bytes."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _fresh_token() -> str:
    return secrets.token_urlsafe(32)
