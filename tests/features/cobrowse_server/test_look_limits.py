"""Time limits and other limits of looks, on a running desk with a clock that tests move."""

from typing import Any

import msgspec
import pytest
from look_people import Guest, asking_guest, facts_of, good, invited, page, refused, viewing

from running import Running


def later(desk: Running, seconds: float) -> None:
    """Move the clock, and let what is due happen."""
    desk.clock.advance(seconds)

    async def fire() -> None:
        timers = desk.app.backstage.timers
        while (due := await timers.run()) is not None and due <= desk.clock.now():
            pass

    desk.run(fire)


def state_of(guest: Guest, look: str) -> tuple[str, str | None]:
    row: Any = guest.desk.read(lambda tx: tx.one("select state, end_reason from look where id = ?", [look]))
    return str(row[0]), row[1]


def test_an_invitation_lasts_ten_minutes(own_desk: Running) -> None:
    guest = asking_guest(own_desk)
    look = invited(own_desk.agent(own_desk.cast.stroom, "sanne"), guest)
    later(own_desk, 599)
    assert state_of(guest, look) == ("invited", None)
    later(own_desk, 1)
    assert state_of(guest, look) == ("ended", "timeout")
    assert facts_of(own_desk, guest.visit.conversation) == ["look_invited", "look_declined"]


def test_an_answer_that_is_late_counts_for_nothing_though_no_timer_fired(own_desk: Running) -> None:
    guest, sanne = asking_guest(own_desk), own_desk.agent(own_desk.cast.stroom, "sanne")
    look = invited(sanne, guest)
    own_desk.clock.advance(600)
    assert refused(guest.do(look, "answer", accept=True, language="nl", consentText="1")) == (
        409,
        "look_ended",
    )
    # And a late look is in nobody's way.
    assert invited(sanne, guest) != look


def test_a_code_lasts_five_minutes_and_then_opens_nothing(own_desk: Running) -> None:
    guest, sanne = Guest(own_desk), own_desk.agent(own_desk.cast.stroom, "sanne")
    look, code = guest.shows_code()
    own_desk.clock.advance(300)
    assert refused(sanne.post("/v1/looks/join", json={"code": code})) == (404, "code_unknown")
    later(own_desk, 0)
    assert state_of(guest, look) == ("ended", "timeout")
    assert own_desk.read(lambda tx: tx.one("select code_digest from look where id = ?", [look]))[0] is None  # type: ignore[index]


def test_the_question_after_a_code_is_open_for_a_minute(own_desk: Running) -> None:
    guest, sanne = asking_guest(own_desk), own_desk.agent(own_desk.cast.stroom, "sanne")
    look, code = guest.shows_code()
    later(own_desk, 200)
    good(sanne.post("/v1/looks/join", json={"code": code}))
    later(own_desk, 59)
    assert state_of(guest, look) == ("asking", None)
    later(own_desk, 1)
    assert state_of(guest, look) == ("ended", "timeout")


def test_a_visitor_who_does_nothing_for_fifteen_minutes_is_looked_at_no_more(own_desk: Running) -> None:
    guest, _, look = viewing(own_desk)
    later(own_desk, 800)
    good(guest.do(look, "pause", by="visitor"))
    good(guest.http.post(f"/v1/visitor/looks/{look}/resume"))
    later(own_desk, 899)
    assert state_of(guest, look) == ("viewing", None)
    later(own_desk, 1)
    assert state_of(guest, look) == ("ended", "idle")


def test_a_touch_of_the_page_keeps_the_look_going_and_a_frame_does_not(own_desk: Running) -> None:
    guest, _, look = viewing(own_desk)
    visitor = page(guest, look)
    own_desk.clock.advance(600)
    visitor.frame(b'{"t":"alive"}')
    visitor.quiet()
    while not touched(own_desk, look):
        pass
    later(own_desk, 899)
    assert state_of(guest, look) == ("viewing", None)
    later(own_desk, 1)
    assert state_of(guest, look) == ("ended", "idle")


def touched(desk: Running, look: str) -> bool:
    row: Any = desk.read(lambda tx: tx.one("select touched_at from look where id = ?", [look]))
    return bool(row[0] == desk.clock.now())


def test_a_question_for_control_is_open_for_half_a_minute(own_desk: Running) -> None:
    guest, sanne, look = viewing(own_desk)
    good(sanne.post(f"/v1/looks/{look}/control", json={"kind": "scroll"}))
    own_desk.clock.advance(30)
    assert refused(guest.do(look, "control", kind="scroll", granted=True)) == (409, "control_not_asked")
    later(own_desk, 0)
    assert good(sanne.get(f"/v1/looks/{look}"))["asked"] is None
    assert facts_of(own_desk, guest.visit.conversation)[-2:] == ["control_asked", "control_withdrawn"]


def test_each_grant_ends_after_ten_minutes_of_its_own(own_desk: Running) -> None:
    guest, sanne, look = viewing(own_desk)
    for kind in ("scroll", "act"):
        good(sanne.post(f"/v1/looks/{look}/control", json={"kind": kind}))
        guest.grants(look, kind)
        later(own_desk, 300)
    seen = good(sanne.get(f"/v1/looks/{look}"))
    assert (seen["scrollUntil"], seen["controller"]["name"]) == (None, "Sanne")
    assert seen["actUntil"] is not None
    later(own_desk, 300)
    seen = good(sanne.get(f"/v1/looks/{look}"))
    assert (seen["actUntil"], seen["controller"]) == (None, None)


def test_what_an_agents_hand_did_is_written_without_values(own_desk: Running) -> None:
    guest, sanne, look = viewing(own_desk)
    action = {"action": "click", "label": "Volgende " * 20, "outcome": "done"}
    assert refused(guest.do(look, "actions", **action)) == (409, "no_grant")
    good(sanne.post(f"/v1/looks/{look}/control", json={"kind": "act"}))
    guest.grants(look, "act")
    assert guest.do(look, "actions", **action).status_code == 204
    home = guest.visit.conversation
    row: Any = own_desk.read(
        lambda tx: tx.one(
            "select body, actor_name from fact where stream = ? and kind = 'control_used'", [home]
        )
    )
    assert '"label":"' + ("Volgende " * 20)[:80] + '"' in row[0]
    assert row[1] == "Sanne"


def test_the_visitors_answer_for_a_proposed_page_is_written_as_their_own_and_takes_no_grant(
    own_desk: Running,
) -> None:
    guest, _, look = viewing(own_desk)
    answer = {"action": "visit", "label": "https://stroom.nl/tarieven", "outcome": "declined"}
    assert guest.do(look, "actions", **answer).status_code == 204
    row: Any = own_desk.read(
        lambda tx: tx.one(
            "select body, actor_kind from fact where stream = ? and kind = 'control_used'",
            [guest.visit.conversation],
        )
    )
    assert msgspec.json.decode(row[0]) == {"look": look, **answer}
    assert row[1] == "contact"
    good(guest.do(look, "pause", by="visitor"))
    assert refused(guest.do(look, "actions", **answer)) == (409, "look_not_viewing")


def test_codes_cannot_be_guessed(own_desk: Running) -> None:
    sanne = own_desk.agent(own_desk.cast.stroom, "sanne")
    _, code = Guest(own_desk).shows_code()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        assert refused(sanne.post("/v1/looks/join", json={"code": wrong})) == (404, "code_unknown")
    late = sanne.post("/v1/looks/join", json={"code": code})
    assert refused(late) == (429, "too_many_tries")
    assert int(late.headers["retry-after"]) > 0
    own_desk.clock.advance(290)
    assert refused(sanne.post("/v1/looks/join", json={"code": code})) == (429, "too_many_tries")


def test_many_agents_together_guess_no_more_than_their_address_may(own_desk: Running) -> None:
    names = ("sanne", "daan", "fatima", "tom")
    tries = [
        own_desk.agent(own_desk.cast.stroom, name)
        .post("/v1/looks/join", json={"code": f"{n:06d}"})
        .status_code
        for name in names
        for n in range(5)
    ]
    assert tries == [404] * 20
    gracht = own_desk.cast.gracht
    more = [
        own_desk.agent(gracht, name).post("/v1/looks/join", json={"code": f"{n:06d}"}).status_code
        for name in ("eva", "joris")
        for n in range(5)
    ]
    assert more == [404] * 10
    fresh = own_desk.sign_in(gracht, "eva")
    own_desk.clock.advance(1)
    assert fresh.post("/v1/looks/join", json={"code": "000000"}).status_code == 429


def test_a_code_of_another_organisation_is_unknown(desk: Running) -> None:
    _, code = Guest(desk, office=desk.cast.gracht).shows_code()
    daan = desk.agent(desk.cast.stroom, "daan")
    assert refused(daan.post("/v1/looks/join", json={"code": code})) == (404, "code_unknown")


def test_a_code_lies_nowhere_in_clear(own_desk: Running) -> None:
    look, code = Guest(own_desk).shows_code()
    row: Any = own_desk.read(lambda tx: tx.one("select * from look where id = ?", [look]))
    assert code not in repr(tuple(row))


def test_a_visitor_shows_ten_codes_an_hour(own_desk: Running) -> None:
    guest = Guest(own_desk)
    for _ in range(10):
        look, _ = guest.shows_code()
        good(guest.do(look, "end", reason="visitor"))
    assert refused(guest.http.post("/v1/visitor/looks")) == (429, "too_many_codes")


@pytest.mark.parametrize(
    "body", [{}, {"code": "12345"}, {"code": "12345a"}, {"code": 123456}, {"code": "١٢٣٤٥٦"}]
)
def test_what_is_no_code_is_named(desk: Running, body: dict[str, Any]) -> None:
    answer = desk.agent(desk.cast.stroom, "tom").post("/v1/looks/join", json=body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/code"


def test_consent_without_its_text_or_language_is_no_consent(desk: Running) -> None:
    guest = asking_guest(desk)
    look = invited(desk.agent(desk.cast.stroom, "sanne"), guest)
    answer = guest.do(look, "answer", accept=True)
    assert answer.status_code == 400
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/consentText", "/language"]
    assert guest.look()["state"] == "invited"  # type: ignore[index]


def test_a_visitor_needs_the_token_and_the_site(desk: Running) -> None:
    guest = Guest(desk)
    for headers, status in (
        ({"authorization": ""}, 401),
        ({"authorization": "Bearer x"}, 401),
        ({"origin": "https://www.elders.example"}, 401),
    ):
        for method, path in (("GET", "/v1/visitor/look"), ("POST", "/v1/visitor/looks")):
            answer = guest.http.request(method, path, headers=headers)
            assert answer.status_code == status
            assert answer.headers["content-type"] == "application/problem+json"
