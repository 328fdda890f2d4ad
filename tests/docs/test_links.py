"""Every link leads somewhere."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from doc_pages import ROOT, anchors, name_of, pages, prose

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def links(page: Path) -> list[str]:
    return [link for link in _LINK.findall(prose(page)) if not re.match(r"[a-z]+:", link)]


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_links_lead_to_a_file_and_a_heading_that_exist(page: Path) -> None:
    dead = []
    for link in links(page):
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(link)
    assert not dead


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    todo = [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        todo += [(page.parent / link.partition("#")[0]).resolve() for link in links(page)]
    assert {name_of(page) for page in pages()} <= {name_of(page) for page in reached}
