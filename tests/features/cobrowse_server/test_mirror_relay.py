"""The mirror's socket: what it relays, and to whom, as long as consent stands and not a frame longer."""

import time

import pytest
from look_people import (
    ACT,
    COALESCIBLE,
    DROPPABLE,
    SCROLL,
    SNAPSHOT,
    SNAPSHOT_END,
    Guest,
    agent_ticket,
    asking_guest,
    facts_of,
    frame,
    good,
    invited,
    mirror,
    mirrored,
    page,
    refused,
    site_of,
    unstamped,
    viewing,
    visitor_ticket,
    window,
)

from balie.features.cobrowse import mirror as limits
from balie.features.cobrowse.mirror import MirrorSession
from people import agent_ticket as talk_ticket
from running import Running
from wire import BINARY, CONTINUE, Peer, Refused, encoded


def frames_in(heard: list[object]) -> list[object]:
    return [one for one in heard if isinstance(one, bytes)]


def words_in(heard: list[object]) -> list[str]:
    return [one["t"] for one in heard if isinstance(one, dict)]


def test_frames_go_both_ways_unchanged_and_in_order(desk: Running) -> None:
    with mirrored(desk) as (_, _, _, visitor, agent):
        told = [frame(bytes([n]) * size, seq=n) for n, size in enumerate((1, 113, 114, 65_500, 300_000), 1)]
        for one in told:
            visitor.send(one)
        assert agent.frames(5) == told
        for kind in (COALESCIBLE, DROPPABLE):
            agent.send(frame(b"point", to="visitor", kind=kind))
            assert unstamped(*visitor.frames(1))[0] == frame(b"point", to="visitor", kind=kind)


def test_every_watcher_gets_every_frame(desk: Running) -> None:
    with mirrored(desk) as (_, _, look, visitor, sanne):
        daan = window(desk, desk.agent(desk.cast.stroom, "daan"), look)
        assert visitor.until("joined")["agent"]["name"] == "Daan"
        visitor.send(frame(b"for both"))
        assert sanne.frames(1) == daan.frames(1) == [frame(b"for both")]
        names = {
            one["name"]
            for one in good(desk.agent(desk.cast.stroom, "daan").get(f"/v1/looks/{look}"))["watchers"]
        }
        assert names == {"Sanne", "Daan"}
        daan.cut()
        assert visitor.until("left")["agent"]["name"] == "Daan"


def test_a_message_in_pieces_is_one_frame(desk: Running) -> None:
    with mirrored(desk) as (_, _, _, visitor, agent):
        whole = frame(b"a" * 200_000, flags=SNAPSHOT)
        visitor.raw(encoded(whole[:70_000], BINARY, fin=False))
        visitor.raw(encoded(whole[70_000:150_000], CONTINUE, fin=False))
        visitor.raw(encoded(whole[150_000:], CONTINUE))
        assert agent.frames(1) == [whole]


def test_what_is_sent_before_the_ticket_is_looked_at_waits_on_the_line(desk: Running) -> None:
    guest, sanne, look = viewing(desk)
    agent = window(desk, sanne, look)
    visitor = mirror(desk.port, visitor_ticket(guest, look)["ticket"], site_of(desk, guest.visit))
    visitor.send(frame(b"at once"))
    assert agent.frames(1) == [frame(b"at once")]
    visitor.cut()
    agent.cut()


def test_a_page_that_sends_too_much_is_read_more_slowly_and_not_cut_off(
    own_desk: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Limits that a busy machine exceeds as well: a megabyte at once, and one a second.
    monkeypatch.setattr(limits, "BYTES_BURST", 1 << 20)
    monkeypatch.setattr(limits, "BYTES_PER_S", 1 << 20)
    guest, _, look = viewing(own_desk)
    visitor = page(guest, look)
    started = time.monotonic()
    for n in range(7):
        visitor.send(frame(bytes((1 << 20) - 100), seq=n + 1))
    visitor.quiet()
    # One at once; two more may have been read in one go before the reading stopped.
    assert time.monotonic() - started > 1.5
    visitor.cut()


def test_there_is_no_ticket_before_consent_nor_after_the_end(desk: Running) -> None:
    guest, sanne = asking_guest(desk), desk.agent(desk.cast.stroom, "sanne")
    look = invited(sanne, guest)
    for _ in range(2):
        assert refused(guest.do(look, "tickets", tab="t")) in ((409, "look_not_viewing"), (409, "look_ended"))
        assert refused(sanne.post(f"/v1/looks/{look}/tickets")) in (
            (409, "look_not_viewing"),
            (409, "look_ended"),
        )
        guest.do(look, "end", reason="visitor")


def test_a_ticket_that_outlives_the_look_opens_nothing(desk: Running) -> None:
    guest, sanne, look = viewing(desk)
    theirs, ours = visitor_ticket(guest, look)["ticket"], agent_ticket(sanne, look)
    good(guest.do(look, "end", reason="visitor"))
    assert mirror(desk.port, theirs, site_of(desk, guest.visit)).end() == 4403
    assert mirror(desk.port, ours, desk.origin).end() == 4403


def test_after_a_stop_nothing_goes_on_and_everybody_is_told(desk: Running) -> None:
    with mirrored(desk) as (guest, _, look, visitor, agent):
        good(guest.do(look, "end", reason="escape"))
        visitor.send(frame(b"after the stop"))
        told, code = agent.to_the_end()
        assert code == 4403
        assert frames_in(told) == []
        assert told[-1]["look"]["endReason"] == "escape"
        assert visitor.end() == 4403


def test_in_a_pause_nothing_goes_either_way(desk: Running) -> None:
    with mirrored(desk) as (guest, _, look, visitor, agent):
        good(guest.do(look, "pause", by="visitor"))
        visitor.until_state("paused")
        visitor.send(frame(b"in the pause"))
        visitor.quiet()
        agent.send(frame(b"point", to="visitor"))
        heard = agent.quiet()
        assert frames_in(heard) == []
        assert {"t": "refused", "why": "not_viewing"} in heard
        assert frames_in(visitor.quiet()) == []
        good(guest.http.post(f"/v1/visitor/looks/{look}/resume"))
        visitor.send(frame(b"again"))
        assert agent.frames(1) == [frame(b"again")]


@pytest.mark.parametrize(("kind", "flag"), [("scroll", SCROLL), ("act", ACT)])
def test_only_the_agent_who_holds_the_grant_controls(own_desk: Running, kind: str, flag: int) -> None:
    desk = own_desk
    with mirrored(desk) as (guest, sanne, look, visitor, hers):
        daans = window(desk, desk.agent(desk.cast.stroom, "daan"), look)
        act = frame(b"act", to="visitor", flags=flag)

        def refuses(peer: object) -> bool:
            peer.send(act)  # type: ignore[attr-defined]
            why = peer.until("refused")["why"]  # type: ignore[attr-defined]
            return bool(why == "no_grant") and frames_in(visitor.quiet()) == []

        assert refuses(hers)
        good(sanne.post(f"/v1/looks/{look}/control", json={"kind": kind}))
        assert refuses(hers)
        guest.grants(look, kind)
        hers.send(act)
        assert unstamped(*visitor.frames(1))[0] == act
        assert refuses(daans)
        other = frame(b"act", to="visitor", flags=SCROLL | ACT)
        hers.send(other)
        assert hers.until("refused")["why"] == "no_grant"
        # The relay asks the clock, not the timer.
        desk.clock.advance(600)
        assert refuses(hers)
        daans.cut()


def test_a_grant_that_is_taken_back_counts_no_more(desk: Running) -> None:
    with mirrored(desk) as (guest, sanne, look, visitor, agent):
        good(sanne.post(f"/v1/looks/{look}/control", json={"kind": "act"}))
        guest.grants(look, "act")
        good(guest.http.delete(f"/v1/visitor/looks/{look}/control?kind=act"))
        agent.send(frame(b"act", to="visitor", flags=ACT))
        assert agent.until("refused")["why"] == "no_grant"
        assert frames_in(visitor.quiet()) == []


BAD = {
    "too short": b"\x01\x00\x00\x00" + bytes(8),
    "version": b"\x02" + frame()[1:],
    "class": b"\x01\x03" + frame()[2:],
    "direction of the other side": frame(to="visitor"),
    "unknown flag": frame(flags=32),
    "a visitor who acts": frame(flags=ACT),
}


@pytest.mark.parametrize("name", BAD)
def test_a_forged_envelope_ends_the_visitors_socket(desk: Running, name: str) -> None:
    with mirrored(desk) as (_, _, _, visitor, agent):
        visitor.send(BAD[name])
        assert visitor.end() == 4400
        assert frames_in(agent.quiet()) == []


@pytest.mark.parametrize(
    "data",
    [frame(), frame(to="visitor", flags=SNAPSHOT), b"", frame(to="visitor", flags=64)],
    ids=["the visitor's direction", "a snapshot", "nothing", "an unknown flag"],
)
def test_a_forged_envelope_ends_the_agents_socket(desk: Running, data: bytes) -> None:
    with mirrored(desk) as (_, _, _, visitor, agent):
        agent.send(data)
        assert agent.end() == 4400
        assert frames_in(visitor.quiet()) == []


def test_a_frame_over_a_megabyte_ends_the_socket(desk: Running) -> None:
    with mirrored(desk) as (_, _, _, visitor, _):
        visitor.send(frame(bytes((1 << 20) - 11)))
        assert visitor.end() in (1006, 1009)


def test_a_snapshot_without_end_ends_the_socket(desk: Running) -> None:
    with mirrored(desk) as (_, _, _, visitor, _):
        for _ in range(20):
            visitor.send(frame(bytes(1_000_000), flags=SNAPSHOT))
        visitor.quiet()
        visitor.send(frame(bytes(1_000_000), flags=SNAPSHOT))
        assert visitor.end() == 4400


def test_agents_have_nothing_to_say_in_text(desk: Running) -> None:
    with mirrored(desk) as (_, _, _, visitor, agent):
        agent.say("alive")
        assert agent.end() == 4400
        visitor.say("state")
        assert visitor.end() == 4400


def test_an_agent_who_sends_without_end_is_cut_off(own_desk: Running) -> None:
    with mirrored(own_desk) as (_, _, _, _, agent):
        agent.raw(b"".join(encoded(frame(to="visitor"), BINARY) for _ in range(500)))
        assert agent.end() == 4429


# Tickets


def test_a_ticket_opens_one_socket(desk: Running) -> None:
    guest, sanne, look = viewing(desk)
    for ticket, origin in (
        (visitor_ticket(guest, look)["ticket"], site_of(desk, guest.visit)),
        (agent_ticket(sanne, look), desk.origin),
    ):
        first = mirror(desk.port, ticket, origin)
        first.until("state")
        assert mirror(desk.port, ticket, origin).end() == 4401
        first.cut()


def test_a_ticket_counts_from_its_own_page_and_for_its_own_socket_only(desk: Running) -> None:
    guest, sanne, look = viewing(desk)
    assert mirror(desk.port, visitor_ticket(guest, look)["ticket"], desk.origin).end() == 4403
    assert mirror(desk.port, agent_ticket(sanne, look), site_of(desk, guest.visit)).end() == 4403
    assert mirror(desk.port, talk_ticket(desk, desk.cast.stroom, "sanne"), desk.origin).end() == 4401
    assert mirror(desk.port, "x" * 43, desk.origin).end() == 4401
    peer = Peer(desk.port, f"/v1/socket/agent?ticket={agent_ticket(sanne, look)}", desk.origin)
    peer.say("hello")
    assert peer.code() == 4401
    with pytest.raises(Refused):
        Peer(desk.port, f"/v1/socket/mirror?ticket={agent_ticket(sanne, look)}")


def test_an_agent_without_the_inbox_gets_no_ticket(desk: Running) -> None:
    guest = asking_guest(desk, inbox=desk.cast.stroom.engineers)
    tom, fatima = desk.agent(desk.cast.stroom, "tom"), desk.agent(desk.cast.stroom, "fatima")
    look = invited(tom, guest)
    guest.accepts(look)
    agent_ticket(tom, look)
    for answer in (
        fatima.post(f"/v1/looks/{look}/tickets"),
        fatima.get(f"/v1/looks/{look}"),
        fatima.post(f"/v1/looks/{look}/end"),
        desk.agent(desk.cast.gracht, "eva").post(f"/v1/looks/{look}/tickets"),
    ):
        assert refused(answer) == (404, "look_unknown")


def test_another_visitor_reaches_nothing_of_a_look(desk: Running) -> None:
    _, _, look = viewing(desk)
    for other in (asking_guest(desk), Guest(desk), asking_guest(desk, desk.cast.gracht)):
        for what, body in (
            ("answer", {"accept": False}),
            ("pause", {"by": "visitor"}),
            ("resume", {}),
            ("end", {"reason": "visitor"}),
            ("control", {"kind": "act", "granted": True}),
            ("actions", {"action": "click", "label": "x", "outcome": "done"}),
            ("tickets", {"tab": "t"}),
        ):
            assert refused(other.do(look, what, **body)) == (404, "look_unknown"), what
        assert refused(other.http.delete(f"/v1/visitor/looks/{look}/control")) == (404, "look_unknown")
        assert other.look() is None


def test_a_sign_out_ends_the_agents_sockets(own_desk: Running) -> None:
    guest, _, look = viewing(own_desk)
    fatima = own_desk.sign_in(own_desk.cast.stroom, "fatima")
    hers = window(own_desk, fatima, look)
    fatima.delete("/v1/session")
    assert hers.end() == 4401
    assert guest.look() is not None


# Coming and going


def test_the_newest_page_of_the_visitor_takes_over(desk: Running) -> None:
    with mirrored(desk) as (guest, _, look, old, agent):
        first = visitor_ticket(guest, look)
        second = visitor_ticket(guest, look)
        assert second["epoch"] == first["epoch"] + 65_536
        new = mirror(desk.port, second["ticket"], site_of(desk, guest.visit))
        new.until("state")
        assert old.end() == 4409
        assert mirror(desk.port, first["ticket"], site_of(desk, guest.visit)).end() == 4409
        new.send(frame(b"of the new page"))
        assert agent.frames(1) == [frame(b"of the new page")]
        new.cut()


def test_agents_hear_that_the_visitors_page_went_and_came_back(desk: Running) -> None:
    with mirrored(desk) as (guest, _, look, visitor, agent):
        visitor.cut()
        agent.until("gone")
        late = window(desk, desk.agent(desk.cast.stroom, "daan"), look)
        late.until("gone")
        again = page(guest, look)
        agent.until("back")
        # Who came in between needs a snapshot, and whoever tells it has to hear of that. Sanne asks by herself.
        assert again.until("joined")["agent"]["name"] == "Daan"
        assert "joined" not in words_in(again.quiet())
        late.cut()
        again.cut()


def test_who_watched_is_written_once_for_each_visit(own_desk: Running) -> None:
    guest, sanne, look = viewing(own_desk)
    visitor = page(guest, look)
    one, two = window(own_desk, sanne, look), window(own_desk, sanne, look)
    for _ in range(2):
        visitor.until("joined")
    for peer in (one, two):
        peer.cut()
        visitor.until("left")
    watched = ["look_watched", "look_left"]
    reads = 0
    while (found := facts_of(own_desk, guest.visit.conversation)[2:]) != watched:
        assert len(found) < 2
        reads += 1
        assert reads < 10_000
    assert (
        "look_watched"
        not in guest.http.get(f"/v1/visitor/conversations/{guest.visit.conversation}/facts?before=99").text
    )


def test_closing_the_conversation_ends_the_look(desk: Running) -> None:
    with mirrored(desk) as (guest, sanne, _, visitor, agent):
        assert sanne.put(f"/v1/conversations/{guest.visit.conversation}/closure").status_code == 200
        assert agent.until_state("ended")["endReason"] == "closed"
        assert agent.end() == visitor.end() == 4403
        assert guest.look() is None


def test_a_desk_that_stops_sends_the_mirror_elsewhere(
    engine: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    desk = Running(tmp_path_factory.mktemp("stopping"), engine)
    desk.start()
    with mirrored(desk) as (_, _, _, visitor, agent):
        desk.stop()
        assert visitor.end() == agent.end() == 1012


# Slow readers


def test_a_stalled_watcher_costs_the_others_nothing(desk: Running) -> None:
    with mirrored(desk) as (_, _, look, visitor, agent):
        stalled = window(desk, desk.agent(desk.cast.stroom, "daan"), look, buffer=4_096)
        total, size = 120, 60_000
        heard = 0
        for n in range(total):
            visitor.send(frame(n.to_bytes(4) + bytes(size), seq=n + 1))
            heard += len(agent.frames(1))
        assert heard == total
        # Behind for good: told so once it reads again, and then as live as anybody.
        stalled.until("lost")
        visitor.send(frame(b"fresh"))
        while stalled.frames(1) != [frame(b"fresh")]:
            pass
        stalled.cut()


def test_a_slow_watcher_gets_a_snapshot_that_is_longer_than_the_bound(desk: Running) -> None:
    with mirrored(desk) as (_, _, look, visitor, agent):
        slow = window(desk, desk.agent(desk.cast.stroom, "daan"), look, buffer=4_096)
        visitor.quiet()
        snapshot = [frame(n.to_bytes(4) + bytes(250_000), flags=SNAPSHOT, seq=n + 1) for n in range(11)]
        snapshot.append(frame(b"end", flags=SNAPSHOT | SNAPSHOT_END, seq=12))
        for one in snapshot:
            visitor.send(one)
        assert agent.frames(12) == snapshot
        # All of it, and never a word of something lost.
        assert [slow.next() for _ in range(12)] == snapshot
        slow.cut()


def test_a_stalled_page_of_the_visitor_costs_no_memory(desk: Running) -> None:
    guest, sanne, look = viewing(desk)
    ticket = visitor_ticket(guest, look)["ticket"]
    stalled = mirror(desk.port, ticket, site_of(desk, guest.visit), buffer=4_096)
    stalled.until("state")
    agent = window(desk, sanne, look)
    for n in range(200):
        agent.send(frame(n.to_bytes(4) + bytes(30_000), to="visitor", seq=n))
    agent.quiet()
    (session,) = [
        one
        for one in desk.app.sockets.sessions
        if isinstance(one, MirrorSession) and one.claims.side == "visitor" and one.claims.look == look
    ]
    assert session.backlog + session._outflow.size < 800_000
    stalled.cut()
    agent.cut()


def test_nothing_that_waited_is_shown_after_a_stop(desk: Running) -> None:
    with mirrored(desk) as (guest, _, look, visitor, agent):
        stalled = window(desk, desk.agent(desk.cast.stroom, "daan"), look, buffer=4_096)
        sent = 0
        for n in range(40):
            visitor.send(frame(n.to_bytes(4) + bytes(60_000), flags=SNAPSHOT, seq=n + 1))
            sent += len(agent.frames(1))
        good(guest.do(look, "end", reason="visitor"))
        got = frames_in(stalled.to_the_end()[0])
        assert len(got) < sent, "what waited here must not come after the stop"


def test_nothing_that_waited_is_shown_in_a_pause(desk: Running) -> None:
    with mirrored(desk) as (guest, _, look, visitor, agent):
        stalled = window(desk, desk.agent(desk.cast.stroom, "daan"), look, buffer=4_096)
        for n in range(40):
            visitor.send(frame(n.to_bytes(4) + bytes(60_000), flags=SNAPSHOT, seq=n + 1))
            agent.frames(1)
        good(guest.do(look, "pause", by="visitor"))
        stalled.until_state("paused")
        heard = stalled.quiet()
        assert frames_in(heard) == []
        assert "lost" in words_in(heard), "what it missed has to be asked for"
        stalled.cut()


def test_sockets_of_the_mirror_count_for_the_limits_of_all(desk: Running) -> None:
    _, sanne, look = viewing(desk)
    before = len(desk.app.sockets.sessions)
    peer = window(desk, sanne, look)
    assert len(desk.app.sockets.sessions) == before + 1
    peer.cut()
