"""Checks what people sent, saw acked and saw shown against the committed log: the invariants of docs/reliability.md."""

from collections import Counter, defaultdict
from collections.abc import Iterator
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
    """A message in a log: stored, or as a viewer shows it."""

    conversation: str
    seq: int
    cid: str
    text: str


class Delivered(NamedTuple):
    """What an outside receiver got: ``key`` names the delivery over all its attempts, ``about`` what it is about."""

    key: str
    about: str


class History(NamedTuple):
    """``sent`` in the order of each sender; ``streams`` conversation → all its seqs as stored; ``shown`` viewer → the
    lines in the order they were shown, over all its connections; ``reads`` viewer → the conversations it may see.

    ``refused``: the cids that were definitely turned away. ``owed`` delivery keys → what they are about, as the log
    demands them; ``delivered`` in effect, that is after the receiver dropped keys it had. ``wrong``: what a client saw
    broken by itself.
    """

    sent: list[Sent]
    acked: list[Acked]
    stored: list[Line]
    streams: dict[str, list[int]]
    shown: dict[str, list[Line]]
    reads: dict[str, set[str]]
    refused: frozenset[str] = frozenset()
    owed: frozenset[str] = frozenset()
    delivered: tuple[Delivered, ...] = ()
    wrong: tuple[str, ...] = ()


def violations(history: History) -> list[str]:
    """Every broken promise, by its name; none for a good history."""
    return [
        *_of_the_log(history),
        *_of_the_acks(history),
        *_of_the_viewers(history),
        *_of_the_receivers(history),
        *history.wrong,
    ]


def _of_the_log(history: History) -> Iterator[str]:
    sent = {one.cid: one for one in history.sent}
    counts = Counter(line.cid for line in history.stored)
    yield from (f"L2 {cid} is stored {count} times" for cid, count in counts.items() if count > 1)
    for line in history.stored:
        if line.cid not in sent:
            yield f"L3 {line.cid} is stored and was never sent"
        elif line.text != sent[line.cid].text:
            yield f"L4 {line.cid} is stored with another text"
        if line.cid in history.refused:
            yield f"L5 {line.cid} was refused and is stored"
    for stream, seqs in history.streams.items():
        if sorted(seqs) != list(range(1, len(seqs) + 1)):
            yield f"O1 {stream} is not numbered 1 to n"
    order = {one.cid: n for n, one in enumerate(history.sent)}
    last: dict[tuple[str, str], int] = {}
    for line in sorted(history.stored, key=lambda line: (line.conversation, line.seq)):
        if line.cid in sent:
            key = (line.conversation, sent[line.cid].sender)
            if order[line.cid] < last.get(key, -1):
                yield f"O2 {line.cid} is stored after what its sender sent later"
            last[key] = max(order[line.cid], last.get(key, -1))


def _of_the_acks(history: History) -> Iterator[str]:
    stored = {line.cid: line for line in history.stored}
    for ack in history.acked:
        line = stored.get(ack.cid)
        if line is None:
            yield f"L1 {ack.cid} was acked and is not stored"
        elif (line.conversation, line.seq) != (ack.conversation, ack.seq):
            yield f"A1 {ack.cid} was acked as {ack.seq} and is {line.seq}"
    answered = {ack.cid for ack in history.acked} | history.refused
    yield from (f"P1 {one.cid} was never acked" for one in history.sent if one.cid not in answered)


def _of_the_viewers(history: History) -> Iterator[str]:
    stored = set(history.stored)
    homes: dict[str, set[Line]] = defaultdict(set)
    for line in stored:
        homes[line.conversation].add(line)
    for viewer, lines in history.shown.items():
        by_stream: dict[str, list[int]] = defaultdict(list)
        for line in lines:
            by_stream[line.conversation].append(line.seq)
            if line not in stored:
                yield f"D3 {viewer} saw {line.cid}, which is not stored so"
        for stream, seqs in by_stream.items():
            if len(set(seqs)) < len(seqs):
                yield f"D1 {viewer} saw a message of {stream} twice"
            if seqs != sorted(seqs):
                yield f"D2 {viewer} saw {stream} out of order"
            if stream not in history.reads[viewer] and stream in history.streams:
                yield f"T1 {viewer} saw {stream}, which is not theirs"
        wanted = {line for home in history.reads[viewer] for line in homes[home]}
        yield from (f"D4 {viewer} never saw {line.cid}" for line in wanted - set(lines))


def _of_the_receivers(history: History) -> Iterator[str]:
    counts = Counter(one.about for one in history.delivered)
    yield from (
        f"X1 {about} took effect {count} times outside" for about, count in counts.items() if count > 1
    )
    yield from (f"X1 {about} never arrived outside" for about in history.owed - counts.keys())
    yield from (f"X1 {about} arrived outside and is not in the log" for about in counts.keys() - history.owed)
