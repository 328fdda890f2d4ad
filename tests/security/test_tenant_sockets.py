"""Threat S1 on the sockets: with another organisation's ids no frame reads, changes or disturbs anything there.

A new socket, frame or signal fails here until it stands in OPS. The routes: tests/console/test_two_tenants.py.
"""

from typing import Any, get_args

import msgspec
import pytest

from balie.edge import frames
from balie.features.cobrowse.claims import SOCKET as MIRROR
from balie.lib import ids
from cast import Visit
from people import AGENT, VISITOR, agent_peer, come, greeted, says, visitor_peer
from running import Running
from wire import Closed, Peer, Refused

SECRET = "geheim-van-de-gracht"

# What both sockets take, with the ids of somebody else in it; {conversation} and {contact} are filled in.
OPS: dict[str, dict[str, Any]] = {
    "hello": {"streams": {"{conversation}": 0, "{organisation}": 0, "{agent}": 0}, "position": 0},
    "send": {"cid": "{cid}", "text": "van een ander", "conversation": "{conversation}"},
    "read": {"conversation": "{conversation}", "upTo": 1, "level": "read"},
    "signal typing": {"kind": "typing", "conversation": "{conversation}", "on": True},
    "signal page": {
        "kind": "page",
        "visit": "{cid}",
        "url": "https://www.blauwegracht.example/x",
        "title": "x",
    },
    "signal status": {"kind": "status", "status": "online"},
    "ping": {},
}
ONLY_AT: dict[str, str] = {"signal page": VISITOR, "signal status": AGENT}


def ops_of_the_protocol() -> set[str]:
    """Every frame a client may send, signals by their kind."""
    found = set()
    for kind, type_ in frames.CLIENT_FRAMES.items():
        members = get_args(type_)
        found |= {f"{kind} {one.__struct_config__.tag}" for one in members} if members else {kind}
    return found


def test_every_frame_and_every_socket_is_listed_here(desk: Running) -> None:
    assert set(OPS) == ops_of_the_protocol()
    # What the mirror takes: tests/features/cobrowse_server/test_mirror_relay.py.
    assert set(desk.app.sockets.paths) == {AGENT, VISITOR, MIRROR}


class Strange(msgspec.Struct):
    """The other organisation: what it holds, and its people at their sockets."""

    visit: Visit
    values: dict[str, str]


@pytest.fixture(scope="module")
def strange(desk: Running) -> Strange:
    office = desk.cast.gracht
    visit = desk.asks(office, SECRET, name=SECRET)
    values = {
        "conversation": visit.conversation,
        "contact": visit.contact,
        "organisation": office.organisation.id,
        "agent": office.agents["eva"].id,
    }
    return Strange(visit, values)


def filled(value: Any, values: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {filled(key, values): filled(one, values) for key, one in value.items()}
    if isinstance(value, str) and value.startswith("{"):
        return values.get(value[1:-1], ids.new_cid())
    return value


def stored(desk: Running) -> list[Any]:
    """All that the other organisation has; its own greetings set no mark."""
    tables = ("conversation", "contact", "fact", "visitor", "agent", "inbox", "stream")
    organisation = desk.cast.gracht.organisation.id
    return [
        desk.read(
            lambda tx, table=table: sorted(
                map(repr, tx.all(f"select * from {table} where organisation = ?", [organisation]))
            )
        )
        for table in tables
    ]


@pytest.mark.parametrize("op", OPS)
@pytest.mark.parametrize("path", [AGENT, VISITOR])
def test_a_frame_with_strange_ids_tells_nothing_changes_nothing_and_disturbs_nobody(
    desk: Running, strange: Strange, path: str, op: str
) -> None:
    if ONLY_AT.get(op, path) != path:
        pytest.skip("the protocol has it at the other socket only")
    own = desk.asks(desk.cast.stroom, "Mijn eigen vraag")
    eva = agent_peer(desk, "eva", desk.cast.gracht)
    guest = visitor_peer(desk, strange.visit)
    greeted(eva)
    greeted(guest)
    for one in (eva, guest):
        one.frames_until_quiet()
    before = stored(desk)

    peer = agent_peer(desk) if path == AGENT else visitor_peer(desk, own)
    data = filled(OPS[op], strange.values)
    if op == "hello":
        peer.say("hello", epoch=desk.db.epoch, **data)
    else:
        greeted(peer)
        peer.say(op.split(maxsplit=1)[0], **data)
    if op == "send" and path == AGENT:
        assert peer.until("refuse")["code"] == "conversation_unknown"
    elif op == "send":
        # As with an id that does not exist: what a visitor writes belongs in the visitor's own conversation.
        assert peer.until("ack")["conversation"] not in strange.values.values()
    peer.frames_until_quiet()
    # Writes are made in order, so whatever the frame set off is done when this is.
    desk.write(lambda tx: None)

    assert SECRET.encode() not in peer.bytes
    for name, strange_id in strange.values.items():
        assert strange_id.encode() not in peer.bytes, name
    for one in (eva, guest):
        assert one.frames_until_quiet() == []
    assert stored(desk) == before
    for one in (peer, eva, guest):
        one.cut()


def test_an_agents_sockets_own_facts_stay_in_the_organisation(desk: Running, strange: Strange) -> None:
    """The other way round: what happens in one office is heard in no other."""
    eva, guest = agent_peer(desk, "eva", desk.cast.gracht), visitor_peer(desk, strange.visit)
    greeted(eva)
    greeted(guest)
    for one in (eva, guest):
        one.frames_until_quiet()
    visit = come(desk)
    talker, sanne = visitor_peer(desk, visit), agent_peer(desk)
    greeted(talker)
    greeted(sanne)
    home = says(talker, "Alleen voor ons")["conversation"]
    says(sanne, "Zeker", home)
    says(sanne, "Notitie", home, note=True)
    sanne.say("signal", kind="typing", conversation=home, on=True)
    talker.say(
        "signal", kind="page", visit=ids.new_cid(), url="https://www.groenestroom.example/x", title="x"
    )
    sanne.say("signal", kind="status", status="away")
    sanne.say("signal", kind="status", status="online")
    sanne.frames_until_quiet()
    talker.frames_until_quiet()
    for one in (eva, guest):
        assert one.frames_until_quiet() == []
    for one in (eva, guest, talker, sanne):
        one.cut()


@pytest.mark.parametrize("op", OPS)
@pytest.mark.parametrize("path", [AGENT, VISITOR])
def test_without_a_ticket_no_frame_does_anything(desk: Running, strange: Strange, path: str, op: str) -> None:
    site = desk.origin if path == AGENT else "https://www.blauwegracht.example"
    before = stored(desk)
    try:
        peer = Peer(desk.port, path, site)
        peer.say(op.split(maxsplit=1)[0], **filled(OPS[op], strange.values))
        code = peer.code()
    except Refused as refusal:
        code = refusal.status
    except (Closed, ConnectionError):
        code = 4401
    assert code in (4400, 4401, 403), "who shows no ticket in the address may only say hello, with one in it"
    assert stored(desk) == before
