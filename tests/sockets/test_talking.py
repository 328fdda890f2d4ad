"""What clients say and hear: messages, marks and signals, to whom they belong and nobody else."""

from typing import Any

import pytest

from balie.lib import ids
from people import agent, come, greeted, says, stored_texts, visitor, visitor_peer
from running import Running
from wire import Peer, ended_by


def sends(peer: Peer, **data: Any) -> dict[str, object]:
    """Send a message; the answer, whatever it is."""
    peer.say("send", **{"cid": ids.new_cid(), "text": "Hallo", **data})
    while True:
        frame = peer.hear()
        if frame["t"] in ("ack", "refuse"):
            return {"t": frame["t"], **frame["d"]}


def test_a_question_and_its_answer(desk: Running) -> None:
    with visitor(desk) as guest, agent(desk) as sanne:
        asked = says(guest, "Waarom is mijn rekening zo hoog?")
        home = asked["conversation"]
        assert sanne.until("fact", stream=home, kind="conversation_opened")["seq"] == 1
        assert sanne.until("fact", stream=home, kind="message_added")["body"]["text"].startswith("Waarom")
        says(sanne, "Ik kijk even mee.", home)
        heard = guest.until("fact", kind="message_added", seq=3)
        assert heard["body"]["text"] == "Ik kijk even mee."
        assert heard["pos"] == 0


def test_four_first_messages_in_flight_open_one_conversation(desk: Running) -> None:
    with visitor(desk) as guest:
        cids = [ids.new_cid() for _ in range(4)]
        guest.say_all(
            [b'{"t":"send","d":{"cid":"%b","text":"%d"}}' % (cid.encode(), n) for n, cid in enumerate(cids)]
        )
        acks = [guest.until("ack") for _ in cids]
        assert [ack["cid"] for ack in acks] == cids
        assert len({ack["conversation"] for ack in acks}) == 1
        assert stored_texts(desk, acks[0]["conversation"]) == ["0", "1", "2", "3"]


def test_an_ack_means_stored(desk: Running) -> None:
    with visitor(desk) as guest:
        for n in range(20):
            ack = says(guest, f"{n}")
            assert stored_texts(desk, ack["conversation"])[-1] == f"{n}"


def test_a_repeat_gets_the_same_ack_and_no_second_fact(desk: Running) -> None:
    with visitor(desk) as guest, agent(desk) as sanne:
        cid = ids.new_cid()
        first, again = sends(guest, cid=cid), sends(guest, cid=cid)
        assert again == first
        other = sends(guest, cid=cid, text="Iets anders")
        assert (other["seq"], other["mismatch"]) == (first["seq"], True)
        assert stored_texts(desk, str(first["conversation"])) == ["Hallo"]
        facts = [
            f for f in sanne.frames_until_quiet() if f["t"] == "fact" and f["d"]["kind"] == "message_added"
        ]
        assert len([f for f in facts if f["d"]["body"]["cid"] == cid]) == 1


def test_two_tabs_of_a_visitor_show_the_same(desk: Running) -> None:
    visit = come(desk)
    with visitor(desk, visit) as one, visitor(desk, visit) as other, agent(desk) as sanne:
        home = says(one, "Hallo")["conversation"]
        says(other, "Nog iets")
        says(sanne, "Goedemiddag", home)
        for tab in (one, other):
            tab.frames_until_quiet()
            assert tab.facts(home) == desk_log(desk, home)


def desk_log(desk: Running, home: str) -> list[object]:
    """The conversation as a new tab would get it, fact by fact."""
    import msgspec

    from balie.desk import log
    from balie.edge.facts import for_visitor

    entries = desk.read(lambda tx: log.after(tx, home, 0, 1_000))
    return [msgspec.json.decode(msgspec.json.encode(for_visitor(entry))) for entry in entries]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"text": ""}, "text_empty"),
        ({"text": " \n\u200b"}, "text_empty"),
        ({"text": "\x00\x1b"}, "text_empty"),
        ({"text": "x" * 8_001}, "text_too_long"),
        ({"cid": "x"}, "cid_invalid"),
        ({"cid": "0" * 10_000}, "cid_invalid"),
    ],
)
def test_a_message_that_cannot_be_is_refused_by_name_and_the_next_one_goes_through(
    desk: Running, data: dict[str, str], code: str
) -> None:
    with visitor(desk) as guest:
        refused = sends(guest, **data)
        assert (refused["t"], refused["code"]) == ("refuse", code)
        ack = sends(guest)
        assert stored_texts(desk, str(ack["conversation"])) == ["Hallo"]


def test_script_in_a_text_stays_text(desk: Running) -> None:
    text = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    with visitor(desk) as guest, agent(desk) as sanne:
        says(guest, text)
        assert sanne.until("fact", kind="message_added")["body"]["text"] == text


def test_a_stranger_neither_writes_nor_marks_nor_types_in_someone_elses_conversation(desk: Running) -> None:
    with visitor(desk) as guest, agent(desk) as sanne:
        home = says(guest, "Hallo")["conversation"]
        eva = agent(desk, "eva", desk.cast.gracht)
        elsewhere = visitor(desk, come(desk, desk.cast.gracht))
        with visitor(desk) as stranger, eva as other_office, elsewhere as other_guest:
            says(stranger, "Ik heb er zelf een")
            guest.frames_until_quiet()
            sanne.frames_until_quiet()
            for peer in (stranger, other_office, other_guest):
                answer = sends(peer, conversation=home, text="Indringer")
                if answer["t"] == "ack":
                    assert answer["conversation"] != home
                else:
                    assert answer["code"] == "conversation_unknown"
                peer.say("read", conversation=home, upTo=99)
                peer.say("read", conversation=home, upTo=99, level="delivered")
                peer.say("signal", kind="typing", conversation=home, on=True)
                assert peer.answers()
            assert stored_texts(desk, home) == ["Hallo"]
            heard = guest.frames_until_quiet() + [
                frame for frame in sanne.frames_until_quiet() if home in str(frame)
            ]
            assert heard == []


def test_an_agent_of_no_team_hears_nothing_of_the_engineers_inbox(desk: Running) -> None:
    visit = come(desk, inbox=desk.cast.stroom.engineers)
    with agent(desk, "fatima") as fatima, agent(desk, "tom") as tom, visitor(desk, visit) as guest:
        home = says(guest, "geheim-7f3a")["conversation"]
        guest.say("signal", kind="page", visit=ids.new_cid(), url="https://x.example/geheim-7f3a", title="")
        guest.say("signal", kind="typing", conversation=home, on=True)
        tom.until("signal", kind="typing")
        assert sends(fatima, conversation=home)["code"] == "conversation_unknown"
        fatima.say("signal", kind="typing", conversation=home, on=True)
        fatima.frames_until_quiet()
        assert b"geheim-7f3a" not in fatima.bytes
        assert home.encode() not in fatima.bytes
        assert [
            f for f in guest.frames_until_quiet() if f["t"] == "signal" and f["d"]["kind"] == "typing"
        ] == []


def test_a_note_never_reaches_the_visitors_bytes(desk: Running) -> None:
    visit = come(desk)
    with visitor(desk, visit) as guest, agent(desk) as sanne:
        home = says(guest, "Hallo")["conversation"]
        note = says(sanne, "canary-note-4b1d", home, note=True)
        says(sanne, "Goedemiddag", home)
        hidden = guest.until("fact", seq=note["seq"])
        assert (hidden["kind"], hidden["body"], hidden["actor"]["id"]) == ("hidden", {}, "")
        assert guest.until("fact", kind="message_added", seq=note["seq"] + 1)
        epoch = greeted_again(desk, visit)["welcome"]["epoch"]
        resumed = visitor_peer(desk, visit)
        greeted(resumed, epoch=epoch, streams={home: 1})
        resumed.until("fact", seq=note["seq"] + 1)
        older = desk.browser(headers={"origin": "https://www.groenestroom.example"}).get(
            f"/v1/visitor/conversations/{home}/facts?before=1000",
            headers={"authorization": f"Bearer {visit.token}"},
        )
        assert older.status_code == 200
        assert b"Goedemiddag" in older.content
        for seen in (guest.bytes, resumed.bytes, older.content):
            assert b"canary-note" not in seen
            assert b"note_added" not in seen


def greeted_again(desk: Running, visit: object) -> dict[str, dict[str, str]]:
    peer = visitor_peer(desk, visit)  # type: ignore[arg-type]
    snapshot = greeted(peer)
    assert "canary-note" not in str(snapshot)
    return snapshot


def test_a_visitor_cannot_write_notes_or_set_an_agents_status(desk: Running) -> None:
    for frame in (
        {"t": "send", "cid": ids.new_cid(), "text": "x", "note": True},
        {"t": "signal", "kind": "status", "status": "away"},
    ):
        with visitor(desk) as guest:
            guest.say(**frame)
            assert guest.code() == 4400


def test_read_marks_travel_to_the_other_side(desk: Running) -> None:
    with visitor(desk) as guest, agent(desk) as sanne:
        ack = says(guest, "Hallo")
        home, seq = ack["conversation"], ack["seq"]
        sanne.say("read", conversation=home, upTo=seq, level="delivered")
        assert guest.until("fact", kind="messages_delivered")["body"] == {"side": "desk", "upTo": seq}
        sanne.say("read", conversation=home, upTo=seq)
        assert guest.until("fact", kind="messages_read")["body"] == {"side": "desk", "upTo": seq, "unread": 0}
        for up_to in (seq, seq - 1, 0, -5):
            sanne.say("read", conversation=home, upTo=up_to)
        sanne.say("read", conversation=home, upTo=10**12)
        assert guest.until("fact", kind="messages_read")["body"]["upTo"] == seq + 2
        answered = says(sanne, "Hoi", home)["seq"]
        guest.say("read", conversation=home, upTo=answered)
        while sanne.until("fact", kind="messages_read", stream=home)["body"]["side"] != "visitor":
            continue
        sides = [fact["body"]["side"] for fact in sanne.facts(home) if fact["kind"] == "messages_read"]
        assert sides == ["desk", "desk", "visitor"]


def test_agents_see_a_new_contact_on_the_site_from_the_first_message_on(desk: Running) -> None:
    with agent(desk) as sanne, visitor(desk) as guest:
        says(guest, "Hallo")
        assert sanne.until("signal", kind="presence")["online"] is True


def test_a_console_learns_on_connecting_who_is_on_the_site(desk: Running) -> None:
    with visitor(desk) as guest:
        says(guest, "Hallo")
        with agent(desk) as sanne:
            assert sanne.until("signal", kind="presence")["online"] is True


def test_pages_reach_agents_without_what_stands_behind_the_question_mark(desk: Running) -> None:
    with visitor(desk) as guest, agent(desk) as sanne:
        says(guest, "Hallo")
        guest.say(
            "signal",
            kind="page",
            visit=ids.new_cid(),
            url="https://user:zeef-1@www.groenestroom.example/jaarnota?token=zeef-1#zeef-1",
            title="Jaarnota\u202e<b>",
            tab="t1",
        )
        seen = sanne.until("signal", kind="page")["page"]
        assert seen["url"] == "https://www.groenestroom.example/jaarnota"
        assert seen["title"] == "Jaarnota<b>"
        assert b"zeef-1" not in sanne.bytes


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://[", ""]
)
def test_an_address_that_is_no_page_is_not_shown(desk: Running, url: str) -> None:
    with visitor(desk) as guest, agent(desk) as sanne:
        says(guest, "Hallo")
        guest.say("signal", kind="page", visit=ids.new_cid(), url=url, title="x")
        assert guest.answers()
        assert [f for f in sanne.frames_until_quiet() if f["d"].get("kind") == "page"] == []


def test_the_desk_is_online_while_somebody_who_may_answer_is_there(own_desk: Running) -> None:
    with visitor(own_desk) as guest:
        with agent(own_desk, "fatima") as fatima:
            assert guest.until("signal", kind="desk")["desk"]["status"] == "online"
            fatima.say("signal", kind="status", status="away")
            assert guest.until("signal", kind="desk")["desk"]["status"] == "away"
            fatima.say("signal", kind="status", status="online")
            assert guest.until("signal", kind="desk")["desk"]["status"] == "online"
        assert guest.until("signal", kind="desk")["desk"]["status"] == "away"


def test_colleagues_know_why_an_agent_is_away(own_desk: Running) -> None:
    def fatima_now() -> tuple[str, str]:
        listed = own_desk.agent(own_desk.cast.stroom, "daan").get("/v1/agents").json()["items"]
        found = next(one for one in listed if one["name"] == "Fatima")
        return found["status"], found["awayReason"]

    with agent(own_desk, "daan") as daan, agent(own_desk, "fatima") as fatima:
        for said, kept in (
            ({"status": "away", "reason": "break"}, ("away", "break")),
            ({"status": "away", "reason": "training"}, ("away", "training")),
            ({"status": "away"}, ("away", "")),
            ({"status": "online", "reason": "break"}, ("online", "")),
        ):
            fatima.say("signal", kind="status", **said)
            body = daan.until("fact", kind="agent_status_changed")["body"]
            assert (body["status"], body["reason"]) == kept == fatima_now()
        fatima.say("signal", kind="status", status="away", reason="tired")
        assert fatima.code() == 4400
    assert fatima_now() == ("online", "")


@pytest.mark.parametrize("sent_at", ["0", "-1", str(2**63), str(-(2**63) - 1), str(10**300), "9" * 5_000])
def test_a_senders_clock_may_be_anything_and_breaks_nothing(desk: Running, sent_at: str) -> None:
    visit = come(desk)
    send = b'{"t":"send","d":{"cid":"%b","text":"Hallo","sentAt":%b}}' % (
        ids.new_cid().encode(),
        sent_at.encode(),
    )
    with visitor(desk, visit) as guest:
        guest.frame(send)
        assert ended_by(lambda: guest.until("ack")) in (None, 4400)
    peer = visitor_peer(desk, visit)
    greeted(peer)
    assert peer.answers()
    with agent(desk) as sanne:
        assert sanne.answers()
