"""A visitor and agents around a look, over HTTP on a running desk."""

from typing import Any

import httpx

from cast import Office, Visit
from people import come, site_of
from running import Running

CONSENT = {
    "accept": True,
    "language": "nl",
    "consentText": "2026-11",
    "address": "https://www.groenestroom.example/nota?klant=123#x",
}
NOT = {"accept": False}


class Guest:
    """A visitor's browser, with or without a conversation."""

    def __init__(self, desk: Running, visit: Visit | None = None, office: Office | None = None) -> None:
        self.desk = desk
        self.visit = visit or come(desk, office)
        headers = {"origin": site_of(desk, self.visit), "authorization": f"Bearer {self.visit.token}"}
        self.http: httpx.Client = desk.browser(headers=headers)

    def do(self, look: str, what: str, **body: Any) -> httpx.Response:
        return self.http.post(f"/v1/visitor/looks/{look}/{what}", json=body)

    def shows_code(self) -> tuple[str, str]:
        """The look and its code."""
        answer = self.http.post("/v1/visitor/looks")
        assert answer.status_code == 201, answer.text
        return answer.json()["look"]["id"], answer.json()["code"]

    def look(self) -> dict[str, Any] | None:
        answer = self.http.get("/v1/visitor/look")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] | None = answer.json()["look"]
        return found

    def accepts(self, look: str) -> dict[str, Any]:
        return good(self.do(look, "answer", **CONSENT))

    def grants(self, look: str, kind: str) -> dict[str, Any]:
        return good(self.do(look, "control", kind=kind, granted=True))


def asking_guest(desk: Running, office: Office | None = None, **more: Any) -> Guest:
    """Somebody who wrote already."""
    return Guest(desk, desk.asks(office or desk.cast.stroom, "Ik zie mijn nota niet", **more))


def invited(agent: httpx.Client, guest: Guest) -> str:
    answer = agent.post(f"/v1/conversations/{guest.visit.conversation}/looks")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def viewing(desk: Running, name: str = "sanne") -> tuple[Guest, httpx.Client, str]:
    """A look that goes on: the visitor, the agent who leads, and its id."""
    guest, agent = asking_guest(desk), desk.agent(desk.cast.stroom, name)
    look = invited(agent, guest)
    guest.accepts(look)
    return guest, agent, look


def good(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code in (200, 201), answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def facts_of(desk: Running, conversation: str) -> list[str]:
    """The kinds of the conversation's facts about looks, in order."""
    rows = desk.read(lambda tx: tx.all("select kind from fact where stream = ? order by seq", [conversation]))
    return [row[0] for row in rows if row[0].startswith(("look_", "control_"))]
