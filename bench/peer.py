"""Balie beside ejabberd with its message archive on SQL: the same 1:1 chats on the same core, delivered and stored."""

import os
import subprocess
import sys
from statistics import median

import msgspec

from bench import ejabberd, machine, throughput
from bench.paper import gap, gate, remark, table
from bench.xmpp import Chat

PAIRS = 50


def measure(engine: str, runs: int, seconds: float) -> None:
    """Prints one table; the two take turns."""
    ours = "balie" if engine == "sqlite" else "balie-postgres"
    loads: list[throughput.Load] = []
    chats: list[tuple[Chat, float]] = []
    for _ in range(runs):
        loads.append(throughput.measure(ours, PAIRS, seconds))
        chats.append(_ejabberd(engine, seconds))
    mine, theirs = median(load.per_second for load in loads), median(chat.per_second for chat, _ in chats)
    where = "PostgreSQL" if engine == "postgres" else "SQLite"
    lost = sum(chat.lost for chat, _ in chats)
    table(
        f"{PAIRS} chats one to one, {throughput.WINDOW} messages under way each, {where}, medians of {runs}",
        ["", "delivered and stored /s", "p50 / p99 ms", "CPU ms a message", "lost, doubled, disordered"],
        [
            [
                "Balie",
                f"{mine:,.0f}",
                f"{median(load.p50_ms for load in loads):.1f} / {median(load.p99_ms for load in loads):.1f}",
                f"{median(load.cpu_ms_per_message for load in loads):.3f}",
                "none" if all(load.sound for load in loads) else "some",
            ],
            [
                "ejabberd",
                f"{theirs:,.0f}",
                f"{median(chat.p50_ms for chat, _ in chats):.1f} / {median(chat.p99_ms for chat, _ in chats):.1f}",
                f"{median(cpu for _, cpu in chats):.3f}",
                "none" if not lost and not sum(chat.doubled for chat, _ in chats) else f"{lost} lost",
            ],
        ],
    )
    remark(
        "What differs: ejabberd keeps a message in two archives (the sender's and the receiver's), routes between any"
        " two people, parses XML, and stores each message by itself; Balie keeps one, with a key and a hash chain, and"
        " commits for many at once. ejabberd tells the sender nothing of the storing, Balie acks it. Balie's receiver"
        " is one agent with all chats, ejabberd's are as many as there are chats."
    )
    gate(f"beside ejabberd, {where}", f"{mine / theirs:.1f} ×", "≥ 15 ×", mine >= 15 * theirs)
    gap()


def _ejabberd(engine: str, seconds: float) -> tuple[Chat, float]:
    with ejabberd.serving(engine, 2 * PAIRS) as (port, pids):
        before = machine.cpu_s(*pids)
        words = [str(word) for word in (port, PAIRS, throughput.WINDOW, seconds, 1.0)]
        done = subprocess.run(
            machine.pinned(machine.LOAD_CORE, [sys.executable, "-m", "bench.xmpp", *words]),
            env={**os.environ, "PYTHONPATH": str(machine.ROOT)},
            cwd=machine.ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        chat = msgspec.json.decode(done.stdout, type=Chat)
        # The logins and the warm-up are in it: a little too much, in ejabberd's disfavour.
        return chat, (machine.cpu_s(*pids) - before) * 1000 / max(1, chat.messages)
