"""Somebody else's website, on an origin of its own, that installed the widget. Its pages are as strict as sites get."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

STRICT = (
    "default-src 'self'; script-src 'self' {desk}; connect-src {desk} {socket}; style-src 'self'; object-src 'none';"
    " base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{head}
<link rel="stylesheet" href="/host.css">
<script src="/host.js"></script>
<script async src="{desk}/widget.js" data-inbox="{inbox}" {attributes}></script>
</head>
<body><main><h1>{title}</h1><p>Text of the site itself.</p><button id="own">Own button</button>{body}</main></body>
</html>"""
# A host whose rules would wreck anything that they reach.
_CSS = """
* { letter-spacing: 3px; }
div, dialog, section, balie-widget { display: none !important; border: 9px solid red !important; }
body, main { background: #fff; color: #222; font-family: Georgia, serif; }
"""
_SCRIPT = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) =>
  violations.push(event.violatedDirective + ' ' + event.blockedURI));
window.Balie = window.Balie || function () { (Balie.q = Balie.q || []).push(arguments); };
Balie('onUnreadCountChange', (count) => { document.documentElement.dataset.unread = count; });
"""


class HostSite:
    """``/payment`` is marked as a payment page; every other path is an ordinary one."""

    def __init__(self, desk: str, inbox: str) -> None:
        self.desk = desk
        self.inbox = inbox
        self.language = "nl"
        self.attributes = ""
        self.bodies: dict[str, str] = {}
        """More for the page at a path, as HTML."""
        self.scripts: dict[str, str] = {}
        """Script files by path."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str) -> tuple[str, str]:
        """Media type and text of a path."""
        if path == "/host.css":
            return "text/css", _CSS
        if path == "/host.js":
            return "text/javascript", _SCRIPT
        if path in self.scripts:
            return "text/javascript", self.scripts[path]
        page = _PAGE.format(
            desk=self.desk,
            inbox=self.inbox,
            language=self.language,
            attributes=self.attributes,
            title=path.strip("/").capitalize() or "Home",
            body=self.bodies.get(path, ""),
            head='<meta name="balie" content="payment">' if path == "/payment" else "",
        )
        return "text/html", page

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                media_type, text = site.answer(self.path.partition("?")[0])
                body = text.encode()
                self.send_response(200)
                self.send_header("Content-Type", f"{media_type}; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                policy = STRICT.format(desk=site.desk, socket=site.desk.replace("http", "ws"))
                self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler
