"""Files: only what was read at the start, cached as long as their names promise."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.edge import static
from balie.edge.call import Call, begin_call
from balie.lib.errors import BalieError, NotFoundError

PAGE = b"<!doctype html>" + b" " * 2_000
FILES = {
    "index.html": PAGE,
    "help.html": b"help",
    "assets/app-1a2b3c4d.js": b"1",
    "assets/app-1a2b3c4d.js.br": b"br",
    "app.js.map": b"{}",
    ".built": b"stamp",
}
AREA = static.Area(
    prefix="/console", files=FILES, csp=static.CONSOLE_CSP, immutable=("assets/",), fallback="index.html"
)


class Answer:
    def __init__(self, messages: list[dict[str, object]]) -> None:
        start = messages[0]
        self.status = start["status"]
        self.headers = {key.decode(): value.decode() for key, value in start["headers"]}  # type: ignore[attr-defined]
        self.body = messages[1]["body"]


async def ask(area: static.Area, path: str, method: str = "GET", **headers: str) -> Answer:
    messages: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        messages.append(message)

    async def receive() -> dict[str, object]:
        return {"type": "http.request"}

    named = [(key.replace("_", "-").encode(), value.encode()) for key, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": named}
    begin_call(scope, Call("id", "", path))
    await static.serve(area)(scope, receive, send)  # type: ignore[arg-type]
    return Answer(messages)


def get(path: str, area: static.Area = AREA, method: str = "GET", **headers: str) -> Answer:
    call = ask(area, path, method, **headers)
    try:
        call.send(None)
    except StopIteration as done:
        answer: Answer = done.value
        return answer
    raise AssertionError("files are served from memory, without waiting")


def test_a_page_is_asked_for_again_and_a_hashed_file_never() -> None:
    assert get("/console/").headers["cache-control"] == "no-cache"
    assert "immutable" in get("/console/assets/app-1a2b3c4d.js").headers["cache-control"]


def test_an_unchanged_file_is_not_sent_again() -> None:
    first = get("/console/")
    again = get("/console/", if_none_match=f'"other", {first.headers["etag"]}')
    assert (again.status, again.body) == (304, b"")
    assert get("/console/", method="HEAD").headers["content-length"] == str(len(PAGE))


def test_the_best_encoding_that_is_there_is_sent_and_has_its_own_etag() -> None:
    script = "/console/assets/app-1a2b3c4d.js"
    best = get(script, accept_encoding="gzip, deflate, br")
    assert (best.headers["content-encoding"], best.body) == ("br", b"br")
    plain = get(script, accept_encoding="br;q=0")
    assert "content-encoding" not in plain.headers
    assert plain.headers["etag"] != best.headers["etag"]
    assert get("/console/", accept_encoding="gzip").headers["content-encoding"] == "gzip"


def test_pages_of_the_app_are_the_app_and_missing_files_are_missing() -> None:
    assert get("/console/conversations/cnv_1").body == PAGE
    assert get("/console/help").body == b"help"
    for path in (
        "/console/assets/app-00000000.js",
        "/console/app.js.map",
        "/console/.built",
        "/console/x.js.br",
    ):
        with pytest.raises(NotFoundError):
            get(path)


@given(st.text(alphabet="./\\%2efascii-\x00", max_size=30))
def test_no_path_leads_out_of_the_list(path: str) -> None:
    try:
        answer = get("/console/" + path)
    except NotFoundError:
        return
    assert answer.body in FILES.values()


def test_a_folder_without_slash_sends_the_browser_to_it() -> None:
    assert get("/console").headers["location"] == "/console/"


def test_files_are_only_read() -> None:
    with pytest.raises(BalieError) as refused:
        get("/console/", method="POST")
    assert refused.value.status == 405


def test_an_area_that_is_not_built_says_how_to_build_it() -> None:
    empty = static.Area(prefix="/console", files={}, csp=static.CONSOLE_CSP)
    page = get("/console/", empty, accept="text/html")
    assert page.status == 503
    assert b"npm run build" in bytes(page.body)  # type: ignore[call-overload]
    with pytest.raises(static.NotBuiltError):
        get("/console/", empty)


def test_a_link_out_of_the_folder_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "a.js").write_text("1")
    (folder / "b.js").symlink_to(tmp_path / "secret")
    assert static.read_folder(folder) == {"a.js": b"1"}


FRAMED = static.Area(prefix="/mirror", files=FILES, csp="img-src {desk}/a/ data:", framed=True)


@pytest.mark.parametrize(
    ("desk", "host", "shown"),
    [
        ("", "desk.example:8000", "http://desk.example:8000"),
        ("", "[::1]:8000", "http://[::1]:8000"),
        ("https://desk.example", "desk.example", "https://desk.example"),
        ("https://desk.example", "10.0.0.1:8000", "http://10.0.0.1:8000"),
        ("https://desk.example", "x; script-src *", "https://desk.example"),
        ("", "x'; script-src *", ""),
    ],
)
def test_a_policy_names_the_desk_as_the_browser_sees_it(desk: str, host: str, shown: str) -> None:
    answer = get("/mirror/help.html", msgspec.structs.replace(FRAMED, desk=desk), host=host)
    assert answer.headers["content-security-policy"] == f"img-src {shown}/a/ data:"
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
