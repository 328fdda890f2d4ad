"""The console's resources as an agent uses them."""

from balie.lib import ids
from running import Running


def facts_of(desk: Running, conversation: str) -> list[str]:
    rows = desk.read(lambda tx: tx.all("select kind from fact where stream = ? order by seq", [conversation]))
    return [row[0] for row in rows]


def test_an_agent_takes_answers_and_closes(desk: Running) -> None:
    office = desk.cast.stroom
    asked = desk.asks(office, "What is my tariff?")
    fatima = desk.agent(office, "fatima")
    path = f"/v1/conversations/{asked.conversation}"
    taken = fatima.put(f"{path}/assignment", json={"agent": office.agents["fatima"].id}).json()
    assert taken["conversation"]["assignee"]["name"] == "Fatima"
    answer = {"cid": ids.new_cid(), "text": "Twenty cents."}
    first = fatima.post(f"{path}/messages", json=answer)
    again = fatima.post(f"{path}/messages", json=answer)
    assert first.status_code == 201
    assert again.json() == first.json()
    closed = fatima.put(f"{path}/closure").json()["conversation"]
    assert (closed["status"], closed["waitingSince"], closed["seq"]) == ("closed", None, 5)
    assert facts_of(desk, asked.conversation) == [
        "conversation_opened", "message_added", "conversation_assigned", "message_added", "conversation_closed",
    ]  # fmt: skip


def test_doing_it_twice_makes_no_second_fact(desk: Running) -> None:
    office = desk.cast.stroom
    asked = desk.asks(office, "Twice")
    daan = desk.agent(office, "daan")
    path = f"/v1/conversations/{asked.conversation}"
    for _ in range(2):
        assert daan.put(f"{path}/assignment", json={"agent": office.agents["tom"].id}).status_code == 200
    for _ in range(2):
        assert daan.put(f"{path}/closure").json()["conversation"]["status"] == "closed"
    for _ in range(2):
        assert daan.delete(f"{path}/closure").json()["conversation"]["status"] == "open"
    for _ in range(2):
        assert daan.delete(f"{path}/assignment").json()["conversation"]["assignee"] is None
    assert facts_of(desk, asked.conversation)[2:] == [
        "conversation_assigned", "conversation_closed", "conversation_reopened", "conversation_assigned",
    ]  # fmt: skip


def test_views_come_in_pages_without_gap_or_repeat(own_desk: Running) -> None:
    office = own_desk.cast.stroom
    asked = []
    for number in range(7):
        # Two at the same moment: the cursor must not lose one of them.
        own_desk.clock.advance(number % 2)
        asked.append(own_desk.asks(office, f"Question {number}").conversation)
    daan = own_desk.agent(office, "daan")
    seen: list[str] = []
    cursor: str | None = None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = daan.get("/v1/conversations", params={"view": "unassigned", "limit": 3, **more}).json()
        seen += [row["id"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(asked)
    daan.put(f"/v1/conversations/{asked[0]}/assignment", json={"agent": office.agents["daan"].id})
    daan.put(f"/v1/conversations/{asked[1]}/closure")

    def view(name: str) -> list[str]:
        return [row["id"] for row in daan.get("/v1/conversations", params={"view": name}).json()["items"]]

    assert view("mine") == [asked[0]]
    assert view("closed") == [asked[1]]
    assert len(view("all")) == 6


def test_a_snapshot_and_older_lines_fit_together(desk: Running) -> None:
    office = desk.cast.stroom
    asked = desk.asks(office, "Long story")
    daan = desk.agent(office, "daan")
    path = f"/v1/conversations/{asked.conversation}"
    for number in range(5):
        note = {"cid": ids.new_cid(), "text": f"Line {number}", "note": number % 2 == 0}
        assert daan.post(f"{path}/messages", json=note).status_code == 201
    whole = daan.get(path).json()
    assert whole["conversation"]["seq"] == whole["log"][-1]["seq"] == 7
    assert whole["more"] is False
    tail = daan.get(f"{path}/facts", params={"limit": 3}).json()
    older = daan.get(f"{path}/facts", params={"limit": 200, "before": tail["log"][0]["seq"]}).json()
    assert tail["more"] is True
    assert older["log"] + tail["log"] == whole["log"]


def test_a_draft_is_kept_for_its_author_alone_and_an_empty_one_goes(desk: Running) -> None:
    office = desk.cast.stroom
    asked = desk.asks(office, "Draft")
    path = f"/v1/conversations/{asked.conversation}/drafts/message"

    def kept() -> list[object]:
        sql = "select agent, text from draft where conversation = ?"
        return [tuple(row) for row in desk.read(lambda tx: tx.all(sql, [asked.conversation]))]

    assert desk.agent(office, "fatima").put(path, json={"text": "Dear"}).status_code == 204
    assert desk.agent(office, "daan").put(path, json={"text": "Hello"}).status_code == 204
    assert set(kept()) == {(office.agents["fatima"].id, "Dear"), (office.agents["daan"].id, "Hello")}
    desk.agent(office, "daan").put(path, json={"text": " "})
    assert kept() == [(office.agents["fatima"].id, "Dear")]
    assert (
        desk.agent(office, "daan").put(path.replace("message", "song"), json={"text": "x"}).status_code == 400
    )


def test_a_contact_is_corrected_with_one_fact(desk: Running) -> None:
    office = desk.cast.stroom
    asked = desk.asks(office, "Who am I?", name="M. Visser")
    fatima = desk.agent(office, "fatima")
    for _ in range(2):
        changed = fatima.patch(
            f"/v1/contacts/{asked.contact}", json={"name": "Marieke Visser", "phone": "06 12"}
        )
        assert (changed.json()["name"], changed.json()["phone"]) == ("Marieke Visser", "06 12")
    rows = desk.read(
        lambda tx: tx.all(
            "select 1 from fact where kind = 'contact_changed' and body like ?", [f"%{asked.contact}%"]
        )
    )
    assert len(rows) == 1
    visit = fatima.get(f"/v1/contacts/{asked.contact}/visit").json()
    assert visit == {"online": False, "current": None, "pages": [], "device": "", "state": None}
    assert [
        row["id"] for row in fatima.get(f"/v1/contacts/{asked.contact}/conversations").json()["items"]
    ] == [asked.conversation]


def test_admins_add_and_change_people_and_inboxes_and_others_may_not(own_desk: Running) -> None:
    office = own_desk.cast.stroom
    sanne, daan = own_desk.agent(office, "sanne"), own_desk.agent(office, "daan")
    new = {
        "email": "noor@groenestroom.example",
        "name": "Noor",
        "role": "agent",
        "password": "eerste-wachtwoord",
        "teams": [office.teams["service"].id],
    }
    assert daan.post("/v1/agents", json=new).status_code == 403
    made = sanne.post("/v1/agents", json=new, headers={"idempotency-key": "noor"})
    repeat = sanne.post("/v1/agents", json=new, headers={"idempotency-key": "noor"})
    assert made.status_code == 201
    assert repeat.json() == made.json()
    other = sanne.post("/v1/agents", json={**new, "name": "N."}, headers={"idempotency-key": "noor"})
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    assert sanne.post("/v1/agents", json=new).json()["code"] == "email_taken"
    own_desk.clock.advance(25 * 3600)
    sanne = own_desk.sign_in(office, "sanne")
    late = sanne.post("/v1/agents", json=new, headers={"idempotency-key": "noor"})
    assert late.json()["code"] == "email_taken"
    last = sanne.patch(f"/v1/agents/{office.agents['sanne'].id}", json={"role": "agent"})
    assert (last.status_code, last.json()["code"]) == (409, "last_admin")
    path = f"/v1/inboxes/{office.site.id}"
    assert own_desk.sign_in(office, "daan").patch(path, json={"name": "x"}).status_code == 403
    changed = sanne.patch(
        path, json={"allowedOrigins": ["https://Nieuw.example:443/pad", "https://nieuw.example"]}
    )
    assert changed.json()["allowedOrigins"] == ["https://nieuw.example"]
    assert (
        sanne.patch(path, json={"allowedOrigins": ["javascript:alert(1)"]}).json()["code"] == "origin_invalid"
    )


def test_agents_change_their_own_name_and_language(own_desk: Running) -> None:
    tom = own_desk.agent(own_desk.cast.stroom, "tom")
    me = tom.patch("/v1/session", json={"name": "Tom de Wit", "language": "en"}).json()["me"]
    assert (me["name"], me["language"]) == ("Tom de Wit", "en")
    assert tom.get("/v1/session").json()["me"] == me
