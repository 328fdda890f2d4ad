"""Webhooks: who may set them up, what leaves, how it is signed, and what becomes of it."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook, WebhookVerificationError
from webhook_desk import EVENTS, Hooked, reaching_loopback

from balie.desk.deliveries import LEASE_MS
from balie.engine.whole import whole
from balie.features.webhooks.commands import FAILING_MS, OLD_SECRET_MS
from receiver import Got, Receiver
from running import Running


@pytest.fixture(scope="module")
def hooks_desk(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = reaching_loopback(Running(tmp_path_factory.mktemp("hooks"), engine))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def hooked(hooks_desk: Running) -> Iterator[Hooked]:
    with Receiver() as receiver:
        hooked = Hooked(hooks_desk, receiver)
        yield hooked
        receiver.answer, receiver.held = None, None
        for item in hooked.admin.get("/v1/webhooks").json()["items"]:
            hooked.admin.delete(f"/v1/webhooks/{item['id']}")


def event(got: Got) -> dict[str, Any]:
    return dict(json.loads(got.body))


def opens(got: Got, secret: str) -> bool:
    """Whether the independent library takes the signature. It asks the machine's clock, so the age is ours to check."""
    headers = dict(got.headers)
    assert headers["webhook-timestamp"].isdigit()
    if not _is_of_today(headers["webhook-timestamp"]):
        return _opens_then(got, secret)
    try:
        Webhook(secret).verify(got.body, headers)
    except WebhookVerificationError:
        return False
    return True


def _is_of_today(text: str) -> bool:
    return abs(int(text) - time.time()) < 300


def _opens_then(got: Got, secret: str) -> bool:
    from datetime import UTC, datetime

    at = datetime.fromtimestamp(int(got.headers["webhook-timestamp"]), UTC)
    expected = Webhook(secret).sign(got.headers["webhook-id"], at, got.body.decode())
    return expected in got.headers["webhook-signature"].split(" ")


def test_what_happens_is_told_in_order_signed_and_once(hooked: Hooked) -> None:
    webhook, secret = hooked.add()
    visit = hooked.desk.asks(hooked.office, "Waar blijft mijn nota?")
    hooked.admin.put(f"/v1/conversations/{visit.conversation}/closure")
    got = hooked.got(3)
    events = [event(one) for one in got]
    assert [one["type"] for one in events] == ["conversation.opened", "message.added", "conversation.closed"]
    assert [one["data"]["seq"] for one in events] == [1, 2, 3]
    assert {one["data"]["conversation"] for one in events} == {visit.conversation}
    assert events[1]["data"]["text"] == "Waar blijft mijn nota?"
    assert events[1]["data"]["actor"]["kind"] == "contact"
    assert events[0]["timestamp"].endswith("Z")
    assert all(opens(one, secret) for one in got)
    assert not any(opens(one, "whsec_" + base64.b64encode(b"x" * 32).decode()) for one in got)
    ids = [one.headers["webhook-id"] for one in got]
    assert ids == [f"balie-{item['id']}" for item in reversed(hooked.log(webhook))]
    hooked.later(3_600)
    assert len(hooked.receiver.got) == 3
    assert {item["state"] for item in hooked.log(webhook)} == {"sent"}


def test_the_signature_is_the_one_the_specification_describes(hooked: Hooked) -> None:
    """By hand, beside the library: base64 of HMAC-SHA256 over id.timestamp.body under the decoded secret."""
    _, secret = hooked.add()
    hooked.desk.asks(hooked.office, "Hallo")
    got = hooked.got(1)[0]
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    mac = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    assert got.headers["webhook-signature"] == f"v1,{base64.b64encode(mac).decode()}"
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert got.headers["content-type"] == "application/json"
    assert not opens(got._replace(body=got.body + b" "), secret)


def test_notes_leave_only_where_they_were_asked_for(hooked: Hooked) -> None:
    hooked.add("/plain")
    hooked.add("/notes", ["note.added"])
    visit = hooked.desk.asks(hooked.office, "Hallo")
    from balie.lib import ids

    hooked.admin.post(
        f"/v1/conversations/{visit.conversation}/messages",
        json={"cid": ids.new_cid(), "text": "Lastig", "note": True},
    )
    got = hooked.got(3)
    assert sorted((one.path, event(one)["type"]) for one in got) == [
        ("/notes", "note.added"),
        ("/plain", "conversation.opened"),
        ("/plain", "message.added"),
    ]


def test_nothing_of_another_organisation_is_told_nor_of_the_time_before(hooked: Hooked) -> None:
    hooked.desk.asks(hooked.office, "Van vroeger")
    webhook, _ = hooked.add()
    hooked.desk.asks(hooked.desk.cast.gracht, "Geheim van de buren")
    hooked.settle()
    assert hooked.log(webhook) == []


def test_while_it_rotates_both_secrets_sign_and_then_the_new_one_only(hooked: Hooked) -> None:
    webhook, old = hooked.add()
    answer = hooked.admin.post(f"/v1/webhooks/{webhook}/secret", json={})
    new = answer.json()["secret"]
    assert new != old
    assert answer.json()["webhook"]["oldSecretUntil"] == hooked.desk.clock.now() + OLD_SECRET_MS
    hooked.desk.asks(hooked.office, "Tijdens")
    for got in hooked.got(2):
        assert len(got.headers["webhook-signature"].split(" ")) == 2
        assert opens(got, old)
        assert opens(got, new)
    hooked.later(OLD_SECRET_MS / 1000)
    hooked.desk.asks(hooked.office, "Daarna")
    after = hooked.got(4)[2:]
    assert [opens(got, new) for got in after] == [True, True]
    assert [opens(got, old) for got in after] == [False, False]


def test_a_secret_is_told_once_and_stands_in_no_list(hooked: Hooked) -> None:
    own = "whsec_" + base64.b64encode(b"k" * 24).decode()
    webhook, secret = hooked.add(secret=own)
    assert secret == own
    hooked.admin.post(f"/v1/webhooks/{webhook}/tests")
    hooked.settle()
    for path in ("", f"/{webhook}/deliveries", f"/{webhook}/deliveries/{hooked.log(webhook)[0]['id']}"):
        assert own not in hooked.admin.get(f"/v1/webhooks{path}").text
    facts = hooked.desk.read(lambda tx: tx.all("select body from fact where kind like 'webhook_%'"))
    assert not any(own in row[0] or hooked.receiver.url in row[0] for row in facts)


def places(desk: Running, word: str) -> set[str]:
    """Every table and column in which it stands, in whatever form a row has."""
    found = set()
    with whole(desk.settings.database).snapshot() as reader:
        for shape in reader.shapes():
            columns = ", ".join(f'"{column.name}"' for column in shape.columns)
            for row in reader.all(f"select {columns} from {shape.name}"):
                for column, value in zip(shape.columns, row, strict=True):
                    if word.encode() in (value if isinstance(value, bytes) else str(value).encode()):
                        found.add(f"{shape.name}.{column.name}")
    return found


def test_a_secret_lies_where_it_signs_and_nowhere_else(hooked: Hooked) -> None:
    """Not in the remembered answer of a repeated POST either; the old one goes when it has signed long enough."""
    body = {"url": hooked.receiver.url, "events": ["message.added"]}
    made = hooked.admin.post("/v1/webhooks", json=body, headers={"idempotency-key": "een-sleutel"})
    repeat = hooked.admin.post("/v1/webhooks", json=body, headers={"idempotency-key": "een-sleutel"})
    assert (made.status_code, repeat.json()) == (201, made.json())
    webhook, first = made.json()["webhook"]["id"], made.json()["secret"]
    hooked.desk.asks(hooked.office, "Hallo")
    hooked.got(1)
    assert places(hooked.desk, first) == {"webhook.secret"}
    again: dict[str, Any] = {"headers": {"idempotency-key": "nog-een"}, "json": {}}
    second = hooked.admin.post(f"/v1/webhooks/{webhook}/secret", **again).json()["secret"]
    assert hooked.admin.post(f"/v1/webhooks/{webhook}/secret", **again).json()["secret"] == second
    assert places(hooked.desk, first) == {"webhook.old_secret"}
    assert places(hooked.desk, second) == {"webhook.secret"}
    assert not places(hooked.desk, "een-sleutel") | places(hooked.desk, "nog-een")
    hooked.later(OLD_SECRET_MS / 1000)
    assert places(hooked.desk, first) == set()


def test_a_repeat_after_its_secret_was_replaced_is_refused_not_answered_with_another(hooked: Hooked) -> None:
    body = {"url": hooked.receiver.url, "events": ["message.added"]}
    key = {"idempotency-key": "de-sleutel"}
    webhook = hooked.admin.post("/v1/webhooks", json=body, headers=key).json()["webhook"]["id"]
    for _ in range(2):
        hooked.admin.post(f"/v1/webhooks/{webhook}/secret", json={})
    late = hooked.admin.post("/v1/webhooks", json=body, headers=key)
    assert (late.status_code, late.json()["code"]) == (409, "secret_gone")
    assert len(hooked.admin.get("/v1/webhooks").json()["items"]) == 1


def test_a_failure_is_tried_again_under_the_same_id_with_a_new_time(hooked: Hooked) -> None:
    hooked.receiver.answer = lambda _: (503, {"retry-after": "120"}, b"later")
    webhook, secret = hooked.add(events=["conversation.opened"])
    hooked.desk.asks(hooked.office, "Hallo")
    hooked.got(1)
    hooked.later(100)
    assert len(hooked.receiver.got) == 1
    hooked.receiver.answer = None
    hooked.later(30)
    first, second = hooked.got(2)
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 130
    assert first.body == second.body
    assert opens(second, secret)
    (item,) = hooked.log(webhook)
    detail = hooked.admin.get(f"/v1/webhooks/{webhook}/deliveries/{item['id']}").json()
    assert [(one["result"], one["status"]) for one in detail["attempts"]] == [("retry", 503), ("sent", 200)]
    assert "later" in detail["attempts"][0]["response"]
    assert detail["attempts"][0]["request"].startswith(f"POST {hooked.receiver.url}/hook")
    assert json.loads(detail["body"])["type"] == "conversation.opened"


@pytest.mark.parametrize("status", [301, 307, 400, 401, 404, 422])
def test_a_definite_no_is_a_dead_letter_that_an_admin_can_replay(hooked: Hooked, status: int) -> None:
    hooked.receiver.answer = lambda _: (status, {"location": hooked.receiver.url + "/elsewhere"}, b"no")
    webhook, _ = hooked.add(events=["conversation.opened"])
    hooked.desk.asks(hooked.office, "Hallo")
    hooked.got(1)
    (item,) = hooked.log(webhook, state="dead")
    assert item["reason"].startswith(f"answered {status}")
    hooked.receiver.answer = None
    again = hooked.admin.post(f"/v1/webhooks/{webhook}/deliveries/{item['id']}/replays")
    assert again.json()["state"] in ("due", "trying", "sent")
    got = hooked.got(2)
    assert {one.path for one in got} == {"/hook"}
    assert got[0].headers["webhook-id"] == got[1].headers["webhook-id"]
    assert hooked.log(webhook)[0]["state"] == "sent"


def test_all_that_failed_since_a_moment_can_be_sent_again(hooked: Hooked) -> None:
    hooked.receiver.answer = lambda _: (400, {}, b"")
    webhook, _ = hooked.add(events=["conversation.opened"])
    hooked.desk.asks(hooked.office, "Eerder")
    hooked.got(1)
    hooked.desk.clock.advance(60)
    since = hooked.desk.clock.now()
    for _ in range(3):
        hooked.desk.asks(hooked.office, "Later")
    hooked.got(4)
    hooked.receiver.answer = None
    assert hooked.admin.post(f"/v1/webhooks/{webhook}/replays", json={"since": since}).json() == {"count": 3}
    hooked.got(7)
    assert [item["state"] for item in hooked.log(webhook)] == ["sent", "sent", "sent", "dead"]


def test_an_answer_of_gone_turns_it_off_and_says_so(hooked: Hooked) -> None:
    hooked.receiver.answer = lambda _: (410, {}, b"")
    webhook, _ = hooked.add()
    hooked.desk.asks(hooked.office, "Hallo")
    hooked.got(1)
    known = hooked.one(webhook)
    assert (known["active"], known["offReason"]) == (False, "gone")
    assert [item["state"] for item in hooked.log(webhook)] == ["dead", "dead"]
    rows = hooked.desk.read(
        lambda tx: tx.all(
            "select body from fact where kind = 'webhook_disabled' order by position desc limit 1"
        )
    )
    assert json.loads(rows[0][0]) == {"id": webhook, "description": "", "reason": "gone"}
    for path in ("tests", f"deliveries/{hooked.log(webhook)[0]['id']}/replays"):
        refused = hooked.admin.post(f"/v1/webhooks/{webhook}/{path}")
        assert (refused.status_code, refused.json()["code"]) == (409, "webhook_off")


def test_days_of_failure_turn_it_off_and_turning_it_on_tells_only_what_is_new(hooked: Hooked) -> None:
    hooked.receiver.answer = lambda _: (500, {}, b"")
    webhook, _ = hooked.add(events=["conversation.opened"])
    hooked.desk.asks(hooked.office, "Hallo")
    hooked.got(1)
    assert hooked.one(webhook)["failingSince"] is not None
    hooked.later(FAILING_MS / 2_000)
    assert hooked.one(webhook)["active"]
    hooked.desk.asks(hooked.office, "Nog een")
    hooked.later(FAILING_MS / 1_900)
    hooked.later(3_601)
    known = hooked.one(webhook)
    assert (known["active"], known["offReason"]) == (False, "failing")
    hooked.desk.asks(hooked.office, "Terwijl het uit staat")
    hooked.settle()
    hooked.receiver.answer = None
    before = len(hooked.receiver.got)
    on = hooked.change(webhook, active=True).json()
    assert (on["active"], on["offReason"], on["failingSince"]) == (True, "", None)
    visit = hooked.desk.asks(hooked.office, "Weer aan")
    hooked.settle()
    told = [event(got)["data"]["conversation"] for got in hooked.receiver.got[before:]]
    assert told == [visit.conversation]


def test_a_test_event_is_signed_and_in_the_log(hooked: Hooked) -> None:
    webhook, secret = hooked.add()
    answer = hooked.admin.post(f"/v1/webhooks/{webhook}/tests")
    assert (answer.status_code, answer.json()["topic"]) == (201, "webhook.test")
    got = hooked.got(1)[0]
    assert event(got)["type"] == "webhook.test"
    assert opens(got, secret)


def test_an_address_that_no_call_may_go_to_is_refused_by_name(hooked: Hooked) -> None:
    for url, code in (
        ("not an address", "url_invalid"),
        ("https://user:pass@example.com/", "url_invalid"),
        ("https://10.0.0.1/", "url_not_public"),
        ("https://[::ffff:169.254.169.254]/latest", "url_not_public"),
        ("https://0x7f000001.nip/", None),
        ("http://8.8.8.8/", "url_not_https"),
    ):
        body = {"url": url, "events": EVENTS, "active": False}
        answer = hooked.admin.post("/v1/webhooks", json=body)
        assert answer.json().get("code") == code, (url, answer.text)
        if code:
            assert answer.status_code == 400
            assert answer.json()["errors"][0]["pointer"] == "/url"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"events": []}, "/events"),
        ({"events": ["everything"]}, "/events/0"),
        ({"url": ""}, "/url"),
        ({"url": "https://e.example/" + "x" * 2_000}, "/url"),
        ({"description": "x" * 201}, "/description"),
        ({"secret": "short"}, "/secret"),
        ({"secret": "whsec_" + base64.b64encode(b"x" * 23).decode()}, "/secret"),
        ({"secret": "whsec_" + base64.b64encode(b"x" * 65).decode()}, "/secret"),
        ({"secret": "whsec_!!!"}, "/secret"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_bad_input_is_named(hooked: Hooked, change: dict[str, Any], pointer: str) -> None:
    answer = hooked.admin.post("/v1/webhooks", json={"url": hooked.receiver.url, "events": EVENTS, **change})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("name", ["daan", "fatima"])
def test_only_admins_see_and_change_webhooks(hooked: Hooked, name: str) -> None:
    webhook, _ = hooked.add()
    browser: httpx.Client = hooked.desk.sign_in(hooked.office, name)
    body = {"url": hooked.receiver.url, "events": EVENTS}
    for answer in (
        browser.get("/v1/webhooks"),
        browser.post("/v1/webhooks", json=body),
        browser.put(f"/v1/webhooks/{webhook}", json=body),
        browser.get(f"/v1/webhooks/{webhook}/deliveries"),
        browser.post(f"/v1/webhooks/{webhook}/secret", json={}),
        browser.post(f"/v1/webhooks/{webhook}/tests"),
        browser.post(f"/v1/webhooks/{webhook}/replays", json={"since": 0}),
        browser.delete(f"/v1/webhooks/{webhook}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_removed_webhook_takes_its_log_with_it_also_in_the_middle_of_an_attempt(hooked: Hooked) -> None:
    webhook, _ = hooked.add()
    hooked.receiver.answer = lambda _: (500, {}, b"")
    hooked.desk.asks(hooked.office, "Hallo")
    hooked.got(1)
    assert hooked.admin.delete(f"/v1/webhooks/{webhook}").status_code == 204
    assert hooked.admin.get(f"/v1/webhooks/{webhook}/deliveries").status_code == 404
    hooked.later(LEASE_MS / 1000 + 3_600)
    assert len(hooked.receiver.got) == 1
    for table in ("delivery", "delivery_attempt", "delivery_target"):
        assert hooked.desk.read(lambda tx, t=table: tx.one(f"select count(*) from {t}")) == (0,)


def test_the_log_comes_in_pages_and_counts_its_states(hooked: Hooked) -> None:
    webhook, _ = hooked.add()
    for _ in range(3):
        hooked.desk.asks(hooked.office, "Hallo")
    hooked.got(6)
    path = f"/v1/webhooks/{webhook}/deliveries"
    first = hooked.admin.get(path, params={"limit": 4}).json()
    rest = hooked.admin.get(path, params={"limit": 4, "before": first["next"]}).json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (4, 2, None)
    assert first["counts"] == {"sent": 6}
    numbers = [item["number"] for item in first["items"] + rest["items"]]
    assert numbers == sorted(numbers, reverse=True)
    assert hooked.log(webhook, state="dead") == []
    assert hooked.admin.get(path, params={"state": "lost"}).status_code == 400
