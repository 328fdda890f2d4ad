"""The framing of RFC 6455 as strangers use it: whatever comes, a named close code, and the others do not notice."""

from collections.abc import Iterator

import pytest

from balie.edge.frames import FRAME_LIMIT
from balie.lib import ids
from people import agent_peer, come, greeted, says, stored_texts, visitor, visitor_peer
from running import Running
from wire import BINARY, CLOSE, CONTINUE, PING, PONG, TEXT, Closed, Peer, Refused, encoded

HELLO = b'{"t":"hello","d":{}}'


@pytest.fixture(params=["visitor", "agent"])
def peer(request: pytest.FixtureRequest, desk: Running) -> Iterator[Peer]:
    """A greeted socket of either kind; afterwards the desk still serves."""
    peer = visitor_peer(desk, come(desk)) if request.param == "visitor" else agent_peer(desk)
    greeted(peer)
    yield peer
    peer.cut()
    with visitor(desk) as other:
        assert other.answers()


def send(cid: str, text: str) -> bytes:
    return b'{"t":"send","d":{"cid":"%b","text":"%b"}}' % (cid.encode(), text.encode())


def test_a_message_in_fragments_is_one_message(desk: Running) -> None:
    with visitor(desk) as peer:
        whole = send(ids.new_cid(), "in stukjes €")
        middle = whole.index("€".encode()) + 1  # in the middle of a character
        peer.frame(whole[:10], TEXT, fin=False)
        peer.frame(b"", CONTINUE, fin=False)
        peer.frame(whole[10:middle], CONTINUE, fin=False)
        peer.frame(whole[middle:], CONTINUE)
        assert stored_texts(desk, peer.until("ack")["conversation"]) == ["in stukjes €"]


def test_a_ping_between_fragments_is_answered_at_once(desk: Running) -> None:
    with visitor(desk) as peer:
        whole = send(ids.new_cid(), "Hallo")
        peer.frames_until_quiet()
        peer.frame(whole[:10], TEXT, fin=False)
        peer.frame(b"tussendoor", PING)
        assert peer.hear_frame() == (PONG, b"tussendoor")
        peer.frame(whole[10:], CONTINUE)
        assert peer.until("ack")


def test_a_frame_byte_by_byte_is_a_frame(desk: Running) -> None:
    with visitor(desk) as peer:
        for byte in encoded(send(ids.new_cid(), "langzaam")):
            peer.raw(bytes([byte]))
        assert stored_texts(desk, peer.until("ack")["conversation"]) == ["langzaam"]


def test_many_frames_in_one_packet_are_many_frames(desk: Running) -> None:
    with visitor(desk) as peer:
        texts = [str(n) for n in range(50)]
        peer.say_all([send(ids.new_cid(), text) for text in texts])
        acks = [peer.until("ack") for _ in texts]
        assert [ack["seq"] for ack in acks] == list(range(2, 52))
        assert stored_texts(desk, acks[0]["conversation"]) == texts


@pytest.mark.parametrize("size", [0, 125, 126, 127, 65_000])
def test_lengths_at_the_edges_of_the_header_are_read_well(desk: Running, size: int) -> None:
    with visitor(desk) as peer:
        peer.say("ping", id="x", pad="x" * size)
        assert peer.answers()


@pytest.mark.parametrize(
    "bad",
    [
        b'{"t":"ping","d":{},"id":"\xff"}',
        b'{"t":"ping","d":{},"id":"\xed\xa0\x80"}',  # a surrogate
        b'{"t":"ping","d":{},"id":"\xc0\xaf"}',  # overlong
        b'{"t":"ping","d":{},"id":"\xf4\x90\x80\x80"}',  # beyond Unicode
        b'{"t":"ping","d":{},"id":"\xe2\x82"}',  # cut off
    ],
)
def test_what_is_no_utf_8_is_a_bad_frame(peer: Peer, bad: bytes) -> None:
    peer.frame(bad)
    assert peer.code() in (1007, 4400)


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (encoded(HELLO, mask=False), {1002}),
        (encoded(HELLO, reserved=4), {1002}),
        (encoded(HELLO, reserved=1), {1002}),
        (encoded(HELLO, kind=3), {1002}),
        (encoded(HELLO, kind=11), {1002}),
        (encoded(HELLO, BINARY), {4400, 1003}),
        (encoded(HELLO, CONTINUE), {4400, 1002}),
        (encoded(b"{", TEXT, fin=False) + encoded(b"}", TEXT), {4400, 1002}),
        (encoded(b"{", TEXT, fin=False) + encoded(b"}", BINARY), {4400, 1002}),
        (encoded(b"x" * 126, PING), {1002}),
        (encoded(b"x", PING, fin=False), {1002}),
        (b"\x81\xff" + (1 << 62).to_bytes(8) + b"mask", {1009, 1002}),
        (b"\x81\xff" + b"\xff" * 8 + b"mask", {1009, 1002}),
        (b"\x81\xff" + (1_000_000).to_bytes(8) + b"mask", {1009}),
    ],
    ids=[
        "unmasked", "compressed without agreement", "reserved bit", "unknown kind", "unknown control kind", "binary",
        "continuation of nothing", "text inside fragments", "binary inside fragments", "long ping", "fragmented ping",
        "a length of 4 EiB", "a length with the top bit", "announced 1 MB",
    ],
)  # fmt: skip
def test_a_broken_frame_ends_the_socket_by_name(peer: Peer, data: bytes, codes: set[int]) -> None:
    peer.raw(data)
    assert peer.code() in codes


def test_a_megabyte_of_text_is_refused_however_it_is_cut(peer: Peer) -> None:
    megabyte = b'{"t":"send","d":{"text":"' + b"x" * 1_000_000
    pieces = [megabyte[n : n + 20_000] for n in range(0, len(megabyte), 20_000)]
    with pytest.raises((Closed, OSError)) as caught:  # noqa: PT012 - the server may hang up at any piece
        peer.frame(pieces[0], TEXT, fin=False)
        for piece in pieces[1:]:
            peer.frame(piece, CONTINUE, fin=False)
        raise Closed(peer.code())
    if isinstance(caught.value, Closed):
        assert caught.value.code in (1009, 1006)


def test_the_largest_frame_is_still_read(desk: Running) -> None:
    with visitor(desk) as peer:
        frame = b'{"t":"ping","id":"big","d":{"x":"%b"}}'
        peer.frame(frame % (b"x" * (FRAME_LIMIT - len(frame) + 2)))
        assert peer.hear()["t"] in ("pong", "signal")


@pytest.mark.parametrize("code", [1000, 1001, 3000, 4999, None])
def test_a_goodbye_is_answered_in_kind(peer: Peer, code: int | None) -> None:
    peer.close(code)
    assert peer.code() == (code or 1000)


@pytest.mark.parametrize("payload", [b"\x03", b"\x03\xed", b"\x00\x00", b"\x03\xe8\xff\xff", b"\xff\xff"])
def test_a_goodbye_that_makes_no_sense_ends_the_socket_too(peer: Peer, payload: bytes) -> None:
    peer.frame(payload, CLOSE)
    assert peer.code() >= 1000


def test_what_follows_a_goodbye_is_not_read(desk: Running) -> None:
    visit = come(desk)
    with visitor(desk, visit) as peer:
        peer.raw(encoded(b"\x03\xe8", CLOSE) + encoded(send(ids.new_cid(), "te laat")))
        peer.code()
    assert desk.read(lambda tx: tx.one("select 1 from message where sender = ?", [visit.visitor])) is None


@pytest.mark.parametrize(
    "head",
    [
        b"GET /v1/socket/visitor HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"GET //[x HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Origin: https://www.groenestroom.example\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        b"GET /v1/socket/visitor HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 99\r\n\r\n",
        b"GET /v1/socket/visitor?ticket=%ff%00%ed%a0%80 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nOrigin: \xff\xfe\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        b"\x00\x01\x02\x03\r\n\r\n",
    ],
    ids=["no key", "a path that is none", "an unknown version", "strange bytes", "no HTTP at all"],
)
def test_a_broken_upgrade_is_turned_away_and_the_desk_goes_on(desk: Running, head: bytes) -> None:
    import socket

    with socket.create_connection(("127.0.0.1", desk.port), timeout=60) as raw:
        raw.sendall(head)
        answer = raw.recv(65_536)
    assert not answer or answer.startswith(b"HTTP/1.1 4") or answer.startswith(b"HTTP/1.1 5")
    assert desk.browser().get("/healthz").status_code == 200


def test_an_unknown_socket_is_not_found(desk: Running) -> None:
    with pytest.raises(Refused) as caught:
        Peer(desk.port, "/v1/socket/nobody", desk.origin)
    assert caught.value.status == 404


def test_compression_is_not_agreed_to(desk: Running) -> None:
    """A deflate bomb needs an agreement first (threat S12)."""
    more = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
    peer = visitor_peer(desk, come(desk), more=more)
    assert b"permessage-deflate" not in bytes(peer.bytes)
    greeted(peer)
    says(peer, "Hallo")
    peer.cut()
