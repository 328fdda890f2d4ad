"""A visitor and agents around a look, over HTTP on a running desk."""

import json
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from cast import Office, Visit
from people import come, site_of
from running import Running
from wire import BINARY, CLOSE, PING, PONG, TEXT, Closed, Peer

MIRROR = "/v1/socket/mirror"
CRITICAL, COALESCIBLE, DROPPABLE = 0, 1, 2
SNAPSHOT, SNAPSHOT_END, SCROLL, ACT = 2, 4, 8, 16
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
    return [row[0] for row in rows if row[0].startswith(("look_", "control_", "recording_"))]


# At the mirror's socket


def frame(
    payload: bytes = b"x",
    *,
    to: str = "agent",
    kind: int = CRITICAL,
    flags: int = 0,
    epoch: int = 1,
    seq: int = 1,
) -> bytes:
    """A frame as web/cobrowse seals it."""
    return struct.pack(">BBBBII", 1, kind, 0 if to == "agent" else 1, flags, epoch, seq) + payload


def stamp(plain: bytes, watcher: int) -> bytes:
    """The same frame with a watcher's number, as both the recorder and the relay write it."""
    return plain[:3] + bytes([plain[3] | 32]) + plain[4:12] + watcher.to_bytes(4) + plain[12:]


def unstamped(told: bytes) -> tuple[bytes, int]:
    """An agent's frame as it was sent, and the number that the relay gave its sender."""
    assert told[3] & 32
    return told[:3] + bytes([told[3] & ~32]) + told[4:12] + told[16:], int.from_bytes(told[12:16])


class MirrorPeer(Peer):
    """A socket of the mirror: bytes are frames, dicts the relay's own words."""

    def send(self, data: bytes) -> None:
        self.frame(data, BINARY)

    def next(self) -> bytes | dict[str, Any]:
        """What comes next. Raises Closed when the server hangs up."""
        while True:
            kind, payload = self.hear_frame()
            if kind == BINARY:
                return payload
            if kind == TEXT:
                words: dict[str, Any] = json.loads(payload)
                return words
            if kind == PING:
                self.frame(payload, PONG)
            elif kind == CLOSE:
                self.socket.close()
                raise Closed(int.from_bytes(payload[:2]) if payload else 1005, payload[2:].decode())

    def until(self, t: str, **like: Any) -> dict[str, Any]:
        """The next word of this type; what comes before is dropped."""
        while True:
            found = self.next()
            if isinstance(found, dict) and found["t"] == t:
                return found

    def until_state(self, state: str) -> dict[str, Any]:
        while True:
            look: dict[str, Any] = self.until("state")["look"]
            if look["state"] == state:
                return look

    def frames(self, count: int) -> list[bytes]:
        """The next frames; words in between are dropped."""
        found: list[bytes] = []
        while len(found) < count:
            one = self.next()
            if isinstance(one, bytes):
                found.append(one)
        return found

    def quiet(self) -> list[bytes | dict[str, Any]]:
        """All that came until the server has heard everything that was sent here."""
        mark = os.urandom(8)
        self.frame(mark, PING)
        heard: list[bytes | dict[str, Any]] = []
        while True:
            kind, payload = self.hear_frame()
            if kind == PONG and payload == mark:
                return heard
            if kind == BINARY:
                heard.append(payload)
            elif kind == TEXT:
                heard.append(json.loads(payload))
            elif kind == CLOSE:
                raise Closed(int.from_bytes(payload[:2]), payload[2:].decode())

    def to_the_end(self) -> tuple[list[bytes | dict[str, Any]], int]:
        """All that still comes, and the close code."""
        heard: list[bytes | dict[str, Any]] = []
        try:
            while True:
                heard.append(self.next())
        except Closed as closed:
            return heard, closed.code

    def end(self) -> int:
        """Listen to the end: the close code."""
        return self.to_the_end()[1]


def visitor_ticket(guest: Guest, look: str, tab: str = "t1") -> dict[str, Any]:
    return good(guest.do(look, "tickets", tab=tab))


def agent_ticket(agent: httpx.Client, look: str) -> str:
    return str(good(agent.post(f"/v1/looks/{look}/tickets"))["ticket"])


def mirror(port: int, ticket: str, origin: str, **more: Any) -> MirrorPeer:
    return MirrorPeer(port, f"{MIRROR}?ticket={ticket}", origin, **more)


def page(guest: Guest, look: str) -> MirrorPeer:
    """The visitor's page at the mirror, told the state."""
    origin = site_of(guest.desk, guest.visit)
    peer = mirror(guest.desk.port, visitor_ticket(guest, look)["ticket"], origin)
    peer.until("state")
    return peer


def window(desk: Running, agent: httpx.Client, look: str, **more: Any) -> MirrorPeer:
    """An agent's window at the mirror, told the state."""
    peer = mirror(desk.port, agent_ticket(agent, look), desk.origin, **more)
    peer.until("state")
    return peer


@contextmanager
def mirrored(desk: Running) -> Iterator[tuple[Guest, httpx.Client, str, MirrorPeer, MirrorPeer]]:
    """A look that goes on, with the visitor's page and the agent's window at the mirror."""
    guest, agent, look = viewing(desk)
    visitors = page(guest, look)
    agents = window(desk, agent, look)
    visitors.until("joined")
    try:
        yield guest, agent, look, visitors, agents
    finally:
        visitors.cut()
        agents.cut()
