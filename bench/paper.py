"""What is printed, and kept as markdown for ``--write``: tables, gates with ✓ or ✗, remarks."""

import re
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

out = Console(width=132, highlight=False)

_NAME_WIDTH = 22
_kept: list[str] = []
_gates: list[tuple[str, str, str, bool]] = []


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """The first column names the row, the others hold figures."""
    shown = Table(title=title, title_justify="left")
    for index, name in enumerate(columns):
        shown.add_column(name, justify="right" if index else "left", min_width=0 if index else _NAME_WIDTH)
    for row in rows:
        shown.add_row(*row)
    out.print(shown)
    lines = [f"### {title}", "", _line(columns), _line(["---", *["--:"] * (len(columns) - 1)])]
    _kept.extend([*lines, *map(_line, rows), ""])


def gate(name: str, value: str, limit: str, passed: bool) -> None:
    mark = "[green]✓[/]" if passed else "[red]✗[/]"
    out.print(f"{mark} {name}: {value} (gate {limit})")
    _gates.append((name, value, limit, passed))


def remark(text: str) -> None:
    out.print(text)
    _kept.extend([_plain(text), ""])


def gap() -> None:
    out.print()


def write(path: Path, heading: str) -> None:
    """All of it as markdown: the gates first."""
    gates = [
        _line(("", "seen", "gate", "")),
        _line(("---", "--:", "--:", "---")),
        *(
            _line((name, value, limit, "met" if passed else "missed"))
            for name, value, limit, passed in _gates
        ),
        "",
    ]
    path.write_text("\n".join([heading, "", *(gates if _gates else []), *_kept]), encoding="utf-8")


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_plain, cells))} |"


def _plain(text: str) -> str:
    return re.sub(r"\[/?[a-z ]*\]", "", text)
