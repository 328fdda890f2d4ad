"""The count must find what a broken desk would do; otherwise a clean table says nothing."""

import asyncio
from collections.abc import Callable

import pytest

from balie.replay.dialogues import Dialogue, Said
from balie.replay.ledger import Script, Tally

DIALOGUE = Dialogue("1", [Said("visitor", 0, "one"), Said("agent", 1, "two"), Said("visitor", 2, "three")])


def sound() -> Script:
    """A dialogue that went well."""
    script = Script(DIALOGUE)
    for turn in script.turns:
        turn.sent_at = 1.0
        turn.acked = True
        for side in ("visitor", "agent"):
            script.show(side, turn.cid)  # type: ignore[arg-type]
    script.store([(turn.cid, turn.said.text) for turn in script.turns])
    return script


def counted(break_it: Callable[[Script], object]) -> Tally:
    async def count() -> Tally:
        script = sound()
        break_it(script)
        tally = Tally()
        tally.add(script)
        return tally

    return asyncio.run(count())


def _unseen(script: Script) -> None:
    script.shown["agent"].pop()
    script.turns[2].seen.clear()


def _forgotten(script: Script) -> None:
    assert script.stored is not None
    script.stored.pop()


def _failed(script: Script) -> None:
    script.failure = "refused"


def test_a_sound_dialogue_is_clean() -> None:
    tally = counted(lambda script: None)
    assert tally.clean
    assert (tally.received, tally.in_order, tally.lost, tally.doubled) == (3, 3, 0, 0)


@pytest.mark.parametrize(
    ("break_it", "field", "count"),
    [
        (_unseen, "lost", 1),
        (_forgotten, "lost", 1),
        (lambda script: script.shown["visitor"].remove(0), "lost", 1),
        (lambda script: script.shown["agent"].append(1), "doubled", 1),
        (
            lambda script: script.store([(turn.cid, turn.said.text) for turn in script.turns * 2]),
            "doubled",
            3,
        ),
        (lambda script: script.shown["visitor"].reverse(), "out_of_order", 2),
        (lambda script: script.store([(turn.cid, "other") for turn in script.turns]), "altered", 3),
    ],
)
def test_each_way_to_break_the_promise_is_counted(
    break_it: Callable[[Script], object], field: str, count: int
) -> None:
    tally = counted(break_it)
    assert getattr(tally, field) == count
    assert not tally.clean


def test_a_dialogue_that_stopped_is_not_clean() -> None:
    assert not counted(_failed).clean


def test_percentiles_name_real_delays() -> None:
    tally = Tally(delays=[0.001 * i for i in range(1, 102)])
    assert [round(tally.percentile_ms(share)) for share in (0, 0.5, 0.95, 1)] == [1, 51, 96, 101]
