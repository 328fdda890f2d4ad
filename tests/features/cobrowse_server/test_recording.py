"""Recording a look: only what the visitor agreed to, sealed, for as long as agreed, and never at the look's cost."""

import contextlib
import shutil
import sqlite3

import pytest
from look_people import (
    SNAPSHOT,
    SNAPSHOT_END,
    Guest,
    asking_guest,
    facts_of,
    frame,
    good,
    invited,
    page,
    refused,
    viewing,
    window,
)
from recording_people import (
    AGREED,
    agrees,
    asks,
    files,
    let_record,
    played,
    recorded,
    recording_of,
    stored,
    take_out,
)
from test_look_limits import later, state_of

from balie.engine.ports import Tx
from balie.features.cobrowse import policy, recording
from balie.lib.seals import Keyring, new_key
from running import Running

TOKEN = b"a text of the page that nobody else may read"


def kinds(desk: Running, guest: Guest) -> list[str]:
    return [one for one in facts_of(desk, guest.visit.conversation) if one.startswith("recording_")]


def reason(desk: Running, guest: Guest, kind: str) -> str:
    row = desk.read(
        lambda tx: tx.one(
            "select body from fact where stream = ? and kind = ? order by seq desc limit 1",
            [guest.visit.conversation, kind],
        )
    )
    assert row is not None
    return str(row[0]).partition('"reason":"')[2].partition('"')[0]


# The consent


def test_who_asks_and_who_agrees_is_told_to_both_sides(own_desk: Running) -> None:
    let_record(own_desk, days=14)
    guest, sanne, look = viewing(own_desk)
    asked = good(asks(sanne, look))["recording"]
    assert (asked["state"], asked["agent"]["name"], asked["days"]) == ("asked", "Sanne", 14)
    assert asked["until"] == own_desk.clock.now() + 30_000
    assert (guest.look() or {})["recording"] == asked
    on = agrees(guest, look)["recording"]
    assert (on["state"], on["since"], on["until"]) == ("on", own_desk.clock.now(), None)
    assert kinds(own_desk, guest) == ["recording_asked", "recording_started"]
    assert refused(asks(sanne, look)) == (409, "recording_running")
    stopped = good(guest.http.delete(f"/v1/visitor/looks/{look}/recording"))
    assert (stopped["recording"], stopped["state"]) == (None, "viewing")
    assert reason(own_desk, guest, "recording_ended") == "visitor"


def test_without_the_policy_nobody_is_asked(own_desk: Running) -> None:
    guest, sanne, look = viewing(own_desk)
    assert refused(asks(sanne, look)) == (403, "recording_not_allowed")
    assert refused(guest.do(look, "recording", **AGREED)) == (409, "recording_not_asked")
    assert kinds(own_desk, guest) == []


def test_what_the_visitor_agreed_to_under_the_regulated_profile_is_never_recorded(own_desk: Running) -> None:
    sanne = own_desk.agent(own_desk.cast.stroom, "sanne")
    path = f"/v1/inboxes/{own_desk.cast.stroom.site.id}/looking-policy"
    strict = {"version": 1, "text": "show", "elsewhere": "view-without-fields"}
    good(sanne.put(path, json={"version": 0, "profile": "regulated", "policy": strict}))
    _, sanne, look = viewing(own_desk)
    assert refused(asks(sanne, look)) == (403, "recording_not_allowed")
    let_record(own_desk)
    assert refused(asks(sanne, look)) == (403, "recording_not_allowed")


def test_a_policy_that_stops_recording_counts_before_the_answer(own_desk: Running) -> None:
    let_record(own_desk)
    guest, sanne, look = viewing(own_desk)
    good(asks(sanne, look))
    path = f"/v1/inboxes/{own_desk.cast.stroom.site.id}/looking-policy"
    good(sanne.put(path, json={"version": 1, "profile": "normal", "policy": policy.START}))
    assert refused(guest.do(look, "recording", **AGREED)) == (403, "recording_not_allowed")


def test_the_question_is_open_for_half_a_minute(own_desk: Running) -> None:
    let_record(own_desk)
    guest, sanne, look = viewing(own_desk)
    good(asks(sanne, look))
    assert refused(asks(sanne, look)) == (409, "recording_asked")
    own_desk.clock.advance(30)
    assert refused(guest.do(look, "recording", **AGREED)) == (409, "recording_not_asked")
    later(own_desk, 1)
    assert reason(own_desk, guest, "recording_declined") == "timeout"
    good(asks(sanne, look))
    assert good(guest.do(look, "recording", granted=False))["recording"] is None
    assert reason(own_desk, guest, "recording_declined") == "visitor"
    good(asks(sanne, look))
    good(sanne.delete(f"/v1/looks/{look}/recording"))
    assert reason(own_desk, guest, "recording_declined") == "agent"
    good(asks(sanne, look))
    good(guest.do(look, "end", reason="visitor"))
    assert reason(own_desk, guest, "recording_declined") == "look_ended"


def test_a_yes_without_its_text_or_language_is_none(own_desk: Running) -> None:
    let_record(own_desk)
    guest, sanne, look = viewing(own_desk)
    good(asks(sanne, look))
    answer = guest.do(look, "recording", granted=True)
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/consentText", "/language"]
    assert kinds(own_desk, guest) == ["recording_asked"]


# What is stored


def test_what_was_relayed_is_played_unchanged_and_in_order(own_desk: Running) -> None:
    guest, sanne, look = recorded(own_desk)
    visitor = page(guest, look)
    assert visitor.until("joined")["agent"]["name"] == "Sanne"  # so it sends a snapshot
    told = [frame(bytes([n]) * 90_000, seq=n) for n in range(1, 8)]
    for one in told[:4]:
        visitor.send(one)
    visitor.quiet()
    own_desk.clock.advance(2.5)
    for one in told[4:]:
        visitor.send(one)
    visitor.quiet()
    good(sanne.delete(f"/v1/looks/{look}/recording"))
    found = stored(own_desk, sanne, look, 4)
    assert found["duration"] == 2_500
    assert (found["startedAt"], found["endedAt"]) == (own_desk.clock.now() - 2_500, own_desk.clock.now())
    assert found["bytes"] == sum(8 + len(one) for one in told)
    assert all(one["bytes"] <= 256 << 10 for one in found["pieces"])
    assert played(sanne, look) == [(0 if n < 4 else 2_500, one) for n, one in enumerate(told)]
    visitor.send(frame(b"after the end"))
    visitor.quiet()
    assert recording_of(sanne, look)["pieces"] == found["pieces"]


def test_a_recording_needs_no_watcher(own_desk: Running) -> None:
    """The agent's window may be gone for a moment."""
    guest, sanne, look = recorded(own_desk)
    visitor = page(guest, look)
    visitor.send(frame(TOKEN))
    visitor.quiet()
    good(sanne.post(f"/v1/looks/{look}/end"))
    stored(own_desk, sanne, look, 1)
    assert [one for _, one in played(sanne, look)] == [frame(TOKEN)]
    assert reason(own_desk, guest, "recording_ended") == "look_ended"


def test_nothing_is_stored_before_the_yes_nor_in_a_pause(own_desk: Running) -> None:
    let_record(own_desk)
    guest, sanne, look = viewing(own_desk)
    visitor = page(guest, look)
    visitor.send(frame(b"before"))
    good(asks(sanne, look))
    visitor.send(frame(b"asked"))
    visitor.quiet()
    agrees(guest, look)
    visitor.until("joined")
    visitor.send(frame(b"first"))
    visitor.quiet()
    good(guest.do(look, "pause", by="visitor"))
    visitor.send(frame(b"in the pause"))
    visitor.quiet()
    good(guest.do(look, "resume"))
    visitor.until("joined")  # what follows a pause begins with a snapshot
    visitor.send(frame(b"second"))
    visitor.quiet()
    good(guest.http.delete(f"/v1/visitor/looks/{look}/recording"))
    visitor.send(frame(b"stopped"))
    visitor.quiet()
    stored(own_desk, sanne, look, 2)
    assert [one for _, one in played(sanne, look)] == [frame(b"first"), frame(b"second")]


def test_who_agrees_again_goes_on_with_the_same_recording(own_desk: Running) -> None:
    guest, sanne, look = recorded(own_desk)
    visitor = page(guest, look)
    for word in (b"first", b"second"):
        visitor.send(frame(word))
        visitor.quiet()
        good(guest.http.delete(f"/v1/visitor/looks/{look}/recording"))
        own_desk.clock.advance(60)
        good(asks(sanne, look))
        agrees(guest, look)
        visitor.until("joined")
    stored(own_desk, sanne, look, 2)
    assert played(sanne, look) == [(0, frame(b"first")), (60_000, frame(b"second"))]
    assert kinds(own_desk, guest).count("recording_started") == 3


def test_another_page_goes_on_with_a_snapshot(own_desk: Running) -> None:
    guest, sanne, look = recorded(own_desk)
    for word in (b"one page", b"the next"):
        visitor = page(guest, look)
        visitor.until("joined")
        visitor.send(frame(word))
        visitor.quiet()
    good(sanne.delete(f"/v1/looks/{look}/recording"))
    stored(own_desk, sanne, look, 1)
    assert [one for _, one in played(sanne, look)] == [frame(b"one page"), frame(b"the next")]


def test_a_long_recording_asks_for_a_snapshot_now_and_then(own_desk: Running) -> None:
    """Who plays it from the middle need not play all before."""
    guest, _, look = recorded(own_desk)
    visitor = page(guest, look)
    number = visitor.until("joined")["watcher"]
    assert number != 0  # other windows notice nothing
    visitor.send(frame(b"picture", flags=SNAPSHOT | SNAPSHOT_END))
    visitor.quiet()
    own_desk.clock.advance(119)
    visitor.send(frame(b"change"))
    assert [one for one in visitor.quiet() if isinstance(one, dict)] == []
    own_desk.clock.advance(1)
    visitor.send(frame(b"change"))
    assert visitor.until("joined")["watcher"] == number
    visitor.send(frame(b"picture", flags=SNAPSHOT | SNAPSHOT_END))
    for _ in range(5):
        visitor.send(frame(b"x" * 900_000))
    assert visitor.until("joined")["watcher"] == number


def test_neither_the_store_nor_the_database_gives_anything_readable(own_desk: Running) -> None:
    guest, sanne, look = recorded(own_desk)
    visitor = page(guest, look)
    visitor.send(frame(TOKEN))
    visitor.quiet()
    good(sanne.delete(f"/v1/looks/{look}/recording"))
    stored(own_desk, sanne, look, 1)
    assert [one for _, one in played(sanne, look)] == [frame(TOKEN)]
    assert files(own_desk)
    assert not [one for one in files(own_desk) if TOKEN in one.read_bytes()]
    row = own_desk.read(lambda tx: tx.one("select key from look_recording where look = ?", [look]))
    assert row is not None
    secret = own_desk.settings.data_dir / "secret.key"
    assert secret.stat().st_mode & 0o077 == 0
    key = own_desk.app.house.keyring.unwrap(bytes(row[0]), recording.key_context(look))
    assert key not in bytes(row[0])
    for one in _database(own_desk):
        assert TOKEN not in one
        assert key not in one
        assert secret.read_bytes().strip() not in one


def _database(desk: Running) -> list[bytes]:
    """What a thief of the database alone has."""
    if desk.settings.database.startswith("sqlite:"):
        path = desk.settings.database.removeprefix("sqlite:///")
        with contextlib.closing(sqlite3.connect(path)) as line:
            return ["\n".join(line.iterdump()).encode("utf-8", "surrogateescape")]

    def rows(tx: Tx) -> list[bytes]:
        tables = tx.all("select tablename from pg_tables where schemaname = 'public'")
        return [repr(tx.all(f"select * from {name}")).encode() for (name,) in tables]

    return desk.read(rows)


def test_without_the_desks_secret_nothing_plays(own_desk: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    guest, sanne, look = recorded(own_desk)
    visitor = page(guest, look)
    visitor.send(frame(TOKEN))
    visitor.quiet()
    good(sanne.delete(f"/v1/looks/{look}/recording"))
    stored(own_desk, sanne, look, 1)
    mine = own_desk.app.house.keyring
    monkeypatch.setattr(mine, "_keys", Keyring([new_key()])._keys)
    assert refused(sanne.get(f"/v1/looks/{look}/recording/pieces/0")) == (410, "recording_lost")


def test_a_piece_does_not_play_in_anothers_place(own_desk: Running) -> None:
    guest, sanne, look = recorded(own_desk)
    visitor = page(guest, look)
    for word in (b"first", b"second"):
        visitor.send(frame(word))
        visitor.quiet()
        good(guest.do(look, "pause", by="visitor"))
        own_desk.clock.advance(1)
        good(guest.do(look, "resume"))
    stored(own_desk, sanne, look, 2)

    def swap(tx: Tx) -> None:
        one, other = tx.all("select blob from look_piece where look = ? order by n", [look])
        tx.execute("update look_piece set blob = ? where look = ? and n = 0", [other[0], look])
        tx.execute("update look_piece set blob = ? where look = ? and n = 1", [one[0], look])

    own_desk.write(swap)
    assert refused(sanne.get(f"/v1/looks/{look}/recording/pieces/0")) == (410, "recording_lost")


# Its ends


def test_a_recording_ends_after_two_hours(own_desk: Running) -> None:
    guest, sanne, look = recorded(own_desk)
    for _ in range(11):
        own_desk.clock.advance(600)
        good(guest.do(look, "pause", by="visitor"))
        good(guest.do(look, "resume"))
    later(own_desk, 590)
    assert good(sanne.get(f"/v1/looks/{look}"))["recording"]["state"] == "on"
    later(own_desk, 10)
    found = good(sanne.get(f"/v1/looks/{look}"))
    assert (found["recording"], found["state"]) == (None, "viewing")
    assert reason(own_desk, guest, "recording_ended") == "full"
    assert refused(asks(sanne, look)) == (409, "recording_full")


def test_a_recording_ends_when_it_is_full(own_desk: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "SIZE_MAX", 600_000)
    guest, sanne, look = recorded(own_desk)
    visitor = page(guest, look)
    for _ in range(3):
        visitor.send(frame(b"x" * 250_000))
    state = visitor.until("state")["look"]
    while state["recording"] is not None:
        state = visitor.until("state")["look"]
    assert state["state"] == "viewing"
    assert reason(own_desk, guest, "recording_ended") == "full"
    assert refused(asks(sanne, look)) == (409, "recording_full")


def test_a_store_that_fails_ends_the_recording_and_not_the_look(own_desk: Running) -> None:
    guest, sanne, look = recorded(own_desk)
    visitor, agent = page(guest, look), window(own_desk, sanne, look)
    folder = own_desk.settings.data_dir / "blobs"
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("no folder")
    visitor.send(frame(b"x" * 300_000))
    state = agent.until("state")["look"]
    while state["recording"] is not None:
        state = agent.until("state")["look"]
    assert state["state"] == "viewing"
    assert reason(own_desk, guest, "recording_ended") == "store_failed"
    visitor.send(frame(b"the look goes on"))
    while agent.frames(1) != [frame(b"the look goes on")]:
        pass
    # And once the store is there again, so may the recording be.
    folder.unlink()
    own_desk.clock.advance(1)
    good(asks(sanne, look))
    agrees(guest, look)
    visitor.until_state("viewing")
    visitor.send(frame(b"y" * 300_000))
    visitor.quiet()
    stored(own_desk, sanne, look, 1)


def test_a_conversation_that_closes_ends_its_recording(own_desk: Running) -> None:
    guest, sanne, look = recorded(own_desk)
    good(sanne.put(f"/v1/conversations/{guest.visit.conversation}/closure"))
    while state_of(guest, look)[0] != "ended":
        pass
    assert reason(own_desk, guest, "recording_ended") == "look_ended"


# How long it is kept


def test_a_recording_removes_itself_with_its_files_and_its_key(own_desk: Running) -> None:
    let_record(own_desk, days=3)
    guest, sanne, look = viewing(own_desk)
    good(asks(sanne, look))
    agrees(guest, look)
    visitor = page(guest, look)
    visitor.send(frame(TOKEN))
    visitor.quiet()
    good(guest.do(look, "end", reason="visitor"))
    found = stored(own_desk, sanne, look, 1)
    assert found["removesAt"] == own_desk.clock.now() + 3 * 86_400_000
    later(own_desk, 3 * 86_400 - 1)
    assert played(own_desk.sign_in(own_desk.cast.stroom, "sanne"), look)
    later(own_desk, 1)
    take_out(own_desk)
    assert files(own_desk) == []
    for table in ("look_piece", "blob", "blob_removal"):
        assert own_desk.read(lambda tx, table=table: tx.all(f"select * from {table}")) == []
    row = own_desk.read(lambda tx: tx.one("select key from look_recording where look = ?", [look]))
    assert row is not None
    assert row[0] is None
    sanne = own_desk.sign_in(own_desk.cast.stroom, "sanne")
    left = recording_of(sanne, look)
    assert (left["pieces"], left["removedAt"]) == ([], own_desk.clock.now())
    assert refused(sanne.get(f"/v1/looks/{look}/recording/pieces/0")) == (404, "recording_unknown")
    assert reason(own_desk, guest, "recording_removed") == "retention"


def test_an_admin_removes_a_recording_by_hand(own_desk: Running) -> None:
    guest, fatima, look = recorded(own_desk, "fatima")
    sanne = own_desk.agent(own_desk.cast.stroom, "sanne")
    visitor = page(guest, look)
    visitor.send(frame(TOKEN))
    visitor.quiet()
    path = f"/v1/looks/{look}/recording/pieces"
    assert refused(sanne.delete(path)) == (409, "recording_running")
    good(fatima.delete(f"/v1/looks/{look}/recording"))
    stored(own_desk, fatima, look, 1)
    assert refused(fatima.delete(path)) == (403, "not_allowed")
    assert sanne.delete(path).status_code == 204
    assert refused(sanne.delete(path)) == (404, "recording_unknown")
    take_out(own_desk)
    assert files(own_desk) == []
    assert refused(asks(fatima, look)) == (409, "recording_removed")
    assert reason(own_desk, guest, "recording_removed") == "admin"
    later(own_desk, 31 * 86_400)
    assert kinds(own_desk, guest).count("recording_removed") == 1


def test_a_store_that_does_not_let_go_is_asked_again(own_desk: Running) -> None:
    guest, sanne, look = recorded(own_desk)
    visitor = page(guest, look)
    visitor.send(frame(TOKEN))
    visitor.quiet()
    good(sanne.delete(f"/v1/looks/{look}/recording"))
    stored(own_desk, sanne, look, 1)
    (file,) = files(own_desk)
    folder = own_desk.settings.data_dir / "blobs"
    away = folder.with_name("away")
    folder.rename(away)
    folder.write_text("no folder")
    assert sanne.delete(f"/v1/looks/{look}/recording/pieces").status_code == 204
    take_out(own_desk)
    folder.unlink()
    away.rename(folder)
    assert file.exists()
    own_desk.clock.advance(3_600)
    take_out(own_desk)
    assert not file.exists()


# Who may watch


def test_who_led_or_oversees_may_watch_and_it_is_written_down_first(own_desk: Running) -> None:
    guest, fatima, look = recorded(own_desk, "fatima")
    visitor = page(guest, look)
    visitor.send(frame(TOKEN))
    visitor.quiet()
    good(fatima.delete(f"/v1/looks/{look}/recording"))
    stored(own_desk, fatima, look, 1)
    office = own_desk.cast.stroom
    other = next(
        name
        for name, one in office.agents.items()
        if one.role == "agent" and name != "fatima" and "fatima" not in name
    )
    for path in (f"/v1/looks/{look}/recording", f"/v1/looks/{look}/recording/pieces/0"):
        assert refused(own_desk.agent(office, other).get(path)) in (
            (403, "recording_not_yours"),
            (404, "look_unknown"),
        )
    assert "recording_played" not in kinds(own_desk, guest)
    for name in ("fatima", "daan", "sanne"):
        agent = own_desk.agent(office, name)
        assert [one for _, one in played(agent, look)] == [frame(TOKEN)]
        assert [one for _, one in played(agent, look)] == [frame(TOKEN)]
    assert kinds(own_desk, guest).count("recording_played") == 3
    assert refused(fatima.get(f"/v1/looks/{look}/recording/pieces/9")) == (404, "recording_unknown")
    assert fatima.get(f"/v1/looks/{look}/recording/pieces/x").status_code == 404


def test_pictures_of_a_recorded_page_are_fetched_for_who_may_watch(own_desk: Running) -> None:
    _, fatima, look = recorded(own_desk, "fatima")
    good(fatima.post(f"/v1/looks/{look}/end"))
    folder = recording_of(fatima, look)["assets"]
    elsewhere = {"u": "https://elsewhere.example/a.png"}
    assert refused(own_desk.anybody.get(folder, params=elsewhere)) == (403, "asset_not_listed")
    sanne = own_desk.agent(own_desk.cast.stroom, "sanne")
    assert sanne.delete(f"/v1/looks/{look}/recording/pieces").status_code == 204
    assert refused(own_desk.anybody.get(folder, params=elsewhere)) == (404, "asset_unknown")
    assert recording_of(fatima, look)["assets"] == ""


def test_a_visitor_is_not_told_who_watches(own_desk: Running) -> None:
    guest, sanne, look = recorded(own_desk)
    visitor = page(guest, look)
    visitor.send(frame(TOKEN))
    visitor.quiet()
    good(sanne.delete(f"/v1/looks/{look}/recording"))
    stored(own_desk, sanne, look, 1)
    played(sanne, look)
    told = guest.http.get(f"/v1/visitor/conversations/{guest.visit.conversation}/facts?before=10000")
    assert "recording_started" in told.text
    assert "recording_played" not in told.text


def test_another_visitor_answers_nothing(own_desk: Running) -> None:
    let_record(own_desk)
    _, sanne, look = viewing(own_desk)
    good(asks(sanne, look))
    stranger = asking_guest(own_desk)
    assert refused(stranger.do(look, "recording", **AGREED)) == (404, "look_unknown")
    assert refused(stranger.http.delete(f"/v1/visitor/looks/{look}/recording")) == (404, "look_unknown")


def test_an_invitation_is_nothing_to_record(own_desk: Running) -> None:
    let_record(own_desk)
    sanne = own_desk.agent(own_desk.cast.stroom, "sanne")
    look = invited(sanne, asking_guest(own_desk))
    assert refused(asks(sanne, look)) == (409, "look_not_viewing")
    assert refused(sanne.get(f"/v1/looks/{look}/recording")) == (404, "recording_unknown")


def test_marks_tell_what_happened_when(own_desk: Running) -> None:
    guest, sanne, look = recorded(own_desk)
    good(sanne.post(f"/v1/looks/{look}/control", json={"kind": "act"}))
    guest.grants(look, "act")
    own_desk.clock.advance(5)
    assert guest.do(look, "actions", action="click", label="Volgende", outcome="done").status_code == 204
    own_desk.clock.advance(5)
    good(sanne.delete(f"/v1/looks/{look}/recording"))
    good(sanne.post(f"/v1/looks/{look}/end"))
    marks = [(one["at"], one["kind"], one["label"]) for one in recording_of(sanne, look)["marks"]]
    assert marks == [
        (0, "recording_started", ""),
        (0, "control_granted", "act"),
        (5_000, "control_used", "Volgende"),
        (10_000, "recording_ended", "agent"),
        (10_000, "look_ended", "agent"),
    ]
