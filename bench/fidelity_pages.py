"""The pages on which a copy is compared with its page: the demo website, kits from the npm registry, and hard ones."""
# ruff: noqa: E501  the page's own lines are as long as they are

import json
from collections.abc import Iterator

from bench.cobrowse import PEERS, MirrorSite

KITS = PEERS / "node_modules"


def paths(site: MirrorSite) -> Iterator[str]:
    names = sorted(name for name in site.demo if name.startswith("nl/") and name.endswith(".html"))
    yield from (f"/demo/{name.removesuffix('.html')}" for name in names if "404" not in name)
    yield from (path for path in site.pages if path.startswith(("/kit/", "/hard/")))


def add(site: MirrorSite) -> None:
    for name, (sheet, body) in _KITS.items():
        site.extra[f"/kit/{name}.css"] = ("text/css", (KITS / sheet).read_bytes())
        site.pages[f"/kit/{name}"] = _html(body, f"/kit/{name}.css")
    site.extra["/kit/govuk.css"] = (
        "text/css",
        (KITS / "govuk-frontend/dist/govuk/govuk-frontend.min.css").read_bytes(),
    )
    for name, components in _GOVUK.items():
        site.pages[f"/kit/govuk-{name}"] = _html(
            "".join(map(_govuk, components)), "/kit/govuk.css", "govuk-template__body"
        )
    for name, (css, body) in _HARD.items():
        site.extra[f"/hard/{name}.css"] = ("text/css", css.encode())
        site.pages[f"/hard/{name}"] = _html(body, f"/hard/{name}.css")
    site.extra["/hard/shadow.js"] = ("text/javascript", _SHADOW.encode())
    site.pages["/hard/inner"] = _html("<p class=in>Binnen een raam</p>", "/hard/frame.css")


def _html(body: str, sheet: str, kind: str = "") -> str:
    head = f'<meta charset="utf-8"><title>Bladzijde</title><link rel="stylesheet" href="{sheet}">'
    return f'<!doctype html><html lang="nl"><head>{head}</head><body class="{kind}">{body}</body></html>'


def _govuk(component: str) -> str:
    """Two examples of a component of the GOV.UK design system, as its package ships them."""
    listed = json.loads(
        (KITS / f"govuk-frontend/dist/govuk/components/{component}/fixtures.json").read_text("utf-8")
    )
    return "".join(one["html"] for one in listed["fixtures"][:2] if "<script" not in one["html"])


_WORDS = "Uw jaarnota laat zien wat u verbruikte, wat u al betaalde en wat er overblijft. " * 3
_FIELDS = (
    '<form><label for="a">Naam</label><input id="a"><label for="b">Soort</label><select id="b" data-balie-show>'
    '<option>Stroom</option><option>Gas</option></select><label><input type="checkbox" data-balie-show checked> Akkoord</label>'
    '<label><input type="radio" name="r" data-balie-show checked> Thuis</label><label>Bericht<textarea rows="3"></textarea></label>'
    '<button type="button">Verder</button> <input type="submit" value="Sturen"></form>'
)
_SINK = (
    f"<main><h1>Jaarnota</h1><p>{_WORDS}<a href='/x'>Lees verder</a>, <strong>vet</strong>, <em>schuin</em>, <code>kWh</code>,"
    " <mark>gemarkeerd</mark>, <kbd>Enter</kbd>, H<sub>2</sub>O en m<sup>3</sup>.</p><h2>Verbruik</h2>"
    "<table><thead><tr><th>Maand</th><th>Stroom</th><th>Gas</th></tr></thead><tbody>"
    + "".join(f"<tr><td>Maand {i}</td><td>{i * 21} kWh</td><td>{i * 9} m³</td></tr>" for i in range(1, 6))
    + "</tbody></table><ul><li>een<ul><li>twee</li></ul></li><li>drie</li></ul><ol><li>eerst</li><li>dan</li></ol>"
    f"<blockquote><p>{_WORDS}</p></blockquote><details open><summary>Meer</summary><p>Tekst</p></details>"
    f"<progress value='0.4'></progress> <meter value='0.6'></meter><hr>{_FIELDS}<pre>a\n  b\n</pre></main>"
)
_BOOTSTRAP = (
    "<nav class='navbar navbar-expand bg-body-tertiary'><div class='container'><a class='navbar-brand' href='#'>Kwelder</a></div></nav>"
    "<div class='container py-4'><div class='row g-3'>"
    + "".join(
        f"<div class='col-4'><div class='card shadow-sm'><div class='card-body'><h5 class='card-title'>Kaart {i}</h5>"
        f"<p class='card-text'>{_WORDS[:90]}</p><a class='btn btn-primary' href='#'>Kies</a></div></div></div>"
        for i in range(6)
    )
    + "</div><div class='alert alert-warning mt-3'>Let op</div><div class='progress'><div class='progress-bar w-50'>50</div></div>"
    "<ul class='list-group mt-3'><li class='list-group-item active'>Een</li><li class='list-group-item'>Twee "
    "<span class='badge text-bg-secondary'>4</span></li></ul></div>"
)
_BULMA = (
    "<section class='section'><div class='container content'><h1 class='title'>Titel</h1><div class='columns'>"
    f"<div class='column'><div class='box'>{_WORDS}</div></div><div class='column'><article class='message is-info'>"
    f"<div class='message-header'><p>Bericht</p></div><div class='message-body'>{_WORDS}</div></article></div></div>"
    "<div class='tags'><span class='tag is-primary'>een</span><span class='tag'>twee</span></div>"
    f"<button class='button is-link'>Kies</button>{_FIELDS}</div></section>"
)
_KITS = {
    "pico": ("@picocss/pico/css/pico.min.css", _SINK),
    "water": ("water.css/out/water.min.css", _SINK),
    "mvp": ("mvp.css/mvp.css", _SINK),
    "sakura": ("sakura.css/css/sakura.css", _SINK),
    "simple": ("simpledotcss/simple.min.css", _SINK),
    "milligram": ("milligram/dist/milligram.min.css", _SINK),
    "github-markdown": (
        "github-markdown-css/github-markdown.css",
        f"<div class='markdown-body'>{_SINK}</div>",
    ),
    "bootstrap": ("bootstrap/dist/css/bootstrap.min.css", _BOOTSTRAP),
    "bulma": ("bulma/css/bulma.min.css", _BULMA),
}
_GOVUK = {
    "reading": ("breadcrumbs", "summary-list", "table", "tag", "panel", "warning-text"),
    "form": ("error-summary", "input", "radios", "checkboxes", "date-input", "select"),
    "parts": ("notification-banner", "details", "inset-text", "pagination", "phase-banner", "task-list"),
}
_SHADOW = """
const sheet = new CSSStyleSheet();
sheet.replaceSync('p { color: rgb(160, 30, 60); font-size: 22px } ::slotted(b) { border: 2px solid }');
for (const host of document.querySelectorAll('x-card')) {
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sheet];
  const p = document.createElement('p');
  p.append('In de schaduw ', document.createElement('slot'));
  root.append(p);
}
"""
_HARD: dict[str, tuple[str, str]] = {
    "deep": ("div{padding:1px 0 0 2px;border-left:1px solid #ccc}", "<div>" * 120 + "diep" + "</div>" * 120),
    "table": (
        "table{border-collapse:collapse}td{border:1px solid #999;padding:2px}tr:nth-child(odd){background:#eef}",
        "<table>"
        + "".join(f"<tr>{''.join(f'<td>{r}.{c}</td>' for c in range(12))}</tr>" for r in range(400))
        + "</table>",
    ),
    "drawing": (
        "svg{width:600px;height:400px}.ring{stroke:#0a6;stroke-width:12;fill:none}",
        "<svg viewBox='0 0 300 200'><defs><linearGradient id='g'><stop offset='0' stop-color='#fc0'/><stop offset='1' "
        "stop-color='#06c'/></linearGradient><clipPath id='c'><circle cx='80' cy='80' r='60'/></clipPath></defs>"
        "<rect width='300' height='200' fill='url(#g)'/><g clip-path='url(#c)'><rect x='20' y='20' width='90' height='120' fill='#fff'/></g>"
        "<circle class='ring' cx='200' cy='100' r='50'/><path d='M10 190 C 60 120 120 190 160 150' stroke='#000' fill='none'/>"
        "<text x='150' y='30' font-size='18'>Verbruik</text></svg>",
    ),
    "scripts": (
        "p{font-size:22px;margin:8px}.v{writing-mode:vertical-rl;height:140px}",
        "<p dir='rtl'>مرحبا بكم في مكتب الخدمة</p><p>日本語のテキスト 中文 한국어</p><p>Ελληνικά, Русский, Tiếng Việt</p>"
        "<p>👩🏽‍🔧 ⚡ ñ é ü</p><p class='v'>Rechtop 縦書き</p><p>עברית <bdo dir='rtl'>omgekeerd</bdo></p>",
    ),
    "layout": (
        ".g{display:grid;grid-template-columns:repeat(4,1fr);gap:8px}.g>*{background:#cde;padding:12px}.g>:nth-child(3){grid-column:span 2}"
        ".s{position:sticky;top:0;background:#fe9}.t{transform:rotate(4deg) scale(.9);box-shadow:0 4px 12px #0006}"
        ".c{columns:3}.o{overflow:auto;height:80px}@media (min-width:900px){.g{border:3px solid #06c}}"
        ".k{container-type:inline-size}@container (min-width:300px){.k p{color:#a03}}",
        "<p class='s'>Blijft staan</p><div class='g'>"
        + "".join(f"<div>Vak {i}</div>" for i in range(7))
        + "</div>"
        f"<div class='t'>{_WORDS}</div><div class='c'>{_WORDS * 3}</div><div class='o'>{_WORDS * 4}</div><div class='k'><p>{_WORDS}</p></div>",
    ),
    "shadow": (
        "x-card{display:block;border:1px solid #999;margin:10px;padding:6px}",
        "<x-card><b>een</b></x-card><x-card>twee</x-card><script src='/hard/shadow.js'></script>",
    ),
    "frame": (
        "iframe{width:500px;height:200px;border:2px solid #06c}.in{color:#06c;font-size:24px}",
        "<h1>Buiten</h1><iframe src='/hard/inner'></iframe><p>Na het raam</p>",
    ),
    "generated": (
        ".a::before{content:'→ ';color:#06c}.b::after{content:counter(n) '.';counter-increment:n}ol{list-style:upper-roman}"
        ".m{background:linear-gradient(90deg,#fc0,#06c);-webkit-background-clip:text;color:transparent;font-size:40px}"
        ".f{filter:blur(1px) hue-rotate(40deg)}.l{line-clamp:2}.q{aspect-ratio:3/1;width:300px;background:conic-gradient(red,blue)}",
        "<p class='a'>Pijl</p><p class='b'>Telt</p><p class='b'>Telt</p><ol><li>een</li><li>twee</li></ol><p class='m'>Verloop</p>"
        "<p class='f'>Vaag</p><div class='q'></div>",
    ),
}
