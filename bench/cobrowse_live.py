"""The mirror beside its peers while a page lives: how old what the agent sees is, what a late agent waits for, how gaps
heal, what the page pays when nothing or very much happens, and what the agent's browser asks for."""

from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench.browser import CHROMIUM, FLAGS
from bench.cobrowse import (
    ALL,
    OURS,
    RRWEB,
    SETTLE_MS,
    Kind,
    MirrorSite,
    joined,
    opened_page,
    opened_site,
    task_ms,
)
from bench.paper import gap, gate, table

LATE = 7
IDLE_S = 8
CALM_MS = 5_000
"""Our recorder looks closely for four seconds after the last change; idle is what comes then."""
STORM_FRAMES = 120
NOW = "(performance.timeOrigin + performance.now())"
WATCH_VISITOR = f"""() => {{
  window.at = {{ point: {{}}, scroll: {{}} }};
  addEventListener('pointermove', (it) => {{ window.at.point[Math.round(it.clientX)] = {NOW}; }}, true);
  addEventListener('scroll', () => {{ window.at.scroll[Math.round(scrollY)] = {NOW}; }}, true);
}}"""
WATCH_AGENT = f"""(read) => {{
  const shown = (window.shown = []);
  const where = new Function(`return ${{read}}`);
  const look = () => {{
    const value = where();
    if (value !== null && value !== undefined) shown.push([Math.round(value), {NOW}]);
    requestAnimationFrame(look);
  }};
  requestAnimationFrame(look);
}}"""
POINTS = {
    OURS.name: "agent.heard.findLast((it) => it.t === 'told' && it.message.type === 5)?.message.x",
    RRWEB.name: "parseFloat(document.querySelector('.replayer-mouse')?.style.left)",
}
STORM = """async (frames) => {
  const cells = [...document.querySelectorAll('section li, section p')];
  for (let i = 0; i < frames; i++) {
    await new Promise((done) => requestAnimationFrame(done));
    for (let n = 0; n < 60; n++) {
      const it = cells[(i * 61 + n * 17) % cells.length];
      it.lastChild.textContent = `${i} ${n}`;
      if (n % 6 === 0) it.className = `c${(i + n) % 60}`;
    }
  }
}"""


def measure(*, quick: bool) -> None:
    """Prints its tables."""
    with opened_site() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            _staleness(browser, site, 120 if quick else 250)
            _late(browser, site, 3 if quick else 7)
            _healing(browser, site)
            _cost(browser, site, 1 if quick else 3)
            _requests(browser, site)
        finally:
            browser.close()


# How old what the agent sees is


def _staleness(browser: Browser, site: MirrorSite, steps: int) -> None:
    rows = []
    ours: dict[str, tuple[float, float]] = {}
    for kind in (OURS, RRWEB):
        for what in ("point", "scroll"):
            ages = _ages(browser, site, kind, what, steps)
            middle, late = median(ages), quantiles(ages, n=20)[18]
            if kind.is_ours:
                ours[what] = middle, late
            rows.append([f"{kind.name}, {what}", f"{middle:.0f}", f"{late:.0f}", f"{len(ages)}"])
    table("Age of what the agent sees, at each frame painted there", ["", "p50 ms", "p95 ms", "looks"], rows)
    for what, name, most in (("point", "pointer", (40, 80)), ("scroll", "scrolling", (50, 100))):
        middle, late = ours[what]
        met = middle <= most[0] and late <= most[1]
        gate(f"{name}, p50 and p95", f"{middle:.0f}, {late:.0f} ms", f"≤ {most[0]}, {most[1]} ms", met)
    gap()


def _ages(browser: Browser, site: MirrorSite, kind: Kind, what: str, steps: int) -> list[float]:
    agent, visitor = joined(browser, site, kind)
    visitor.evaluate(WATCH_VISITOR)
    visitor.bring_to_front()
    shows: Any = agent
    if what == "point":
        read = POINTS[kind.name]
    elif kind.is_ours:
        shows = next(it for it in agent.frames if "/viewer" in it.url)
        read = "scrollY"
    else:
        read = "player.document()?.defaultView.scrollY"
    shows.evaluate(_looker(), read)
    for step in range(steps):
        if what == "point":
            visitor.mouse.move(100 + 4 * step, 300)
            visitor.wait_for_timeout(12)
        else:
            visitor.evaluate("() => new Promise((done) => { scrollBy(0, 7); requestAnimationFrame(done); })")
            visitor.wait_for_timeout(30)
    shown, at = shows.evaluate("window.shown"), visitor.evaluate("window.at")[what]
    visitor.context.close()
    began, ended = min(at.values()), max(at.values())
    known = [(value, when) for value, when in shown if str(value) in at and began + 200 < when < ended]
    return [when - at[str(value)] for value, when in known]


def _looker() -> str:
    """As a script without ``eval``, which the viewer's policy forbids."""
    reads = [*POINTS.values(), "scrollY", "player.document()?.defaultView.scrollY"]
    cases = ",".join(f"{read!r}: () => {read}" for read in reads)
    return WATCH_AGENT.replace("new Function(`return ${read}`)", f"({{{cases}}})[read]")


# Who comes late


def _late(browser: Browser, site: MirrorSite, count: int) -> None:
    waits = {kind.name: [_wait(browser, site, kind) for _ in range(count)] for kind in (OURS, RRWEB)}
    rows = [
        [name, f"{median([it[0] for it in those]):.0f}", f"{median([it[1] for it in those]):.0f}"]
        for name, those in waits.items()
    ]
    table(
        f"One more agent comes to a page of 5,000 nodes → painted there, medians of {count}",
        ["", "ms", "CPU of both ms"],
        rows,
    )
    middle = median([it[0] for it in waits[OURS.name]])
    gate("a late agent, painted", f"{middle:.0f} ms", "≤ 350 ms", middle <= 350)
    gap()


def _wait(browser: Browser, site: MirrorSite, kind: Kind) -> tuple[float, float]:
    agent, visitor = joined(browser, site, kind)
    late = agent.context.new_page()
    late.goto(site.origin + kind.player)
    if kind.is_ours:
        late.wait_for_function("window.agent !== undefined")
        late.evaluate(
            "([it, number]) => { agent.number = number; return agent.begin(it, false); }",
            [f"{site.origin}/", LATE],
        )
    else:
        late.evaluate("(it) => import(it)", "/bundle/rrweb_player.js")
        late.evaluate("() => { new BroadcastChannel('rrweb').onmessage = ({ data }) => player.take(data); }")
    lines = [one.context.new_cdp_session(one) for one in (visitor, late)]
    for line in lines:
        line.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = sum(map(task_ms, lines))
    began = visitor.evaluate(f"(late) => {{ const at = {NOW}; peer.again(late); return at; }}", LATE)
    shows = "agent.hears({ t: 'notice', what: 'shown' }, 0)" if kind.is_ours else _PLAYER_STANDS
    painted = late.evaluate(
        f"async () => {{ await {shows}; await new Promise(requestAnimationFrame); return {NOW}; }}"
    )
    late.evaluate("new Promise((done) => setTimeout(done, 0))")
    cpu = sum(map(task_ms, lines)) - before
    visitor.context.close()
    return painted - began, cpu


_PLAYER_STANDS = """(async () => {
  while (!player.document()?.body?.querySelector('section:last-child')) await new Promise(requestAnimationFrame);
})()"""


# What goes wrong, and is mended


def _healing(browser: Browser, site: MirrorSite) -> None:
    agent, visitor = joined(browser, site, OURS)
    copy = next(it for it in agent.frames if "/viewer" in it.url)
    visitor.evaluate(
        "() => { const line = new BroadcastChannel('mirror');"
        " line.onmessage = ({ data }) => { if (data.toVisitor) void peer.hears(new Uint8Array(data.toVisitor)); }; }"
    )
    heard = int(agent.evaluate("agent.heard.length"))
    began = copy.evaluate(
        f"() => {{ document.querySelector('h3').firstChild.data = 'wrong'; return {NOW}; }}"
    )
    visitor.evaluate("document.getElementById('sample').textContent = 'Sample 1.'")
    agent.evaluate("(from) => agent.hears({ t: 'notice', what: 'diverged' }, from)", heard)
    found_s = (float(agent.evaluate(NOW)) - began) / 1000
    agent.evaluate("(from) => agent.hears({ t: 'notice', what: 'shown' }, from)", heard)
    # The line is away for a second, and what was said meanwhile is lost.
    pictures = agent.evaluate("agent.heard.filter((it) => it.what === 'shown').length")
    visitor.evaluate(
        """async () => {
          const { emitted } = peer;
          peer.emitted = () => {};
          document.getElementById('sample').textContent = 'Sample 2.';
          await new Promise((done) => setTimeout(done, 1000));
          peer.emitted = emitted;
        }"""
    )
    back = visitor.evaluate(
        f"() => {{ document.getElementById('sample').textContent = 'Sample 3.'; return {NOW}; }}"
    )
    copy.evaluate(
        "async () => { while (document.querySelector('p').textContent !== 'Sample 3.')"
        " await new Promise(requestAnimationFrame); }"
    )
    resumed_s = (float(agent.evaluate(NOW)) - back) / 1000
    again = agent.evaluate("agent.heard.filter((it) => it.what === 'shown').length") - pictures
    visitor.context.close()
    table(
        "What goes wrong, and how long until it is mended (rrweb and OpenReplay: never found)",
        ["", "seconds", "pictures anew"],
        [
            ["a copy that differs is found", f"{found_s:.1f}", "1"],
            ["frames lost, and sent again", f"{resumed_s:.2f}", f"{again}"],
        ],
    )
    gate("a difference found", f"{found_s:.1f} s", "≤ 5 s", found_s <= 5.2)
    gate(
        "a drop resumed, without a snapshot",
        f"{resumed_s:.2f} s, {again}",
        "≤ 2 s, 0",
        resumed_s <= 2 and not again,
    )
    gap()


# What the visitor's page pays


def _cost(browser: Browser, site: MirrorSite, runs: int) -> None:
    kinds: list[Kind | None] = [None, *ALL]
    found: dict[str, list[tuple[float, float]]] = {kind.name if kind else "nobody": [] for kind in kinds}
    for _ in range(runs):
        for kind in kinds:
            found[kind.name if kind else "nobody"].append(_pays(browser, site, kind))
    middle = {name: tuple(median([it[i] for it in those]) for i in (0, 1)) for name, those in found.items()}
    base = middle["nobody"]
    rows = [
        [
            name,
            f"{idle - base[0]:.2f}" if name != "nobody" else f"{idle:.2f} itself",
            f"{storm / base[1] - 1:+.0%}",
        ]
        for name, (idle, storm) in middle.items()
    ]
    table(
        f"What a page of 5,000 nodes pays: idle {IDLE_S} s, then 60 changes a frame, medians of {runs}",
        ["watched by", "idle, CPU ms a second", "storm, CPU beside nobody"],
        rows,
    )
    idle, storm = middle[OURS.name][0] - base[0], middle[OURS.name][1] / base[1] - 1
    gate("idle CPU", f"{idle:.2f} ms/s", "≤ 0.5 ms/s", idle <= 0.5)
    gate("storm", f"{storm:+.0%}", "≤ +25 %", storm <= 0.25)
    gap()


def _pays(browser: Browser, site: MirrorSite, kind: Kind | None) -> tuple[float, float]:
    page = opened_page(browser, site, "/page-5000", kind or OURS)
    line = page.context.new_cdp_session(page)
    line.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.wait_for_timeout(SETTLE_MS)
    if kind:
        page.evaluate("(options) => peer.start(options)", kind.options)
        page.evaluate("peer.told()")
    page.wait_for_timeout(CALM_MS)
    before = task_ms(line)
    page.wait_for_timeout(1_000 * IDLE_S)
    idle = (task_ms(line) - before) / IDLE_S
    before = task_ms(line)
    page.evaluate(STORM, STORM_FRAMES)
    page.wait_for_timeout(300)
    storm = task_ms(line) - before
    page.context.close()
    return idle, storm


# What the agent's browser asks for


def _requests(browser: Browser, site: MirrorSite) -> None:
    rows, ours = [], 0
    for kind in (OURS, RRWEB):
        agent, visitor = joined(browser, site, kind, "/leaky")
        asked = _asked(agent)
        visitor.evaluate(_BEACONS)
        visitor.evaluate("peer.told()")
        agent.wait_for_timeout(SETTLE_MS)
        kinds = sorted({it.rpartition("/")[2] for it in asked if "elsewhere.invalid" in it})
        ours = len(kinds) if kind.is_ours else ours
        rows.append([kind.name, f"{len(kinds)}", ", ".join(kinds)])
        visitor.context.close()
    table(
        "Kinds of request to another site that a page makes in the agent's browser", ["", "kinds", ""], rows
    )
    gate("requests leaving the agent's browser", f"{ours}", "0", ours == 0)
    gap()


def _asked(agent: Page) -> list[str]:
    asked: list[str] = []
    agent.on("request", lambda it: asked.append(it.url))
    return asked


_BEACONS = """() => {
  const at = (name) => `https://elsewhere.invalid/${name}`;
  const make = (tag, pairs) => {
    const it = document.createElement(tag);
    for (const [key, value] of Object.entries(pairs)) it.setAttribute(key, value);
    document.body.append(it);
    return it;
  };
  for (const tag of ['img', 'video', 'audio', 'embed', 'iframe']) make(tag, { src: at(tag) });
  make('img', { srcset: `${at('srcset')} 1x` });
  make('video', { poster: at('poster') });
  make('object', { data: at('object') });
  make('link', { rel: 'stylesheet', href: at('css') });
  make('link', { rel: 'prefetch', href: at('prefetch') });
  make('input', { type: 'image', src: at('input') });
  make('p', { style: `background:url(${at('inline')})` }).textContent = 'x';
  make('style', {}).textContent = `@import url(${at('import')}); h1 { background: url(${at('sheet')}) }
    @font-face { font-family: f; src: url(${at('font')}) } p { font-family: f }`;
}"""
