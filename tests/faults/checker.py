"""Checks what people sent, saw acked and saw shown against the committed log: the invariants of RELIABILITY §1."""

from collections import Counter, defaultdict
from typing import NamedTuple


class Sent(NamedTuple):
    """A message as its writer knows it."""

    sender: str
    cid: str
    text: str


class Acked(NamedTuple):
    sender: str
    cid: str
    conversation: str
    seq: int


class Line(NamedTuple):
    """A message in a log: stored, or as a viewer shows it. ``sender`` is the actor behind it."""

    conversation: str
    seq: int
    cid: str
    text: str


class History(NamedTuple):
    """``sent`` in the order of each sender; ``streams`` conversation → all its seqs as stored; ``shown`` viewer → the
    lines in the order they were shown, over all its connections; ``reads`` viewer → the conversations it sees."""

    sent: list[Sent]
    acked: list[Acked]
    stored: list[Line]
    streams: dict[str, list[int]]
    shown: dict[str, list[Line]]
    reads: dict[str, set[str]]


def violations(history: History) -> list[str]:
    """Every broken promise, by its name; none for a good history."""
    return [*_of_the_log(history), *_of_the_acks(history), *_of_the_viewers(history)]


def _of_the_log(history: History) -> list[str]:
    found = []
    sent = {one.cid: one for one in history.sent}
    counts = Counter(line.cid for line in history.stored)
    found += [f"L2 {cid} is stored {count} times" for cid, count in counts.items() if count > 1]
    for line in history.stored:
        if line.cid not in sent:
            found.append(f"L3 {line.cid} is stored and was never sent")
        elif line.text != sent[line.cid].text:
            found.append(f"L4 {line.cid} is stored with another text")
    for stream, seqs in history.streams.items():
        if sorted(seqs) != list(range(1, len(seqs) + 1)):
            found.append(f"O1 {stream} is not numbered 1 to n")
    order = {one.cid: n for n, one in enumerate(history.sent)}
    last: dict[tuple[str, str], int] = {}
    for line in sorted(history.stored, key=lambda line: (line.conversation, line.seq)):
        if line.cid in sent:
            key = (line.conversation, sent[line.cid].sender)
            if order[line.cid] < last.get(key, -1):
                found.append(f"O2 {line.cid} is stored after what its sender sent later")
            last[key] = max(order[line.cid], last.get(key, -1))
    return found


def _of_the_acks(history: History) -> list[str]:
    found = []
    stored = {line.cid: line for line in history.stored}
    for ack in history.acked:
        line = stored.get(ack.cid)
        if line is None:
            found.append(f"L1 {ack.cid} was acked and is not stored")
        elif (line.conversation, line.seq) != (ack.conversation, ack.seq):
            found.append(f"A1 {ack.cid} was acked as {ack.seq} and is {line.seq}")
    acked = {ack.cid for ack in history.acked}
    found += [f"P1 {one.cid} was never acked" for one in history.sent if one.cid not in acked]
    return found


def _of_the_viewers(history: History) -> list[str]:
    found = []
    stored = set(history.stored)
    for viewer, lines in history.shown.items():
        by_stream: dict[str, list[Line]] = defaultdict(list)
        for line in lines:
            by_stream[line.conversation].append(line)
            if line not in stored:
                found.append(f"D3 {viewer} saw {line.cid}, which is not stored so")
        for stream, seen in by_stream.items():
            seqs = [line.seq for line in seen]
            if len(set(seqs)) < len(seqs):
                found.append(f"D1 {viewer} saw a message of {stream} twice")
            if seqs != sorted(seqs):
                found.append(f"D2 {viewer} saw {stream} out of order")
        wanted = {line for line in stored if line.conversation in history.reads[viewer]}
        found += [f"D4 {viewer} never saw {line.cid}" for line in wanted - set(lines)]
    return found
