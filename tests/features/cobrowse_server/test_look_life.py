"""The life of a look over HTTP: who may do what, and what is told of it."""

from look_people import CONSENT, NOT, Guest, asking_guest, facts_of, good, invited, refused, viewing

from running import Running


def test_an_invitation_that_is_accepted_begins_a_look(own_desk: Running) -> None:
    guest, sanne = asking_guest(own_desk), own_desk.agent(own_desk.cast.stroom, "sanne")
    home = guest.visit.conversation
    assert sanne.get(f"/v1/conversations/{home}/look").json() is None
    look = invited(sanne, guest)
    seen = guest.look()
    assert seen is not None
    assert (seen["state"], seen["agent"]["name"]) == ("invited", "Sanne")
    after = guest.accepts(look)
    assert (after["state"], after["consentText"], after["language"]) == ("viewing", "2026-11", "nl")
    assert sanne.get(f"/v1/conversations/{home}/look").json() == after
    assert facts_of(own_desk, home) == ["look_invited", "look_accepted"]
    accepted = sanne.get(f"/v1/conversations/{home}/facts").json()["log"][-1]["body"]
    assert accepted["address"] == "https://www.groenestroom.example/nota"
    assert (
        accepted["policyHash"]
        == after["policyHash"]
        == guest.http.get("/v1/visitor/looking-policy").json()["hash"]
    )


def test_a_visitor_who_never_wrote_is_joined_by_code(own_desk: Running) -> None:
    guest, sanne = Guest(own_desk), own_desk.agent(own_desk.cast.stroom, "sanne")
    assert guest.look() is None
    look, code = guest.shows_code()
    joined = good(sanne.post("/v1/looks/join", json={"code": code}))
    assert (joined["id"], joined["state"]) == (look, "asking")
    opened = good(sanne.get(f"/v1/conversations/{joined['conversation']}"))
    assert opened["conversation"]["contact"]["name"] == "Marieke Visser"
    assert refused(sanne.post("/v1/looks/join", json={"code": code})) == (404, "code_unknown")
    assert guest.accepts(look)["state"] == "viewing"
    assert facts_of(own_desk, joined["conversation"]) == ["look_invited", "look_accepted"]


def test_a_visitor_may_say_no(own_desk: Running) -> None:
    guest, sanne = asking_guest(own_desk), own_desk.agent(own_desk.cast.stroom, "sanne")
    look = invited(sanne, guest)
    declined = good(guest.do(look, "answer", **NOT))
    assert (declined["state"], declined["endReason"]) == ("ended", "declined")
    assert refused(guest.do(look, "answer", **CONSENT)) == (409, "look_ended")
    assert guest.look() is None
    invited(sanne, guest)


def test_pausing_stopping_and_going_on_twice_is_once(own_desk: Running) -> None:
    guest, sanne, look = viewing(own_desk)
    for _ in range(2):
        assert good(guest.do(look, "pause", by="visitor"))["pausedBy"] == "visitor"
    assert good(guest.http.post(f"/v1/visitor/looks/{look}/resume?by=page"))["state"] == "paused"
    for _ in range(2):
        assert good(guest.do(look, "resume"))["state"] == "viewing"
    for _ in range(2):
        assert good(sanne.post(f"/v1/looks/{look}/end"))["endReason"] == "agent"
    kinds = facts_of(own_desk, guest.visit.conversation)
    assert kinds == ["look_invited", "look_accepted", "look_paused", "look_resumed", "look_ended"]
