"""The demo website as it is composed: complete in both languages, and fit for the strict policy it is served under."""

import re
from functools import cache
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from balie.demo import figures
from balie.demo.catalogue import LANGS, PAGES, Lang
from balie.demo.pages import render_site

SITE = render_site("ibx_key")
HTML = {name: body.decode() for name, (kind, body) in SITE.items() if kind.startswith("text/html")}
VOID = {"meta", "link", "img", "input", "br", "wbr"}
WIDGET = '<script async src="/widget.js" data-inbox="ibx_key"></script>'


class Reader(HTMLParser):
    """Reads a page strictly: every element closed in order. Keeps the elements and the ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        assert len(dict(attrs)) == len(attrs), f"<{tag}> says an attribute twice"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        if "script" not in self.open:
            self.words.append(data)

    def all(self, name: str) -> list[str]:
        return [value for _, attrs in self.elements if (value := attrs.get(name)) is not None]


@cache
def read(text: str) -> Reader:
    return Reader(text)


def resolves(address: str) -> bool:
    path = urlsplit(address).path.removeprefix("/demo").lstrip("/")
    if not path or path.endswith("/"):
        path += "index.html"
    return any(name in SITE for name in (path, f"{path}.html", f"{path}/index.html"))


@pytest.fixture(params=HTML, ids=str)
def text(request: pytest.FixtureRequest) -> str:
    return HTML[request.param]


def test_every_page_is_well_formed_and_no_id_stands_twice(text: str) -> None:
    ids = read(text).all("id")
    assert len(ids) == len(set(ids))


def test_no_slot_is_left_open(text: str) -> None:
    assert "{{" not in text
    assert "BALIE_INBOX_KEY" not in text


def test_every_link_and_file_resolves(text: str) -> None:
    page = read(text)
    for address in [*page.all("href"), *page.all("src"), *page.all("action"), *page.all("data-translation")]:
        if address.startswith(("tel:", "mailto:", "#")) or address == "/widget.js":
            continue
        assert address.startswith("/demo/"), f"{address} leaves the site"
        assert resolves(address), f"{address} leads nowhere"


def test_every_icon_is_in_the_set(text: str) -> None:
    icons = set(re.findall(r'<symbol id="([a-z]+)"', SITE["assets/icons.svg"][1].decode()))
    used = set(re.findall(r'icons\.svg#([a-z]+)"', text))
    assert used <= icons


def test_nothing_stands_inline_that_the_strict_policy_refuses(text: str) -> None:
    for tag, attrs in read(text).elements:
        assert tag not in {"style", "iframe", "object", "embed", "base"}
        assert "style" not in attrs
        assert not [name for name in attrs if name.startswith("on")], attrs
        assert tag != "script" or attrs.get("src"), "an inline script"


def test_the_chat_is_installed_once_with_one_tag(text: str) -> None:
    assert text.count(WIDGET) == 1
    assert text.count("widget.js") == 1


def test_every_label_and_description_points_at_something(text: str) -> None:
    page = read(text)
    ids = set(page.all("id"))
    pointers = [
        one
        for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls")
        for value in page.all(name)
        for one in value.split()
    ]
    assert set(pointers) <= ids


def test_every_field_has_a_label_and_every_page_one_heading(text: str) -> None:
    page = read(text)
    labelled = set(page.all("for"))
    for tag, attrs in page.elements:
        if tag in {"input", "select"} and attrs.get("type") not in {"radio", "checkbox"}:
            assert attrs.get("id") in labelled, attrs
        assert tag != "img" or attrs.get("alt") is not None
    assert [tag for tag, _ in page.elements].count("h1") == 1
    assert [tag for tag, _ in page.elements].count("main") == 1
    assert "#main" in page.all("href")


def test_both_languages_have_every_page_and_lead_to_each_other() -> None:
    for one in PAGES:
        for lang, other in (("nl", "en"), ("en", "nl")):
            tabs = (None, *range(len(one.tabs)))
            for tab in tabs:
                here, there = one.url(*_of(lang, tab)), one.url(*_of(other, tab))
                page = HTML[_name(here)]
                assert f'<html lang="{lang}">' in page
                links = [a for tag, a in read(page).elements if tag == "a" and "data-language" in a]
                assert [link["href"] for link in links] == [there]


def test_short_dutch_addresses_show_the_dutch_page() -> None:
    assert SITE["jaarnota.html"] == SITE["nl/jaarnota.html"]
    assert SITE["index.html"] == SITE["nl/index.html"]
    assert SITE["404.html"] == SITE["nl/404.html"]


def test_only_the_checkout_is_marked_for_payment_and_offers_no_chat() -> None:
    marked = {name for name, page in HTML.items() if '<meta name="balie" content="payment">' in page}
    assert marked == {"nl/bestellen.html", "en/order.html", "bestellen.html"}
    for name in marked:
        assert not read(HTML[name]).all("data-chat")


def test_both_languages_have_the_same_fields_and_hooks() -> None:
    for one in PAGES:
        dutch, english = (read(HTML[_name(one.url(lang))]) for lang in LANGS)
        for hook in ("id", "name", "data-rule", "data-panel", "data-tab", "data-previous", "autocomplete"):
            assert dutch.all(hook) == english.all(hook), f"{one.key}: {hook}"


def test_both_languages_say_the_same_scripted_sentences() -> None:
    text = SITE["assets/texts.js"][1].decode()
    dutch, english = text.split("  en: {")
    keys = [re.findall(r"^    (\w+):", part, re.MULTILINE) for part in (dutch, english)]
    assert keys[0] == keys[1]
    said = {
        key
        for name, (_, body) in SITE.items()
        if name.endswith(".js")
        for key in re.findall(r"say\('(\w+)'", body.decode())
    }
    assert said <= set(keys[0])


def test_drawings_are_well_formed_and_carry_no_script_or_style() -> None:
    for name, (kind, body) in SITE.items():
        if kind.startswith("image/svg"):
            tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(body).iter()}
            assert not tags & {"script", "style", "foreignObject", "image"}, name


def test_scripts_use_no_sink_that_trusted_types_would_refuse() -> None:
    for name, (_, body) in SITE.items():
        if name.endswith(".js"):
            assert not re.search(
                r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", body.decode()
            ), name


def test_a_hostile_inbox_key_stays_inside_its_attribute() -> None:
    page = render_site('"><script>alert(1)</script>')["nl/index.html"][1].decode()
    assert "<script>alert" not in page


def test_the_bill_adds_up() -> None:
    used = {unit: sum(line.amount for line in figures.BILL if line.unit == unit) for unit in ("kWh", "m³")}
    assert used == {"kWh": sum(figures.POWER), "m³": sum(figures.GAS)}
    assert figures.total() == sum(figures.total(group) for group in ("power", "gas", "grid", "credit"))
    # "Why do you pay more?" on the page says 245 + 37 + 65 and advises 234 a month.
    assert round(figures.to_pay() / 100) == 245 + 37 + 65
    assert round(figures.total() / 1200) == 234


@pytest.mark.parametrize(
    ("lang", "written"), [("nl", "−€\u00a01.234,50"), ("en", "−€1,234.50")], ids=["nl", "en"]
)
def test_amounts_are_written_the_way_the_language_does(lang: Lang, written: str) -> None:
    assert figures.money(-123_450, lang) == written


def _of(lang: str, tab: int | None) -> tuple[Lang, int | None]:
    return ("nl" if lang == "nl" else "en"), tab


def _name(url: str) -> str:
    path = url.removeprefix("/demo/")
    return f"{path}index.html" if path.endswith("/") else f"{path}.html"
