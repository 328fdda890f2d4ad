"""Symbols from a drawing in a file of its own: the agent sees them, and what else the file holds stays where it is."""
# ruff: noqa: E501  the page's own lines are as long as they are

import pytest
from mirror_pair import OPEN, Pair
from mirror_site import MirrorSite
from test_mirror_fidelity import differing

DRAWING = """<svg xmlns="http://www.w3.org/2000/svg"><defs><linearGradient id="shade"><stop offset="0" stop-color="red"/><stop offset="1" stop-color="blue"/></linearGradient></defs>
<symbol id="corner" viewBox="0 0 10 10"><path d="M0 0h10v10z"/></symbol>
<symbol id="shaded" viewBox="0 0 10 10"><rect width="10" height="10" fill="url(#shade)"/></symbol>
<symbol id="both" viewBox="0 0 20 10" preserveAspectRatio="none"><use href="#corner" x="2" y="2" width="6" height="6"/><rect x="12" width="8" height="8" fill="orange"/></symbol>
<path id="bar" d="M0 0h30v10h-30z"/></svg>"""
STYLE = "svg{width:80px;height:80px;color:purple}.w{border:1px solid;fill:currentColor}use{stroke:teal}path{opacity:.5}"
NAMES = ("corner", "shaded", "both", "bar")


def html(body: str) -> str:
    return f'<!doctype html><html><head><link rel="stylesheet" href="/symbols.css"></head><body>{body}</body></html>'


def use(name: str, file: str = "/symbols.svg?v=1", more: str = "") -> str:
    return f'<svg><use href="{file}#{name}" {more}/></svg>'


@pytest.fixture(autouse=True)
def drawings(site: MirrorSite) -> None:
    site.extra |= {
        "/symbols.svg": ("image/svg+xml", DRAWING.encode()),
        "/symbols.css": ("text/css", STYLE.encode()),
        "/large.svg": ("image/svg+xml", DRAWING.replace("M0 0h10v10z", "M0 0" + "h1" * 400_000).encode()),
        "/text.svg": ("text/html", b"<!doctype html><p id=corner>no drawing</p>"),
    }
    site.asked.clear()


def asked(site: MirrorSite, name: str) -> int:
    return sum(it.startswith(name) for it in site.asked)


def test_symbols_of_another_file_look_the_same_at_the_agents_side(pair: Pair, site: MirrorSite) -> None:
    placed = 'x="4" y="5" width="50%" height="20" transform="rotate(9)"'
    site.pages["/symbols"] = html(
        "".join(use(name) + use(name, more=placed).replace("<svg", '<svg class="w"') for name in NAMES)
    )
    pair.looks_along("/symbols", OPEN)
    pair.does("0")
    assert pair.copy.locator("use").count() == 2 * len(NAMES) + 1
    # The page's rules for paths catch the symbol's as well; of the file alone nothing differs.
    pair.does("document.styleSheets[0].deleteRule(3)")
    assert differing(pair) < 0.0005
    assert pair.visitor.evaluate("mirror.violations") == []


def test_a_file_is_asked_for_once_and_its_address_is_told_to_nobody(pair: Pair, site: MirrorSite) -> None:
    site.pages["/symbols"] = html("".join(map(use, NAMES)))
    pair.visitor.goto(f"{site.origin}/symbols")
    before = asked(site, "/symbols.svg")
    pair.looks_along("/symbols", OPEN)
    start = len(pair.heard)
    pair.visitor.evaluate("mirror.recorder.resync()")
    pair.hears({"t": "notice", "what": "shown"}, start)
    pair.does("0")
    # Once by the page itself, once more by the recorder.
    assert asked(site, "/symbols.svg") - before <= 2
    assert pair.copy.locator("symbol path").count() == 1
    assert b"symbols.svg" not in pair.wire()


def test_in_masked_and_blocked_parts_nothing_is_asked_for(pair: Pair, site: MirrorSite) -> None:
    site.pages["/symbols"] = html(
        f"<div data-balie-mask>{use('corner')}</div><div data-balie-block>{use('bar')}</div>"
    )
    pair.visitor.goto(f"{site.origin}/symbols")
    before = asked(site, "/symbols.svg")
    pair.looks_along("/symbols", OPEN)
    pair.does("0")
    assert asked(site, "/symbols.svg") - before <= 1
    assert b"M0 0h" not in pair.wire()


def test_a_symbol_that_changes_comes_later_or_stands_in_a_shadow_root_comes_along(
    pair: Pair, site: MirrorSite
) -> None:
    site.pages["/symbols"] = html(use("corner") + "<x-card></x-card>")
    pair.looks_along("/symbols", OPEN)
    pair.does("document.querySelector('use').setAttribute('href', '/symbols.svg?v=1#bar')")
    assert pair.copy.evaluate("document.querySelector('use').getAttribute('href')") == "#balie-1-bar"
    pair.does("document.querySelector('use').setAttribute('href', '/symbols.svg?v=1#nobody')")
    assert pair.copy.evaluate("document.querySelector('use').hasAttribute('href')") is False
    pair.does(
        """() => {
          const make = (name) => document.createElementNS('http://www.w3.org/2000/svg', name);
          const svg = make('svg'), use = make('use');
          use.setAttribute('href', '/symbols.svg?v=1#both');
          svg.append(use);
          document.querySelector("x-card").attachShadow({mode: 'open'}).append(svg);
        }"""
    )
    pair.does("0")
    inside = "document.querySelector('x-card')"
    assert pair.copy.evaluate(f"{inside}.shadowRoot.querySelectorAll('symbol').length") == 2


@pytest.mark.parametrize("file", ["/large.svg", "/text.svg", "/nothing.svg"])
def test_what_is_too_large_or_no_drawing_is_left_out(pair: Pair, site: MirrorSite, file: str) -> None:
    site.pages["/symbols"] = html(use("corner", file) + use("corner"))
    pair.looks_along("/symbols", OPEN)
    pair.does("0")
    assert pair.copy.locator("use[href]").count() == 1


def test_of_another_site_nothing_is_asked_for(pair: Pair, site: MirrorSite) -> None:
    other = site.origin.replace("127.0.0.1", "localhost")
    site.pages["/symbols"] = html(use("corner", f"{other}/symbols.svg?other"))
    pair.looks_along("/symbols", OPEN)
    pair.does("0")
    assert asked(site, "/symbols.svg?other") == 0


def test_a_page_gets_no_more_files_read_than_a_page_needs(pair: Pair, site: MirrorSite) -> None:
    site.pages["/symbols"] = html("".join(use("corner", f"/symbols.svg?{n}") for n in range(40)))
    pair.looks_along("/symbols", OPEN)
    pair.does("0")
    assert pair.copy.locator("use[href]").count() == 16
