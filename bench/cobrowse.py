"""The mirror beside rrweb on the same pages, in one run: what leaks, what it costs the visitor's page, what travels,
and how late the agent sees it. Both run in two pages of one Chromium; a BroadcastChannel takes the place of the relay.

rrweb comes twice where options matter: as it is, and as strict as it can be made without emptying the page."""

import base64
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import msgspec
from playwright.sync_api import Browser, Page, sync_playwright

from bench import machine
from bench.browser import CHROMIUM, FLAGS
from bench.paper import gap, gate, remark, table

TESTS = machine.ROOT / "tests" / "cobrowse"
PEERS = machine.ROOT / "bench" / "peers"
sys.path.insert(0, str(TESTS))
from leak_page import IMPORTED, INNER, PAGE, PLACES, POLICY, SCRIPT, SPRITE, leaked  # noqa: E402
from mirror_site import MirrorSite  # noqa: E402

OPEN: dict[str, Any] = {"version": 1, "text": "show", "labels": True, "cssContent": True, "title": True}
MASKED, BLOCKED = "[data-balie-mask], .prive", "[data-balie-block], .dicht, balie-widget"
STRICTEST = {
    "maskAllInputs": True, "maskTextSelector": MASKED, "blockSelector": BLOCKED, "slimDOMOptions": "all",
    "recordCanvas": False, "collectFonts": False, "inlineImages": False,
}  # fmt: skip
SIZES = (5_000, 50_000)
SETTLE_MS = 1_000
"""What a page does by itself after its load is over by then."""
WATCH = """() => {
  let last = performance.now(), worst = 0, on = true;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    const now = performance.now();
    worst = Math.max(worst, now - last);
    last = now;
    if (on) port2.postMessage(0);
  };
  port2.postMessage(0);
  window.unwatch = () => { on = false; return worst; };
}"""
SAMPLES = """async (count) => {
  const box = document.getElementById('sample');
  window.changed = {};
  for (let i = 1; i <= count; i++) {
    await new Promise((done) => setTimeout(done, 40 + (i * 37) % 29));
    window.changed[i] = performance.timeOrigin + performance.now();
    box.textContent = `Sample ${i}.`;
  }
  await new Promise((done) => setTimeout(done, 1500));
  return window.changed;
}"""
SEEN = """(root) => {
  window.painted = {};
  const look = (text) => {
    const found = /Sample (\\d+)\\./.exec(text);
    if (!found || found[1] in window.painted) return;
    window.painted[found[1]] = 0;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => { window.painted[found[1]] = performance.timeOrigin + performance.now(); };
      port2.postMessage(0);
    });
  };
  new MutationObserver((records) => records.forEach(({ target }) => look(target.data ?? target.textContent)))
    .observe(root, { childList: true, subtree: true, characterData: true });
}"""


class Cost(msgspec.Struct, frozen=True):
    """Of one snapshot."""

    cpu_ms: float
    longest_ms: float
    bytes: int
    deflated: int


class Kind(msgspec.Struct, frozen=True):
    """A recorder with its options."""

    name: str
    script: str
    options: dict[str, Any]
    player: str

    @property
    def is_ours(self) -> bool:
        return self.script == "ours"


OURS = Kind("Balie", "ours", OPEN, "/console")
RRWEB = Kind("rrweb", "rrweb", {}, "/rrweb-agent")
OPENREPLAY = Kind("OpenReplay", "openreplay", {}, "")
"""Its tracker alone: what shows its stream to an agent is part of its server."""
ALL = (OURS, RRWEB, OPENREPLAY)


def measure(runs: int, *, quick: bool) -> None:
    """Prints its tables."""
    with opened_site() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            _weights(site)
            _leaks(browser, site)
            _snapshots(browser, site, runs, ("form", *SIZES[:1]) if quick else ("form", *SIZES))
            _latency(browser, site, 40 if quick else 200)
            _traffic(browser, site)
        finally:
            browser.close()


@contextmanager
def opened_site() -> Iterator[MirrorSite]:
    if not (PEERS / "node_modules").is_dir():
        subprocess.run(["npm", "ci", "--silent"], cwd=PEERS, check=True)
    with tempfile.TemporaryDirectory(prefix="balie-bench-") as made:
        folder = Path(made)
        for script in ("web/cobrowse/tests/bundle.ts", "bench/peers/bundle.mjs"):
            subprocess.run(["node", str(machine.ROOT / script), made], cwd=machine.ROOT / "web", check=True)
        site = MirrorSite(folder)
        site.extra |= {
            "/peers/ours.js": ("text/javascript", (PEERS / "ours.js").read_bytes()),
            **{
                f"/peers/{name}.js": ("text/javascript", (folder / f"{name}.js").read_bytes())
                for name in ("rrweb", "openreplay")
            },
            "/leaky.js": ("text/javascript", SCRIPT.encode()),
            "/imported.css": ("text/css", IMPORTED.encode()),
            "/leaky.svg": ("image/svg+xml", SPRITE.encode()),
            "/page.css": ("text/css", _STYLES.encode()),
        }
        site.pages |= {"/leaky": PAGE, "/leaky-inner": INNER, "/rrweb-agent": _RRWEB_AGENT}
        site.pages |= {f"/page-{size}": _page(size) for size in SIZES} | {"/page-form": _form()}
        site.loose |= {"/leaky", "/leaky-inner", "/leaky.js", "/rrweb-agent"}
        try:
            yield site
        finally:
            site.close()


# What a visitor loads


def _weights(site: MirrorSite) -> None:
    rows, ours = [], 0
    for name, file in (("Balie", "ours"), ("rrweb", "rrweb"), ("OpenReplay", "openreplay")):
        made = subprocess.run(
            ["node", "-e", _WEIGH, str(site.bundle / f"weigh_{file}.js")], check=True, capture_output=True
        )
        plain, brotli, gzip = map(int, made.stdout.split())
        ours = ours or brotli
        rows.append([name, f"{plain:,}", f"{brotli:,}", f"{gzip:,}"])
    table("The recorder alone, minified, as a visitor loads it", ["", "bytes", "brotli", "gzip"], rows)
    gate("recorder, brotli", f"{ours:,} B", "≤ 12,000 B", ours <= 12_000)
    remark(
        "Surfly, Upscope, Cobrowse.io, Glance and Zoom run in their makers' clouds only: they are not measured here."
    )
    gap()


# What leaks


def _leaks(browser: Browser, site: MirrorSite) -> None:
    found = {}
    for name, kind, options in (
        ("Balie", OURS, POLICY),
        ("rrweb", RRWEB, {"maskTextSelector": MASKED, "blockSelector": BLOCKED}),
        ("rrweb, strictest", RRWEB, STRICTEST),
        ("OpenReplay", OPENREPLAY, {}),
        ("OpenReplay, private mode", OPENREPLAY, {"privateMode": True}),
    ):
        page = opened_page(browser, site, "/leaky", kind)
        page.evaluate("(options) => peer.start(options)", options)
        page.evaluate("peer.told()")
        page.evaluate("change()")
        page.evaluate("peer.told()")
        found[name] = leaked(_wire(page, kind))
        page.context.close()
    table(
        f"A page with {len(PLACES)} secrets that must never leave, at load and by later changes",
        ["", "secrets in what left"],
        [[name, f"{len(places)}"] for name, places in found.items()],
    )
    gate("secrets that leave", f"{len(found['Balie'])}", "0", not found["Balie"])
    gap()


def _wire(page: Page, kind: Kind) -> bytes:
    if not kind.is_ours:
        return str(page.evaluate("peer.wire()")).encode()
    frames = [base64.b64decode(it) for it in page.evaluate("peer.base64()")]
    return b"\n".join(zlib.decompress(it[12:], -15) if it[3] & 1 else it[12:] for it in frames)


# What a snapshot costs


def _snapshots(browser: Browser, site: MirrorSite, runs: int, sizes: tuple[int | str, ...]) -> None:
    gates = {"form": (15, 4_500), 5_000: (15, 25_000), 50_000: (150, 85_000)}
    for size in sizes:
        found: dict[str, list[Cost]] = {kind.name: [] for kind in ALL}
        for _ in range(max(runs, 3)):
            for kind in ALL:
                found[kind.name].append(_snapshot(browser, site, size, kind))
        middle = {name: [median(getattr(it, field) for it in those) for field in Cost.__struct_fields__]
                  for name, those in found.items()}  # fmt: skip
        page = "a form" if size == "form" else f"a page of {size:,} nodes"
        table(
            f"The first picture of {page}, medians of {max(runs, 3)}",
            ["", "CPU of the page ms", "longest stretch ms", "bytes", "deflated"],
            [
                [name, f"{cpu:.0f}", f"{longest:.0f}", f"{plain:,.0f}", f"{packed:,.0f}"]
                for name, (cpu, longest, plain, packed) in middle.items()
            ],
        )
        cpu, longest, _, packed = middle[OURS.name]
        most_ms, most_bytes = gates[size]
        gate(f"{page}: CPU", f"{cpu:.0f} ms", f"≤ {most_ms} ms", cpu <= most_ms)
        gate(f"{page}: longest stretch", f"{longest:.0f} ms", "≤ 16 ms", longest <= 16)
        gate(f"{page}: on the wire", f"{packed:,.0f} B", f"≤ {most_bytes:,} B", packed <= most_bytes)
        gap()


def _snapshot(browser: Browser, site: MirrorSite, size: int | str, kind: Kind) -> Cost:
    page = opened_page(browser, site, f"/page-{size}", kind)
    page.wait_for_timeout(SETTLE_MS)
    page.evaluate(WATCH)
    page.evaluate("(options) => peer.start(options)", kind.options)
    page.evaluate("peer.told()")
    longest = float(page.evaluate("unwatch()"))
    plain, packed = int(page.evaluate("peer.bytes()")), int(page.evaluate("peer.deflated()"))
    page.context.close()
    # The watch costs time of its own, so the time is taken without it.
    page = opened_page(browser, site, f"/page-{size}", kind)
    line = page.context.new_cdp_session(page)
    line.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.wait_for_timeout(SETTLE_MS)
    before = task_ms(line)
    page.evaluate("(options) => peer.start(options)", kind.options)
    page.evaluate("async () => { while (!peer.frames()) await new Promise((done) => setTimeout(done, 20)); }")
    page.evaluate("peer.told()")
    cpu = task_ms(line) - before
    page.context.close()
    return Cost(cpu, longest, plain, packed)


def task_ms(line: Any) -> float:
    metrics = {it["name"]: it["value"] for it in line.send("Performance.getMetrics")["metrics"]}
    return 1000 * float(metrics["TaskDuration"])


# How late the agent sees it


def _latency(browser: Browser, site: MirrorSite, count: int) -> None:
    found = {kind.name: _delays(browser, site, kind, count) for kind in (OURS, RRWEB)}
    rows = []
    for name, (delays, missing) in found.items():
        cuts = quantiles(delays, n=20)
        rows.append([name, f"{median(delays):.1f}", f"{cuts[18]:.1f}", f"{missing}"])
    table(
        f"A change on a page of 5,000 nodes → painted at the agent's, {count} changes",
        ["", "p50 ms", "p95 ms", "overtaken by the next before a look"],
        rows,
    )
    delays = found[OURS.name][0]
    middle, late = median(delays), quantiles(delays, n=20)[18]
    gate("change → painted, p50", f"{middle:.1f} ms", "≤ 8 ms", middle <= 8)
    gate("change → painted, p95", f"{late:.1f} ms", "≤ 35 ms", late <= 35)
    remark("The wait for a frame of the 60 Hz screen is in it at both ends, 8 ms on average at each.")
    gap()


def _delays(browser: Browser, site: MirrorSite, kind: Kind, count: int) -> tuple[list[float], int]:
    agent, visitor = joined(browser, site, kind)
    copy = next(it for it in agent.frames if "/viewer" in it.url) if kind.is_ours else agent.main_frame
    root = "document" if kind.is_ours else "player.document()"
    copy.evaluate(f"({SEEN})({root})")
    changed = visitor.evaluate(SAMPLES, count)
    painted = copy.evaluate("window.painted")
    both = [number for number in changed if painted.get(number)]
    visitor.context.close()
    return [painted[number] - changed[number] for number in both], count - len(both)


def joined(browser: Browser, site: MirrorSite, kind: Kind, path: str = "/page-5000") -> tuple[Page, Page]:
    """The agent's page, which shows the copy, and the visitor's at ``path``."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    agent = context.new_page()
    agent.goto(site.origin + kind.player)
    if kind.is_ours:
        agent.wait_for_function("window.agent !== undefined")
        agent.evaluate("(it) => agent.begin(it, false)", f"{site.origin}/")
    else:
        agent.evaluate("(it) => import(it)", "/bundle/rrweb_player.js")
        agent.evaluate("() => { new BroadcastChannel('rrweb').onmessage = ({ data }) => player.take(data); }")
    visitor = opened_page(browser, site, path, kind, context)
    channel = "mirror" if kind.is_ours else "rrweb"
    visitor.evaluate(
        "(name) => { const line = new BroadcastChannel(name); peer.emitted = (it) => line.postMessage(it); }",
        channel,
    )
    visitor.evaluate("(options) => peer.start(options)", kind.options)
    visitor.evaluate("peer.told()")
    if kind.is_ours:
        agent.evaluate("agent.hears({ t: 'notice', what: 'shown' }, 0)")
    else:
        agent.wait_for_function("player.document()?.body?.firstElementChild")
    return agent, visitor


# What travels


def _traffic(browser: Browser, site: MirrorSite) -> None:
    limits = {"typing": 150, "scrolling": 150, "30 Hz mouse": 350, "idle": 20}
    found = {kind.name: _flows(browser, site, kind) for kind in ALL}
    table(
        "Bytes a second on a page of 5,000 nodes while the visitor does this",
        ["", *limits],
        [[name, *(f"{flows[what]:,.0f}" for what in limits)] for name, flows in found.items()],
    )
    for what, limit in limits.items():
        value = found[OURS.name][what]
        gate(f"bytes a second, {what}", f"{value:,.0f}", f"≤ {limit}", value <= limit)
    gap()


def _flows(browser: Browser, site: MirrorSite, kind: Kind) -> dict[str, float]:
    page = opened_page(browser, site, "/page-5000", kind)
    page.evaluate("(options) => peer.start(options)", kind.options)
    page.evaluate("peer.told()")
    page.wait_for_timeout(500)

    def typing() -> None:
        page.locator("#field").focus()
        page.keyboard.type("een vraag over mijn jaarnota, en nog wat", delay=75)

    def scrolling() -> None:
        for _ in range(60):
            page.mouse.wheel(0, 60)
            page.wait_for_timeout(50)

    def moving() -> None:
        for step in range(90):
            page.mouse.move(200 + 5 * step, 300 + (step * 13) % 90)
            page.wait_for_timeout(33)

    def nothing() -> None:
        page.wait_for_timeout(6_000)

    flows: dict[str, float] = {}
    for what, act in (
        ("typing", typing),
        ("scrolling", scrolling),
        ("30 Hz mouse", moving),
        ("idle", nothing),
    ):
        start = int(page.evaluate("peer.frames()"))
        began = float(page.evaluate("performance.now()"))
        act()
        page.evaluate("peer.told()")
        took_s = (float(page.evaluate("performance.now()")) - began) / 1000
        flows[what] = int(page.evaluate("(from) => peer.bytes(from)", start)) / took_s
    page.context.close()
    return flows


def opened_page(browser: Browser, site: MirrorSite, path: str, kind: Kind, context: Any = None) -> Page:
    made: Page = (context or browser.new_context(viewport={"width": 1280, "height": 800})).new_page()
    made.goto(site.origin + path)
    made.evaluate("(it) => import(it)", f"/peers/{kind.script}.js")
    return made


_WEIGH = (
    "const z = require('zlib'), b = require('fs').readFileSync(process.argv[1]);"
    "console.log(b.length, z.brotliCompressSync(b).length, z.gzipSync(b, {level: 9}).length)"
)
_RRWEB_AGENT = '<!doctype html><meta charset="utf-8"><style>body{margin:0}</style><div id="viewer"></div>'
_STYLES = "".join(
    f".c{i}{{padding:{i % 7}px;color:rgb({i * 5 % 200},40,90)}} .c{i} b{{margin:1px}}" for i in range(60)
)


def _form() -> str:
    """Forty fields with labels and hints, as a request for a permit has them."""
    field = (
        '<div class="c{a}"><label for="f{n}">Vraag {n}</label><p class="c{b}">Vul in wat op uw brief staat.</p>'
        '<input id="f{n}" name="veld{n}" class="c{a}"></div>'
    )
    fields = "".join(field.format(n=n, a=n % 60, b=n % 13) for n in range(40))
    return (
        '<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Aanvraag</title>'
        '<link rel="stylesheet" href="/page.css"></head><body>'
        f"<form>{fields}<button>Sturen</button></form></body></html>"
    )


def _page(nodes: int) -> str:
    """A long list of cards, twenty nodes each."""
    card = (
        '<section class="card c{a}"><h3 class="c{b}">Kaart {n}</h3><p>Regel <b>een</b> van {n}</p>'
        '<ul><li>punt {n}</li><li class="c{a}">nog een punt</li></ul><a href="/kaart/{n}">Lees verder</a></section>'
    )
    cards = "".join(card.format(n=n, a=n % 60, b=n % 13) for n in range(nodes // 20))
    return (
        '<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Kaarten</title>'
        '<link rel="stylesheet" href="/page.css"></head><body><p id="sample">Sample 0.</p>'
        f'<label>Vraag <input id="field"></label>{cards}</body></html>'
    )
