"""A visitor on one node, an agent on another: nobody notices."""

import time

import pytest

from balie.lib import ids
from nodes.cluster import Browser, Cluster, Console, hears, says
from wire import Closed, Peer, ended_by

APART_S = 5.0
"""What goes from node to node comes sooner than this; a lost hint would take a second."""


def test_messages_cross_at_once_and_in_order(pair: Cluster) -> None:
    one, other = pair.nodes
    visitor = Browser(pair.cast.stroom, one).come(one)
    agent = Console(pair.cast.stroom, other).come(other)
    started = time.monotonic()
    conversation = says(visitor, "Hallo, bent u daar?")["conversation"]
    hears(agent, "Hallo, bent u daar?")
    for n in range(10):
        says(agent, f"antwoord {n}", conversation)
        hears(visitor, f"antwoord {n}")
        says(visitor, f"vraag {n}", conversation)
        hears(agent, f"vraag {n}")
    took = time.monotonic() - started
    assert took < APART_S, "by hint, not by the look of every second"
    for peer in (visitor, agent):
        assert (seqs := [fact["seq"] for fact in peer.facts(conversation)]) == list(range(1, len(seqs) + 1))


def test_typing_crosses_both_ways(pair: Cluster) -> None:
    one, other = pair.nodes
    visitor = Browser(pair.cast.stroom, one).come(one)
    agent = Console(pair.cast.stroom, other).come(other)
    conversation = says(visitor, "Ik wil iets vragen")["conversation"]
    hears(agent, "Ik wil iets vragen")
    visitor.say("signal", kind="typing", conversation=conversation, on=True)
    assert agent.until("signal", kind="typing", conversation=conversation)["on"]
    agent.say("signal", kind="typing", conversation=conversation, on=True)
    assert visitor.until("signal", kind="typing", conversation=conversation)["on"]


def test_visitors_see_whether_somebody_is_there_on_whichever_node(pair: Cluster) -> None:
    one, other = pair.nodes
    visitor = Browser(pair.cast.gracht, one).come(one)
    agent = Console(pair.cast.gracht, other, "eva").come(other)
    assert visitor.until("signal", kind="desk")["desk"]["status"] == "online"
    agent.say("signal", kind="status", status="away")
    assert visitor.until("signal", kind="desk")["desk"]["status"] == "away"
    agent.say("signal", kind="status", status="online")
    assert visitor.until("signal", kind="desk")["desk"]["status"] == "online"
    agent.cut()
    assert visitor.until("signal", kind="desk")["desk"]["status"] == "away"


def test_a_status_chosen_on_one_node_counts_for_the_agents_console_on_another(pair: Cluster) -> None:
    one, other = pair.nodes
    joris = Console(pair.cast.gracht, one, "eva")
    here, there = joris.come(one), joris.come(other)
    browsers = [Browser(pair.cast.gracht, node).come(node) for node in pair.nodes]
    here.say("signal", kind="status", status="away")
    for browser in browsers:
        assert browser.until("signal", kind="desk")["desk"]["status"] == "away"
    here.say("signal", kind="status", status="online")
    for browser in browsers:
        assert browser.until("signal", kind="desk")["desk"]["status"] == "online"
    here.cut()
    there.cut()


def test_agents_see_a_contact_come_and_go_on_another_node(pair: Cluster) -> None:
    one, other = pair.nodes
    browser = Browser(pair.cast.stroom, one)
    visitor = browser.come(one)
    console = Console(pair.cast.stroom, other)
    agent = console.come(other)
    says(visitor, "Bent u er?")
    contact = agent.until("signal", kind="presence", online=True)["contact"]
    late = console.come(other)
    assert late.until("signal", kind="presence", contact=contact)["online"], "told on connecting too"
    seen = console.call(other, "GET", f"/v1/contacts/{contact}/visit").json()
    assert seen["online"] is True
    second_tab = browser.come(other)
    visitor.cut()
    assert second_tab.answers()
    second_tab.cut()
    assert agent.until("signal", kind="presence", contact=contact, online=False)


def test_colleagues_on_two_nodes_see_each_other(pair: Cluster) -> None:
    one, other = pair.nodes
    office = pair.cast.stroom
    sanne = Console(office, one).come(one)
    fatima = Console(office, other, "fatima").come(other)
    assert sanne.until("signal", kind="agent", agent=office.agents["fatima"].id)["connected"]
    assert fatima.until("signal", kind="agent", agent=office.agents["sanne"].id)["connected"]
    fatima.cut()
    assert not sanne.until("signal", kind="agent", agent=office.agents["fatima"].id)["connected"]


def test_the_first_message_of_one_tab_reaches_the_other_tab_on_another_node(pair: Cluster) -> None:
    one, other = pair.nodes
    browser = Browser(pair.cast.stroom, one)
    here, there = browser.come(one), browser.come(other)
    says(here, "Mijn eerste bericht")
    hears(there, "Mijn eerste bericht")


def test_a_ticket_of_one_node_opens_one_socket_on_another(pair: Cluster) -> None:
    one, other = pair.nodes
    browser = Browser(pair.cast.stroom, one)
    assert browser.come(other, ticket_from=one).answers()
    ticket = browser.ticket(one)
    codes = []
    for node in (other, one):
        peer = Peer(node.port, f"/v1/socket/visitor?ticket={ticket}", "https://www.groenestroom.example")
        peer.say("hello")
        codes.append(ended_by(lambda peer=peer: peer.until("welcome")))
    assert codes == [None, 4401]


def test_signing_out_ends_the_sockets_on_every_node(pair: Cluster) -> None:
    one, other = pair.nodes
    console = Console(pair.cast.stroom, one, "daan")
    here, there = console.come(one), console.come(other)
    console.call(one, "DELETE", "/v1/session").raise_for_status()
    for peer in (here, there):
        with pytest.raises(Closed) as end:
            peer.until("nothing")
        assert end.value.code == 4401


def test_attempts_to_sign_in_are_counted_over_all_nodes(pair: Cluster) -> None:
    office = pair.cast.stroom
    statuses = []
    for n in range(12):
        node = pair.nodes[n % 2]
        statuses.append(Console.attempt(node, office.email("tom"), f"wrong-{n}-password").status_code)
    assert statuses == [401] * 10 + [429] * 2


def test_a_message_sent_again_to_another_node_is_stored_once(pair: Cluster) -> None:
    one, other = pair.nodes
    browser = Browser(pair.cast.stroom, one)
    cid = ids.new_cid()
    acks = []
    for node in (one, other, one):
        peer = browser.come(node)
        peer.say("send", cid=cid, text="Maar één keer")
        acks.append(peer.until("ack", cid=cid))
    assert acks[0] == acks[1] == acks[2]
