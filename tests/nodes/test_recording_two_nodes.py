"""A recorded look whose visitor changes nodes: the recording goes on there, under the same key."""

import base64
import struct
import time
from typing import Any

from balie.features.cobrowse import policy
from balie.lib.seals import new_key
from features.cobrowse_server.look_people import frame, good
from nodes.cluster import Cluster, Node
from nodes.test_mirror_two_nodes import Pair

AGREED = {"granted": True, "language": "nl", "consentText": "recording-2026-11"}
HEAD = struct.Struct("<II")
PATIENCE_S = 60


def let_record(look: Pair, node: Node) -> None:
    inbox = look.inbox
    path = f"/v1/inboxes/{inbox}/looking-policy"
    before = good(look.agent(node, "GET", path))
    body = {
        "version": before["version"],
        "profile": "normal",
        "policy": policy.START | {"recording": "ask"},
    }
    good(look.agent(node, "PUT", path, json=body))


def recording_of(look: Pair, node: Node) -> dict[str, Any]:
    return good(look.agent(node, "GET", f"/v1/looks/{look.look}/recording"))


def stored(look: Pair, node: Node, pieces: int) -> None:
    ends = time.monotonic() + PATIENCE_S
    while len(recording_of(look, node)["pieces"]) < pieces:
        assert time.monotonic() < ends, "nothing was stored"
        time.sleep(0.1)  # nothing tells when a piece is stored


def played(look: Pair, node: Node) -> list[bytes]:
    found = []
    for piece in recording_of(look, node)["pieces"]:
        rest = look.agent(node, "GET", f"/v1/looks/{look.look}/recording/pieces/{piece['n']}").content
        while rest:
            _, length = HEAD.unpack_from(rest)
            found.append(rest[HEAD.size : HEAD.size + length])
            rest = rest[HEAD.size + length :]
    return found


def test_a_node_that_dies_loses_the_last_moment_and_nothing_else(cluster: Cluster) -> None:
    secret = cluster.folder / "shared.key"
    secret.write_bytes(base64.b64encode(new_key()))
    doomed, other = cluster.start(2, BALIE_SECRET_FILE=str(secret))
    look = Pair(cluster, doomed)
    let_record(look, doomed)
    good(look.agent(other, "POST", f"/v1/looks/{look.look}/recording"))
    good(look.visitor(other, "recording", **AGREED))
    visitor = look.page(doomed)
    visitor.until("joined")
    visitor.send(frame(b"before"))
    visitor.quiet()
    # What is older than a piece's four seconds is stored.
    stored(look, other, 1)
    visitor.send(frame(b"in the last moment"))
    visitor.quiet()
    doomed.kill()
    again = look.page(other)
    assert again.until("joined")["agent"]["name"] == "Sanne"
    again.send(frame(b"after"))
    again.quiet()
    good(look.visitor(other, "end", reason="visitor"))
    stored(look, other, 2)
    assert played(look, other) == [frame(b"before"), frame(b"after")]


def test_nodes_without_a_shared_secret_record_nothing(pair: Cluster) -> None:
    one, _ = pair.nodes
    look = Pair(pair, one)
    let_record(look, one)
    answer = look.agent(one, "POST", f"/v1/looks/{look.look}/recording")
    assert (answer.status_code, answer.json()["code"]) == (409, "recording_without_secret")
