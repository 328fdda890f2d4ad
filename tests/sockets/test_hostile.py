"""Floods and readers that do not read: they are cut off by name, and cost the others nothing (I10, threat S11)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from balie.edge.session import BACKLOG_LIMIT
from balie.lib import ids
from people import agent, agent_peer, come, greeted, says, stored_texts, visitor, visitor_peer, wait_for
from running import Running
from wire import CONTINUE, PING, PONG, TEXT, Peer, encoded

BIG = "😀" * 8_000  # 32 KB on the wire
SMALL_BUFFER = 4_096


@contextmanager
def unharmed(desk: Running) -> Iterator[None]:
    """A healthy visitor and an agent talk on while the block goes wrong."""
    with visitor(desk) as guest, agent(desk) as sanne:
        home = says(guest, "voor")["conversation"]
        yield
        started = time.monotonic()
        says(sanne, "tijdens", home)
        guest.until("fact", kind="message_added", seq=3)
        assert time.monotonic() - started < 30
        assert stored_texts(desk, home) == ["voor", "tijdens"]


FLOODS = {
    "tiny frames": encoded(b'{"t":"ping","d":{}}'),
    "empty frames": encoded(b""),
    "pings": encoded(b"", PING),
    "pongs": encoded(b"", PONG),
    "messages": encoded(b'{"t":"send","d":{"cid":"x","text":"x"}}'),
}


@pytest.mark.parametrize("kind", FLOODS)
@pytest.mark.parametrize("who", ["visitor", "agent"])
def test_a_flood_ends_its_own_socket_and_nobody_elses(desk: Running, who: str, kind: str) -> None:
    with unharmed(desk):
        peer = visitor_peer(desk, come(desk)) if who == "visitor" else agent_peer(desk)
        greeted(peer)
        try:
            for _ in range(100):
                peer.raw(FLOODS[kind] * 1_000)
        except OSError:
            return  # hung up in the middle of it
        assert peer.code() in (4429, 4400, 1006)


@pytest.mark.parametrize("who", ["visitor", "agent"])
def test_a_burst_just_too_large_is_called_too_many(desk: Running, who: str) -> None:
    peer = visitor_peer(desk, come(desk)) if who == "visitor" else agent_peer(desk)
    greeted(peer)
    peer.raw(encoded(b'{"t":"ping","d":{}}') * 700)
    assert peer.code() == 4429


def test_a_million_fragments_of_nothing_end_the_socket(desk: Running) -> None:
    with unharmed(desk):
        peer = visitor_peer(desk, come(desk))
        greeted(peer)
        peer.frame(b"{", TEXT, fin=False)
        try:
            for _ in range(100):
                peer.raw(encoded(b"", CONTINUE, fin=False) * 1_000)
        except OSError:
            return
        assert peer.code() in (4429, 1006)


def waiting(desk: Running) -> int:
    """Bytes that wait in this process for readers, over all sockets."""

    async def count() -> int:
        return sum(one.backlog for one in desk.app.sockets.sessions)

    return desk.run(count)


def test_a_reader_that_does_not_read_is_cut_off_and_costs_a_bounded_amount_of_memory(
    own_desk: Running,
) -> None:
    visit = come(own_desk)
    most = 0
    with visitor(own_desk, visit) as guest, agent(own_desk) as sanne:
        home = says(guest, "Hallo")["conversation"]
        stuck = [visitor_peer(own_desk, visit, buffer=SMALL_BUFFER) for _ in range(5)]
        for peer in stuck:
            greeted(peer)
        for n in range(250):
            says(sanne, f"{n} {BIG[: -len(str(n)) - 1]}", home)
            guest.until("fact", kind="message_added", seq=n + 3)
            if n % 20 == 0:
                most = max(most, waiting(own_desk))
        assert most < 5 * (BACKLOG_LIMIT + 200_000)
        assert len(own_desk.app.sockets.sessions) == 2
        for peer in stuck:
            assert peer.code() in (4408, 1006)
        assert len(stored_texts(own_desk, home)) == 251


def test_who_neither_reads_nor_goes_when_told_to_is_let_go_all_the_same(own_desk: Running) -> None:
    """A backlog below the limit, then a bad frame: the close frame waits behind what is never read."""
    visit = come(own_desk)
    with agent(own_desk) as sanne:
        with visitor(own_desk, visit) as guest:
            home = says(guest, "Hallo")["conversation"]
        stuck = visitor_peer(own_desk, visit, buffer=SMALL_BUFFER)
        greeted(stuck)
        n = 0
        while waiting(own_desk) < 200_000:
            n += 1
            says(sanne, f"{n} {BIG[:-10]}", home)
        stuck.say("unknown")
        wait_for(own_desk, lambda: len(own_desk.app.sockets.sessions) == 1)
        assert waiting(own_desk) == 0
        assert sanne.answers()


def test_a_slow_writer_that_sends_half_a_frame_holds_nobody_up(desk: Running) -> None:
    with unharmed(desk):
        halves: list[Peer] = []
        for _ in range(20):
            peer = visitor_peer(desk, come(desk))
            greeted(peer)
            peer.raw(encoded(b'{"t":"send","d":{"cid":"%b","text":"x"}}' % ids.new_cid().encode())[:-1])
            halves.append(peer)
    for peer in halves:
        peer.cut()
