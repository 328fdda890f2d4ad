"""Signing in: sessions, cookies, CSRF, throttling, tickets."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import msgspec
import pytest
from argon2 import PasswordHasher
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

import cast
from balie.edge.housekeeping import clean_up
from balie.edge.signin import ABSOLUTE_MS, ATTEMPTS_PER_EMAIL, ATTEMPTS_PER_PAIR, IDLE_MS
from balie.edge.tickets import TICKET_TTL_S, AgentClaims, Tickets
from balie.engine.local import LocalLeases
from balie.engine.ports import Leases, UnavailableError
from balie.engine.redis import RedisLeases
from balie.lib.clock import SetClock
from running import Running


def test_an_agent_signs_in_and_out(desk: Running) -> None:
    office = desk.cast.stroom
    browser = desk.sign_in(office, "fatima")
    me = browser.get("/v1/session").json()["me"]
    assert me["name"] == "Fatima"
    assert me["organisation"]["name"] == "Groene Stroom"
    token = browser.cookies["balie_session"]
    assert browser.delete("/v1/session").status_code == 204
    assert "balie_session" not in browser.cookies
    browser.cookies.set("balie_session", token)
    assert browser.get("/v1/session").json()["code"] == "not_signed_in"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_the_token_is_not_stored(desk: Running) -> None:
    office = desk.cast.stroom
    answer = desk.browser().post(
        "/v1/session", json={"email": office.email("fatima"), "password": cast.PASSWORD}
    )
    session, csrf = answer.headers.get_list("set-cookie")
    assert "HttpOnly" in session
    assert "SameSite=lax" in session
    assert "HttpOnly" not in csrf
    token = session.split("=")[1].split(";")[0]
    stored = desk.read(lambda tx: tx.all("select digest from agent_session"))
    assert token.encode() not in b"".join(bytes(row[0]) for row in stored)
    assert token not in answer.text


def test_behind_https_the_cookies_are_bound_to_this_very_host(tmp_path: Path) -> None:
    desk = Running(tmp_path)
    desk.settings = msgspec.structs.replace(desk.settings, public_url="https://desk.example")
    desk.start()
    try:
        office = desk.cast.stroom
        browser = desk.browser()
        right = {"email": office.email("fatima"), "password": cast.PASSWORD}
        cookies = browser.post("/v1/session", json=right).headers.get_list("set-cookie")
        assert [cookie.split("=")[0] for cookie in cookies] == ["__Host-balie_session", "__Host-balie_csrf"]
        values = [cookie.split(";")[0].split("=", 1)[1] for cookie in cookies]
        for cookie in cookies:
            # Without any of these a browser throws the cookie away (RFC 6265bis §4.1.3.2).
            assert {"Secure", "Path=/"} <= set(cookie.split("; "))
            assert "Domain" not in cookie
        session, csrf = values

        def carrying(prefix: str) -> dict[str, str]:
            return {"cookie": f"{prefix}balie_session={session}", "x-csrf-token": csrf}

        assert browser.get("/v1/session", headers=carrying("")).status_code == 401
        out = browser.delete("/v1/session", headers=carrying("__Host-"))
        assert out.status_code == 204
        for cookie in out.headers.get_list("set-cookie"):
            assert {"Secure", "Path=/", "Max-Age=0"} <= set(cookie.split("; "))
    finally:
        desk.stop()


def test_a_wrong_password_and_an_unknown_agent_get_the_same_answer_after_the_same_work(
    desk: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = desk.cast.gracht
    checked: list[str] = []
    verify = PasswordHasher.verify

    def count(hasher: PasswordHasher, stored: str, password: str) -> bool:
        checked.append(stored.rpartition("$")[0].rpartition("$")[0])
        return verify(hasher, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", count)
    answers = set()
    for email in (office.email("eva"), "nobody@blauwegracht.example"):
        answer = desk.browser().post("/v1/session", json={"email": email, "password": "x" * 12})
        answers.add((answer.status_code, answer.json()["code"], answer.json()["detail"]))
    assert len(answers) == 1
    assert answers.pop()[:2] == (401, "credentials_wrong")
    # Without a hash to check, the unknown agent would be answered tens of times faster: a hash of the same cost.
    assert len(checked) == 2
    assert len(set(checked)) == 1


def test_guessing_is_throttled_until_the_window_is_over(own_desk: Running) -> None:
    office = own_desk.cast.stroom
    browser = own_desk.browser()
    wrong = {"email": office.email("tom"), "password": "wrong-password"}
    for _ in range(ATTEMPTS_PER_PAIR):
        assert browser.post("/v1/session", json=wrong).status_code == 401
    right = {**wrong, "password": cast.PASSWORD}
    answer = browser.post("/v1/session", json={**right, "email": office.email("tom").upper()})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
    own_desk.clock.advance(int(answer.headers["retry-after"]) + 1)
    assert browser.post("/v1/session", json=right).status_code == 200


def test_forged_addresses_do_not_get_around_the_throttle(own_desk: Running) -> None:
    office = own_desk.cast.stroom
    statuses = [
        own_desk.browser(headers={"x-forwarded-for": f"198.51.100.{n}"})
        .post("/v1/session", json={"email": office.email("tom"), "password": "wrong-password"})
        .status_code
        for n in range(ATTEMPTS_PER_PAIR + 1)
    ]
    assert statuses[-1] == 429
    assert ATTEMPTS_PER_PAIR < ATTEMPTS_PER_EMAIL


def test_who_owns_a_whole_network_is_one_caller(tmp_path: Path) -> None:
    desk = Running(tmp_path)
    desk.settings = msgspec.structs.replace(desk.settings, trusted_proxies="127.0.0.1")
    desk.start()
    try:
        office = desk.cast.stroom
        statuses = [
            desk.browser(headers={"x-forwarded-for": f"2001:db8::{n:x}"})
            .post("/v1/session", json={"email": office.email("tom"), "password": "wrong-password"})
            .status_code
            for n in range(ATTEMPTS_PER_PAIR + 1)
        ]
        assert statuses == [401] * ATTEMPTS_PER_PAIR + [429]
    finally:
        desk.stop()


def test_a_session_ends_when_idle_and_at_last_in_any_case(own_desk: Running) -> None:
    browser = own_desk.sign_in(own_desk.cast.stroom, "daan")
    for _ in range(ABSOLUTE_MS // (IDLE_MS - 60_000)):
        own_desk.clock.advance(IDLE_MS / 1000 - 60)
        assert browser.get("/v1/session").status_code == 200
    own_desk.clock.advance(IDLE_MS / 1000 - 60)
    assert browser.get("/v1/session").status_code == 401
    other = own_desk.sign_in(own_desk.cast.stroom, "daan")
    own_desk.clock.advance(IDLE_MS / 1000 + 1)
    assert other.get("/v1/session").status_code == 401


def test_an_unsafe_call_without_the_csrf_token_of_this_session_is_refused(desk: Running) -> None:
    browser, other = desk.sign_in(desk.cast.stroom, "daan"), desk.sign_in(desk.cast.stroom, "daan")
    for token in ("", "x", other.headers["x-csrf-token"]):
        answer = browser.patch("/v1/session", json={"language": "en"}, headers={"x-csrf-token": token})
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://[evil"},
        {"origin": "https://127.0.0.1.evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_site_can_make_no_unsafe_call(desk: Running, headers: dict[str, str]) -> None:
    browser = desk.sign_in(desk.cast.stroom, "daan")
    sign_in = {"email": desk.cast.stroom.email("daan"), "password": cast.PASSWORD}
    for answer in (
        browser.patch("/v1/session", json={"language": "en"}, headers=headers),
        browser.post("/v1/session", json=sign_in, headers=headers),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "origin_not_allowed")


def test_a_new_password_ends_all_other_sessions_and_their_sockets(own_desk: Running) -> None:
    office = own_desk.cast.stroom
    here, *others = [own_desk.sign_in(office, "tom") for _ in range(3)]
    new = "een-heel-nieuw-wachtwoord"
    with ExitStack() as open_lines:
        kept, *lines = [open_lines.enter_context(_line(own_desk, browser)) for browser in (here, *others)]
        refused = here.patch("/v1/session", json={"password": {"old": "wrong-password", "new": new}})
        assert refused.json()["errors"][0]["pointer"] == "/password/old"
        changed = here.patch("/v1/session", json={"password": {"old": cast.PASSWORD, "new": new}})
        assert changed.status_code == 200
        for line in lines:
            assert _close_code(line) == 4401
        kept.send('{"t":"ping","d":{}}')
        while '"pong"' not in str(kept.recv(5)):
            pass
    assert [other.get("/v1/session").status_code for other in others] == [401, 401]
    assert here.get("/v1/session").status_code == 200
    old = {"email": office.email("tom"), "password": cast.PASSWORD}
    assert own_desk.browser().post("/v1/session", json=old).status_code == 401


@contextmanager
def _line(desk: Running, browser: httpx.Client) -> Iterator[ClientConnection]:
    with desk.socket(browser.post("/v1/session/ticket").json()["ticket"]) as line:
        line.send('{"t":"hello","d":{}}')
        assert '"welcome"' in str(line.recv(5))
        yield line


def _close_code(line: ClientConnection) -> int | None:
    """The code with which the desk hangs up, at most five seconds from now."""
    try:
        while True:
            line.recv(5)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None


def test_an_agent_who_left_is_signed_out_everywhere(own_desk: Running) -> None:
    office = own_desk.cast.stroom
    tom, sanne = own_desk.sign_in(office, "tom"), own_desk.sign_in(office, "sanne")
    changed = sanne.patch(f"/v1/agents/{office.agents['tom'].id}", json={"active": False})
    assert changed.json()["active"] is False
    assert tom.get("/v1/session").status_code == 401
    back = own_desk.browser().post(
        "/v1/session", json={"email": office.email("tom"), "password": cast.PASSWORD}
    )
    assert back.json()["code"] == "credentials_wrong"


def test_a_ticket_opens_one_socket(desk: Running) -> None:
    ticket = desk.sign_in(desk.cast.stroom, "daan").post("/v1/session/ticket").json()["ticket"]
    with desk.socket(ticket) as line:
        line.send('{"t":"hello","d":{}}')
        assert '"welcome"' in str(line.recv(5))
    with desk.socket(ticket) as again:
        assert _close_code(again) == 4401


class OtherClaims(msgspec.Struct):
    """Another kind of socket."""


@pytest.mark.parametrize("leases_away", [False, True])
def test_a_ticket_counts_once_for_its_kind_and_for_thirty_seconds(
    own_desk: Running, leases_away: bool
) -> None:
    async def work() -> None:
        clock = SetClock()
        leases: Leases = LocalLeases(clock.monotonic)
        if leases_away:
            leases = RedisLeases("redis://127.0.0.1:1")
        one, other = Tickets(leases, own_desk.db, clock), Tickets(leases, own_desk.db, clock)
        claims = AgentClaims("org", "agt", "00")
        ticket = await one.issue(claims)
        assert await other.redeem(ticket, OtherClaims) is None
        assert await other.redeem(ticket, AgentClaims) == claims
        assert await one.redeem(ticket, AgentClaims) is None
        late = await one.issue(claims)
        clock.advance(TICKET_TTL_S + 0.1)
        assert await one.redeem(late, AgentClaims) is None
        assert await one.redeem("x" * 10_000, AgentClaims) is None
        await one.issue(claims)
        await own_desk.db.write(lambda tx: clean_up(tx, clock.now()))
        rows = await own_desk.db.read(lambda tx: tx.one("select count(*) from ticket"))
        assert rows == ((1,) if leases_away else (0,)), (
            "what expired is cleared away, and no ticket is kept in clear"
        )

    own_desk.run(work)


def test_a_ticket_whose_place_is_away_asks_for_another_try(desk: Running) -> None:
    async def work() -> None:
        tickets = Tickets(RedisLeases("redis://127.0.0.1:1"), desk.db, SetClock())
        with pytest.raises(UnavailableError):
            await tickets.redeem("a-ticket-from-before", AgentClaims)

    desk.run(work)
