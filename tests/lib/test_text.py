"""Texts from strangers: what is kept, what is taken out, and which addresses may be shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.lib.text import bare_url, clean, one_line, origin


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  hallo \n", "hallo"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\tb", "a\tb"),
        ("nul\x00 bel\x07 esc\x1b[31m", "nul bel esc[31m"),
        ("c1 \x85\x9b", "c1"),
        ("\ud800lone", "lone"),
        ("rek\u202egnineker\u202c", "rekgnineker"),
        ("\ufeff\u200bzero\u200b", "zero"),
        ("👩‍👩‍👧 é عربى", "👩‍👩‍👧 é عربى"),
        ("<b>blijft</b>", "<b>blijft</b>"),
    ],
)
def test_clean_takes_out_what_no_one_typed(text: str, expected: str) -> None:
    assert clean(text) == expected


@given(st.text())
def test_clean_is_safe_to_store_and_cleaning_twice_changes_nothing(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert clean(cleaned) == cleaned
    assert not any(ord(c) < 32 and c not in "\t\n" for c in cleaned)


@given(st.text(), st.integers(1, 200))
def test_one_line_is_one_line_and_short(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("https://www.example.com/a/b?token=secret#part", "https://www.example.com/a/b"),
        ("https://user:secret@www.example.com/a", "https://www.example.com/a"),
        ("http://localhost:8080/demo/nl/", "http://localhost:8080/demo/nl/"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//example.com/x", ""),
        ("http://[broken", ""),
        ("http://example.com:99999/", ""),
        ("", ""),
    ],
)
def test_a_page_address_keeps_no_secrets_and_is_of_the_web(url: str, bare: str) -> None:
    assert bare_url(url) == bare


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://WWW.Example.com/path", "https://www.example.com"),
        ("https://www.example.com:443", "https://www.example.com"),
        ("http://www.example.com:80/", "http://www.example.com"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("null", ""),
        ("file:///etc/passwd", ""),
        ("https://", ""),
        ("http://[x", ""),
        ("http://a:b", ""),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, expected: str) -> None:
    assert origin(url) == expected


@given(st.text())
def test_no_text_makes_an_address_parser_fail(text: str) -> None:
    for parse in (bare_url, origin):
        parse(text)
        parse("https://" + text)
