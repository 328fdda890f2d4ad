"""What an auditor gets to read about looks: everything that was agreed to and done, and nothing of the pages."""

import json
from typing import Any

import httpx
from look_people import asking_guest, good, invited, page, refused, viewing, window
from recording_people import agrees, asks, let_record, played, stored

from balie.features.cobrowse import audit
from balie.features.cobrowse.policy import START, for_the_page
from running import Running


def of_conversation(agent: httpx.Client, conversation: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = good(agent.get(f"/v1/conversations/{conversation}/looks/audit"))["items"]
    return found


def of_inbox(agent: httpx.Client, inbox: str, since: int = 0, until: int = 1 << 53) -> list[dict[str, Any]]:
    """The lines but the last, which must be there and count them."""
    answer = agent.get(f"/v1/inboxes/{inbox}/looks/audit", params={"from": since, "to": until})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/jsonl")
    assert answer.headers["cache-control"] == "no-store"
    *lines, last = [json.loads(line) for line in answer.text.splitlines()]
    assert last == {"looks": len(lines), "complete": True}
    return lines


def test_an_auditor_reads_the_words_the_policy_and_all_that_was_done(own_desk: Running) -> None:
    let_record(own_desk, days=9)
    guest, fatima, look = viewing(own_desk, "fatima")
    sanne, office = own_desk.agent(own_desk.cast.stroom, "sanne"), own_desk.cast.stroom
    visitor, agent = page(guest, look), window(own_desk, fatima, look)
    good(fatima.post(f"/v1/looks/{look}/control", json={"kind": "act"}))
    guest.grants(look, "act")
    guest.do(look, "actions", action="fill", label="Meterstand", outcome="refused_protected")
    good(asks(fatima, look))
    agrees(guest, look)
    good(guest.do(look, "pause", by="visitor"))
    good(guest.do(look, "resume"))
    own_desk.clock.advance(60)
    good(guest.do(look, "end", reason="escape"))
    visitor.end()
    agent.end()

    (found,) = of_conversation(sanne, guest.visit.conversation)
    assert found == of_inbox(sanne, office.site.id)[0]
    assert (found["look"], found["conversation"], found["contact"]) == (
        look, guest.visit.conversation, guest.visit.contact,
    )  # fmt: skip
    assert (found["agent"]["name"], found["state"], found["endReason"]) == ("Fatima", "ended", "escape")
    assert found["address"] == "https://www.groenestroom.example/nota"
    assert (found["policy"]["version"], found["policy"]["hash"]) == (
        1,
        good(sanne.get(f"/v1/looks/{look}"))["policyHash"],
    )
    assert for_the_page(found["policy"]["policy"]) == for_the_page(START)
    consent = found["consent"]
    assert (consent["version"], consent["language"]) == ("2026-11", "nl")
    assert consent["words"][0] == "Mag {name} met je meekijken?"
    assert (found["recording"]["days"], found["recording"]["removedAt"]) == (9, None)

    told = [(one["kind"], one["actor"]["name"]) for one in found["entries"]]
    for wanted in (
        ("look_invited", "Fatima"),
        ("look_watched", "Fatima"),
        ("control_asked", "Fatima"),
        ("recording_asked", "Fatima"),
    ):
        assert wanted in told
    kinds = [kind for kind, _ in told]
    for wanted in ("look_accepted", "control_granted", "look_paused", "look_resumed", "look_ended"):
        assert wanted in kinds
    (used,) = [one["body"] for one in found["entries"] if one["kind"] == "control_used"]
    assert used == {"action": "fill", "label": "Meterstand", "outcome": "refused_protected"}
    (recorded,) = [one for one in found["entries"] if one["kind"] == "recording_started"]
    assert recorded["consent"]["words"][0] == "Mag dit worden opgenomen?"
    (ended,) = [one["body"] for one in found["entries"] if one["kind"] == "recording_ended"]
    assert ended == {"reason": "look_ended", "duration": 60_000}
    assert [one["seq"] for one in found["entries"]] == sorted(one["seq"] for one in found["entries"])


def test_who_watched_a_recording_is_told_to_the_auditor(own_desk: Running) -> None:
    let_record(own_desk)
    guest, fatima, look = viewing(own_desk, "fatima")
    good(asks(fatima, look))
    agrees(guest, look)
    visitor = page(guest, look)
    visitor.send(b"\x01\x00\x00\x00" + bytes(8) + b"x")
    visitor.quiet()
    good(fatima.post(f"/v1/looks/{look}/end"))
    stored(own_desk, fatima, look, 1)
    daan = own_desk.agent(own_desk.cast.stroom, "daan")
    played(daan, look)
    (found,) = of_conversation(daan, guest.visit.conversation)
    assert [one["actor"]["name"] for one in found["entries"] if one["kind"] == "recording_played"] == ["Daan"]


def test_agents_read_no_audit(desk: Running) -> None:
    guest, fatima, _ = viewing(desk, "fatima")
    inbox = desk.cast.stroom.site.id
    assert refused(fatima.get(f"/v1/conversations/{guest.visit.conversation}/looks/audit")) == (
        403,
        "not_allowed",
    )
    assert refused(fatima.get(f"/v1/inboxes/{inbox}/looks/audit?from=0&to=1")) == (403, "not_allowed")


def test_a_period_holds_what_began_in_it_over_any_number_of_pages(own_desk: Running) -> None:
    sanne = own_desk.agent(own_desk.cast.stroom, "sanne")
    inbox = own_desk.cast.stroom.site.id
    guest = asking_guest(own_desk)
    moments, looks = [], []
    for n in range(audit.PAGE + 3):
        # Several in one millisecond, also across the edge of a page.
        own_desk.clock.advance(0.001 if n % 3 == 0 else 0)
        look = invited(sanne, guest)
        good(sanne.post(f"/v1/looks/{look}/end"))
        moments.append(own_desk.clock.now())
        looks.append(look)
    assert sorted(one["look"] for one in of_inbox(sanne, inbox)) == sorted(looks)
    assert len(of_inbox(sanne, inbox, moments[0], moments[-1])) == moments.index(moments[-1])
    assert of_inbox(sanne, inbox, moments[-1] + 1) == []
    assert len(of_inbox(sanne, inbox, moments[-1])) == moments.count(moments[-1])


def test_a_period_that_ends_before_it_begins_is_none(desk: Running) -> None:
    sanne, inbox = desk.agent(desk.cast.stroom, "sanne"), desk.cast.stroom.site.id
    answer = sanne.get(f"/v1/inboxes/{inbox}/looks/audit?from=5&to=5")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "to"
    assert sanne.get(f"/v1/inboxes/{inbox}/looks/audit").status_code == 400
    assert refused(sanne.get("/v1/inboxes/inb_01m802rs1zfkqtah05c4j5qmay/looks/audit?from=0&to=1")) == (
        404,
        "inbox_unknown",
    )
