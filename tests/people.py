"""Visitors and agents at their sockets, on a running desk."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import cast
from balie.channels.web.doorman import VisitorClaims
from balie.lib import ids
from running import Running
from wire import Peer

VISITOR, AGENT = "/v1/socket/visitor", "/v1/socket/agent"


def visitor_ticket(desk: Running, visit: cast.Visit, origin: str = cast.SITE) -> str:
    """As POST /v1/visitor/tickets gives it."""
    claims = VisitorClaims(
        visitor=visit.visitor, organisation=visit.organisation, inbox=visit.inbox, origin=origin
    )
    return desk.run(lambda: desk.app.house.tickets.issue(claims))


def agent_ticket(desk: Running, office: cast.Office, name: str) -> str:
    answer = desk.agent(office, name).post("/v1/session/ticket")
    answer.raise_for_status()
    return str(answer.json()["ticket"])


def site_of(desk: Running, visit: cast.Visit) -> str:
    return cast.OTHER_SITE if visit.organisation == desk.cast.gracht.organisation.id else cast.SITE


def visitor_peer(desk: Running, visit: cast.Visit, **more: Any) -> Peer:
    """A visitor's socket that has not said hello."""
    site = site_of(desk, visit)
    return Peer(desk.port, f"{VISITOR}?ticket={visitor_ticket(desk, visit, site)}", site, **more)


def agent_peer(desk: Running, name: str = "sanne", office: cast.Office | None = None, **more: Any) -> Peer:
    ticket = agent_ticket(desk, office or desk.cast.stroom, name)
    return Peer(desk.port, f"{AGENT}?ticket={ticket}", desk.origin, **more)


def come(desk: Running, office: cast.Office | None = None, **more: Any) -> cast.Visit:
    """A visitor's browser that has not written yet."""
    return desk.write(lambda tx: cast.visit(tx, desk.clock.now(), office or desk.cast.stroom, **more))


def greeted(peer: Peer, **hello: Any) -> dict[str, Any]:
    """Say hello; the snapshot (or an empty one when resumed)."""
    peer.say("hello", **hello)
    welcome = peer.until("welcome")
    snapshot = {} if welcome["resumed"] else peer.until("resync")
    return {"welcome": welcome, **snapshot}


@contextmanager
def visitor(desk: Running, visit: cast.Visit | None = None, **more: Any) -> Iterator[Peer]:
    """A visitor at the desk, greeted."""
    peer = visitor_peer(desk, visit or come(desk), **more)
    greeted(peer)
    try:
        yield peer
    finally:
        peer.cut()


@contextmanager
def agent(
    desk: Running, name: str = "sanne", office: cast.Office | None = None, **more: Any
) -> Iterator[Peer]:
    """An agent at the desk, greeted."""
    peer = agent_peer(desk, name, office, **more)
    greeted(peer)
    try:
        yield peer
    finally:
        peer.cut()


def says(peer: Peer, text: str, conversation: str | None = None, *, note: bool = False) -> dict[str, Any]:
    """Send a message and wait for its ack."""
    cid = ids.new_cid()
    data: dict[str, Any] = {"cid": cid, "text": text}
    if conversation:
        data["conversation"] = conversation
    if note:
        data["note"] = True
    peer.say("send", **data)
    return peer.until("ack", cid=cid)


def stored_texts(desk: Running, conversation: str) -> list[str]:
    rows = desk.read(
        lambda tx: tx.all(
            "select body from fact where stream = ? and kind in ('message_added', 'note_added') order by seq",
            [conversation],
        )
    )
    return [json.loads(row[0])["text"] for row in rows]


def wait_for(desk: Running, condition: Callable[[], bool], within_s: float = 120) -> None:
    """Let the desk go on until ``condition`` holds; TimeoutError when it does not."""

    async def wait() -> None:
        async with asyncio.timeout(within_s):
            while not condition():  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.02)

    desk.run(wait)
