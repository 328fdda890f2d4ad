"""The checker itself: a good history passes, and each deliberate bug in one is called by its name."""

from collections.abc import Callable

import pytest
from checker import Acked, Delivered, History, Line, Sent, violations


def good() -> History:
    """Two visitors and an agent; the agent's console and each visitor saw all of theirs, and so did a receiver."""
    sent = [Sent(who, f"{who}{n}", f"text {n}") for who in ("v1", "v2") for n in range(10)]
    stored = [Line(f"c{one.sender}", n % 10 + 2, one.cid, one.text) for n, one in enumerate(sent)]
    return History(
        sent=sent,
        acked=[Acked("", line.cid, line.conversation, line.seq) for line in stored],
        stored=stored,
        streams={home: list(range(1, 12)) for home in ("cv1", "cv2")},
        shown={
            "console": list(stored),
            "v1": [line for line in stored if line.conversation == "cv1"],
            "v2": [line for line in stored if line.conversation == "cv2"],
        },
        reads={"console": {"cv1", "cv2"}, "v1": {"cv1"}, "v2": {"cv2"}},
        owed=frozenset(line.cid for line in stored),
        delivered=tuple(Delivered(f"key-{line.cid}", line.cid) for line in stored),
    )


def lost_ack(history: History) -> None:
    """Acked before the commit, and the commit never came."""
    line = history.stored.pop(4)
    for lines in history.shown.values():
        if line in lines:
            lines.remove(line)
    history.streams[line.conversation].pop()


def doubled(history: History) -> None:
    """A retry stored again."""
    history.stored.append(history.stored[3]._replace(seq=12))
    history.streams["cv1"].append(12)


def reordered(history: History) -> None:
    """Message N failed, N+1 went through, then N."""
    one, other = history.stored[2], history.stored[3]
    history.stored[2], history.stored[3] = other._replace(seq=one.seq), one._replace(seq=other.seq)


def ghost(history: History) -> None:
    """Shown before the commit, and the commit never came."""
    history.shown["console"].append(Line("cv1", 12, "ghost", "boo"))


def invented(history: History) -> None:
    history.stored.append(Line("cv1", 12, "never-sent", "boo"))
    history.streams["cv1"].append(12)


def garbled(history: History) -> None:
    history.stored[0] = history.stored[0]._replace(text="something else")


def gap(history: History) -> None:
    history.streams["cv1"].remove(5)


def shown_twice(history: History) -> None:
    history.shown["v1"].append(history.shown["v1"][0])


def shown_in_another_order(history: History) -> None:
    lines = history.shown["v1"]
    lines[0], lines[1] = lines[1], lines[0]


def lost_tail(history: History) -> None:
    history.shown["v2"].pop()


def second_ack_differs(history: History) -> None:
    history.acked.append(history.acked[0]._replace(seq=99))


def stuck_outbox(history: History) -> None:
    history.acked.pop()


def refused_and_stored(history: History) -> History:
    return history._replace(refused=frozenset({history.stored[0].cid}))


def new_key_for_a_retry(history: History) -> History:
    return history._replace(delivered=(*history.delivered, Delivered("another", history.stored[0].cid)))


def never_delivered(history: History) -> History:
    return history._replace(delivered=history.delivered[1:])


def delivered_before_the_commit(history: History) -> History:
    return history._replace(delivered=(*history.delivered, Delivered("key-ghost", "ghost")))


def seen_by_the_neighbours(history: History) -> None:
    history.shown["v1"].append(next(line for line in history.stored if line.conversation == "cv2"))


def seen_by_a_client(history: History) -> History:
    return history._replace(wrong=("A1 x was acked out of turn",))


MUTANTS: list[tuple[Callable[[History], History | None], str]] = [
    (lost_ack, "L1"),
    (doubled, "L2"),
    (invented, "L3"),
    (garbled, "L4"),
    (gap, "O1"),
    (reordered, "O2"),
    (second_ack_differs, "A1"),
    (stuck_outbox, "P1"),
    (shown_twice, "D1"),
    (shown_in_another_order, "D2"),
    (ghost, "D3"),
    (lost_tail, "D4"),
    (refused_and_stored, "L5"),
    (new_key_for_a_retry, "X1"),
    (never_delivered, "X1"),
    (delivered_before_the_commit, "X1"),
    (seen_by_the_neighbours, "T1"),
    (seen_by_a_client, "A1"),
]


def test_a_good_history_has_no_violations() -> None:
    assert violations(good()) == []


@pytest.mark.parametrize(("spoil", "name"), MUTANTS, ids=[spoil.__name__ for spoil, _ in MUTANTS])
def test_a_deliberate_bug_is_called_by_its_name(
    spoil: Callable[[History], History | None], name: str
) -> None:
    history = good()
    spoiled = spoil(history) or history
    assert name in {one.split()[0] for one in violations(spoiled)}
