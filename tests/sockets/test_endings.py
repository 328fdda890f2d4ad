"""Rights that end: a changed password, a sign-out, an agent who left or lost a role; their sockets go (threat S19)."""

import time

import cast
from balie.console.socket import LOOK_AGAIN_S
from balie.edge.signin import ABSOLUTE_MS
from people import agent_peer, come, greeted, says, visitor
from running import Running
from wire import AGENT_PATH, Peer


def fresh_peer(desk: Running, name: str) -> tuple[Peer, object]:
    """A socket on a sign-in of its own."""
    browser = desk.sign_in(desk.cast.stroom, name)
    ticket = browser.post("/v1/session/ticket").json()["ticket"]
    peer = Peer(desk.port, f"{AGENT_PATH}?ticket={ticket}", desk.origin)
    greeted(peer)
    return peer, browser


def test_a_new_password_ends_the_sockets_of_all_other_sign_ins_within_seconds(own_desk: Running) -> None:
    others = [fresh_peer(own_desk, "fatima")[0] for _ in range(3)]
    kept, browser = fresh_peer(own_desk, "fatima")
    bystander, _ = fresh_peer(own_desk, "tom")
    started = time.monotonic()
    changed = browser.patch(  # type: ignore[attr-defined]
        "/v1/session", json={"password": {"old": cast.PASSWORD, "new": "een heel ander wachtwoord"}}
    )
    assert changed.status_code == 200
    assert [peer.code() for peer in others] == [4401] * 3
    assert time.monotonic() - started < 30
    assert kept.answers()
    assert bystander.answers()
    signed_out = browser.delete("/v1/session")  # type: ignore[attr-defined]
    assert signed_out.status_code == 204
    assert kept.code() == 4401


def test_an_agent_who_left_is_cut_off_and_hears_nothing_more(own_desk: Running) -> None:
    office = own_desk.cast.stroom
    peer, browser = fresh_peer(own_desk, "fatima")
    unused = browser.post("/v1/session/ticket").json()["ticket"]  # type: ignore[attr-defined]
    admin = own_desk.agent(office, "sanne")
    assert admin.patch(f"/v1/agents/{office.agents['fatima'].id}", json={"active": False}).status_code == 200
    assert peer.code() == 4401
    with visitor(own_desk) as guest:
        says(guest, "canary-11ad")
    assert b"canary-11ad" not in peer.bytes
    late = Peer(own_desk.port, f"{AGENT_PATH}?ticket={unused}", own_desk.origin)
    late.say("hello")
    assert late.code() == 4401
    tom, _ = fresh_peer(own_desk, "tom")
    changed = admin.patch(
        f"/v1/agents/{office.agents['tom'].id}", json={"teams": [office.teams["service"].id]}
    )
    assert changed.status_code == 200
    assert tom.code() == 1012
    again = agent_peer(own_desk, "tom")
    greeted(again)
    with visitor(own_desk, come(own_desk, inbox=office.engineers)) as guest:
        home = says(guest, "Storing")["conversation"]
    again.frames_until_quiet()
    assert home.encode() not in again.bytes


def test_a_sign_in_that_ends_by_time_ends_its_socket(own_desk: Running) -> None:
    peer, _ = fresh_peer(own_desk, "fatima")
    later = time.monotonic()

    async def sweep() -> None:
        nonlocal later
        later += LOOK_AGAIN_S + 1
        for session in tuple(own_desk.app.sockets.sessions):
            session.heard_at = later
            session.check(later)

    own_desk.run(sweep)
    assert peer.answers()
    own_desk.clock.advance(ABSOLUTE_MS / 1000 + 1)
    own_desk.run(sweep)
    assert peer.code() == 4401
