"""Coming back with a resume ticket: once, for whom and from where it was given, on every node, also after a restart
(threats S10, S19, and S1 for other tenants)."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import cast
from balie.edge.talk import RENEW_S
from balie.edge.tickets import RESUME_TTL_MS
from people import AGENT, VISITOR, agent_ticket, come, says, visitor_ticket
from running import Running
from wire import Peer, Refused, ended_by


def given(peer: Peer, **hello: object) -> str:
    """Say hello and wait for the ticket to come back with."""
    peer.say("hello", **{"resume": "", **hello})
    return str(peer.until("resume")["ticket"])


def visits(desk: Running, visit: cast.Visit, site: str = cast.SITE) -> Peer:
    return Peer(desk.port, f"{VISITOR}?ticket={visitor_ticket(desk, visit, site)}", site)


def works(desk: Running, name: str = "sanne") -> Peer:
    return Peer(desk.port, f"{AGENT}?ticket={agent_ticket(desk, desk.cast.stroom, name)}", desk.origin)


def shown(desk: Running, path: str, ticket: object, origin: str) -> int:
    """How the desk ends a socket on which this ticket is shown."""
    peer = Peer(desk.port, path, origin)
    peer.say("hello", resume=ticket)
    return peer.code()


def back(
    desk: Running, path: str, ticket: str, origin: str, **hello: object
) -> tuple[Peer, dict[str, object]]:
    """Come back with the ticket: the socket and its welcome."""
    peer = Peer(desk.port, path, origin)
    peer.say("hello", resume=ticket, **hello)
    return peer, peer.until("welcome")


def test_who_comes_back_goes_on_where_it_was_and_gets_the_next_ticket(desk: Running) -> None:
    visit = come(desk)
    peer = visits(desk, visit)
    ticket = given(peer)
    epoch = next(frame["d"]["epoch"] for frame in peer.heard if frame["t"] == "welcome")
    ack = says(peer, "Hallo")
    peer.cut()
    streams = {ack["conversation"]: ack["seq"]}
    peer, welcome = back(desk, VISITOR, ticket, cast.SITE, epoch=epoch, streams=streams)
    assert welcome["resumed"] is True
    ticket = str(peer.until("resume")["ticket"])
    assert [frame["t"] for frame in peer.heard] == ["welcome", "signal", "resume"]
    again = says(peer, "Nog iets")
    assert again["conversation"] == ack["conversation"]
    peer.cut()
    # This time with something missed: it comes as the facts it is.
    peer, welcome = back(desk, VISITOR, ticket, cast.SITE, epoch=epoch, streams=streams)
    assert welcome["resumed"] is True
    assert peer.until("fact", kind="message_added")["body"]["text"] == "Nog iets"
    peer.cut()


def test_a_message_sent_behind_the_hello_is_kept(desk: Running) -> None:
    first = visits(desk, come(desk))
    ticket = given(first)
    cid = "01a2002c-643f-73a5-be33-5943097864a1"
    peer = Peer(desk.port, VISITOR, cast.SITE)
    send = b'{"t":"send","d":{"cid":"%b","text":"Meteen"}}' % cid.encode()
    peer.say_all([b'{"t":"hello","d":{"resume":"%b"}}' % ticket.encode(), send])
    assert peer.until("ack")["cid"] == cid
    assert first.until("fact", kind="message_added")["body"]["text"] == "Meteen"
    for one in (first, peer):
        one.cut()


def test_a_console_comes_back_as_well(desk: Running) -> None:
    peer = works(desk)
    ticket = given(peer)
    peer.cut()
    peer, welcome = back(desk, AGENT, ticket, desk.origin)
    assert welcome["resumed"] is False
    assert peer.until("resync")["agent"]["me"]["name"] == desk.cast.stroom.agents["sanne"].name
    assert peer.until("resume")["ticket"] != ticket
    peer.cut()


def test_who_does_not_ask_gets_none(desk: Running) -> None:
    peer = visits(desk, come(desk))
    peer.say("hello")
    peer.until("resync")
    assert says(peer, "Hallo")
    assert not [frame for frame in peer.frames_until_quiet() if frame["t"] == "resume"]
    assert not [frame for frame in peer.heard if frame["t"] == "resume"]
    peer.cut()


def test_a_ticket_that_was_shown_is_spent(desk: Running) -> None:
    peer = visits(desk, come(desk))
    ticket = given(peer)
    assert shown(desk, VISITOR, ticket, "https://evil.example") == 4403
    assert shown(desk, VISITOR, ticket, cast.SITE) == 4401, "not even from the right site after that"
    agent = works(desk)
    ticket = given(agent)
    back(desk, AGENT, ticket, desk.origin)
    assert shown(desk, AGENT, ticket, desk.origin) == 4401
    for one in (peer, agent):
        assert one.answers(), "the sockets that are open are none of this"
        one.cut()


def test_of_many_who_show_one_ticket_in_the_same_moment_one_comes_in(desk: Running) -> None:
    first = visits(desk, come(desk))
    ticket = given(first)
    peers = [Peer(desk.port, VISITOR, cast.SITE) for _ in range(8)]
    for peer in peers:
        peer.say("hello", resume=ticket)
    ends = [ended_by(lambda peer=peer: peer.until("welcome")) for peer in peers]  # type: ignore[misc]
    assert sorted(ends, key=str) == [4401] * 7 + [None]


@pytest.mark.parametrize(
    "ticket", ["x", "A" * 43, "x" * 101, "db." + "A" * 43, "\u0000", "' or 1=1", "\U0001f600" * 20]
)
@pytest.mark.parametrize("path", [VISITOR, AGENT])
def test_a_forged_one_opens_nothing(desk: Running, path: str, ticket: str) -> None:
    assert shown(desk, path, ticket, cast.SITE if path == VISITOR else desk.origin) == 4401


@pytest.mark.parametrize("path", [VISITOR, AGENT])
def test_without_any_ticket_nothing_opens(desk: Running, path: str) -> None:
    origin = cast.SITE if path == VISITOR else desk.origin
    for nothing in ("", None):
        assert shown(desk, path, nothing, origin) == 4401
    assert shown(desk, path, 5, origin) == 4400
    peer = Peer(desk.port, path, origin)
    peer.say("ping")
    assert peer.code() == 4400


def test_each_kind_of_ticket_opens_its_own_door_only(desk: Running) -> None:
    peer, agent = visits(desk, come(desk)), works(desk)
    mine, theirs = given(peer), given(agent)
    assert shown(desk, AGENT, mine, desk.origin) == 4401
    assert shown(desk, VISITOR, theirs, cast.SITE) == 4401
    # Nor does a resume ticket do in an address, where logs of proxies might keep it, or a fresh one in a hello.
    for path, origin, ticket in ((VISITOR, cast.SITE, mine), (AGENT, desk.origin, theirs)):
        late = Peer(desk.port, f"{path}?ticket={ticket}", origin)
        late.say("hello")
        assert late.code() == 4401
    assert shown(desk, VISITOR, visitor_ticket(desk, come(desk)), cast.SITE) == 4401
    for one in (peer, agent):
        one.cut()


def test_another_tenants_site_opens_nothing_with_it(desk: Running) -> None:
    peer = visits(desk, come(desk))
    assert shown(desk, VISITOR, given(peer), cast.OTHER_SITE) == 4403
    other = visits(desk, come(desk, desk.cast.gracht), cast.OTHER_SITE)
    assert shown(desk, VISITOR, given(other), cast.SITE) == 4403
    for one in (peer, other):
        one.cut()


@pytest.mark.parametrize("origin", [None, "", "null", "file://"])
def test_a_socket_without_an_origin_is_not_opened_for_it_either(desk: Running, origin: str | None) -> None:
    for path in (VISITOR, AGENT):
        with pytest.raises(Refused) as refused:
            Peer(desk.port, path, origin)
        assert refused.value.status == 403


def test_it_is_worth_nothing_after_a_quarter_of_an_hour(own_desk: Running) -> None:
    visitors = [visits(own_desk, come(own_desk)) for _ in range(2)]
    tickets = [given(peer) for peer in visitors]
    own_desk.clock.advance(RESUME_TTL_MS / 1000 - 1)
    back(own_desk, VISITOR, tickets[0], cast.SITE)
    own_desk.clock.advance(2)
    assert shown(own_desk, VISITOR, tickets[1], cast.SITE) == 4401


def test_a_session_that_stays_is_given_a_new_one_in_time(own_desk: Running) -> None:
    peer, quiet = visits(own_desk, come(own_desk)), visits(own_desk, come(own_desk))
    first = given(peer)
    quiet.say("hello")
    quiet.until("resync")
    assert RENEW_S[1] * 1000 < RESUME_TTL_MS

    async def sweep() -> None:
        for session in tuple(own_desk.app.sockets.sessions):
            session.heard_at = own_desk_time = session.started_at + RENEW_S[1] + 1
            session.check(own_desk_time)

    own_desk.run(sweep)
    second = str(peer.until("resume")["ticket"])
    assert second != first
    back(own_desk, VISITOR, second, cast.SITE)
    assert not [frame for frame in quiet.frames_until_quiet() if frame["t"] == "resume"]


def test_a_log_out_ends_it(own_desk: Running) -> None:
    browser = own_desk.sign_in(own_desk.cast.stroom, "fatima")
    ticket = browser.post("/v1/session/ticket").json()["ticket"]
    peer = Peer(own_desk.port, f"{AGENT}?ticket={ticket}", own_desk.origin)
    resume = given(peer)
    assert browser.delete("/v1/session").status_code == 204
    assert peer.code() == 4401
    assert shown(own_desk, AGENT, resume, own_desk.origin) == 4401


def test_a_new_password_and_an_agent_who_left_end_it_too(own_desk: Running) -> None:
    office = own_desk.cast.stroom
    here, elsewhere = own_desk.sign_in(office, "fatima"), own_desk.sign_in(office, "fatima")
    ticket = elsewhere.post("/v1/session/ticket").json()["ticket"]
    resume = given(Peer(own_desk.port, f"{AGENT}?ticket={ticket}", own_desk.origin))
    words = {"password": {"old": cast.PASSWORD, "new": "een heel ander wachtwoord"}}
    assert here.patch("/v1/session", json=words).status_code == 200
    assert shown(own_desk, AGENT, resume, own_desk.origin) == 4401
    resume = given(works(own_desk, "tom"))
    gone = own_desk.agent(office, "sanne").patch(
        f"/v1/agents/{office.agents['tom'].id}", json={"active": False}
    )
    assert gone.status_code == 200
    assert shown(own_desk, AGENT, resume, own_desk.origin) == 4401


def test_an_inbox_that_no_longer_allows_the_site_lets_nobody_back(own_desk: Running) -> None:
    office = own_desk.cast.stroom
    peer = visits(own_desk, come(own_desk))
    ticket = given(peer)
    changed = own_desk.agent(office, "sanne").patch(
        f"/v1/inboxes/{office.site.id}", json={"allowedOrigins": ["https://elsewhere.example"]}
    )
    assert changed.status_code == 200
    assert shown(own_desk, VISITOR, ticket, cast.SITE) == 4403


def test_a_visitor_whose_token_ended_does_not_come_back(own_desk: Running) -> None:
    visit = come(own_desk)
    ticket = given(visits(own_desk, visit))
    ended = "update visitor set expires_at = ? where id = ?"
    own_desk.write(lambda tx: tx.execute(ended, [own_desk.clock.now(), visit.visitor]))
    assert shown(own_desk, VISITOR, ticket, cast.SITE) == 4401


def test_it_stands_in_no_log_and_not_in_the_database(
    own_desk: Running, capfd: pytest.CaptureFixture[str]
) -> None:
    peer = visits(own_desk, come(own_desk))
    ticket = given(peer)
    held = own_desk.read(lambda tx: tx.all("select digest, claims from ticket"))
    assert len(held) == 1
    assert ticket.encode() not in bytes(held[0][0]) + str(held[0][1]).encode()
    peer, _ = back(own_desk, VISITOR, ticket, cast.SITE)
    fresh = str(peer.until("resume")["ticket"])
    assert shown(own_desk, VISITOR, ticket, cast.SITE) == 4401
    out, err = capfd.readouterr()
    assert ticket not in out + err
    assert fresh not in out + err


@pytest.fixture
def next_process(own_desk: Running, tmp_path: Path) -> Iterator[Running]:
    """The process that comes after ``own_desk`` on the same data; the test starts it."""
    desk = Running(tmp_path)
    desk.settings = msgspec.structs.replace(own_desk.settings, port=desk.port)
    yield desk
    desk.stop()


def test_it_outlives_the_process_that_gave_it(own_desk: Running, next_process: Running) -> None:
    peer, agent = visits(own_desk, come(own_desk)), works(own_desk)
    spent, agents = given(peer), given(agent)
    peer, _ = back(own_desk, VISITOR, spent, cast.SITE)
    kept = str(peer.until("resume")["ticket"])
    # The data stays.
    own_desk.settings = msgspec.structs.replace(own_desk.settings, database_url="")
    own_desk.stop()
    next_process.start()
    assert shown(next_process, VISITOR, spent, cast.SITE) == 4401
    here = [
        back(next_process, VISITOR, kept, cast.SITE),
        back(next_process, AGENT, agents, next_process.origin),
    ]
    assert shown(next_process, VISITOR, kept, cast.SITE) == 4401
    assert shown(next_process, AGENT, agents, next_process.origin) == 4401
    for one, _ in here:
        assert one.answers()
