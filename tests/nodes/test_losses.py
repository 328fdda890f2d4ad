"""A node is killed, Redis is killed, emptied or frozen, a node is renewed: no message is lost, and who is there is told
right again."""

import signal
import time
from contextlib import suppress

import cast
from balie.lib import ids
from nodes.cluster import Browser, Cluster, Console, hears, says
from wire import Closed, Peer

FORGOTTEN_S = 60.0
DELAY_S = 30.0
"""What is found by looking instead of by a hint comes within this on a busy machine."""


def test_who_was_on_a_killed_node_goes_on_elsewhere_and_is_missed_by_nobody(cluster: Cluster) -> None:
    doomed, other = cluster.start(2)
    stroom, gracht = cluster.cast.stroom, cluster.cast.gracht
    browser, console = Browser(stroom, doomed), Console(stroom, doomed)
    visitor, agent = browser.come(doomed), console.come(other)
    conversation = says(visitor, "Eerste")["conversation"]
    epoch_free = {"streams": {conversation: 2}}
    hears(agent, "Eerste")
    watcher = Browser(gracht, other).come(other)
    Console(gracht, doomed, "eva").come(doomed)
    assert watcher.until("signal", kind="desk")["desk"]["status"] == "online"

    died = time.monotonic()
    doomed.kill()
    says(agent, "Tweede", conversation)
    back = browser.come(other, **epoch_free)
    says(back, "Derde", conversation)
    hears(agent, "Derde")
    assert watcher.until("signal", kind="desk")["desk"]["status"] == "away"
    assert time.monotonic() - died < FORGOTTEN_S
    seqs = [fact["seq"] for fact in agent.facts(conversation)]
    assert seqs == list(range(1, len(seqs) + 1))


def test_without_redis_chat_goes_on_late_and_says_so(cluster: Cluster) -> None:
    one, other = cluster.start(2)
    office = cluster.cast.stroom
    browser, console = Browser(office, one), Console(office, other)
    visitor, agent = browser.come(one), console.come(other)
    conversation = says(visitor, "Met Redis")["conversation"]
    hears(agent, "Met Redis")
    assert one.ready() == (200, {"status": "ok", "degraded": []})

    cluster.redis.kill()
    assert agent.until("signal", kind="service")["degraded"] is True
    said = time.monotonic()
    says(visitor, "Zonder Redis", conversation)
    hears(agent, "Zonder Redis")
    assert time.monotonic() - said < DELAY_S
    assert one.ready() == (200, {"status": "degraded", "degraded": ["redis"]})
    # Whoever comes now is let in, also with a ticket of another node, and sees who was there.
    late = browser.come(other, ticket_from=one)
    hears_all(late, "Met Redis", "Zonder Redis")
    assert browser.desk(one) == "online"
    newcomer = console.come(one)
    assert newcomer.until("signal", kind="service")["degraded"] is True
    Console(office, one, "fatima")

    cluster.redis.start()
    for peer in (agent, newcomer):
        assert peer.until("signal", kind="service")["degraded"] is False
    says(agent, "Weer met Redis", conversation)
    hears(visitor, "Weer met Redis")
    agent.cut()
    newcomer.cut()
    assert visitor.until("signal", kind="desk")["desk"]["status"] == "away"


def test_an_emptied_redis_harms_nothing(cluster: Cluster) -> None:
    one, other = cluster.start(2)
    office = cluster.cast.stroom
    browser, console = Browser(office, one), Console(office, other)
    visitor, agent = browser.come(one), console.come(other)
    conversation = says(visitor, "Hallo")["conversation"]
    ticket = browser.ticket(one)
    cluster.redis.empty()
    lost = Peer(other.port, f"/v1/socket/visitor?ticket={ticket}", cast.SITE)
    assert lost.code() == 4401, "the ticket is gone, and the browser fetches another"
    assert browser.come(other).answers()
    says(agent, "Ik ben er nog", conversation)
    hears(visitor, "Ik ben er nog")
    assert browser.desk(one) == browser.desk(other) == "online"


def test_a_node_that_is_renewed_acks_what_it_took_and_nobody_sees_it_go(cluster: Cluster) -> None:
    leaving, staying = cluster.start(2)
    office = cluster.cast.stroom
    browsers = [Browser(office, leaving) for _ in range(5)]
    peers = [browser.come(leaving) for browser in browsers]
    console = Console(office, leaving)
    agent = console.come(leaving)
    watcher = Browser(office, staying).come(staying)
    assert Browser(office, staying).desk(staying) == "online"

    leaving.signal(signal.SIGTERM)
    sent: dict[Peer, list[str]] = {peer: [] for peer in peers}
    hints: list[dict[str, int]] = []
    for peer in [*peers, agent]:
        with suppress(Closed, OSError):
            for _ in range(20):
                cid = ids.new_cid()
                peer.say("send", cid=cid, text="nog even dit") if peer is not agent else None
                sent.get(peer, []).append(cid)
        assert peer.code() == 1012
        hints += [frame["d"] for frame in peer.heard if frame["t"] == "reconnect"]
    back = console.come(staying)
    assert len(hints) == 6
    assert all(hint["afterMs"] + hint["spreadMs"] < 5_000 for hint in hints)
    leaving.wait()
    assert not [f for f in watcher.frames_until_quiet() if f["d"].get("kind") == "desk"], "nobody was away"
    for browser, peer in zip(browsers, peers, strict=True):
        acked = {frame["d"]["cid"] for frame in peer.heard if frame["t"] == "ack"}
        again = browser.come(staying)
        stored = []
        for cid in sent[peer]:
            again.say("send", cid=cid, text="nog even dit")
            stored.append(again.until("ack", cid=cid)["seq"])
        assert stored == sorted(set(stored)), "each once, in order"
        first = [frame["d"] for frame in peer.heard if frame["t"] == "ack"]
        assert [ack["seq"] for ack in first] == stored[: len(first)], f"{len(acked)} acked stay as they were"
    assert back.answers()


def hears_all(peer: Peer, *texts: str) -> None:
    """The texts are in the snapshot or come as facts."""
    said = {
        line["body"].get("text")
        for frame in peer.heard
        if frame["t"] == "resync"
        for line in lines(frame["d"])
    }
    for text in texts:
        if text not in said:
            hears(peer, text)


def lines(resync: dict[str, object]) -> list[dict[str, dict[str, str]]]:
    visitor: object = resync["visitor"]
    assert isinstance(visitor, dict)
    return [line for conversation in visitor["conversations"] for line in conversation["log"]]
