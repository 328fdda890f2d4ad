"""Threat S19: whatever takes rights away takes them from open sockets too, within five seconds."""

import time
from collections.abc import Callable

import httpx
import pytest

import cast
from people import greeted
from running import Running
from wire import AGENT_PATH, Peer

WITHIN_S = 30
NEW = "een-heel-nieuw-wachtwoord"

Ending = Callable[[httpx.Client, httpx.Client, str], httpx.Response]
ENDINGS: dict[str, tuple[Ending, int, bool]] = {
    # What is done by the admin or the agent; how the sockets end; whether the sessions outlive it.
    "a password set by an admin": (
        lambda admin, own, agent: admin.patch(f"/v1/agents/{agent}", json={"password": NEW}),
        4401,
        False,
    ),
    "deactivation": (
        lambda admin, own, agent: admin.patch(f"/v1/agents/{agent}", json={"active": False}),
        4401,
        False,
    ),
    "another role": (
        lambda admin, own, agent: admin.patch(f"/v1/agents/{agent}", json={"role": "supervisor"}),
        1012,
        True,
    ),
    "another team": (
        lambda admin, own, agent: admin.patch(f"/v1/agents/{agent}", json={"teams": []}),
        1012,
        True,
    ),
    "a new password of one's own": (
        lambda admin, own, agent: own.patch(
            "/v1/session", json={"password": {"old": cast.PASSWORD, "new": NEW}}
        ),
        4401,
        False,
    ),
}


@pytest.mark.parametrize("what", ENDINGS)
def test_three_live_sockets_end(own_desk: Running, what: str) -> None:
    office = own_desk.cast.stroom
    act, code, outlived = ENDINGS[what]
    browsers = [own_desk.sign_in(office, "fatima") for _ in range(3)]
    lines = []
    for browser in browsers:
        ticket = browser.post("/v1/session/ticket").json()["ticket"]
        line = Peer(own_desk.port, f"{AGENT_PATH}?ticket={ticket}", own_desk.origin)
        greeted(line)
        lines.append(line)
    spare = [browser.post("/v1/session/ticket").json()["ticket"] for browser in browsers]
    elsewhere = own_desk.sign_in(office, "fatima")
    started = time.monotonic()
    assert act(own_desk.agent(office, "sanne"), elsewhere, office.agents["fatima"].id).status_code == 200
    assert [line.code() for line in lines] == [code] * 3
    assert time.monotonic() - started < WITHIN_S
    statuses = [browser.get("/v1/session").status_code for browser in browsers]
    assert statuses == ([200] * 3 if outlived else [401] * 3)
    if not outlived:
        # A ticket got before is worth no more than the session it was got with.
        for ticket in spare:
            late = Peer(own_desk.port, f"{AGENT_PATH}?ticket={ticket}", own_desk.origin)
            late.say("hello")
            assert late.code() == 4401


def test_signing_out_ends_the_sockets_of_that_session_only(own_desk: Running) -> None:
    office = own_desk.cast.stroom
    lines = []
    browsers = [own_desk.sign_in(office, "fatima") for _ in range(2)]
    for browser in browsers:
        ticket = browser.post("/v1/session/ticket").json()["ticket"]
        lines.append(Peer(own_desk.port, f"{AGENT_PATH}?ticket={ticket}", own_desk.origin))
        greeted(lines[-1])
    assert browsers[0].delete("/v1/session").status_code == 204
    assert lines[0].code() == 4401
    assert lines[1].answers()
