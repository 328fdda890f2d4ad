"""The website channel over HTTP: from sites that an inbox allows, with a token that is the only credential."""

from typing import Any

import httpx
import pytest

import cast
from people import come, greeted, says, visitor
from running import Running
from wire import Peer

FOREIGN = ["https://evil.example", "null", "", "https://www.groenestroom.example.evil.example"]


def at_site(desk: Running, visit: cast.Visit | None = None, site: str = cast.SITE) -> httpx.Client:
    """A browser on a page of the site, with the visitor's token where given."""
    headers = {"origin": site}
    if visit is not None:
        headers["authorization"] = f"Bearer {visit.token}"
    return desk.browser(headers=headers)


def session(desk: Running, **more: Any) -> httpx.Response:
    body = {"inbox": desk.cast.stroom.site.key, **more}
    return at_site(desk).post("/v1/visitor/sessions", json=body)


def test_a_first_session_opens_a_socket_at_once(desk: Running) -> None:
    made = session(desk, name="Piet", language="en")
    assert made.status_code == 201
    body = made.json()
    assert body["desk"]["name"] == "Groene Stroom"
    assert len(body["token"]) >= 43
    peer = Peer(desk.port, f"/v1/socket/visitor?ticket={body['ticket']}", cast.SITE)
    assert greeted(peer)["visitor"]["conversations"] == []
    home = says(peer, "Hallo")["conversation"]
    row = desk.read(
        lambda tx: tx.one(
            "select k.name, c.language from conversation c join contact k on k.id = c.contact where c.id = ?",
            [home],
        )
    )
    assert row == ("Piet", "en")


@pytest.mark.parametrize("site", FOREIGN)
def test_a_site_that_is_not_allowed_gets_no_session_and_is_told_why(desk: Running, site: str) -> None:
    before = desk.read(lambda tx: tx.one("select count(*) from visitor"))
    refused = at_site(desk, site=site).post("/v1/visitor/sessions", json={"inbox": desk.cast.stroom.site.key})
    assert (refused.status_code, refused.json()["code"]) == (403, "origin_not_allowed")
    assert desk.read(lambda tx: tx.one("select count(*) from visitor")) == before


def test_an_inbox_of_another_site_is_no_way_in(desk: Running) -> None:
    refused = session(desk, inbox=desk.cast.gracht.site.key)
    assert (refused.status_code, refused.json()["code"]) == (403, "origin_not_allowed")


@pytest.mark.parametrize("key", ["", "nobody", "' or 1=1", "x" * 60])
def test_an_unknown_inbox_is_named(desk: Running, key: str) -> None:
    refused = session(desk, inbox=key)
    assert (refused.status_code, refused.json()["code"]) == (404, "inbox_unknown")


@pytest.mark.parametrize("site", FOREIGN)
def test_a_stolen_token_is_worth_nothing_on_another_site(desk: Running, site: str) -> None:
    thief = at_site(desk, come(desk), site)
    for answer in (
        thief.post("/v1/visitor/tickets"),
        thief.patch("/v1/visitor/contact", json={"name": "Dief"}),
        thief.get("/v1/visitor/conversations/cnv_01m802rs1zepdtjvqkmcfyrnps/facts?before=9"),
    ):
        assert answer.status_code in (401, 403)


@pytest.mark.parametrize("header", ["", "Bearer", "Basic abc", "Bearer " + "x" * 500, "Bearer a b"])
def test_a_call_without_a_good_token_is_refused(desk: Running, header: str) -> None:
    refused = desk.browser(headers={"origin": cast.SITE, "authorization": header}).post("/v1/visitor/tickets")
    assert refused.status_code in (400, 401)
    assert refused.json()["code"] in ("token_missing", "token_invalid")


def test_a_visitor_reads_its_own_older_messages_and_nobody_elses(desk: Running) -> None:
    visit, other = come(desk), come(desk)
    with visitor(desk, visit) as peer:
        home = says(peer, "0")["conversation"]
        for n in range(1, 30):
            says(peer, str(n))
    page = at_site(desk, visit).get(f"/v1/visitor/conversations/{home}/facts?before=10").json()
    assert [line["seq"] for line in page["log"]] == list(range(1, 10))
    assert not page["more"]
    assert all(line["pos"] == 0 for line in page["log"])
    stranger = at_site(desk, other).get(f"/v1/visitor/conversations/{home}/facts?before=10")
    assert (stranger.status_code, stranger.json()["code"]) == (404, "conversation_unknown")


@pytest.mark.parametrize("before", ["0", "-1", "x", "", str(2**40)])
def test_a_page_that_cannot_be_is_refused(desk: Running, before: str) -> None:
    visit = come(desk)
    with visitor(desk, visit) as peer:
        home = says(peer, "Hallo")["conversation"]
    answer = at_site(desk, visit).get(f"/v1/visitor/conversations/{home}/facts?before={before}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_what_the_site_says_of_its_visitor_becomes_the_contact(desk: Running) -> None:
    visit = come(desk)
    browser = at_site(desk, visit)
    claims = {"name": " Piet\u202e\n de Vries ", "email": "piet@example.nl"}
    assert browser.patch("/v1/visitor/contact", json=claims).status_code == 204
    with visitor(desk, visit) as peer:
        says(peer, "Hallo")
    assert browser.patch("/v1/visitor/contact", json={"email": "p@example.nl"}).status_code == 204
    row = desk.read(
        lambda tx: tx.one(
            "select k.name, k.email from contact k join visitor v on v.contact = k.id where v.id = ?",
            [visit.visitor],
        )
    )
    assert row == ("Piet de Vries", "p@example.nl")


def test_a_browser_may_ask_first(desk: Running) -> None:
    """The preflight of a call from a site (CORS)."""
    answer = desk.browser(headers={"origin": cast.SITE}).request(
        "OPTIONS", "/v1/visitor/tickets", headers={"access-control-request-method": "POST"}
    )
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == cast.SITE
    assert "access-control-allow-credentials" not in answer.headers


def test_new_sessions_from_one_address_have_a_limit(own_desk: Running) -> None:
    codes = [session(own_desk).status_code for _ in range(120)]
    assert codes[:100] == [201] * 100
    assert 429 in codes


def test_a_page_of_the_desk_itself_reads_without_an_origin(desk: Running) -> None:
    """Browsers send none when a page reads from where it came; the demo website is such a page."""
    body = {"inbox": desk.cast.stroom.site.key}
    token = desk.anybody.post("/v1/visitor/sessions", json=body).json()["token"]
    page = desk.browser(headers={"authorization": f"Bearer {token}"})
    del page.headers["origin"]
    own = {"sec-fetch-site": "same-origin"}
    assert page.get("/v1/visitor/look", headers=own).json() == {"look": None}
    for headers in (
        {},
        {"sec-fetch-site": "cross-site"},
        own | {"host": "elsewhere.example"},
        own | {"host": ""},
        own | {"origin": "null"},
    ):
        assert page.get("/v1/visitor/look", headers=headers).status_code == 401, headers
