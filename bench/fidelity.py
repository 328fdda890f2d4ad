"""Is the copy the page? Ours and rrweb's beside the visitor's own window, dot for dot, on the demo website, on pages in
the style sheets of well-known kits, and on pages made to be hard."""

import base64
from pathlib import Path

import msgspec
from playwright.sync_api import Browser, Page, sync_playwright

from bench import fidelity_pages
from bench.browser import CHROMIUM, FLAGS
from bench.cobrowse import OPEN, OURS, RRWEB, Kind, MirrorSite, joined, opened_site
from bench.paper import gap, gate, remark, table

SETTLE_MS = 700
SHOWING = msgspec.structs.replace(OURS, options={**OPEN, "show": ["html"]})
"""Fields as rrweb shows them without options: both may tell the same, save passwords and their like."""
EQUAL = 0.002
"""Shares of dots that differ by less are the same: letters at the edge of a dot."""
COMPARE = """async ([one, other]) => {
  const read = async (data) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, bitmap.width, bitmap.height);
  };
  const [a, b] = [await read(one), await read(other)];
  if (a.width !== b.width || a.height !== b.height) return 1;
  let differing = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    const far = [0, 1, 2].map((c) => Math.abs(a.data[i + c] - b.data[i + c]));
    if (Math.max(...far) > 24) differing += 1;
  }
  return differing / (a.width * a.height);
}"""


BESIDE = """async (shots) => {
  const width = 420, height = Math.round(width * 800 / 1280);
  const canvas = new OffscreenCanvas(3 * width + 20, height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#c33';
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (const [index, data] of shots.entries()) {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
    context.drawImage(bitmap, index * (width + 10), 0, width, height);
  }
  const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
  return btoa(Array.from(bytes, (it) => String.fromCharCode(it)).join(''));
}"""
"""The visitor's window, our copy, rrweb's."""
PICTURED = 2


class Looks(msgspec.Struct, frozen=True):
    """Of one page: the share of dots that differ, and whether our own digest found the trees different."""

    path: str
    ours: float
    rrweb: float
    diverged: bool
    beside: bytes
    """All three windows in one picture (PNG)."""


def measure(pictures: Path | None = None) -> None:
    """Prints its table; the pages on which our copy differs most go as pictures into the folder ``pictures``."""
    with opened_site() as site, sync_playwright() as playwright:
        fidelity_pages.add(site)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            found = [_look(browser, site, path) for path in fidelity_pages.paths(site)]
        finally:
            browser.close()
    rows = [[it.path, f"{it.ours:.2%}", f"{it.rrweb:.2%}", "yes" if it.diverged else "no"] for it in found]
    table("Dots that differ from the visitor's window", ["page", "Balie", "rrweb", "trees differ"], rows)
    worse = [it.path for it in found if it.ours > max(it.rrweb, EQUAL)]
    gate("pages on which rrweb's copy is closer", f"{len(worse)} of {len(found)}", "0", not worse)
    for it in sorted(found, key=lambda it: it.ours, reverse=True)[:PICTURED] if pictures else []:
        (pictures / f"mirror-{it.path.rpartition('/')[2]}.png").write_bytes(it.beside)
    gate(
        "pages whose trees differ",
        f"{sum(it.diverged for it in found)}",
        "0",
        not any(it.diverged for it in found),
    )
    if worse:
        remark(", ".join(worse))
    gap()


def _look(browser: Browser, site: MirrorSite, path: str) -> Looks:
    shares = {}
    shots: list[str] = []
    diverged = False
    beside = b""
    for kind in (SHOWING, RRWEB):
        agent, visitor = joined(browser, site, kind, path)
        visitor.bring_to_front()
        visitor.wait_for_timeout(SETTLE_MS)
        both = _shots(visitor, agent, kind)
        shots += both if kind.is_ours else both[1:]
        blank = visitor.context.new_page()
        shares[kind.name] = float(blank.evaluate(COMPARE, both))
        if kind.is_ours:
            heard = agent.evaluate("agent.heard")
            diverged = any(it.get("what") in ("diverged", "refused") for it in heard if it["t"] == "notice")
        else:
            beside = base64.b64decode(blank.evaluate(BESIDE, shots))
        visitor.context.close()
    return Looks(path, shares[OURS.name], shares[RRWEB.name], diverged, beside)


def _shots(visitor: Page, agent: Page, kind: Kind) -> list[str]:
    if not kind.is_ours:
        agent.add_style_tag(content=".replayer-mouse{display:none} iframe{border:0;display:block}")
    made = [
        visitor.screenshot(animations="disabled", caret="hide"),
        agent.locator("iframe").first.screenshot(animations="disabled", caret="hide"),
    ]
    return [base64.b64encode(it).decode() for it in made]
