"""(a) Raw group-committed inserts into the same SQLite schema: the rows of a message and nothing around them.

One process, one connection, rows made beforehand; each batch has the size that Balie's writer would see with every
conversation's window full. ``python -m bench.inserts DATABASE CONVERSATIONS SECONDS`` prints JSON.
"""

import os
import sqlite3
import sys
import time
from itertools import cycle, islice

import msgspec

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


def run(path: str, conversations: int, seconds: float) -> Figures:
    db = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "cache_size=-65536"):
        db.execute(f"pragma {pragma}")
    db.execute("pragma wal_autocheckpoint=8000")
    organisation, inbox = db.execute("select organisation, id from inbox").fetchone()
    homes = [_home(db, organisation, inbox, number) for number in range(1, conversations + 1)]
    size = min(WINDOW * conversations, BATCH_MAX)
    position = int(db.execute("select coalesce(max(position), 0) from fact").fetchone()[0])
    turns = cycle(homes)
    took: list[float] = []
    clock = cpu = 0.0
    while clock < seconds:
        batch = list(islice(turns, size))
        facts, messages, rows = _rows(organisation, inbox, batch, position)
        position += size
        started, used = time.perf_counter(), time.process_time()
        db.execute("begin immediate")
        db.executemany(_MESSAGE, messages)
        db.executemany(_FACT, facts)
        db.executemany(_ROW, rows)
        db.execute("commit")
        took.append(time.perf_counter() - started)
        cpu += time.process_time() - used
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


def _home(db: sqlite3.Connection, organisation: str, inbox: str, number: int) -> _Home:
    home = _Home(ids.new_id(ids.CONVERSATION), ids.new_id(ids.CONTACT), ids.new_id(ids.VISITOR))
    now = time.time_ns() // 1_000_000
    db.execute(
        "insert into contact (id, organisation, created_at) values (?, ?, ?)",
        [home.contact, organisation, now],
    )
    db.execute(
        "insert into conversation (id, organisation, inbox, contact, number, status, language, seq, chain, opened_at,"
        " last_at) values (?, ?, ?, ?, ?, 'open', 'nl', 1, zeroblob(32), ?, ?)",
        [home.conversation, organisation, inbox, home.contact, number, now, now],
    )
    return home


def _rows(organisation: str, inbox: str, batch: list[_Home], position: int) -> tuple[list, list, list]:  # type: ignore[type-arg]
    now = time.time_ns() // 1_000_000
    facts, messages, rows = [], [], {}
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
    print(msgspec.json.encode(run(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))).decode())
