"""Raw group-committed inserts into the same schema: the rows of a message and nothing around them.

One process, one connection, rows made beforehand; each batch has the size that Balie's writer would see with every
conversation's window full. ``python -m bench.inserts DATABASE CONVERSATIONS SECONDS HOW`` prints JSON. ``HOW``: ``raw``
into a SQLite file; ``pipeline`` (a statement a row, all sent before the first answer) or ``unnest`` (a statement a
table, one array a column) into a PostgreSQL URL.
"""

import os
import sqlite3
import sys
import time
from collections.abc import Callable
from itertools import cycle, islice
from typing import Any

import msgspec
import psycopg

from balie.lib import ids

WINDOW = 4
BATCH_MAX = 512
_TEXT = "Mijn jaarnota klopt niet, kunt u even meekijken met mij? Mij"

_FACT = (
    "insert into fact (position, organisation, inbox, stream, seq, at, kind, actor_kind, actor, actor_name, body,"
    " salt, digest, chain) values (?, ?, ?, ?, ?, ?, 'message_added', 'contact', ?, '', ?, ?, ?, ?)"
)
_MESSAGE = (
    "insert into message (organisation, inbox, sender, external_id, conversation, seq, at)"
    " values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing"
)
_ROW = "update conversation set seq = ?, chain = ?, last_at = ?, last = ?, desk_unread = ? where id = ?"


class Figures(msgspec.Struct):
    """Messages a second, and how long a batch took from begin to committed."""

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms_per_message: float
    batch: int


class _Home(msgspec.Struct):
    """A conversation with its contact and sender."""

    conversation: str
    contact: str
    visitor: str
    seq: int = 1


Rows = list[tuple[Any, ...]]
Store = Callable[[Rows, Rows, Rows], None]
"""Writes messages, facts and conversations in one transaction."""


def run(path: str, conversations: int, seconds: float, how: str) -> Figures:
    execute, store, pid = _sqlite(path) if how == "raw" else _postgres(path, how)
    organisation, inbox = execute("select organisation, id from inbox")[0]
    homes = [_home(execute, organisation, inbox, number) for number in range(1, conversations + 1)]
    size = min(WINDOW * conversations, BATCH_MAX)
    position = int(execute("select coalesce(max(position), 0) from fact")[0][0])
    turns = cycle(homes)
    took: list[float] = []
    clock = cpu = 0.0
    while clock < seconds:
        batch = list(islice(turns, size))
        facts, messages, rows = _rows(organisation, inbox, batch, position)
        position += size
        started, used = time.perf_counter(), time.process_time() + _cpu_of(pid)
        store(messages, facts, rows)
        took.append(time.perf_counter() - started)
        cpu += time.process_time() + _cpu_of(pid) - used
        clock += took[-1]
    count = len(took) * size
    took.sort()
    return Figures(
        per_second=count / clock,
        p50_ms=took[len(took) // 2] * 1000,
        p99_ms=took[int((len(took) - 1) * 0.99)] * 1000,
        cpu_ms_per_message=cpu / count * 1000,
        batch=size,
    )


Execute = Callable[..., list[Any]]


def _sqlite(path: str) -> tuple[Execute, Store, int]:
    db = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "cache_size=-65536"):
        db.execute(f"pragma {pragma}")
    db.execute("pragma wal_autocheckpoint=8000")

    def store(messages: Rows, facts: Rows, rows: Rows) -> None:
        db.execute("begin immediate")
        db.executemany(_MESSAGE, messages)
        db.executemany(_FACT, facts)
        db.executemany(_ROW, rows)
        db.execute("commit")

    return lambda sql, params=(): db.execute(sql, params).fetchall(), store, 0


def _postgres(url: str, how: str) -> tuple[Execute, Store, int]:
    db = psycopg.connect(url, autocommit=True)
    cursor = db.cursor()
    fact, message, row = (sql.replace("?", "%s") for sql in (_FACT, _MESSAGE, _ROW))

    def pipeline(messages: Rows, facts: Rows, rows: Rows) -> None:
        with db.pipeline():
            cursor.execute("begin")
            cursor.executemany(message, messages)
            cursor.executemany(fact, facts)
            cursor.executemany(row, rows)
            cursor.execute("commit")

    def unnest(messages: Rows, facts: Rows, rows: Rows) -> None:
        with db.pipeline():
            cursor.execute("begin")
            cursor.execute(_MESSAGES, _columns(messages))
            cursor.execute(_FACTS, _columns(facts))
            cursor.execute(_HEADS, _columns(rows))
            cursor.execute("commit")

    def execute(sql: str, params: Any = ()) -> list[Any]:
        done = db.execute(sql.replace("?", "%s"), params)
        return done.fetchall() if done.description else []

    return execute, pipeline if how == "pipeline" else unnest, db.info.backend_pid


_MESSAGES = (
    "insert into message (organisation, inbox, sender, external_id, conversation, seq, at) select * from"
    " unnest(%b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::int[], %b::bigint[])"
    " on conflict do nothing"
)
_FACTS = (
    "insert into fact (position, organisation, inbox, stream, seq, at, kind, actor_kind, actor, actor_name, body,"
    " salt, digest, chain) select a, b, c, d, e, f, 'message_added', 'contact', g, '', h, i, j, k from"
    " unnest(%b::bigint[], %b::text[], %b::text[], %b::text[], %b::int[], %b::bigint[], %b::text[], %b::text[],"
    " %b::bytea[], %b::bytea[], %b::bytea[]) as v (a, b, c, d, e, f, g, h, i, j, k)"
)
_HEADS = (
    "update conversation set seq = a, chain = b, last_at = c, last = d, desk_unread = e from"
    " unnest(%b::int[], %b::bytea[], %b::bigint[], %b::text[], %b::int[], %b::text[]) as v (a, b, c, d, e, f)"
    " where id = f"
)


def _columns(rows: Rows) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def _cpu_of(pid: int) -> float:
    """Processor time of another process, in steps of 10 ms."""
    if not pid:
        return 0.0
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK_S


def _home(execute: Execute, organisation: str, inbox: str, number: int) -> _Home:
    home = _Home(ids.new_id(ids.CONVERSATION), ids.new_id(ids.CONTACT), ids.new_id(ids.VISITOR))
    now = time.time_ns() // 1_000_000
    execute(
        "insert into contact (id, organisation, created_at) values (?, ?, ?)",
        [home.contact, organisation, now],
    )
    execute(
        "insert into conversation (id, organisation, inbox, contact, number, status, language, seq, chain, opened_at,"
        " last_at) values (?, ?, ?, ?, ?, 'open', 'nl', 1, ?, ?, ?)",
        [home.conversation, organisation, inbox, home.contact, number, bytes(32), now, now],
    )
    return home


def _rows(organisation: str, inbox: str, batch: list[_Home], position: int) -> tuple[Rows, Rows, Rows]:
    now = time.time_ns() // 1_000_000
    facts: Rows = []
    messages: Rows = []
    rows: dict[str, tuple[Any, ...]] = {}
    for offset, home in enumerate(batch, 1):
        home.seq += 1
        cid = ids.new_cid()
        body = f'{{"cid":"{cid}","text":"{_TEXT}","sentAt":null}}'
        noise = os.urandom(80)
        facts.append(
            (position + offset, organisation, inbox, home.conversation, home.seq, now, home.contact, body,
             noise[:16], noise[16:48], noise[48:])
        )  # fmt: skip
        messages.append((organisation, inbox, home.visitor, cid, home.conversation, home.seq, now))
        rows[home.conversation] = (home.seq, noise[48:], now, _TEXT, home.seq, home.conversation)
    return facts, messages, list(rows.values())


if __name__ == "__main__":
    print(msgspec.json.encode(run(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4])).decode())
