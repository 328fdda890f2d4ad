"""Nothing of the house goes unmentioned: packages, settings, commands, scripts."""

import re
from typing import Any

import msgspec
from doc_pages import ROOT, all_text
from typer.main import get_command

from balie import cli, settings


def test_every_package_stands_in_the_architecture_page() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    packages = {
        ".".join(p.parent.relative_to(ROOT / "src").parts) for p in (ROOT / "src").rglob("__init__.py")
    }
    shown = {p for p in packages if p.count(".") == 1 or re.match(r"balie\.(channels|features)\.\w+$", p)}
    assert not {p for p in shown if f"`{p}`" not in text}


def test_every_setting_stands_in_the_guide_for_hosts_and_no_other() -> None:
    known = {settings.PREFIX + field.name.upper() for field in msgspec.structs.fields(settings.Settings)}
    guide = (ROOT / "docs/run-balie.md").read_text("utf-8")
    assert set(re.findall(r"^\| `(BALIE_[A-Z_]+)` \|", guide, re.MULTILINE)) == known
    assert set(re.findall(r"\bBALIE_[A-Z_]+\b", all_text())) == known | taken_by_commands()


def test_what_a_command_takes_from_the_environment_is_not_refused_as_a_misspelt_setting() -> None:
    settings.read_settings(dict.fromkeys(taken_by_commands(), "x"))


def taken_by_commands() -> set[str]:
    found: set[str] = set()
    groups: list[Any] = [get_command(cli.cli)]
    for command in groups:
        groups += getattr(command, "commands", {}).values()
        found |= {param.envvar for param in command.params if isinstance(param.envvar, str)}
    return found


def commands() -> set[str]:
    """``balie serve``, ``balie agent add`` …"""

    def walk(command: object, path: str) -> set[str]:
        children = getattr(command, "commands", {})
        return {f for name, child in children.items() for f in walk(child, f"{path} {name}")} or {path}

    return walk(get_command(cli.cli), "balie")


def test_every_command_stands_in_the_guide_for_hosts() -> None:
    text = (ROOT / "docs/run-balie.md").read_text("utf-8")
    assert not {command for command in commands() if f"`{command}" not in text}


def test_every_command_that_a_page_names_exists() -> None:
    told = set(re.findall(r"(?:^|`|\.venv/bin/)(balie(?: [a-z]+)+)", all_text(), re.MULTILINE))
    known = commands()
    unknown = {words for words in told if not any(f"{words} ".startswith(f"{command} ") for command in known)}
    assert not unknown


def test_every_script_that_a_page_names_exists_and_none_is_left_out() -> None:
    told = set(re.findall(r"(?<!venv/)\bbin/(\w+)\b", all_text()))
    scripts = {p.name for p in (ROOT / "bin").iterdir() if p.is_file()}
    assert told == scripts
