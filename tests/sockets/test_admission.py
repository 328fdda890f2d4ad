"""Who gets a socket: a fresh ticket of the right kind, from the right site, and hello comes first (threat S10)."""

import asyncio

import pytest

from balie.edge.session import DEAD_S, HELLO_S, QUIET_S
from balie.edge.tickets import TICKET_TTL_S
from balie.lib import ids
from people import (
    AGENT,
    VISITOR,
    agent_peer,
    agent_ticket,
    come,
    greeted,
    says,
    visitor,
    visitor_peer,
    visitor_ticket,
)
from running import Running
from wire import PING, Closed, Peer, Refused

HOSTILE_ORIGINS = [
    "https://evil.example",
    "https://www.groenestroom.example.evil.example",
    "http://www.groenestroom.example",
]


def code_of(desk: Running, path: str, origin: str | None) -> int:
    """How the desk ends this attempt: the HTTP status or the close code."""
    try:
        peer = Peer(desk.port, path, origin)
        peer.say("hello")
        return peer.code()
    except Refused as refusal:
        return refusal.status
    except Closed as end:
        return end.code


@pytest.mark.parametrize("origin", HOSTILE_ORIGINS)
def test_a_visitors_ticket_does_not_work_from_another_site(desk: Running, origin: str) -> None:
    ticket = visitor_ticket(desk, come(desk))
    assert code_of(desk, f"{VISITOR}?ticket={ticket}", origin) == 4403


@pytest.mark.parametrize("origin", [*HOSTILE_ORIGINS, "https://www.groenestroom.example"])
def test_an_agents_ticket_does_not_work_from_another_page(desk: Running, origin: str) -> None:
    ticket = agent_ticket(desk, desk.cast.stroom, "sanne")
    assert code_of(desk, f"{AGENT}?ticket={ticket}", origin) == 4403


@pytest.mark.parametrize("origin", [None, "", "null", "file://", "chrome-extension://abc"])
@pytest.mark.parametrize("path", [VISITOR, AGENT])
def test_a_socket_without_an_origin_of_the_web_is_not_opened(
    desk: Running, path: str, origin: str | None
) -> None:
    ticket = (
        visitor_ticket(desk, come(desk)) if path == VISITOR else agent_ticket(desk, desk.cast.stroom, "sanne")
    )
    assert code_of(desk, f"{path}?ticket={ticket}", origin) == 403


@pytest.mark.parametrize("ticket", ["", "x", "A" * 43, "x" * 5_000, "%00", "%ff%fe", "../../x", "' or 1=1"])
@pytest.mark.parametrize("path", [VISITOR, AGENT])
def test_a_forged_ticket_opens_nothing(desk: Running, path: str, ticket: str) -> None:
    origin = "https://www.groenestroom.example" if path == VISITOR else desk.origin
    assert code_of(desk, f"{path}?ticket={ticket.replace(' ', '%20')}", origin) in (4401, 400)


def test_a_ticket_works_once(desk: Running) -> None:
    ticket = agent_ticket(desk, desk.cast.stroom, "sanne")
    path = f"{AGENT}?ticket={ticket}"
    greeted(Peer(desk.port, path, desk.origin))
    assert code_of(desk, path, desk.origin) == 4401
    ticket = visitor_ticket(desk, come(desk))
    path, site = f"{VISITOR}?ticket={ticket}", "https://www.groenestroom.example"
    greeted(Peer(desk.port, path, site))
    assert code_of(desk, path, site) == 4401


def test_a_ticket_of_one_kind_does_not_open_the_other_socket(desk: Running) -> None:
    site = "https://www.groenestroom.example"
    assert code_of(desk, f"{AGENT}?ticket={visitor_ticket(desk, come(desk))}", desk.origin) == 4401
    assert code_of(desk, f"{VISITOR}?ticket={agent_ticket(desk, desk.cast.stroom, 'sanne')}", site) == 4401


def test_an_old_ticket_is_worth_nothing(own_desk: Running) -> None:
    visit = come(own_desk)
    fresh, old = visitor_ticket(own_desk, visit), visitor_ticket(own_desk, visit)
    site = "https://www.groenestroom.example"
    own_desk.clock.advance(TICKET_TTL_S - 1)
    greeted(Peer(own_desk.port, f"{VISITOR}?ticket={fresh}", site))
    own_desk.clock.advance(2)
    assert code_of(own_desk, f"{VISITOR}?ticket={old}", site) == 4401


def test_hello_comes_first(desk: Running) -> None:
    for peer in (visitor_peer(desk, come(desk)), agent_peer(desk)):
        peer.say("ping")
        assert peer.code() == 4400


def test_a_bad_frame_right_behind_hello_ends_the_socket_too(desk: Running) -> None:
    """Both come in before the ticket is checked."""
    for peer in (visitor_peer(desk, come(desk)), agent_peer(desk)):
        peer.say_all([b'{"t":"hello","d":{}}', b'{"t":"send","d":{"cid":5}}'])
        assert peer.code() == 4400


def test_a_second_hello_is_a_bad_frame(desk: Running) -> None:
    with visitor(desk) as peer:
        peer.say("hello")
        assert peer.code() == 4400


def test_messages_sent_together_with_hello_are_kept_in_order(desk: Running) -> None:
    """A client may send its outbox without waiting for welcome."""
    peer = visitor_peer(desk, come(desk))
    cids = [ids.new_cid() for _ in range(4)]
    sends = [b'{"t":"send","d":{"cid":"%b","text":"%d"}}' % (cid.encode(), n) for n, cid in enumerate(cids)]
    peer.say_all([b'{"t":"hello","d":{}}', *sends])
    assert [peer.until("ack")["cid"] for _ in cids] == cids


def test_too_much_before_the_ticket_is_checked_ends_the_socket(desk: Running) -> None:
    peer = visitor_peer(desk, come(desk))
    peer.say_all([b'{"t":"ping","d":{}}'] * 100)
    assert peer.code() == 4400


def sweep(desk: Running, later_s: float) -> None:
    """What the desk does every few seconds, as if it were later."""

    async def check() -> None:
        for session in tuple(desk.app.sockets.sessions):
            session.check(asyncio.get_running_loop().time() + later_s)

    desk.run(check)


def test_who_never_says_hello_is_sent_away_and_who_falls_silent_is_asked_first(own_desk: Running) -> None:
    silent, talking = visitor_peer(own_desk, come(own_desk)), visitor_peer(own_desk, come(own_desk))
    greeted(talking)
    sweep(own_desk, HELLO_S - 1)
    assert len(own_desk.app.sockets.sessions) == 2
    sweep(own_desk, HELLO_S + 1)
    assert silent.code() == 4400
    assert talking.answers()
    sweep(own_desk, QUIET_S + 1)
    while talking.hear_frame()[0] != PING:
        continue
    sweep(own_desk, DEAD_S + 1)
    assert talking.code() == 1006
    assert not [one for one in own_desk.app.sockets.sessions if not one.ended]


def test_a_visitor_of_an_inbox_that_no_longer_allows_the_site_gets_no_ticket(own_desk: Running) -> None:
    visit, office = come(own_desk), own_desk.cast.stroom
    browser = own_desk.browser(headers={"origin": office.site.allowed_origins[0]})
    bearer = {"authorization": f"Bearer {visit.token}"}
    assert browser.post("/v1/visitor/tickets", headers=bearer).status_code == 201
    admin = own_desk.agent(office, "sanne")
    changed = admin.patch(
        f"/v1/inboxes/{office.site.id}", json={"allowedOrigins": ["https://elsewhere.example"]}
    )
    assert changed.status_code == 200
    refused = browser.post("/v1/visitor/tickets", headers=bearer)
    assert (refused.status_code, refused.json()["code"]) == (403, "origin_not_allowed")


def test_at_a_restart_everybody_is_told_to_come_back_spread_over_time(own_desk: Running) -> None:
    peers = [visitor_peer(own_desk, come(own_desk)), agent_peer(own_desk)]
    for peer in peers:
        greeted(peer)

    going: list[asyncio.Task[None]] = []

    async def drain() -> None:
        going.append(asyncio.create_task(own_desk.app.sockets.drain(alone=True)))

    own_desk.run(drain)
    for peer in peers:
        assert peer.until("reconnect")["spreadMs"] > 0
        assert peer.code() == 1012
    with pytest.raises(Refused) as caught:
        visitor_peer(own_desk, come(own_desk))
    assert caught.value.status == 503

    async def gone() -> None:
        await going[0]

    own_desk.run(gone)


def test_a_ticket_is_not_in_the_logs(own_desk: Running, capfd: pytest.CaptureFixture[str]) -> None:
    ticket = visitor_ticket(own_desk, come(own_desk))
    peer = Peer(own_desk.port, f"{VISITOR}?ticket={ticket}", "https://www.groenestroom.example")
    greeted(peer)
    says(peer, "canary-9c1f")
    code_of(own_desk, f"{VISITOR}?ticket={ticket}", "https://www.groenestroom.example")
    own_desk.browser().get(f"/v1/nothing?ticket={ticket}")
    out, err = capfd.readouterr()
    assert ticket not in out + err
    assert "canary-9c1f" not in out + err
