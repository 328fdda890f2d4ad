"""Ids: sorted by time, never twice, and recognised for what they are."""

from hypothesis import given
from hypothesis import strategies as st

from balie.lib import ids
from balie.lib.clock import SetClock, SystemClock


def test_an_id_says_its_kind_and_no_two_are_equal() -> None:
    made = [ids.new_id(ids.CONVERSATION) for _ in range(10_000)]
    assert len(set(made)) == len(made)
    assert all(ids.is_id(one, ids.CONVERSATION) and not ids.is_id(one, ids.AGENT) for one in made)


def test_ids_made_later_sort_later() -> None:
    clock = SystemClock()
    before = ids.new_id(ids.CONVERSATION)
    start = clock.now()
    while clock.now() == start:
        pass
    assert before < ids.new_id(ids.CONVERSATION)


def test_a_cid_is_one_and_an_id_is_none() -> None:
    assert all(ids.is_cid(ids.new_cid()) for _ in range(1_000))
    assert not ids.is_cid(ids.new_id(ids.VISITOR))
    assert not ids.is_cid(ids.new_cid().upper())
    assert not ids.is_cid(ids.new_cid() + "\n")


@given(st.text())
def test_no_text_of_a_stranger_passes_for_an_id_by_accident(text: str) -> None:
    assert not ids.is_id(text)
    assert not ids.is_id("cnv_" + text) or len(text) == 26


def test_every_kind_has_a_prefix_of_its_own() -> None:
    assert all(ids.is_id(ids.new_id(kind), kind) for kind in ids.PREFIXES)
    assert len(set(ids.PREFIXES.values())) == len(ids.PREFIXES)


def test_a_set_clock_stands_still_until_it_is_moved() -> None:
    clock = SetClock(1_000)
    assert (clock.now(), clock.monotonic()) == (1_000, 0.0)
    clock.advance(1.5)
    assert (clock.now(), clock.monotonic()) == (2_500, 1.5)
