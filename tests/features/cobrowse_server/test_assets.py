"""Images of mirrored pages: from the inbox's own sites only, for as long as an agent may look along; and the viewer's
own page."""

import json
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import msgspec
import pytest
from look_people import Guest, good, refused, viewing

from balie.features.cobrowse.assets import BELOW, VIEWER_CSP
from running import Running

ROOT = Path(__file__).resolve().parents[3]
HEADERS = ROOT / "web" / "cobrowse" / "src" / "applier" / "policy.ts"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


class Site:
    """A website on loopback, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append({name.lower(): value for name, value in self.headers.items()})
                status, kind, body, more = site.answer(self.path)
                self.send_response(status)
                self.send_header("content-type", kind)
                for name, value in more.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self, path: str) -> tuple[int, str, bytes, dict[str, str]]:
        other = self.url.replace("127.0.0.1", "localhost")
        return {
            "/logo.png": (200, "image/png", PNG, {}),
            "/logo.svg": (200, "image/svg+xml; charset=utf-8", b"<svg/>", {}),
            "/page": (200, "text/html", b"<p>geheim</p>", {}),
            "/data": (200, "application/json", b"{}", {}),
            "/packed.png": (200, "image/png", PNG, {"content-encoding": "gzip"}),
            "/large.png": (200, "image/png", bytes((5 << 20) + 1), {}),
            "/moved.png": (302, "text/plain", b"", {"location": f"{self.url}/logo.png"}),
            "/away.png": (302, "text/plain", b"", {"location": f"{other}/logo.png"}),
            "/round.png": (302, "text/plain", b"", {"location": f"{self.url}/round.png"}),
        }.get(path, (404, "image/png", b"", {}))


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def reaching(engine: str, tmp_path_factory: pytest.TempPathFactory, site: Site) -> Iterator[Running]:
    """A desk that may call loopback, where the inbox's site is."""
    desk = Running(tmp_path_factory.mktemp("reaching"), engine)
    desk.settings = msgspec.structs.replace(desk.settings, outward_networks="127.0.0.0/8")
    desk.start()
    inbox = desk.cast.stroom.site
    sites = {"allowedOrigins": [*inbox.allowed_origins, site.url]}
    desk.agent(desk.cast.stroom, "sanne").patch(f"/v1/inboxes/{inbox.id}", json=sites).raise_for_status()
    yield desk
    desk.stop()


def folder_of(agent: httpx.Client, look: str) -> str:
    return str(good(agent.post(f"/v1/looks/{look}/tickets"))["assets"])


def fetched(desk: Running, folder: str, address: str) -> httpx.Response:
    """As the viewer does: without any cookie."""
    return desk.anybody.get(folder, params={"u": address}, headers={"origin": "null"})


def test_an_image_of_the_inboxs_site_comes_through_the_desk(reaching: Running, site: Site) -> None:
    _, sanne, look = viewing(reaching)
    folder = folder_of(sanne, look)
    answer = fetched(reaching, folder, f"{site.url}/logo.png")
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, PNG, "image/png")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert not {"cookie", "authorization", "referer", "origin"} & site.asked[0].keys()
    drawing = fetched(reaching, folder, f"{site.url}/logo.svg")
    assert drawing.headers["content-type"].startswith("image/svg+xml")
    assert fetched(reaching, folder, f"{site.url}/moved.png").content == PNG


@pytest.mark.parametrize("path", ["/page", "/data", "/large.png", "/packed.png", "/none.png", "/round.png"])
def test_what_is_no_image_of_bearable_size_is_not_handed_on(reaching: Running, site: Site, path: str) -> None:
    _, sanne, look = viewing(reaching)
    answer = fetched(reaching, folder_of(sanne, look), site.url + path)
    assert refused(answer) == (404, "asset_not_fetched")
    assert "geheim" not in answer.text


def test_no_other_site_is_asked_not_even_by_a_redirect(reaching: Running, site: Site) -> None:
    _, sanne, look = viewing(reaching)
    folder = folder_of(sanne, look)
    elsewhere = site.url.replace("127.0.0.1", "localhost")
    for address in (
        f"{elsewhere}/logo.png",
        "http://169.254.169.254/",
        "file:///etc/passwd",
        "",
        "//x/y.png",
    ):
        assert refused(fetched(reaching, folder, address)) == (403, "asset_not_listed"), address
    assert site.asked == []
    assert refused(fetched(reaching, folder, f"{site.url}/away.png")) == (403, "asset_not_listed")
    assert len(site.asked) == 1


def test_the_desks_own_network_stays_out_of_reach(own_desk: Running, site: Site) -> None:
    inbox = own_desk.cast.stroom.site
    sites = {"allowedOrigins": [*inbox.allowed_origins, site.url]}
    own_desk.agent(own_desk.cast.stroom, "sanne").patch(
        f"/v1/inboxes/{inbox.id}", json=sites
    ).raise_for_status()
    _, sanne, look = viewing(own_desk)
    answer = fetched(own_desk, folder_of(sanne, look), f"{site.url}/logo.png")
    assert refused(answer) == (404, "asset_not_fetched")
    assert site.asked == []


def test_the_demo_website_comes_out_of_the_desk_itself_and_nothing_else_does(own_desk: Running) -> None:
    _, sanne, look = viewing(own_desk)
    folder = folder_of(sanne, look)
    logo = fetched(own_desk, folder, f"{own_desk.origin}/demo/assets/logo.svg?v=1#x")
    assert logo.headers["content-type"].startswith("image/svg+xml")
    assert logo.content == own_desk.anybody.get("/demo/assets/logo.svg").content
    for path in (
        "/demo/nl/",
        "/demo/none.svg",
        "/demo/../console/favicon.svg",
        "/console/favicon.svg",
        "/metrics",
        "/v1/agents",
    ):
        answer = fetched(own_desk, folder, own_desk.origin + path)
        assert refused(answer) == (404, "asset_not_fetched"), path


def test_the_path_is_good_as_long_as_the_look_and_the_sign_in(reaching: Running, site: Site) -> None:
    guest, sanne, look = viewing(reaching)
    fatima = reaching.sign_in(reaching.cast.stroom, "fatima")
    hers, folder = folder_of(fatima, look), folder_of(sanne, look)
    address = f"{site.url}/logo.png"
    assert fetched(reaching, hers, address).status_code == 200
    fatima.delete("/v1/session")
    assert refused(fetched(reaching, hers, address)) == (404, "asset_unknown")
    assert fetched(reaching, folder, address).status_code == 200
    good(guest.do(look, "end", reason="visitor"))
    assert refused(fetched(reaching, folder, address)) == (404, "asset_unknown")


@pytest.mark.parametrize("token", ["x", "x" * 500, "%00", "é"])
def test_without_a_token_there_is_nothing(desk: Running, token: str) -> None:
    answer = desk.anybody.get(f"{BELOW}{token}/", params={"u": "https://www.groenestroom.example/logo.png"})
    assert answer.status_code == 404


def test_a_token_is_no_ticket_and_is_kept_as_a_digest(desk: Running) -> None:
    _, sanne, look = viewing(desk)
    token = folder_of(sanne, look).removeprefix(BELOW).strip("/")
    assert desk.run(lambda: desk.app.house.leases.get(f"look:assets:{token}")) is None
    assert Guest(desk).look() is None


def test_the_viewers_policy_is_the_one_that_its_script_was_tried_under() -> None:
    script = (
        f"import {{ viewerHeaders }} from {json.dumps(HEADERS.as_uri())};"
        f"console.log(viewerHeaders('{{desk}}/mirror/viewer.js', '{{desk}}{BELOW}')['Content-Security-Policy']);"
    )
    words = ["node", "--no-warnings", "--input-type=module", "-e", script]
    run = subprocess.run(words, check=True, capture_output=True, text=True, timeout=120)
    assert run.stdout.strip() == VIEWER_CSP


def test_the_viewer_is_shown_by_the_desk_only_and_loads_from_it_only(desk: Running) -> None:
    page = desk.anybody.get("/mirror/viewer.html")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["content-security-policy"] == VIEWER_CSP.replace("{desk}", desk.origin)
    assert page.headers["x-frame-options"] == "SAMEORIGIN"
    script = desk.anybody.get("/mirror/viewer.js")
    assert (script.status_code, script.headers["cross-origin-resource-policy"]) == (200, "cross-origin")
    assert b"viewer.js" in page.content
