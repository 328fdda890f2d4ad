"""Canned replies: who may write them, and that each change is a fact."""

import httpx
import msgspec
import pytest

from balie.desk.access import find_access
from balie.features.replies import REPLIES
from balie.features.replies.facts import CannedReply
from running import Running

REPLY = {"shortcut": "hallo", "title": "Begroeting", "text": "Hallo {{contact.firstName}}!", "language": "nl"}


@pytest.fixture
def fresh(own_desk: Running) -> httpx.Client:
    return own_desk.agent(own_desk.cast.stroom, "daan")


def facts(desk: Running) -> list[tuple[str, str]]:
    rows = desk.read(
        lambda tx: tx.all("select kind, body from fact where kind like 'reply_%' order by position")
    )
    return [(row[0], row[1]) for row in rows]


def test_a_supervisor_saves_changes_and_removes(own_desk: Running, fresh: httpx.Client) -> None:
    made = fresh.post("/v1/replies", json=REPLY)
    assert made.status_code == 201
    reply = made.json()
    assert (
        fresh.put(f"/v1/replies/{reply['id']}", json={**REPLY, "text": "Goedendag!"}).json()["text"]
        == "Goedendag!"
    )
    assert fresh.delete(f"/v1/replies/{reply['id']}").status_code == 204
    assert fresh.delete(f"/v1/replies/{reply['id']}").status_code == 404
    assert fresh.get("/v1/replies").json() == {"items": []}
    assert [kind for kind, _ in facts(own_desk)] == ["reply_saved", "reply_saved", "reply_removed"]


def test_a_save_that_changes_nothing_is_no_fact(own_desk: Running, fresh: httpx.Client) -> None:
    reply = fresh.post("/v1/replies", json=REPLY).json()
    fresh.put(f"/v1/replies/{reply['id']}", json=REPLY)
    assert len(facts(own_desk)) == 1


def test_a_shortcut_is_taken_once_for_each_language(fresh: httpx.Client) -> None:
    fresh.post("/v1/replies", json=REPLY)
    again = fresh.post("/v1/replies", json=REPLY)
    assert (again.status_code, again.json()["code"]) == (409, "shortcut_taken")
    english = fresh.post("/v1/replies", json={**REPLY, "language": "en"})
    assert english.status_code == 201
    moved = fresh.put(f"/v1/replies/{english.json()['id']}", json=REPLY)
    assert moved.json()["code"] == "shortcut_taken"


def test_a_repeat_with_the_same_key_saves_once(own_desk: Running, fresh: httpx.Client) -> None:
    key = {"idempotency-key": "a-key"}
    first, second = (fresh.post("/v1/replies", json=REPLY, headers=key) for _ in range(2))
    assert second.json() == first.json()
    assert len(facts(own_desk)) == 1
    bad = fresh.post("/v1/replies", json=REPLY, headers={"idempotency-key": "x" * 201})
    assert bad.json()["errors"][0]["pointer"] == "Idempotency-Key"


def test_agents_read_and_do_not_write(own_desk: Running, fresh: httpx.Client) -> None:
    reply = fresh.post("/v1/replies", json=REPLY).json()
    tom = own_desk.agent(own_desk.cast.stroom, "tom")
    assert tom.get("/v1/replies").json()["items"] == [reply]
    for answer in (
        tom.post("/v1/replies", json=REPLY),
        tom.put(f"/v1/replies/{reply['id']}", json=REPLY),
        tom.delete(f"/v1/replies/{reply['id']}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_the_snapshot_has_what_the_list_has(own_desk: Running, fresh: httpx.Client) -> None:
    fresh.post("/v1/replies", json=REPLY)
    agent = own_desk.cast.stroom.agents["tom"].id
    part = REPLIES.snapshot
    assert part is not None

    def read(tx: object) -> object:
        access = find_access(tx, agent)  # type: ignore[arg-type]
        assert access is not None
        return part(tx, access)  # type: ignore[arg-type]

    assert msgspec.to_builtins(own_desk.read(read)) == fresh.get("/v1/replies").json()["items"]


@pytest.mark.parametrize("text", ["", "   ", "\u0000", "x" * 8_001])
def test_a_reply_needs_text_of_bearable_length(desk: Running, text: str) -> None:
    answer = desk.agent(desk.cast.stroom, "daan").post("/v1/replies", json={**REPLY, "text": text})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/text"


def test_template_marks_and_script_are_plain_text(own_desk: Running, fresh: httpx.Client) -> None:
    nasty = "{{constructor.constructor('alert(1)')()}} <script>alert(1)</script>"
    made = fresh.post("/v1/replies", json={**REPLY, "text": nasty})
    assert made.json()["text"] == nasty
    assert msgspec.convert(made.json(), CannedReply).text == nasty
