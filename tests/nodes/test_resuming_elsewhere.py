"""A resume ticket that one node gave works on another, once among all of them."""

from nodes.cluster import AGENT, VISITOR, Browser, Cluster, Console, Node, hears, says
from wire import Peer, ended_by


def given(peer: Peer) -> str:
    return str(peer.until("resume")["ticket"])


def test_who_was_on_one_node_comes_back_on_the_other_and_only_once(pair: Cluster) -> None:
    one, other = pair.nodes
    browser, console = Browser(pair.cast.stroom, one), Console(pair.cast.stroom, one)
    visitor, agent = browser.come(one, resume=""), console.come(one, resume="")
    epoch = next(frame["d"]["epoch"] for frame in visitor.heard if frame["t"] == "welcome")
    mine, theirs = given(visitor), given(agent)
    ack = says(visitor, "Ik kom zo terug")
    hears(agent, "Ik kom zo terug")
    visitor.cut()
    agent.cut()
    visitor, agent = Peer(other.port, VISITOR, browser.site), Peer(other.port, AGENT, other.origin)
    streams = {ack["conversation"]: ack["seq"]}
    visitor.say("hello", resume=mine, epoch=epoch, streams=streams)
    assert visitor.until("welcome")["resumed"] is True
    agent.say("hello", resume=theirs)
    agent.until("resync")
    assert given(visitor) != mine
    says(agent, "Welkom terug", ack["conversation"])
    hears(visitor, "Welkom terug")
    for node in (one, other):
        assert _end(node, VISITOR, browser.site, mine) == 4401
        assert _end(node, AGENT, node.origin, theirs) == 4401


def test_what_two_nodes_are_shown_in_the_same_moment_opens_one_socket(pair: Cluster) -> None:
    one, other = pair.nodes
    browser = Browser(pair.cast.stroom, one)
    for _ in range(5):
        ticket = given(browser.come(one, resume=""))
        peers = [Peer(node.port, VISITOR, browser.site) for node in (one, other) for _ in range(3)]
        for peer in peers:
            peer.say("hello", resume=ticket)
        ends = [ended_by(lambda peer=peer: peer.until("welcome")) for peer in peers]  # type: ignore[misc]
        assert sorted(ends, key=str) == [4401] * 5 + [None]


def test_a_log_out_on_one_node_ends_it_on_the_other(pair: Cluster) -> None:
    one, other = pair.nodes
    console = Console(pair.cast.stroom, one)
    agent = console.come(one, resume="")
    ticket = given(agent)
    assert console.call(other, "DELETE", "/v1/session").status_code == 204
    assert _end(other, AGENT, other.origin, ticket) == 4401
    assert agent.code() == 4401


def test_it_outlives_the_node_that_gave_it(cluster: Cluster) -> None:
    one, other = cluster.start(2)
    browser = Browser(cluster.cast.stroom, one)
    ticket = given(browser.come(one, resume=""))
    one.kill()
    peer = Peer(other.port, VISITOR, browser.site)
    peer.say("hello", resume=ticket)
    peer.until("welcome")
    assert says(peer, "Daar ben ik weer")


def _end(node: Node, path: str, origin: str, ticket: str) -> int:
    peer = Peer(node.port, path, origin)
    peer.say("hello", resume=ticket)
    return peer.code()
