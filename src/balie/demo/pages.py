"""Composes the demo website in memory, in both languages: frame + page body + figures. Does not serve it."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

from balie.demo.catalogue import ALIASES, BASE, LANGS, PAGES, Lang, Page, page
from balie.demo.exhibits import exhibits

SITE = Path(__file__).parent / "site"
HTML = "text/html; charset=utf-8"
_SLOT = re.compile(r"\{\{([a-z_]+)(?::([a-z0-9_./-]+))?\}\}")
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
}


def render_site(inbox_key: str) -> dict[str, tuple[str, bytes]]:
    """File path below `/demo/` → (content type, body): `nl/jaarnota.html`, `assets/base.css`, `404.html` and so on.

    Links on the site leave `.html` and `index.html` out.
    """
    site: dict[str, tuple[str, bytes]] = dict(_assets())
    for lang in LANGS:
        for one in PAGES:
            for tab in (None, *range(len(one.tabs))):
                body = _compose(one, lang, tab, inbox_key).encode()
                site[_file(one.url(lang, tab))] = (HTML, body)
    for slug, key in ALIASES.items():
        site[_file(f"{BASE}/{slug}")] = site[_file(page(key).url("nl"))]
    return site


def _file(url: str) -> str:
    name = url.removeprefix(f"{BASE}/")
    return f"{name}index.html" if not name or name.endswith("/") else f"{name}.html"


def _compose(one: Page, lang: Lang, tab: int | None, inbox_key: str) -> str:
    frame = "checkout" if one.payment else "site"
    other: Lang = "en" if lang == "nl" else "nl"
    head = one.head(lang)
    values = {
        **exhibits(lang),
        "lang": lang,
        "title": html.escape(head.title if one.key == "home" else f"{head.title} – Kwelder"),
        "brand": "Kwelder – " if one.key == "home" else "",
        "description": html.escape(head.description),
        "payment": '<meta name="balie" content="payment">' if one.payment else "",
        "script": f'<script type="module" src="{BASE}/assets/{one.script}"></script>' if one.script else "",
        "header": _source(f"parts/header.{frame}.{lang}.html"),
        "footer": _source(f"parts/footer.{frame}.{lang}.html"),
        "body": _source(_file(one.url(lang))),
        "other_url": one.url(other, tab),
        "nl_url": one.url("nl", tab),
        "en_url": one.url("en", tab),
        "key": one.key,
    }

    def fill(slot: re.Match[str]) -> str:
        name, what = slot.group(1), slot.group(2)
        if name == "link":
            return page(what).url(lang)
        if name == "nav":
            here = ' aria-current="page"' if what == one.key else ""
            return f'href="{page(what).url(lang)}"{here}'
        if name == "icon":
            use = f'<use href="{BASE}/assets/icons.svg#{what}"></use>'
            return f'<svg class="icon" aria-hidden="true">{use}</svg>'
        return values[name]

    text = _source("layout.html")
    while _SLOT.search(text):
        text = _SLOT.sub(fill, text)
    return text.replace("BALIE_INBOX_KEY", html.escape(inbox_key))


def _source(name: str) -> str:
    return (SITE / name).read_text(encoding="utf-8")


def _assets() -> Iterator[tuple[str, tuple[str, bytes]]]:
    for path in sorted((SITE / "assets").rglob("*")):
        if path.is_file():
            yield path.relative_to(SITE).as_posix(), (_TYPES[path.suffix], path.read_bytes())
