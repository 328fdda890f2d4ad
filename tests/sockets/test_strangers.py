"""Arbitrary input at both sockets (hypothesis): a refusal or a close code with a name, and the desk goes on.

Frames are made of near misses as well as noise: the desk's own frames with one thing wrong in them.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balie.lib import ids
from people import agent_peer, come, greeted, says, visitor, visitor_peer
from running import Running
from wire import Closed, Peer, ended_by

NAMED = {1002, 1007, 1009, 4400, 4429}
REFUSALS = {"text_empty", "text_too_long", "cid_invalid", "conversation_unknown"}

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["\ud800", "\x00", "x" * 9_000, ids.new_cid(), 2**63, -(2**63) - 1, 10**400, 1e308]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
kinds = st.sampled_from(
    ["hello", "send", "read", "signal", "ping", "fact", "ack", "", "HELLO", "constructor"]
)
fields = st.fixed_dictionaries(
    {},
    optional={
        "cid": st.sampled_from([ids.new_cid(), "x", ""]) | json_values,
        "text": st.text() | json_values,
        "conversation": st.sampled_from(["cnv_01m802rs1zepdtjvqkmcfyrnps", ""]) | json_values,
        "note": st.booleans() | json_values,
        "sentAt": st.integers() | json_values,
        "upTo": st.integers() | json_values,
        "level": st.sampled_from(["read", "delivered"]) | json_values,
        "kind": st.sampled_from(["typing", "page", "status", "desk"]) | json_values,
        "on": st.booleans() | json_values,
        "visit": st.sampled_from([ids.new_cid(), "x"]) | json_values,
        "url": st.sampled_from(["https://x.example/a", "http://[", "javascript:x"]) | json_values,
        "title": json_values,
        "tab": json_values,
        "status": st.sampled_from(["online", "away"]) | json_values,
        "epoch": json_values,
        "streams": st.dictionaries(st.text(), st.integers(), max_size=3) | json_values,
        "position": st.integers() | json_values,
        "__proto__": json_values,
    },
)
near_misses = st.fixed_dictionaries(
    {"t": kinds | json_values, "d": fields | json_values}, optional={"id": json_values}
)


def as_bytes(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


messages = (
    near_misses.map(as_bytes)
    | json_values.map(as_bytes)
    | st.binary(max_size=300)
    | st.integers(1, 30_000).map(lambda depth: b'{"t":"ping","d":' + b"[" * depth + b"]" * depth + b"}")
    | st.sampled_from(
        [b'{"t":"ping","t":"hello"}', b'{"t":"ping","d":NaN}', b"\xef\xbb\xbf{}", b'"', b"[" * 60_000]
    )
)


def survives(peer: Peer, frames: list[bytes]) -> None:
    """Each frame is answered by name, ignored, or ends the socket by name."""

    def talk() -> None:
        for frame in frames:
            peer.frame(frame)
        for answer in peer.frames_until_quiet():
            assert answer["t"] != "refuse" or answer["d"]["code"] in REFUSALS

    assert ended_by(talk) in {None, *NAMED}
    peer.cut()


@pytest.fixture
def open_peer(request: pytest.FixtureRequest, desk: Running) -> Callable[[], Peer]:
    visit = come(desk)

    def make() -> Peer:
        peer = visitor_peer(desk, visit) if request.param == "visitor" else agent_peer(desk)
        return peer

    return make


@pytest.mark.parametrize("open_peer", ["visitor", "agent"], indirect=True)
def test_whatever_comes_after_hello_gets_a_name_and_the_desk_goes_on(
    desk: Running, open_peer: Callable[[], Peer]
) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(messages, min_size=1, max_size=6))
    def check(frames: list[bytes]) -> None:
        peer = open_peer()
        greeted(peer)
        survives(peer, frames)

    check()
    with visitor(desk) as guest:
        assert says(guest, "Hallo")["seq"] == 2


@pytest.mark.parametrize("open_peer", ["visitor", "agent"], indirect=True)
def test_whatever_comes_instead_of_hello_gets_a_name_and_the_desk_goes_on(
    desk: Running, open_peer: Callable[[], Peer]
) -> None:
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(messages | fields.map(lambda d: as_bytes({"t": "hello", "d": d})))
    def check(frame: bytes) -> None:
        peer = open_peer()
        survives(peer, [frame])

    check()
    with visitor(desk) as guest:
        assert says(guest, "Hallo")["seq"] == 2


@pytest.mark.parametrize("open_peer", ["visitor", "agent"], indirect=True)
def test_raw_bytes_on_an_open_socket_get_a_name_and_the_desk_goes_on(
    desk: Running, open_peer: Callable[[], Peer]
) -> None:
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.binary(min_size=1, max_size=200))
    def check(data: bytes) -> None:
        peer = open_peer()
        greeted(peer)

        def talk() -> None:
            peer.raw(data + b"\x88\x80mask" * 40)  # whatever length was announced, a goodbye follows
            peer.socket.shutdown(1)
            raise Closed(peer.code())

        assert ended_by(talk) in NAMED | {1000, 1006}

    check()
    with visitor(desk) as guest:
        assert says(guest, "Hallo")["seq"] == 2
