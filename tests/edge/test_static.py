"""Files from memory: what is found, and what is said when nothing is."""

import asyncio
from typing import Any

import pytest

from balie.edge import static
from balie.lib.errors import NotFoundError

FILES = {
    "index.html": b"thuis",
    "404.html": b"niet gevonden",
    "nl/page.html": b"pagina",
    "en/index.html": b"home",
    "en/404.html": b"not found",
}


def ask(path: str, missing: str | None = "404.html", headers: tuple[tuple[bytes, bytes], ...] = ()) -> Any:
    """(status, body) of a GET below /site."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError

    app = static.serve(static.Area(prefix="/site", files=FILES, csp="default-src 'self'", missing=missing))
    scope: Any = {"type": "http", "method": "GET", "path": f"/site{path}", "headers": list(headers)}
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], sent[1]["body"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/", b"thuis"),
        ("/nl/page", b"pagina"),
        ("/nl/page.html", b"pagina"),
        ("/en", b"home"),
        ("/en/", b"home"),
    ],
)
def test_a_page_is_found_without_its_extension(path: str, body: bytes) -> None:
    assert ask(path) == (200, body)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/nothing", b"niet gevonden"),
        ("/nl/nothing", b"niet gevonden"),
        ("/en/nothing", b"not found"),
        ("/en/a/b/", b"not found"),
        ("/../../etc/passwd", b"niet gevonden"),
    ],
)
def test_an_unknown_page_gets_the_nearest_page_that_says_so(path: str, body: bytes) -> None:
    assert ask(path) == (404, body)


def test_an_unknown_page_is_never_called_unchanged() -> None:
    assert ask("/nothing", headers=((b"if-none-match", b"*"),))[0] == 404


def test_a_site_without_such_a_page_says_it_as_a_problem() -> None:
    with pytest.raises(NotFoundError):
        ask("/nothing", missing=None)
