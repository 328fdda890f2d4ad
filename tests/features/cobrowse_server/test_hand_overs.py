"""A look goes on at a sister site: with the visitor's yes there, once, and for nobody else (threat S24)."""

from typing import Any

import httpx
import pytest
from look_people import Guest, facts_of, good, refused, viewing, visitor_ticket

from balie.features.cobrowse import hand_overs, policy
from balie.lib.errors import InvalidError
from cast import SITE
from running import Running

SISTER = "https://mijn.groenestroom.example"
COUSIN = "https://acties.groenestroom.example"
WORDS = {"language": "nl", "consentText": "site-2026-11"}
GONE = (404, "hand_over_unknown")


class Crossing:
    """A look on the site, and the browser at a sister site that the policy trusts."""

    def __init__(self, desk: Running) -> None:
        self.desk = desk
        office = desk.cast.stroom
        self.key = office.site.key
        self.sanne = desk.agent(office, "sanne")
        self.inbox = f"/v1/inboxes/{office.site.id}"
        self.allows(SITE, SISTER, COUSIN)
        self.trusts(SISTER)
        self.guest, _, self.look = viewing(desk)

    def allows(self, *sites: str) -> None:
        self.sanne.patch(self.inbox, json={"allowedOrigins": list(sites)}).raise_for_status()

    def trusts(self, *sisters: str) -> None:
        now = good(self.sanne.get(f"{self.inbox}/looking-policy"))
        body = {"version": now["version"], "profile": "normal", "policy": now["policy"]}
        body["policy"]["sisters"] = list(sisters)
        good(self.sanne.put(f"{self.inbox}/looking-policy", json=body))

    def leaves(self, to: str = SISTER) -> str:
        return str(good(self.guest.do(self.look, "hand-overs", to=to))["token"])

    def at(self, site: str, what: str, **body: Any) -> httpx.Response:
        path = f"/v1/visitor/hand-overs{what}"
        return self.desk.anybody.post(path, json=body, headers={"origin": site})

    def arrives(self, token: str, site: str = SISTER, **changes: Any) -> httpx.Response:
        return self.at(site, "", **({"inbox": self.key, "token": token, "from": SITE} | changes))

    def answers(self, confirm: str, site: str = SISTER, **changes: Any) -> httpx.Response:
        given = {"confirm": confirm, "accept": True, "tab": "t9", "address": f"{SISTER}/saldo?x=1", **WORDS}
        return self.at(site, "/answer", **(given | changes))

    def confirm(self) -> str:
        return str(good(self.arrives(self.leaves()))["confirm"])


@pytest.fixture
def crossing(own_desk: Running) -> Crossing:
    return Crossing(own_desk)


def test_a_yes_at_the_sister_site_goes_on_there_and_stands_in_the_log(crossing: Crossing) -> None:
    desk, guest, look = crossing.desk, crossing.guest, crossing.look
    assert visitor_ticket(guest, look)["sisters"] == [SISTER]
    arrival = good(crossing.arrives(crossing.leaves()))
    assert arrival["agent"]["name"] == "Sanne"
    answer = good(crossing.answers(arrival["confirm"]))
    assert answer["look"]["state"] == "viewing"
    headers = {"origin": SISTER, "authorization": f"Bearer {answer['token']}"}
    there = desk.browser(headers=headers)
    assert good(there.get("/v1/visitor/look"))["look"]["id"] == look
    assert good(there.post(f"/v1/visitor/looks/{look}/tickets", json={"tab": "t9"}))["epoch"] > 0
    # The token is that site's own.
    assert there.get("/v1/visitor/look", headers={"origin": SITE}).status_code == 401
    log = good(crossing.sanne.get(f"/v1/conversations/{guest.visit.conversation}/facts"))["log"]
    (continued,) = (one["body"] for one in log if one["kind"] == "look_continued")
    assert continued == {"look": look, "on": "site", "tab": "t9", "address": f"{SISTER}/saldo", **WORDS}


def test_a_no_at_the_sister_site_ends_the_look(crossing: Crossing) -> None:
    answer = good(crossing.answers(crossing.confirm(), accept=False))
    assert (answer["token"], answer["look"]["state"], answer["look"]["endReason"]) == (
        None,
        "ended",
        "visitor",
    )
    assert facts_of(crossing.desk, crossing.guest.visit.conversation)[-1] == "look_ended"


def test_a_word_works_once_even_for_who_kept_it(crossing: Crossing) -> None:
    token = crossing.leaves()
    confirm = good(crossing.arrives(token))["confirm"]
    assert refused(crossing.arrives(token)) == GONE
    good(crossing.answers(confirm))
    assert refused(crossing.answers(confirm)) == GONE
    assert refused(crossing.arrives(confirm)) == GONE
    assert refused(crossing.answers(crossing.leaves())) == GONE


def test_a_word_for_one_site_from_one_site_is_worth_nothing_elsewhere_and_used_up(crossing: Crossing) -> None:
    wrong: list[tuple[str, dict[str, str]]] = [
        (COUSIN, {}),
        (SITE, {}),
        ("https://evil.example", {}),
        (SISTER, {"from": COUSIN}),
        (SISTER, {"from": ""}),
        (SISTER, {"from": "https://evil.example"}),
    ]
    for site, changes in wrong:
        token = crossing.leaves()
        assert refused(crossing.arrives(token, site, **changes)) == GONE
        assert refused(crossing.arrives(token)) == GONE


def test_the_answer_counts_at_the_site_that_was_asked(crossing: Crossing) -> None:
    crossing.trusts(SISTER, COUSIN)
    assert refused(crossing.answers(crossing.confirm(), COUSIN)) == GONE


def test_another_organisation_s_inbox_gets_nothing(crossing: Crossing) -> None:
    office = crossing.desk.cast.gracht
    eva = crossing.desk.agent(office, "eva")
    eva.patch(f"/v1/inboxes/{office.site.id}", json={"allowedOrigins": [SISTER]}).raise_for_status()
    assert refused(crossing.arrives(crossing.leaves(), inbox=office.site.key)) == GONE
    assert (
        crossing.arrives(crossing.leaves(), inbox=crossing.desk.cast.stroom.engineers.key).status_code >= 400
    )


def test_a_word_lasts_a_minute(crossing: Crossing) -> None:
    assert hand_overs.LIFE_S <= 60
    token = crossing.leaves()
    crossing.desk.clock.advance(hand_overs.LIFE_S + 1)
    assert refused(crossing.arrives(token)) == GONE
    confirm = crossing.confirm()
    crossing.desk.clock.advance(hand_overs.LIFE_S + 1)
    assert refused(crossing.answers(confirm)) == GONE


def test_after_the_end_nothing_goes_on(crossing: Crossing) -> None:
    token, confirm = crossing.leaves(), crossing.confirm()
    good(crossing.guest.do(crossing.look, "end", reason="visitor"))
    assert refused(crossing.arrives(token)) == GONE
    assert refused(crossing.answers(confirm)) == (409, "look_ended")
    assert refused(crossing.guest.do(crossing.look, "hand-overs", to=SISTER)) == (409, "look_ended")


def test_only_sites_that_policy_and_inbox_name_are_gone_to(crossing: Crossing) -> None:
    for to in (COUSIN, SITE, "https://evil.example", "javascript:alert(1)", "", f"{SISTER}.evil.example"):
        answer = crossing.guest.do(crossing.look, "hand-overs", to=to)
        assert refused(answer) == (403, "site_not_trusted"), to


def test_a_site_that_is_trusted_no_more_is_left_out_at_every_step(crossing: Crossing) -> None:
    token, confirm = crossing.leaves(), crossing.confirm()
    crossing.trusts()
    assert refused(crossing.guest.do(crossing.look, "hand-overs", to=SISTER)) == (403, "site_not_trusted")
    assert refused(crossing.arrives(token)) == GONE
    assert refused(crossing.answers(confirm)) == GONE
    crossing.trusts(SISTER)
    crossing.allows(SITE)
    assert refused(crossing.guest.do(crossing.look, "hand-overs", to=SISTER)) == (403, "site_not_trusted")


def test_a_site_that_came_later_was_not_agreed_to(crossing: Crossing) -> None:
    crossing.trusts(SISTER, COUSIN)
    assert refused(crossing.guest.do(crossing.look, "hand-overs", to=COUSIN)) == (403, "site_not_trusted")


def test_somebody_else_s_look_is_not_handed_over(crossing: Crossing) -> None:
    stranger = Guest(crossing.desk)
    assert refused(stranger.do(crossing.look, "hand-overs", to=SISTER)) == (404, "look_unknown")
    assert crossing.answers(crossing.confirm(), language=None).status_code == 400


def test_guessing_is_counted(crossing: Crossing) -> None:
    for _ in range(hand_overs.HAND_OVERS):
        assert refused(crossing.arrives("x" * 43)) == GONE
    assert refused(crossing.arrives("x" * 43)) == (429, "too_many_hand_overs")


@pytest.mark.parametrize(
    "site",
    [
        "http://mijn.example.nl", "https://mijn.example.nl/", "https://mijn.example.nl/a", "https://MIJN.example.nl",
        "mijn.example.nl", "https://*.example.nl", "https://a@mijn.example.nl", "javascript:1", "null", 7,
        "http://localhost.evil.example",
    ],
)  # fmt: skip
def test_a_policy_names_origins_and_nothing_wider(site: Any) -> None:
    with pytest.raises(InvalidError) as refusal:
        policy.checked("normal", policy.START | {"sisters": [SISTER, site]})
    assert [flaw.pointer for flaw in refusal.value.errors] == ["/policy/sisters/1"]


def test_a_policy_names_each_site_once_and_twenty_at_most() -> None:
    local = "http://127.0.0.1:8080"
    checked = policy.checked("normal", policy.START | {"sisters": [SISTER, local, SISTER]})
    assert checked["sisters"] == [SISTER, local]
    assert policy.digest(checked) == policy.digest(policy.START)
    with pytest.raises(InvalidError):
        policy.checked("normal", policy.START | {"sisters": [f"https://s{n}.example" for n in range(21)]})
