"""Looking along with the visitor's page on one node and the agents' windows on others."""

from typing import Any

import httpx

from features.cobrowse_server.look_people import (
    ACT,
    CONSENT,
    SNAPSHOT,
    SNAPSHOT_END,
    MirrorPeer,
    frame,
    good,
    mirror,
    stamp,
    unstamped,
)
from nodes.cluster import Browser, Cluster, Console, Node, says


class Pair:
    """A look that goes on, and calls of both sides to whichever node."""

    def __init__(self, cluster: Cluster, node: Node, name: str = "sanne") -> None:
        self.browser, self.console = (
            Browser(cluster.cast.stroom, node),
            Console(cluster.cast.stroom, node, name),
        )
        self.inbox = cluster.cast.stroom.site.id
        self.home = says(self.browser.come(node), "Ik zie mijn nota niet")["conversation"]
        self.look = str(good(self.agent(node, "POST", f"/v1/conversations/{self.home}/looks"))["id"])
        good(self.visitor(node, "answer", **CONSENT))

    def agent(
        self, node: Node, method: str, path: str, console: Console | None = None, **more: Any
    ) -> httpx.Response:
        return (console or self.console).call(node, method, path, **more)

    def visitor(self, node: Node, what: str, **body: Any) -> httpx.Response:
        headers = {"origin": self.browser.site, "authorization": f"Bearer {self.browser.token}"}
        path = f"{node.origin}/v1/visitor/looks/{self.look}/{what}"
        return httpx.post(path, json=body, headers=headers, timeout=60)

    def page(self, node: Node, ticket_from: Node | None = None) -> MirrorPeer:
        ticket = good(self.visitor(ticket_from or node, "tickets", tab="t"))["ticket"]
        peer = mirror(node.port, ticket, self.browser.site)
        peer.until("state")
        return peer

    def window(
        self, node: Node, ticket_from: Node | None = None, console: Console | None = None
    ) -> MirrorPeer:
        path = f"/v1/looks/{self.look}/tickets"
        ticket = good(self.agent(ticket_from or node, "POST", path, console))["ticket"]
        peer = mirror(node.port, ticket, node.origin)
        peer.until("state")
        return peer


def test_frames_cross_from_node_to_node_both_ways(pair: Cluster) -> None:
    one, other = pair.nodes
    look = Pair(pair, one)
    visitor, agent = look.page(one, ticket_from=other), look.window(other, ticket_from=one)
    assert visitor.until("joined")["agent"]["name"] == "Sanne"
    told = [frame(bytes([n]) * 50_000, seq=n) for n in range(1, 9)]
    for each in told:
        visitor.send(each)
    assert agent.frames(8) == told
    agent.send(frame(b"point", to="visitor"))
    assert unstamped(*visitor.frames(1))[0] == frame(b"point", to="visitor")
    seen = good(look.agent(one, "GET", f"/v1/looks/{look.look}"))
    assert [one["name"] for one in seen["watchers"]] == ["Sanne"]
    agent.cut()
    assert visitor.until("left")["agent"]["name"] == "Sanne"


def test_a_snapshot_of_many_megabytes_for_one_watcher_crosses_whole(pair: Cluster) -> None:
    one, other = pair.nodes
    look = Pair(pair, one)
    visitor, agent = look.page(one), look.window(other)
    number = visitor.until("joined")["watcher"]
    # Beyond what one look may send to other nodes at once: the rest is read more slowly, and nothing is cut out.
    parts = [
        stamp(frame(n.to_bytes(4) + bytes((1 << 20) - 100), flags=SNAPSHOT, seq=n), number)
        for n in range(1, 13)
    ]
    parts.append(stamp(frame(b"end", flags=SNAPSHOT | SNAPSHOT_END, seq=13), number))
    for part in parts:
        visitor.send(part)
    assert agent.frames(13) == parts
    agent.send(frame(b"point", to="visitor"))
    assert unstamped(*visitor.frames(1)) == (frame(b"point", to="visitor"), number)


def test_consent_counts_on_every_node(pair: Cluster) -> None:
    one, other = pair.nodes
    look = Pair(pair, one)
    visitor, agent = look.page(one), look.window(other)
    visitor.until("joined")
    good(look.visitor(other, "pause", by="visitor"))
    visitor.until_state("paused")
    agent.until_state("paused")
    visitor.send(frame(b"in the pause"))
    visitor.quiet()
    good(look.visitor(other, "resume"))
    visitor.until_state("viewing")
    visitor.send(frame(b"after it"))
    assert agent.frames(1) == [frame(b"after it")]

    good(look.agent(one, "POST", f"/v1/looks/{look.look}/control", json={"kind": "act"}))
    good(look.visitor(one, "control", kind="act", granted=True))
    while agent.until("state")["look"]["controller"] is None:
        pass
    agent.send(frame(b"act", to="visitor", flags=ACT))
    assert unstamped(*visitor.frames(1))[0] == frame(b"act", to="visitor", flags=ACT)

    good(look.visitor(other, "end", reason="visitor"))
    assert visitor.end() == agent.end() == 4403


def test_a_page_that_comes_to_another_node_takes_over(pair: Cluster) -> None:
    one, other = pair.nodes
    look = Pair(pair, one)
    old, agent = look.page(one), look.window(one)
    old.until("joined")
    new = look.page(other)
    assert old.end() == 4409
    agent.until("back")
    new.until("joined")
    new.send(frame(b"of the new page"))
    assert agent.frames(1) == [frame(b"of the new page")]


def test_who_was_on_a_killed_node_goes_on_elsewhere(cluster: Cluster) -> None:
    doomed, other = cluster.start(2)
    look = Pair(cluster, doomed)
    visitor, agent = look.page(doomed), look.window(other)
    visitor.until("joined")
    doomed.kill()
    assert visitor.end() == 1006
    again = look.page(other)
    agent.until("back")
    again.send(frame(b"on the other node"))
    assert agent.frames(1) == [frame(b"on the other node")]
    good(look.visitor(other, "end", reason="visitor"))
    assert agent.end() == 4403


def test_without_redis_a_look_on_one_node_goes_on_and_still_ends(cluster: Cluster) -> None:
    one, other = cluster.start(2)
    look = Pair(cluster, one)
    visitor, agent = look.page(one), look.window(one)
    visitor.until("joined")
    cluster.redis.kill()
    visitor.send(frame(b"without Redis"))
    assert agent.frames(1) == [frame(b"without Redis")]
    # The stop is stored by a node that can tell nobody: the one with the sockets finds it by looking.
    good(look.visitor(other, "end", reason="visitor"))
    assert visitor.end() == agent.end() == 4403
    cluster.redis.start()
