"""Nothing of the house goes unmentioned: packages, settings, commands, scripts."""

import ast
import re

from doc_pages import ROOT, all_text, blocks, pages
from typer.main import get_command

from balie import cli


def test_every_package_stands_in_the_architecture_page() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    packages = {
        ".".join(p.parent.relative_to(ROOT / "src").parts) for p in (ROOT / "src").rglob("__init__.py")
    }
    shown = {p for p in packages if p.count(".") == 1 or re.match(r"balie\.(channels|features)\.\w+$", p)}
    assert not {p for p in shown if f"`{p}`" not in text}


def test_every_setting_stands_in_the_guide_for_hosts_and_no_other() -> None:
    tree = ast.parse((ROOT / "src/balie/settings.py").read_text("utf-8"))
    words = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    known = {name for word in words for name in re.findall(r"\bBALIE_[A-Z_]+\b", word)}
    assert known
    assert set(re.findall(r"\bBALIE_[A-Z_]+\b", all_text())) == known


def commands() -> set[str]:
    """``balie serve``, ``balie agent add`` …"""

    def walk(command: object, path: str) -> set[str]:
        children = getattr(command, "commands", {})
        return {f for name, child in children.items() for f in walk(child, f"{path} {name}")} or {path}

    return walk(get_command(cli.app), "balie")


def test_every_command_stands_in_the_guide_for_hosts() -> None:
    text = (ROOT / "docs/run-balie.md").read_text("utf-8")
    assert not {command for command in commands() if f"`{command}" not in text}


def test_every_command_that_a_page_names_exists() -> None:
    told = set(
        re.findall(
            r"(?:^|`)(balie(?: [a-z]+)+)",
            "\n".join(b.text for p in pages() for b in blocks(p, "sh")) + all_text(),
            re.MULTILINE,
        )
    )
    known = commands() | {"balie agent"}
    assert not {
        command for command in told if not any(command == k or command.startswith(k + " ") for k in known)
    }


def test_every_script_that_a_page_names_exists_and_none_is_left_out() -> None:
    told = set(re.findall(r"\bbin/(\w+)\b", all_text()))
    scripts = {p.name for p in (ROOT / "bin").iterdir() if p.is_file()}
    assert told == scripts
