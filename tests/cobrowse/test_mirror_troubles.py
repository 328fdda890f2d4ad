"""What goes wrong on the visitor's page: an agent sees that it does, by kind and number, and nothing of what it says."""
# ruff: noqa: E501  the page's own lines are as long as they are

from typing import Any

import pytest
from mirror_pair import OPEN, SHOWN, Pair
from mirror_site import MirrorSite

TROUBLE = 14
FORM = """<!doctype html><html><head><title>Form</title></head><body>
<form id="form"><input id="name" name="name" required><button id="send">Send</button></form>
<form id="mail"><input id="address" name="address" type="email"></form>
<form id="own"><input id="word" name="word"></form>
<form id="card"><input id="number" name="cardnumber"></form>
<div data-balie-mask><form id="masked"><input id="inside" name="inside"></form></div>
<div data-balie-block><form id="blocked"><input id="below" name="below"></form></div>
<div id="late"><form id="soon"><input id="then" name="then"></form></div>
<x-form id="shadow"></x-form></body></html>"""
SECRETS = ("tokenmessage", "tokenreason", "tokenaddress", "tokenimage", "tokenvalue", "tokencustom")


@pytest.fixture
def form(pair: Pair, site: MirrorSite) -> Pair:
    site.pages["/form"] = FORM
    pair.looks_along("/form", OPEN)
    return pair


def troubles(pair: Pair) -> list[dict[str, Any]]:
    return [it["message"] for it in pair.heard if it["t"] == "told" and it["message"]["type"] == TROUBLE]


def hears(pair: Pair, script: str, **wanted: Any) -> dict[str, Any]:
    """Runs in the visitor's page; the first trouble told since that fits."""
    start = len(pair.heard)
    pair.visitor.evaluate(script)
    found: dict[str, Any] = pair.hears({"t": "told", "message": {"type": TROUBLE, **wanted}}, start)[
        "message"
    ]
    return found


def throws(pair: Pair, what: str) -> None:
    """The page's own errors are what is tested here; any other still fails the test."""
    pair.errors[:] = [it for it in pair.errors if what not in it]


def test_errors_of_scripts_are_told_by_their_number_alone(form: Pair) -> None:
    told = hears(
        form,
        "setTimeout(() => { throw new Error('tokenmessage') }); void Promise.reject(new Error('tokenreason')); 0",
        kind="script",
    )
    assert told == {"type": TROUBLE, "kind": "script", "count": 2, "id": 0, "fault": "other", "text": ""}
    assert not any(it.encode() in form.wire() for it in SECRETS)
    throws(form, "token")


def test_requests_that_fail_are_told_by_their_number_alone(form: Pair) -> None:
    hears(
        form,
        "const it = new Image(); it.src = '/tokenimage.png'; document.body.append(it); 0",
        kind="request",
        count=1,
    )
    hears(form, "fetch('/tokenaddress?tokenvalue').then((it) => it.status)", kind="request", count=1)
    assert [it["kind"] for it in troubles(form)] == ["request", "request"]
    assert not any(it.encode() in form.wire() for it in ("tokenaddress", "tokenvalue"))


def test_what_fails_of_our_own_or_was_made_up_is_none_of_the_pages_trouble(form: Pair) -> None:
    hears(
        form,
        """() => {
          for (const it of ['error', 'unhandledrejection', 'invalid']) { window.dispatchEvent(new Event(it)); document.getElementById('name').dispatchEvent(new Event(it)); }
          const ours = document.createElement('link'); ours.rel = 'stylesheet'; ours.href = '/bundle/none.css'; document.head.append(ours);
          const theirs = document.createElement('img'); document.querySelector('[data-balie-block]').append(theirs); theirs.src = '/none.png';
          return fetch('/bundle/none.json').then(() => setTimeout(() => { throw new Error('tokenmessage') }));
        }""",
        kind="script",
        count=1,
    )
    hears(form, "fetch('/none.json').then(() => 0)", kind="request", count=1)
    assert [it["kind"] for it in troubles(form)] == ["script", "request"]
    throws(form, "token")


def test_a_required_field_that_is_empty_is_told_with_the_browsers_words(form: Pair) -> None:
    told = hears(form, "document.getElementById('send').click()", kind="form")
    words = form.visitor.evaluate("document.getElementById('name').validationMessage")
    assert words
    assert told == {
        "type": TROUBLE,
        "kind": "form",
        "count": 1,
        "id": form.id_of("input"),
        "fault": "required",
        "text": words,
    }


def test_fields_in_shadow_roots_are_told_and_several_come_together(form: Pair) -> None:
    form.does(
        """() => { const root = document.getElementById('shadow').attachShadow({mode: 'open'}); const it = document.createElement('form');
        for (let i = 0; i < 3; i++) { const one = document.createElement('input'); one.required = true; it.append(one); } root.append(it); }"""
    )
    told = hears(
        form,
        "const it = document.getElementById('shadow').shadowRoot.querySelector('form'); it.checkValidity(); it.reportValidity()",
        kind="form",
    )
    assert told["count"] == 3
    assert told["id"] > 0


def test_words_of_the_browser_that_quote_the_value_stay(form: Pair) -> None:
    """Chromium's words for an address without an @ hold what stands in the field."""
    told = hears(
        form,
        "const it = document.getElementById('address'); it.value = 'tokenvalue'; it.form.reportValidity()",
        kind="form",
    )
    assert "tokenvalue" in form.visitor.evaluate("document.getElementById('address').validationMessage")
    assert (told["fault"], told["text"]) == ("type", "")
    assert told["id"] > 0
    assert b"tokenvalue" not in form.wire()


CUSTOM = "const it = document.getElementById('{id}'); it.value = '{value}'; it.setCustomValidity('{words}'); it.form.reportValidity()"


def test_the_pages_own_words_are_told_as_its_texts_are(form: Pair) -> None:
    told = hears(form, CUSTOM.format(id="word", value="", words="Wrong 4111 1111 1111 1111 ok"), kind="form")
    assert (told["fault"], told["text"]) == ("message", "Wrong •••• ok")
    told = hears(
        form,
        CUSTOM.format(id="word", value="", words="long ".ljust(5_000, "x")),
        kind="form",
        fault="message",
    )
    assert len(told["text"]) == 200
    told = hears(form, CUSTOM.format(id="word", value="tokenvalue", words="tokenvalue is wrong"), kind="form")
    assert (told["fault"], told["text"]) == ("message", "")
    assert b"tokenvalue" not in form.wire()


@pytest.mark.parametrize(
    ("field", "numbered"), [("number", True), ("inside", False), ("below", False), ("then", False)]
)
def test_of_protected_masked_and_blocked_fields_no_word_is_told(
    form: Pair, field: str, numbered: bool
) -> None:
    late = "document.getElementById('late').setAttribute('data-balie-mask', '');" if field == "then" else ""
    told = hears(form, late + CUSTOM.format(id=field, value="tokenvalue", words="tokencustom"), kind="form")
    assert told["text"] == ""
    assert (told["id"] > 0) is numbered
    assert not any(it in form.wire() for it in (b"tokencustom", b"tokenvalue"))


@pytest.mark.parametrize(
    "policy",
    [{"version": 1, "text": "mask"}, SHOWN | {"pages": [{"url": "/form", "mode": "view-without-fields"}]}],
)
def test_a_policy_that_masks_texts_or_hides_fields_lets_no_word_through(
    pair: Pair, site: MirrorSite, policy: dict[str, Any]
) -> None:
    site.pages["/form"] = FORM
    pair.looks_along("/form", policy)
    told = hears(pair, CUSTOM.format(id="word", value="tokenvalue", words="tokencustom"), kind="form")
    assert (told["text"], told["id"] > 0) == ("", True)
    assert not any(it in pair.wire() for it in (b"tokencustom", b"tokenvalue"))


def test_nothing_is_told_of_a_page_that_is_paused(form: Pair) -> None:
    form.visitor.evaluate("mirror.recorder.pause()")
    form.visitor.evaluate(
        """() => new Promise((done) => {
          document.getElementById('send').click();
          new PerformanceObserver((_, it) => { it.disconnect(); setTimeout(() => { setTimeout(done); throw new Error('token'); }); }).observe({type: 'resource'});
          void fetch('/none.json');
        })"""
    )
    before = len(form.heard)
    form.visitor.evaluate("mirror.recorder.resume()")
    form.hears({"t": "notice", "what": "shown"}, before)
    told = hears(form, "fetch('/none.json').then(() => 0)", kind="request")
    assert told["count"] == 1
    assert len(troubles(form)) == 1
    throws(form, "token")


def test_ten_thousand_errors_a_second_cost_one_message_a_second(form: Pair) -> None:
    spent = form.visitor.evaluate(
        """() => new Promise((done) => {
          const began = performance.now();
          let left = 10000;
          const some = () => {
            for (let i = 0; i < 500 && left > 0; i++, left--) document.getElementById('name').checkValidity(), reportError('token');
            if (left > 0) setTimeout(some, 50); else done(performance.now() - began);
          };
          some();
        })"""
    )
    total = 0
    start = 0
    while total < 10_000:
        start = next(
            (
                at + 1
                for at, it in enumerate(form.heard)
                if at >= start and it["t"] == "told" and it["message"]["type"] == TROUBLE
            ),
            start,
        )
        total = sum(it["count"] for it in troubles(form) if it["kind"] == "script")
        if total < 10_000:
            form.hears({"t": "told", "message": {"type": TROUBLE}}, start)
    # The first after a moment, one more each second; of both kinds together.
    assert len(troubles(form)) <= spent / 1_000 + 4
    assert total == 10_000
    throws(form, "token")
