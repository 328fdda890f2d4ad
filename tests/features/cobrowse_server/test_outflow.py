"""What may wait for a slow reader: the bounds, and what goes first."""

from hypothesis import given
from hypothesis import strategies as st
from look_people import ACT, CRITICAL, DROPPABLE, SCROLL, frame

from balie.features.cobrowse import envelope
from balie.features.cobrowse.outflow import BYTES_MAX, WAIT_S, Outflow


def test_what_may_be_dropped_goes_first() -> None:
    flow = Outflow()
    for kind in (CRITICAL, DROPPABLE, CRITICAL):
        flow.put(bytes([kind]) * 200_000, kind, snapshot=False, now_s=0)
    assert (len(flow.take(0)), len(flow.take(0)), bool(flow), flow.lost) == (200_000, 200_000, False, False)


def test_beyond_the_bound_all_goes_and_nothing_waits_until_the_reader_starts_anew() -> None:
    flow = Outflow()
    for _ in range(3):
        flow.put(bytes(200_000), CRITICAL, snapshot=False, now_s=0)
    assert (bool(flow), flow.lost, flow.size) == (False, True, 0)
    flow.put(b"x", CRITICAL, snapshot=False, now_s=0)
    assert not flow
    flow.lost = False
    flow.put(b"x", CRITICAL, snapshot=False, now_s=0)
    assert flow.take(0) == b"x"


def test_nothing_waits_for_more_than_two_seconds() -> None:
    flow = Outflow()
    flow.put(b"a", CRITICAL, snapshot=False, now_s=0)
    flow.put(b"b", CRITICAL, snapshot=False, now_s=WAIT_S)
    assert not flow.lost
    flow.put(b"c", CRITICAL, snapshot=False, now_s=WAIT_S + 0.01)
    assert flow.lost


def test_a_snapshot_has_its_time_and_what_is_behind_it_too() -> None:
    flow = Outflow()
    for _ in range(8):
        flow.put(bytes(250_000), CRITICAL, snapshot=True, now_s=0)
    flow.put(b"behind", CRITICAL, snapshot=False, now_s=0)
    flow.put(b"behind", CRITICAL, snapshot=False, now_s=60)
    for _ in range(8):
        assert flow.take(60)
    flow.put(b"behind", CRITICAL, snapshot=False, now_s=61.9)
    assert not flow.lost
    flow.put(b"behind", CRITICAL, snapshot=False, now_s=62.1)
    assert flow.lost


def test_a_snapshot_has_a_bound_as_well() -> None:
    flow = Outflow()
    for _ in range(25):
        flow.put(bytes(1 << 20), CRITICAL, snapshot=True, now_s=0)
    assert flow.lost
    assert flow.snapshot_size == 0


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ptc"), st.integers(0, 2), st.booleans(), st.integers(1, 300_000), st.floats(0, 1)
        )
    )
)
def test_the_sizes_are_those_of_what_waits_and_stay_within_the_bounds(
    steps: list[tuple[str, int, bool, int, float]],
) -> None:
    flow, now = Outflow(), 0.0
    for what, kind, snapshot, size, pause in steps:
        now += pause
        if what == "p":
            flow.put(bytes(size), kind, snapshot=snapshot, now_s=now)
        elif what == "t" and flow:
            flow.take(now)
        elif what == "c":
            flow.clear()
            flow.lost = False
        assert flow.size == sum(len(one[0]) for one in flow._waiting if not one[2]) <= BYTES_MAX
        assert flow.snapshot_size == sum(len(one[0]) for one in flow._waiting if one[2])


@given(st.binary(max_size=40))
def test_no_other_bytes_are_an_envelope(data: bytes) -> None:
    for side, direction, flags in (("visitor", 0, 7), ("agent", 1, 1 | SCROLL | ACT)):
        sound = envelope.is_sound(data, side)  # type: ignore[arg-type]
        right = (
            len(data) > 12 and data[0] == 1 and data[1] < 3 and data[2] == direction and data[3] & ~flags == 0
        )
        assert sound == right
    assert envelope.is_sound(frame(), "visitor")
    assert envelope.is_sound(frame(to="visitor"), "agent")
