"""Threat S11: what one visitor, or one address with many visitors, can make the desk store."""

import httpx
import pytest

import cast
from balie.console import hello
from balie.desk import visitors
from balie.edge.housekeeping import clean_up
from balie.edge.writes import KEEP_MS
from balie.lib import ids
from people import agent_peer, come, greeted, says, visitor_peer
from running import Running


def rows(desk: Running, sql: str) -> int:
    found = desk.read(lambda tx: tx.one(sql))
    return int(found[0]) if found else 0


def at_site(desk: Running, visit: cast.Visit) -> httpx.Client:
    return desk.browser(headers={"origin": cast.SITE, "authorization": f"Bearer {visit.token}"})


def test_a_visitor_cannot_fill_the_organisations_log_with_names(own_desk: Running) -> None:
    visit = own_desk.asks(own_desk.cast.stroom, "Hallo")
    site = at_site(own_desk, visit)
    changed = "select count(*) from fact where kind = 'contact_changed'"
    for _ in range(5):
        assert site.patch("/v1/visitor/contact", json={"name": "Piet"}).status_code == 204
    assert rows(own_desk, changed) == 1
    answers = [site.patch("/v1/visitor/contact", json={"name": f"Piet {n}"}) for n in range(60)]
    assert {answer.status_code for answer in answers} == {204, 429}
    assert rows(own_desk, changed) < 30
    assert int(answers[-1].headers["retry-after"]) > 0
    other = at_site(own_desk, come(own_desk))
    assert other.patch("/v1/visitor/contact", json={"name": "Jan"}).status_code == 204


def test_more_sockets_are_no_more_messages(own_desk: Running) -> None:
    visit = come(own_desk)
    peers = [visitor_peer(own_desk, visit) for _ in range(6)]
    for peer in peers:
        greeted(peer)
    for peer in peers:
        # Each stays below what one socket may send.
        sends = [b'{"t":"send","d":{"cid":"%b","text":"x"}}' % ids.new_cid().encode() for _ in range(100)]
        peer.say_all(sends)
    assert peers[-1].code() == 4429
    other = visitor_peer(own_desk, come(own_desk))
    greeted(other)
    assert says(other, "Mag ik wel?")["seq"]
    assert rows(own_desk, "select count(*) from fact where kind = 'message_added'") < 600


def test_who_never_came_back_is_forgotten_and_who_wrote_is_not(own_desk: Running) -> None:
    gone, wrote = come(own_desk), own_desk.asks(own_desk.cast.stroom, "Hallo")
    own_desk.clock.advance(visitors.TOKEN_LIFE_MS / 1000 - 60)
    fresh = come(own_desk)
    own_desk.clock.advance(120)
    assert own_desk.write(lambda tx: clean_up(tx, own_desk.clock.now())) is False
    left = own_desk.read(lambda tx: {row[0] for row in tx.all("select id from visitor")})
    assert left == {wrote.visitor, fresh.visitor}
    assert gone.visitor not in left


def test_an_old_key_is_a_new_attempt_and_is_thrown_away(own_desk: Running) -> None:
    admin = own_desk.agent(own_desk.cast.stroom, "sanne")
    body = {"shortcut": "hoi", "title": "Hoi", "text": "Hoi"}
    key = {"idempotency-key": "een"}
    first = admin.post("/v1/replies", json=body, headers=key)
    assert admin.post("/v1/replies", json=body, headers=key).json() == first.json()
    own_desk.clock.advance(KEEP_MS / 1000 + 1)
    admin = own_desk.sign_in(own_desk.cast.stroom, "sanne")
    assert admin.post("/v1/replies", json=body, headers=key).json()["code"] == "shortcut_taken"
    own_desk.write(lambda tx: clean_up(tx, own_desk.clock.now()))
    assert rows(own_desk, "select count(*) from idempotency_key") == 0
    assert rows(own_desk, "select count(*) from agent_session") == 1


def test_an_inbox_that_moves_to_a_team_leaves_the_windows_of_others(own_desk: Running) -> None:
    office = own_desk.cast.stroom
    fatima, sanne = agent_peer(own_desk, "fatima"), agent_peer(own_desk, "sanne")
    greeted(fatima)
    greeted(sanne)
    admin = own_desk.agent(office, "sanne")
    admin.patch(f"/v1/inboxes/{office.site.id}", json={"name": "Site"})
    assert fatima.answers()
    team = office.teams["engineers"].id
    own_desk.write(lambda tx: tx.execute("update inbox set team = ? where id = ?", [team, office.site.id]))
    admin.patch(f"/v1/inboxes/{office.site.id}", json={"name": "Techniek"})
    assert fatima.code() == 1012
    assert b"Techniek" not in bytes(fatima.bytes)
    assert sanne.answers()


def test_a_console_that_missed_too_many_bytes_starts_from_a_snapshot(
    own_desk: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = agent_peer(own_desk)
    position = greeted(first)["agent"]["position"]
    first.cut()
    own_desk.asks(own_desk.cast.stroom, "x" * 500)
    for limit, resumed in ((100_000, True), (400, False)):
        monkeypatch.setattr(hello, "RESUME_BYTES", limit)
        again = agent_peer(own_desk)
        assert greeted(again, epoch=own_desk.db.epoch, position=position)["welcome"]["resumed"] is resumed
        again.cut()
