"""A website to be mirrored and the console that looks along, on one origin and under strict policies; plus what they were asked for."""
# ruff: noqa: E501  the page's own lines are as long as they are

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from balie.demo.pages import render_site

HERE = Path(__file__).parent / "site"
# As strict as sites get: no inline style, no eval, no blob or worker, no text that becomes script.
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self';"
    " font-src 'self'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
LOOSE = "default-src 'self' data: 'unsafe-inline'"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}
_CONSOLE = (
    '<!doctype html><meta charset="utf-8"><style>html,body{margin:0}iframe{border:0;width:1280px;height:800px;display:block}</style>'
    '<iframe id="viewer"></iframe><script type="module" src="/site/console.js"></script>'
)


class MirrorSite:
    """``pages`` are the pages under test: path → HTML. A path in ``loose`` may hold inline scripts and styles."""

    def __init__(self, bundle: Path) -> None:
        self.bundle = bundle
        self.pages: dict[str, str] = {}
        self.loose: set[str] = set()
        self.extra: dict[str, tuple[str, bytes]] = {}
        self.asked: list[str] = []
        self.demo = render_site("ibx_key")
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def headers(self, path: str) -> dict[str, str]:
        """The viewer's headers are read from the source that ships them, so that this cannot drift."""
        if path.startswith("/viewer") and not path.endswith(".js"):
            source = Path(__file__).parents[2] / "web/cobrowse/src/applier/policy.ts"
            listed = re.search(r"const policy = \[(.*?)\];", source.read_text("utf-8"), re.DOTALL)
            assert listed
            parts = [a or b for a, b in re.findall(r'"([^"]*)"|[\'`]([^\'`]*)[\'`]', listed[1])]
            policy = "; ".join(parts).replace("${script}", f"{self.origin}/bundle/viewer.js")
            return {"Content-Security-Policy": policy.replace("${assets}", f"{self.origin}/")}
        if path.startswith("/console"):
            return {}
        return {"Content-Security-Policy": LOOSE if path in self.loose else STRICT}

    def answer(self, path: str) -> tuple[str, bytes] | None:
        """Media type and body of a path."""
        if path in self.pages:
            return "text/html; charset=utf-8", self.pages[path].encode()
        if path in self.extra:
            return self.extra[path]
        if path == "/console":
            return "text/html; charset=utf-8", _CONSOLE.encode()
        if path.startswith("/viewer"):
            doctype = "" if path == "/viewer-quirks" else "<!doctype html>"
            head = '<meta charset="utf-8"><script src="/bundle/viewer.js"></script>'
            return (
                "text/html; charset=utf-8",
                f"{doctype}<html><head>{head}</head><body></body></html>".encode(),
            )
        if path.startswith("/demo/"):
            name = path.removeprefix("/demo/")
            return next(
                (self.demo[it] for it in (name, f"{name}.html", f"{name}index.html") if it in self.demo), None
            )
        for prefix, folder in (("/bundle/", self.bundle), ("/site/", HERE)):
            file = folder / path.removeprefix(prefix)
            if path.startswith(prefix) and file.is_file():
                return _TYPES[file.suffix], file.read_bytes()
        return None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append(self.path)
                path = self.path.partition("?")[0]
                found = site.answer(path)
                self.send_response(200 if found else 404)
                media_type, body = found or ("text/plain", b"")
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(body)))
                for name, value in site.headers(path).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler
