"""Limits that count for the whole desk, not for each of its processes (threat S11)."""

import time

import httpx

from nodes.cluster import Cluster, Node

BURST, RATE = 100, 2
"""New visitor sessions from one address."""


def test_more_nodes_give_one_address_no_more_new_visitors(cluster: Cluster) -> None:
    nodes = cluster.start(2)
    site = cluster.cast.stroom.site.allowed_origins[0]

    def let_in(node: Node, desk: httpx.Client) -> bool:
        # An inbox that is not there: counted before it is looked for, and no work for the database.
        answer = desk.post(
            f"{node.origin}/v1/visitor/sessions", json={"inbox": "nobody"}, headers={"origin": site}
        )
        assert answer.status_code in (404, 429), answer.text
        return answer.status_code == 404

    started = time.monotonic()
    with httpx.Client(timeout=60) as desk:
        each = [sum(let_in(node, desk) for _ in range(BURST)) for node in nodes]
    refilled = RATE * (time.monotonic() - started)
    assert min(each) >= BURST / 2
    assert sum(each) <= BURST + refilled + 2
    assert sum(each) < 2 * BURST
