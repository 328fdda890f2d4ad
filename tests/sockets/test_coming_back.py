"""Coming back: only what was missed, in order, once; or a fresh snapshot when that cannot be (I4)."""

import pytest

import cast
from balie.channels.web.hello import RESUME_LIMIT
from balie.desk.messages import Inbound, Receive
from balie.desk.model import Actor
from balie.engine.ports import Tx
from balie.lib import ids
from people import agent_peer, come, greeted, says, visitor, visitor_peer
from running import Running
from wire import Peer

LONG = "€" * 8_000


def back(desk: Running, visit: cast.Visit, **hello: object) -> tuple[Peer, dict[str, object]]:
    peer = visitor_peer(desk, visit)
    return peer, greeted(peer, **hello)


def facts_after(peer: Peer, home: str) -> list[int]:
    peer.frames_until_quiet()
    return [fact["seq"] for fact in peer.facts(home)]


def test_a_visitor_gets_exactly_what_was_missed(desk: Running) -> None:
    visit = come(desk)
    with visitor(desk, visit) as peer:
        home = says(peer, "een")["conversation"]
        for text in ("twee", "drie", "vier"):
            says(peer, text)
        epoch = desk.db.epoch
    for cursor in range(6):
        peer, snapshot = back(desk, visit, epoch=epoch, streams={home: cursor})
        assert snapshot["welcome"]["resumed"] is True  # type: ignore[index]
        assert facts_after(peer, home) == list(range(cursor + 1, 6))


@pytest.mark.parametrize(
    ("hello", "reason"),
    [
        ({}, "first"),
        ({"epoch": "another-history", "streams": {}}, "epoch"),
        ({"epoch": "SAME", "streams": {"HOME": 99}}, "behind"),
        ({"epoch": "SAME", "streams": {"HOME": 2**62}}, "behind"),
        ({"epoch": "SAME", "streams": {"HOME": 2**70}}, "behind"),
        ({"epoch": "SAME", "streams": {"HOME": -(2**70)}}, "behind"),
        ({"epoch": "SAME", "streams": {"HOME": 2, "cnv_of_somebody_else": 1}}, "behind"),
        ({"epoch": "SAME", "streams": {f"cnv_{n}": 1 for n in range(1_000)}}, "behind"),
    ],
    ids=[
        "nothing",
        "another history",
        "ahead",
        "far ahead",
        "beyond",
        "before all",
        "a stranger's",
        "a thousand",
    ],
)
def test_a_cursor_that_cannot_be_gets_a_snapshot(
    desk: Running, hello: dict[str, object], reason: str
) -> None:
    visit = come(desk)
    with visitor(desk, visit) as peer:
        home = says(peer, "een")["conversation"]
    streams = hello.get("streams", {})
    assert isinstance(streams, dict)
    said = {**hello, "streams": {home if key == "HOME" else key: seq for key, seq in streams.items()}}
    if hello.get("epoch") == "SAME":
        said["epoch"] = desk.db.epoch
    peer, snapshot = back(desk, visit, **said)
    assert snapshot["reason"] == reason
    conversations = snapshot["visitor"]["conversations"]  # type: ignore[index]
    assert [(one["id"], one["seq"]) for one in conversations] == [(home, 2)]
    assert facts_after(peer, home) == []


def test_another_visitors_conversation_cannot_be_resumed(desk: Running) -> None:
    with visitor(desk) as peer:
        home = says(peer, "canary-6e2c")["conversation"]
    thief, snapshot = back(desk, come(desk), epoch=desk.db.epoch, streams={home: 0})
    assert snapshot["reason"] == "behind"
    assert facts_after(thief, home) == []
    assert b"canary-6e2c" not in thief.bytes


def test_who_missed_too_much_starts_from_a_snapshot_and_goes_on_live(desk: Running) -> None:
    visit = come(desk)
    with visitor(desk, visit) as peer:
        home = says(peer, "0")["conversation"]
    write_many(desk, visit, home, "x", RESUME_LIMIT + 1)
    peer, snapshot = back(desk, visit, epoch=desk.db.epoch, streams={home: 1})
    assert snapshot["reason"] == "behind"
    shown = snapshot["visitor"]["conversations"][0]  # type: ignore[index]
    assert (shown["seq"], shown["more"]) == (RESUME_LIMIT + 3, True)
    says(peer, "verder")
    assert facts_after(peer, home) == [RESUME_LIMIT + 4]


def write_many(desk: Running, visit: cast.Visit, home: str, text: str, count: int) -> None:
    """What the visitor said meanwhile from elsewhere."""

    def item(tx: Tx) -> Inbound:
        contact = tx.one("select contact from visitor where id = ?", [visit.visitor])
        assert contact is not None
        return Inbound(
            organisation=visit.organisation,
            sender=visit.visitor,
            external_id=ids.new_cid(),
            text=text,
            actor=Actor(kind="contact", id=contact[0], name=""),
            inbox=visit.inbox,
            visitor=visit.visitor,
            conversation=home,
        )

    desk.write(lambda tx: Receive(desk.clock)(tx, [item(tx) for _ in range(count)]))


def test_a_long_talk_can_be_resumed_and_reloaded_in_one_piece(desk: Running) -> None:
    """Megabytes of missed messages must not look like a reader that is too slow, or nobody ever gets back in; nor may
    they wait in memory for one that really is."""
    visit = come(desk)
    with visitor(desk, visit) as peer:
        home = says(peer, "0")["conversation"]
    write_many(desk, visit, home, LONG, 150)
    peer, snapshot = back(desk, visit)
    shown = snapshot["visitor"]["conversations"][0]  # type: ignore[index]
    assert (shown["seq"], shown["more"]) == (152, True)
    assert [fact["seq"] for fact in shown["log"]] == list(range(153 - len(shown["log"]), 153))
    assert len(peer.bytes) < 300_000, "a tab that does not read must not hold megabytes"
    peer, _ = back(desk, visit, epoch=desk.db.epoch, streams={home: 130})
    assert facts_after(peer, home) == list(range(131, 153))
    peer, snapshot = back(desk, visit, epoch=desk.db.epoch, streams={home: 2})
    assert snapshot["reason"] == "behind"
    assert says(peer, "verder")["seq"] == 153


def test_an_agent_gets_what_was_missed_of_all_it_may_read_in_the_order_of_the_log(desk: Running) -> None:
    peer = agent_peer(desk, "fatima")
    start = greeted(peer)["agent"]["position"]
    peer.cut()
    office, homes = desk.cast.stroom, {}
    for where, inbox in (("site", office.site), ("engineers", office.engineers)):
        with visitor(desk, come(desk, inbox=inbox)) as guest:
            homes[where] = says(guest, "Hallo")["conversation"]
            says(guest, "Nog iets")
    with visitor(desk, come(desk, desk.cast.gracht)) as guest:
        homes["other"] = says(guest, "Elders")["conversation"]
    peer = agent_peer(desk, "fatima")
    assert greeted(peer, epoch=desk.db.epoch, position=start)["welcome"]["resumed"]
    peer.frames_until_quiet()
    facts = [frame["d"] for frame in peer.heard if frame["t"] == "fact"]
    assert [fact["pos"] for fact in facts] == sorted({fact["pos"] for fact in facts})
    assert [fact["seq"] for fact in facts if fact["stream"] == homes["site"]] == [1, 2, 3]
    assert not {homes["engineers"], homes["other"]} & {fact["stream"] for fact in facts}


@pytest.mark.parametrize("position", [10**9, 2**63, 2**70, -(2**70), -5_000])
def test_an_agents_cursor_that_cannot_be_gets_a_snapshot(desk: Running, position: int) -> None:
    peer = agent_peer(desk)
    snapshot = greeted(peer, epoch=desk.db.epoch, position=position)
    assert snapshot["reason"] == "behind"
    assert snapshot["agent"]["me"]["name"] == "Sanne"


def test_a_tab_that_signs_in_while_the_first_message_is_stored_hears_the_answer(desk: Running) -> None:
    """The visitor becomes a contact between the ticket and the hello of the second tab."""
    for _ in range(30):
        visit = come(desk)
        with visitor(desk, visit) as first:
            second = visitor_peer(desk, visit)
            cid = ids.new_cid()
            first.say("send", cid=cid, text="Hallo")
            second.say("hello")
            home = first.until("ack", cid=cid)["conversation"]
            second.until("resync")
            says(first, "Nog iets")
            second.until("fact", stream=home, seq=3)
            second.cut()
