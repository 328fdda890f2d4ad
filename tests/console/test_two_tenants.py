"""Threat S1: whoever asks, nothing of another organisation (or of a team's inbox) comes back or changes.

The crawler tries every route of the app with the ids of the other organisation. A new route fails here until it
stands in ROUTES.
"""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest

from balie.desk import deliveries
from balie.lib import ids
from cast import Office, Visit
from running import Running

SECRET = "geheim-van-de-gracht"
PUBLIC = "public"
ONLY_OWN = "only own"
BY_ID = "by id"
VISITOR = "visitor"

# Every route of the app: what may happen to it with another organisation's ids. BY_ID: must be 404.
ROUTES: dict[tuple[str, str], str] = {
    ("GET", "/"): PUBLIC,
    ("GET", "/healthz"): PUBLIC,
    ("GET", "/readyz"): PUBLIC,
    ("GET", "/metrics"): PUBLIC,
    ("GET", "/v1/openapi.json"): PUBLIC,
    ("POST", "/v1/session"): PUBLIC,
    ("GET", "/v1/session"): ONLY_OWN,
    ("PATCH", "/v1/session"): ONLY_OWN,
    ("DELETE", "/v1/session"): ONLY_OWN,
    ("POST", "/v1/session/ticket"): ONLY_OWN,
    ("GET", "/v1/conversations"): ONLY_OWN,
    ("GET", "/v1/conversations/{conversation}"): BY_ID,
    ("GET", "/v1/conversations/{conversation}/facts"): BY_ID,
    ("POST", "/v1/conversations/{conversation}/messages"): BY_ID,
    ("PUT", "/v1/conversations/{conversation}/assignment"): BY_ID,
    ("DELETE", "/v1/conversations/{conversation}/assignment"): BY_ID,
    ("PUT", "/v1/conversations/{conversation}/closure"): BY_ID,
    ("DELETE", "/v1/conversations/{conversation}/closure"): BY_ID,
    ("PUT", "/v1/conversations/{conversation}/drafts/{kind}"): BY_ID,
    ("GET", "/v1/contacts/{contact}"): BY_ID,
    ("PATCH", "/v1/contacts/{contact}"): BY_ID,
    ("GET", "/v1/contacts/{contact}/visit"): BY_ID,
    ("GET", "/v1/contacts/{contact}/conversations"): BY_ID,
    ("GET", "/v1/agents"): ONLY_OWN,
    ("POST", "/v1/agents"): ONLY_OWN,
    ("PATCH", "/v1/agents/{agent}"): BY_ID,
    ("GET", "/v1/teams"): ONLY_OWN,
    ("GET", "/v1/inboxes"): ONLY_OWN,
    ("PATCH", "/v1/inboxes/{inbox}"): BY_ID,
    ("GET", "/v1/calendars"): ONLY_OWN,
    ("POST", "/v1/calendars"): ONLY_OWN,
    ("POST", "/v1/calendars/preview"): ONLY_OWN,
    ("PUT", "/v1/calendars/{calendar}"): BY_ID,
    ("DELETE", "/v1/calendars/{calendar}"): BY_ID,
    ("GET", "/v1/replies"): ONLY_OWN,
    ("POST", "/v1/replies"): ONLY_OWN,
    ("PUT", "/v1/replies/{reply}"): BY_ID,
    ("DELETE", "/v1/replies/{reply}"): BY_ID,
    ("GET", "/v1/webhooks"): ONLY_OWN,
    ("POST", "/v1/webhooks"): ONLY_OWN,
    ("PUT", "/v1/webhooks/{webhook}"): BY_ID,
    ("DELETE", "/v1/webhooks/{webhook}"): BY_ID,
    ("POST", "/v1/webhooks/{webhook}/secret"): BY_ID,
    ("POST", "/v1/webhooks/{webhook}/tests"): BY_ID,
    ("POST", "/v1/webhooks/{webhook}/replays"): BY_ID,
    ("GET", "/v1/webhooks/{webhook}/deliveries"): BY_ID,
    ("GET", "/v1/webhooks/{webhook}/deliveries/{delivery}"): BY_ID,
    ("POST", "/v1/webhooks/{webhook}/deliveries/{delivery}/replays"): BY_ID,
    ("POST", "/v1/conversations/{conversation}/looks"): BY_ID,
    ("GET", "/v1/conversations/{conversation}/look"): BY_ID,
    ("POST", "/v1/looks/join"): ONLY_OWN,
    ("GET", "/v1/looks/{look}"): BY_ID,
    ("POST", "/v1/looks/{look}/end"): BY_ID,
    ("POST", "/v1/looks/{look}/control"): BY_ID,
    ("DELETE", "/v1/looks/{look}/control"): BY_ID,
    ("POST", "/v1/looks/{look}/tickets"): BY_ID,
    ("POST", "/v1/looks/{look}/recording"): BY_ID,
    ("DELETE", "/v1/looks/{look}/recording"): BY_ID,
    ("GET", "/v1/looks/{look}/recording"): BY_ID,
    ("GET", "/v1/looks/{look}/recording/pieces/{n}"): BY_ID,
    ("DELETE", "/v1/looks/{look}/recording/pieces"): BY_ID,
    ("GET", "/v1/conversations/{conversation}/looks/audit"): BY_ID,
    ("GET", "/v1/inboxes/{inbox}/looks/audit"): BY_ID,
    ("GET", "/v1/inboxes/{inbox}/looking-policy"): BY_ID,
    ("PUT", "/v1/inboxes/{inbox}/looking-policy"): BY_ID,
    ("GET", "/v1/inboxes/{inbox}/looking-policy/versions"): BY_ID,
    # The token in the address is the right: tests/features/cobrowse_server/test_assets.py.
    ("GET", "/v1/mirror/assets/{token}"): PUBLIC,
    ("POST", "/v1/visitor/sessions"): VISITOR,
    ("POST", "/v1/visitor/tickets"): VISITOR,
    ("PATCH", "/v1/visitor/contact"): VISITOR,
    ("GET", "/v1/visitor/conversations/{conversation}/facts"): VISITOR,
    ("GET", "/v1/visitor/look"): VISITOR,
    ("GET", "/v1/visitor/looking-policy"): VISITOR,
    ("POST", "/v1/visitor/looks"): VISITOR,
    ("POST", "/v1/visitor/looks/{look}/answer"): VISITOR,
    ("POST", "/v1/visitor/looks/{look}/pause"): VISITOR,
    ("POST", "/v1/visitor/looks/{look}/resume"): VISITOR,
    ("POST", "/v1/visitor/looks/{look}/end"): VISITOR,
    ("POST", "/v1/visitor/looks/{look}/control"): VISITOR,
    ("DELETE", "/v1/visitor/looks/{look}/control"): VISITOR,
    ("POST", "/v1/visitor/looks/{look}/places"): VISITOR,
    ("POST", "/v1/visitor/looks/{look}/hand-overs"): VISITOR,
    ("POST", "/v1/visitor/hand-overs"): VISITOR,
    ("POST", "/v1/visitor/hand-overs/answer"): VISITOR,
    ("POST", "/v1/visitor/page-state"): VISITOR,
    ("POST", "/v1/visitor/looks/{look}/recording"): VISITOR,
    ("DELETE", "/v1/visitor/looks/{look}/recording"): VISITOR,
    ("POST", "/v1/visitor/looks/{look}/actions"): VISITOR,
    ("POST", "/v1/visitor/looks/{look}/tickets"): VISITOR,
}
ADMINS_LISTS = {("GET", "/v1/webhooks")}
# Files, served from a list that was read at the start.
AREAS = {"/mirror", "/console", "/widget", "/widget.js", "/v1/reference", "/demo"}

CALENDAR = {
    "name": SECRET,
    "timeZone": "Europe/Amsterdam",
    "week": [[{"start": "08:00", "end": "21:00"}], [], [], [], [], [], []],
    "version": 1,
}
WEBHOOK = {"url": "https://8.8.8.8/", "description": SECRET, "events": ["message.added"], "active": False}
BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/v1/conversations/{conversation}/messages"): {"cid": ids.new_cid(), "text": "hello"},
    ("PUT", "/v1/conversations/{conversation}/assignment"): {"agent": "{own}"},
    ("PUT", "/v1/conversations/{conversation}/drafts/{kind}"): {"text": "hello"},
    ("PATCH", "/v1/contacts/{contact}"): {"name": "changed"},
    ("PATCH", "/v1/agents/{agent}"): {"name": "changed", "password": "changed-by-others"},
    ("PATCH", "/v1/inboxes/{inbox}"): {"name": "changed"},
    ("PUT", "/v1/calendars/{calendar}"): {**CALENDAR, "name": "changed"},
    ("PUT", "/v1/replies/{reply}"): {"shortcut": "changed", "title": "changed", "text": "changed"},
    ("PUT", "/v1/webhooks/{webhook}"): WEBHOOK,
    ("POST", "/v1/webhooks/{webhook}/secret"): {},
    ("POST", "/v1/webhooks/{webhook}/replays"): {"since": 0},
    ("POST", "/v1/looks/{look}/control"): {"kind": "act"},
    ("PUT", "/v1/inboxes/{inbox}/looking-policy"): {
        "version": 0,
        "profile": "open",
        "policy": {"version": 1, "show": ["*"]},
    },
}
QUERIES = {("GET", "/v1/inboxes/{inbox}/looks/audit"): "?from=0&to=9007199254740991"}


class Target(msgspec.Struct):
    """What an outsider tries to reach, and how the database looks before."""

    visit: Visit
    values: dict[str, str]


@pytest.fixture(scope="module")
def target(desk: Running) -> Target:
    office = desk.cast.gracht
    visit = desk.asks(office, SECRET, name=SECRET)
    eva = desk.agent(office, "eva")
    reply = eva.post("/v1/replies", json={"shortcut": "secret", "title": SECRET, "text": SECRET}).json()
    calendar = eva.post("/v1/calendars", json=CALENDAR).json()
    webhook = eva.post("/v1/webhooks", json=WEBHOOK).json()["webhook"]["id"]
    desk.write(lambda tx: deliveries.add(tx, [parcel(office, webhook)], desk.clock.now()))
    delivery = eva.get(f"/v1/webhooks/{webhook}/deliveries").json()["items"][0]["id"]
    look = eva.post(f"/v1/conversations/{visit.conversation}/looks").json()["id"]
    values = {
        "look": look,
        "webhook": webhook,
        "delivery": delivery,
        "conversation": visit.conversation,
        "contact": visit.contact,
        "agent": office.agents["joris"].id,
        "inbox": office.site.id,
        "calendar": calendar["id"],
        "reply": reply["id"],
        "kind": "message",
        "n": "0",
    }
    return Target(visit, values)


def parcel(office: Office, webhook: str) -> deliveries.Parcel:
    return deliveries.Parcel(
        organisation=office.organisation.id,
        channel="webhook",
        target=webhook,
        order_key="",
        source="",
        topic=SECRET,
        body=SECRET,
    )


def routes_of(desk: Running) -> Iterator[tuple[str, str]]:
    for route in desk.app.http.litestar.routes:
        for method in getattr(route, "methods", ()):
            if method not in ("OPTIONS", "HEAD"):
                yield method, route.path.replace(":str}", "}").replace(":int}", "}")


def test_every_route_of_the_app_is_listed_here(desk: Running) -> None:
    assert set(routes_of(desk)) == set(ROUTES)
    mounted = {route.path for route in desk.app.http.litestar.routes if not getattr(route, "methods", None)}
    assert mounted <= AREAS


def attempts(kind: str) -> list[tuple[str, str]]:
    return [route for route, how in ROUTES.items() if how == kind]


def call(browser: httpx.Client, route: tuple[str, str], values: dict[str, str], own: str) -> httpx.Response:
    method, path = route
    body = BODIES.get(route)
    text = None if body is None else json.dumps(body).replace("{own}", own)
    headers = {} if text is None else {"content-type": "application/json"}
    address = path.format(**values) + QUERIES.get(route, "")
    return browser.request(method, address, content=text, headers=headers)


def everything(desk: Running, office: Office) -> list[Any]:
    """All rows that another organisation must not change."""
    tables = (
        "agent", "inbox", "calendar", "contact", "conversation", "fact", "reply", "team", "visitor", "webhook", "look",
        "looking_policy", "look_recording",
    )  # fmt: skip
    return [
        desk.read(
            lambda tx, table=table: tx.all(
                f"select * from {table} where organisation = ?", [office.organisation.id]
            )
        )
        for table in tables
    ]


@pytest.mark.parametrize("route", attempts(BY_ID), ids=" ".join)
@pytest.mark.parametrize("name", ["sanne", "fatima"])
def test_ids_of_another_organisation_do_not_exist_for_an_agent(
    desk: Running, target: Target, name: str, route: tuple[str, str]
) -> None:
    office = desk.cast.stroom
    before = everything(desk, desk.cast.gracht)
    answer = call(desk.agent(office, name), route, target.values, office.agents[name].id)
    unknown = {key: value[:-4] + "zzzz" if "_" in value else value for key, value in target.values.items()}
    nothing = call(desk.agent(office, name), route, unknown, office.agents[name].id)
    assert answer.status_code == nothing.status_code
    assert answer.status_code == 404 or (answer.status_code == 403 and name == "fatima")
    assert without_id(answer) == without_id(nothing)
    assert SECRET not in answer.text
    assert everything(desk, desk.cast.gracht) == before


def without_id(answer: httpx.Response) -> dict[str, Any]:
    return {key: value for key, value in answer.json().items() if key != "instance"}


@pytest.mark.parametrize("route", [r for r in attempts(ONLY_OWN) if r[0] == "GET"], ids=" ".join)
def test_lists_hold_nothing_of_another_organisation(
    desk: Running, target: Target, route: tuple[str, str]
) -> None:
    for name in ("sanne", "fatima"):
        answer = desk.agent(desk.cast.stroom, name).get(route[1])
        assert answer.status_code == (403 if name == "fatima" and route in ADMINS_LISTS else 200)
        assert SECRET not in answer.text
        strangers = [desk.cast.gracht.organisation.id, *target.values.values(), target.visit.visitor]
        assert not [one for one in strangers if "_" in one and one in answer.text]


@pytest.mark.parametrize("route", attempts(BY_ID) + attempts(ONLY_OWN), ids=" ".join)
def test_nobody_reaches_anything_without_sign_in(
    desk: Running, target: Target, route: tuple[str, str]
) -> None:
    answer = call(desk.anybody, route, target.values, "")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize("route", attempts(BY_ID) + attempts(ONLY_OWN), ids=" ".join)
def test_a_visitors_token_opens_nothing_of_the_agents(
    desk: Running, target: Target, route: tuple[str, str]
) -> None:
    with_token = desk.browser(
        headers={"authorization": f"Bearer {target.visit.token}"},
        cookies={"balie_session": target.visit.token},
    )
    answer = call(with_token, route, target.values, "")
    assert answer.status_code in (401, 403)
    assert answer.json()["code"] in ("not_signed_in", "csrf")


def test_a_conversation_cannot_be_given_to_another_organisations_agent(desk: Running, target: Target) -> None:
    mine = desk.asks(desk.cast.stroom, "Where is my bill?")
    answer = desk.agent(desk.cast.stroom, "sanne").put(
        f"/v1/conversations/{mine.conversation}/assignment", json={"agent": target.values["agent"]}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "agent_unknown")


def test_an_agent_cannot_be_put_into_another_organisations_team(desk: Running) -> None:
    office = desk.cast.stroom
    strange = desk.cast.gracht.teams["service"].id
    answer = desk.agent(office, "sanne").patch(
        f"/v1/agents/{office.agents['tom'].id}", json={"teams": [strange]}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "team_unknown")


def test_a_visitor_reads_only_the_own_conversation(desk: Running, target: Target) -> None:
    mine = desk.asks(desk.cast.stroom, "Where is my bill?")
    site = desk.browser(
        headers={"authorization": f"Bearer {mine.token}", "origin": desk.cast.stroom.site.allowed_origins[0]}
    )
    own = site.get(f"/v1/visitor/conversations/{mine.conversation}/facts?before=1000")
    assert "Where is my bill?" in own.text
    strange = site.get(f"/v1/visitor/conversations/{target.visit.conversation}/facts?before=1000")
    assert strange.status_code == 404
    assert SECRET not in strange.text


def test_an_agent_reads_only_the_inboxes_of_the_own_teams(desk: Running) -> None:
    office = desk.cast.stroom
    hidden = desk.asks(office, "Only for engineers", inbox=office.engineers)
    for name, status in (("fatima", 404), ("tom", 200), ("daan", 200), ("sanne", 200)):
        browser = desk.agent(office, name)
        for path in (
            f"/v1/conversations/{hidden.conversation}",
            f"/v1/conversations/{hidden.conversation}/facts",
            f"/v1/contacts/{hidden.contact}",
            f"/v1/contacts/{hidden.contact}/visit",
            f"/v1/contacts/{hidden.contact}/conversations",
        ):
            assert browser.get(path).status_code == status, (name, path)
        listed = [row["id"] for row in browser.get("/v1/conversations?limit=200").json()["items"]]
        assert (hidden.conversation in listed) is (status == 200)
    answer = desk.agent(office, "fatima").post(
        f"/v1/conversations/{hidden.conversation}/messages", json={"cid": ids.new_cid(), "text": "hello"}
    )
    assert answer.status_code == 404
