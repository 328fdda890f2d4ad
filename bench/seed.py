"""A database with many messages, made by a few statements: the rows have the shape of real ones, their hash chains hold
random bytes. Conversations have twenty messages each and stand one after the other; the newest hundred are open."""

import sqlite3
from collections.abc import Callable

import psycopg

LONG = 20
OPEN = 100

_TEXT = "Mijn jaarnota klopt niet, kunt u even meekijken met mij? Mijn"
_PREVIEW = f'{{"kind":"message","actor":{{"kind":"agent","id":"","name":"Agent"}},"text":"{_TEXT}"}}'
_START = 1_700_000_000_000
_AFTER = 1_000
"""The office's own facts stand before."""


class Dialect:
    """Where the two engines differ."""

    def __init__(self, *, postgres: bool) -> None:
        self.postgres = postgres

    def counted(self, to: int, name: str = "n") -> str:
        if self.postgres:
            return f"generate_series(1, {to}) as {name} (i)"
        numbers = f"values (1) union all select i + 1 from c where i < {to}"
        return f"(with recursive c(i) as ({numbers}) select i from c) as {name}"

    def id(self, kind: str, number: str = "n.i") -> str:
        return f"'{kind}_' || " + (
            f"lpad(({number})::text, 26, '0')" if self.postgres else f"printf('%026d', {number})"
        )

    def random(self, size: int, seed: str) -> str:
        return f"substr(sha256(({seed})::text::bytea), 1, {size})" if self.postgres else f"randomblob({size})"

    def cid(self) -> str:
        if self.postgres:
            number, place = "lpad(to_hex(n.i), 8, '0')", "lpad(to_hex(s.i), 4, '0')"
        else:
            number, place = "printf('%08x', n.i)", "printf('%04x', s.i)"
        middle = f"substr({number}, 1, 4) || '-7' || substr({number}, 5, 3)"
        return f"'01900000-' || {middle} || '-8000-' || {number} || {place}"


def fill(url: str, messages: int) -> None:
    """``url``: a SQLite path or a PostgreSQL URL of an office that nobody uses."""
    postgres = url.startswith("postgresql://")
    statements = _statements(Dialect(postgres=postgres), messages // LONG)
    if postgres:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute("set synchronous_commit = off")
            _run(lambda sql: server.execute(sql.encode()), statements)
            server.execute("vacuum analyze")
    else:
        file = sqlite3.connect(url, isolation_level=None)
        for pragma in ("journal_mode=off", "synchronous=off", "cache_size=-524288"):
            file.execute(f"pragma {pragma}")
        _run(file.execute, statements)
        file.execute("pragma journal_mode=wal")
        file.close()


def _run(execute: Callable[[str], object], statements: list[str]) -> None:
    for statement in statements:
        execute(statement)


def _statements(d: Dialect, conversations: int) -> list[str]:
    each = d.counted(conversations)
    closed = f"n.i <= {conversations - OPEN}"
    at = f"{_START} + n.i * 1000"
    last = LONG + 1
    cid = d.cid()
    body = f'\'{{"cid":"\' || {cid} || \'","text":"{_TEXT}"}}\''
    lines = (
        f"select {_AFTER} + (n.i - 1) * {LONG + 2} + s.i, o.organisation, o.id, {d.id('cnv')}, s.i, {at} + s.i,"
        f" case when s.i = 1 then 'conversation_opened' when s.i = {last + 1} then 'conversation_closed'"
        " else 'message_added' end, case when s.i % 2 = 1 then 'agent' else 'contact' end,"
        f" case when s.i % 2 = 1 then a.id else {d.id('con')} end, '',"
        f" case when s.i = 1 or s.i > {last} then '{{}}' else {body} end,"
        f" {d.random(16, 'n.i * 32 + s.i')}, {d.random(32, '-n.i * 32 - s.i')}, {d.random(32, 'n.i * 64 + s.i')}"
        f" from {each} cross join {d.counted(last + 1, 's')} cross join inbox o cross join agent a"
        f" where s.i <= {last} or {closed}"
    )
    return [
        "insert into contact (id, organisation, name, created_at)"
        f" select {d.id('con')}, o.organisation, 'Contact', {at} from {each} cross join inbox o",
        "insert into visitor (id, organisation, inbox, contact, token_hash, created_at, rotated_at, expires_at)"
        f" select {d.id('vis')}, o.organisation, o.id, {d.id('con')}, {d.random(32, 'n.i')}, {at}, {at}, {at} * 2"
        f" from {each} cross join inbox o",
        "insert into conversation (id, organisation, inbox, contact, number, status, language, seq, chain, opened_at,"
        f" closed_at, last_at, last) select {d.id('cnv')}, o.organisation, o.id, {d.id('con')}, n.i,"
        f" case when {closed} then 'closed' else 'open' end, 'nl', case when {closed} then {last + 1} else {last} end,"
        f" {d.random(32, 'n.i')}, {at}, case when {closed} then {at} + 30 else null end, {at} + 30, '{_PREVIEW}'"
        f" from {each} cross join inbox o",
        "insert into fact (position, organisation, inbox, stream, seq, at, kind, actor_kind, actor, actor_name, body,"
        f" salt, digest, chain) {lines}",
        "insert into message (external_id, sender, inbox, organisation, conversation, seq, at)"
        f" select {cid}, case when s.i % 2 = 0 then a.id else {d.id('vis')} end, o.id, o.organisation, {d.id('cnv')},"
        f" s.i + 1, {at} + s.i from {each} cross join {d.counted(LONG, 's')} cross join inbox o cross join agent a",
        f"update organisation set last_number = {conversations}",
    ]
