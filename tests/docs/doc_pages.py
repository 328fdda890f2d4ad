"""The pages that people read, and the parts of them that a program can check."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block: its language and text, and the headings above it, outermost first."""

    language: str
    text: str
    headings: tuple[str, ...]


def pages() -> list[Path]:
    """Every Markdown page of the project."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("bench/*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("web/*.md")]
    return sorted(found)


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, language: str) -> list[Block]:
    """The fenced blocks of one language."""
    text = page.read_text("utf-8")
    return [
        Block(match[1], match[2], _headings(text[: match.start()]))
        for match in _FENCE.finditer(text)
        if match[1] == language
    ]


def objects(page: Path) -> Iterator[tuple[dict[str, Any], Block]]:
    """The JSON objects of a page with their block; a block holds one object."""
    for block in blocks(page, "json"):
        yield json.loads(block.text), block


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return _FENCE.sub("", page.read_text("utf-8"))


def all_text() -> str:
    return "\n".join(page.read_text("utf-8") for page in pages())


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as the usual Markdown sites make them."""
    lines = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


class Line(NamedTuple):
    """A line of a session on a page: ``who`` does ``what`` (an arrow, or words) with ``frame``."""

    who: str
    what: str
    frame: dict[str, Any]


def session(page: Path) -> list[Line]:
    """The session that a page tells, in order. A line that begins with blanks goes on with the one before."""
    found = []
    for block in blocks(page, "text"):
        text = re.sub(r"\n +", " ", block.text)
        for who, what, frame in re.findall(r"^(visitor|agent) +(\S[^{\n]*?) *(\{.*\})?$", text, re.MULTILINE):
            found.append(Line(who, what, json.loads(frame or "{}")))
    return found


def _headings(before: str) -> tuple[str, ...]:
    stack: list[tuple[int, str]] = []
    for marks, title in re.findall(r"^(#+) (.*)$", _FENCE.sub("", before), re.MULTILINE):
        stack = [entry for entry in stack if entry[0] < len(marks)]
        stack.append((len(marks), title))
    return tuple(title for _, title in stack)
