"""What goes on while a session is greeted, or its rights are looked at: nothing overtakes, nothing is left out."""

import json

from balie.lib import ids
from people import agent_peer, come, greeted, says, visitor, visitor_peer
from running import Running
from wire import Peer


def frame(t: str, **data: object) -> bytes:
    return json.dumps({"t": t, "d": data}).encode()


def test_an_ack_comes_behind_welcome_and_behind_its_fact_however_early_the_message(desk: Running) -> None:
    for _ in range(20):
        peer = visitor_peer(desk, come(desk))
        cid = ids.new_cid()
        peer.say_all([frame("hello"), frame("send", cid=cid, text="Hallo")])
        ack = peer.until("ack", cid=cid)
        kinds = [one["t"] for one in peer.heard]
        assert kinds[:2] == ["welcome", "resync"]
        shown = [one for snapshot in snapshots(peer) for one in snapshot["log"]]
        shown += [one["d"] for one in peer.heard if one["t"] == "fact"]
        assert ack["seq"] in [one["seq"] for one in shown if one["kind"] == "message_added"]
        assert kinds[-1] == "ack"
        peer.cut()


def snapshots(peer: Peer) -> list[dict[str, list[dict[str, object]]]]:
    return [
        one
        for heard in peer.heard
        if heard["t"] == "resync"
        for one in heard["d"]["visitor"]["conversations"]
    ]


def in_teams(desk: Running, name: str, *teams: str) -> None:
    office = desk.cast.stroom
    change = {"teams": [office.teams[team].id for team in teams]}
    answer = desk.agent(office, "sanne").patch(f"/v1/agents/{office.agents[name].id}", json=change)
    assert answer.status_code == 200


def engineers_question(desk: Running) -> str:
    with visitor(desk, come(desk, inbox=desk.cast.stroom.engineers)) as guest:
        return str(says(guest, "Storing")["conversation"])


def test_who_joins_a_team_gets_its_old_conversations_and_who_leaves_loses_them(own_desk: Running) -> None:
    home = engineers_question(own_desk)
    peer = agent_peer(own_desk, "fatima")
    assert home not in listed(greeted(peer))
    for teams in (("engineers",), ()):
        in_teams(own_desk, "fatima", *teams)
        with visitor(own_desk) as guest:
            says(guest, "Dit komt achter de nieuwe rechten")
        assert peer.code() == 1012
        position = last_position(peer)
        peer = agent_peer(own_desk, "fatima")
        back = greeted(peer, epoch=own_desk.db.epoch, position=position)
        assert back["reason"] == "behind"
        assert (home in listed(back)) is bool(teams)


def test_who_gets_other_rights_while_away_starts_from_a_snapshot(own_desk: Running) -> None:
    home = engineers_question(own_desk)
    peer = agent_peer(own_desk, "fatima")
    position = greeted(peer)["agent"]["position"]
    peer.cut()
    in_teams(own_desk, "fatima", "engineers")
    back = greeted(agent_peer(own_desk, "fatima"), epoch=own_desk.db.epoch, position=position)
    assert home in listed(back)


def test_another_name_costs_nobody_a_socket_or_a_fact(own_desk: Running) -> None:
    office = own_desk.cast.stroom
    peer = agent_peer(own_desk, "fatima")
    greeted(peer)
    changed = own_desk.agent(office, "sanne").patch(
        f"/v1/agents/{office.agents['fatima'].id}", json={"name": "Fatima Amrani"}
    )
    assert changed.status_code == 200
    with visitor(own_desk) as guest:
        home = says(guest, "Hallo")["conversation"]
    peer.until("fact", stream=home, seq=2)
    facts = [one["d"] for one in peer.heard if one["t"] == "fact"]
    assert [one["kind"] for one in facts][:3] == ["agent_changed", "conversation_opened", "message_added"]
    assert [one["pos"] for one in facts] == sorted(one["pos"] for one in facts)


def listed(greeting: dict[str, object]) -> set[str]:
    agent: dict[str, list[dict[str, str]]] = greeting["agent"]  # type: ignore[assignment]
    return {one["id"] for one in agent["conversations"]}


def last_position(peer: Peer) -> int:
    """What a client that was cut off here says in its next hello."""
    start: int = next(one["d"]["agent"]["position"] for one in peer.heard if one["t"] == "resync")
    heard: list[int] = [one["d"]["pos"] for one in peer.heard if one["t"] == "fact"]
    return max([start, *heard])
