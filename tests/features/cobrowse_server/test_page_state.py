"""What agents know of a visitor's page before they look along: kinds of errors, where the policy wants it, no words."""

from typing import Any

from look_people import Guest, asking_guest, good, refused

from people import agent, visitor
from running import Running

STATE: dict[str, Any] = {
    "tab": "t1",
    "url": "https://www.groenestroom.example/inloggen?klant=1#x",
    "viewport": {"width": 390, "height": 844},
    "sinceMs": 65_000,
    "form": ["required", "message"],
}


def allow(desk: Running) -> None:
    path = f"/v1/inboxes/{desk.cast.stroom.site.id}/looking-policy"
    sanne = desk.agent(desk.cast.stroom, "sanne")
    now = good(sanne.get(path))
    body = {"version": now["version"], "profile": "normal", "policy": now["policy"] | {"hints": True}}
    assert good(sanne.put(path, json=body))["hash"] == now["hash"]


def tell(guest: Guest, **changes: Any) -> Any:
    return guest.http.post("/v1/visitor/page-state", json=STATE | changes)


def known(desk: Running, guest: Guest, name: str = "fatima") -> Any:
    agent = desk.agent(desk.cast.stroom, name)
    return good(agent.get(f"/v1/contacts/{guest.visit.contact}/visit"))


def test_nothing_is_told_where_the_policy_does_not_say_so(own_desk: Running) -> None:
    guest = asking_guest(own_desk)
    assert refused(tell(guest)) == (403, "hints_off")
    assert known(own_desk, guest)["state"] is None


def test_agents_read_the_kind_of_error_and_nothing_else(own_desk: Running) -> None:
    allow(own_desk)
    guest = asking_guest(own_desk)
    now = own_desk.clock.now()
    state = {
        "url": "https://www.groenestroom.example/inloggen",
        "tab": "t1",
        "viewport": {"width": 390, "height": 844},
        "form": ["message", "required"],
        "since": now - 65_000,
        "at": now,
    }
    with agent(own_desk, "fatima") as console, agent(own_desk, "eva", own_desk.cast.gracht) as stranger:
        with visitor(own_desk, guest.visit):
            assert tell(guest).status_code == 204
            told = console.until("signal", kind="page_state")
            assert (told["contact"], told["state"]) == (guest.visit.contact, state)
            assert known(own_desk, guest)["state"] == state
            assert tell(guest, form=[], url="https://elders.example/x").status_code == 204
            assert known(own_desk, guest)["state"] == state | {"form": [], "url": ""}
        # Nobody is there any more: what stood on the page says nothing.
        console.until("signal", kind="presence", online=False)
        assert known(own_desk, guest)["state"] is None
        stranger.say("ping")
        while (heard := stranger.hear())["t"] != "pong":
            assert heard["d"].get("kind") != "page_state"


def test_words_of_the_page_do_not_get_through(own_desk: Running) -> None:
    allow(own_desk)
    guest = asking_guest(own_desk)
    for wrong in (
        {"form": ["Wachtwoord onjuist"]},
        {"form": [{"name": "bsn"}]},
        {"text": "x"},
        {"viewport": {"width": -1, "height": 1}},
    ):
        assert tell(guest, **wrong).status_code == 400
