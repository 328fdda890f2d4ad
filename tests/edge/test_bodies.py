"""Bodies from strangers: each kind of bad input has a name, and none of them a crash."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balie.edge.bodies import DEPTH_LIMIT, decode, without_nul
from balie.lib.errors import InvalidError
from running import Running

BAD = {
    "NaN": (b'{"name": NaN}', "not_json"),
    "Infinity": (b'{"name": Infinity}', "not_json"),
    "a lone surrogate": (b'{"name": "\\ud800"}', "not_json"),
    "a lone low surrogate": (b'{"name": "\\udc00x"}', "not_json"),
    "a surrogate in raw UTF-8": (b'{"name": "\xed\xa0\x80"}', "not_utf8"),
    "no UTF-8": (b'{"name": "\xff"}', "not_utf8"),
    "a raw control character": (b'{"name": "a\x01b"}', "not_json"),
    "a key twice": (b'{"name": "a", "name": "b"}', "key_twice"),
    "a key twice, deep inside": (b'{"name": [{"a": 1, "a": 2}]}', "key_twice"),
    "nesting without end": (b"[" * 16_000, "too_deep"),
    "nesting without end, long": (b"[" * 100_000, "invalid"),
    "nesting just too deep": (b"[" * (DEPTH_LIMIT + 1) + b"]" * (DEPTH_LIMIT + 1), "too_deep"),
    "a huge number": (b'{"name": 1' + b"0" * 5_000 + b"}", "not_json"),
    "a number beyond all": (b'{"name": 1e999}', "not_json"),
    "something after the end": (b'{"name": "a"} {}', "not_json"),
    "half of it": (b'{"name": "a', "not_json"),
    "a byte order mark": (b"\xef\xbb\xbf{}", "not_json"),
    "no object": (b"[]", "invalid"),
    "null": (b"null", "invalid"),
    "a wrong type": (b'{"name": 5}', "invalid"),
    "a number as text": (b'{"name": "a", "active": "true"}', "invalid"),
    "an escaped control character": (b'{"name": "a\\u0001b"}', "invalid"),
    "a line end at the edge": (b'{"name": "a\\n"}', "invalid"),
    "text of 100 kB": (b'{"name": "' + b"x" * 100_000 + b'"}', "invalid"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_a_named_400(desk: Running, name: str) -> None:
    body, code = BAD[name]
    office = desk.cast.stroom
    answer = desk.agent(office, "sanne").patch(
        f"/v1/agents/{office.agents['tom'].id}", content=body, headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert len(answer.content) < 2_000


def test_a_body_above_the_limit_is_refused_before_it_is_read_to_the_end(desk: Running) -> None:
    answer = desk.browser().post(
        "/v1/session", content=b"x" * 1_100_000, headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_a_form_of_another_site_is_no_json(desk: Running, kind: str) -> None:
    answer = desk.browser().post("/v1/session", content=b'{"email":"a@b"}', headers={"content-type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "json_expected")


def test_a_missing_body_is_named(desk: Running) -> None:
    answer = desk.browser().post("/v1/session")
    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"pointer": "", "detail": "a JSON body is required"}]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=300) | json_values.map(lambda value: json.dumps(value).encode()))
def test_no_body_at_all_makes_the_desk_fail(desk: Running, body: bytes) -> None:
    answer = desk.anybody.post("/v1/session", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["code"] in {"invalid", "not_json", "not_utf8", "key_twice", "too_deep"}


@given(value=json_values)
def test_what_is_valid_json_is_read_as_it_was_meant(value: object) -> None:
    text = json.dumps(value)
    try:
        assert decode(text.encode()) == without_nul(json.loads(text))
    except InvalidError as refused:
        # Lone surrogates, and numbers that no other reader of JSON could hold.
        assert refused.code == "not_json"  # noqa: PT017


@pytest.mark.parametrize("path", ["/v1/session", "/v1/visitor/sessions"])
def test_strangers_get_no_long_body_read(desk: Running, path: str) -> None:
    body = b"[" + b"[]," * 3_000 + b"[]]"
    answer = desk.browser().post(path, content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_a_long_body_is_left_at_its_first_flaw(desk: Running) -> None:
    office = desk.cast.stroom
    body = b'{"name": 1, "role": 2, "teams": [' + b"1," * 20_000 + b"1]}"
    answer = desk.agent(office, "sanne").patch(
        f"/v1/agents/{office.agents['tom'].id}", content=body, headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert [flaw["pointer"] for flaw in answer.json()["errors"]] == ["/name"]
