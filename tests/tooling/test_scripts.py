"""The scripts in bin/: short, and honest about what they need."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted(
    p for p in (ROOT / "bin").iterdir() if p.is_file() and p.read_bytes().startswith(b"#!/usr/bin/env bash")
)


def run(home: Path, command: str, **env: str) -> subprocess.CompletedProcess[str]:
    bash = shutil.which("bash")
    assert bash
    return subprocess.run(
        [bash, "-c", command],
        cwd=home,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The scripts alone, in a checkout of their own."""
    shutil.copytree(ROOT / "bin", tmp_path / "bin", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    return tmp_path


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: p.name)
def test_a_script_is_short_enough_to_read_before_running_it(script: Path) -> None:
    assert len(script.read_text("utf-8").splitlines()) <= 40
    assert os.access(script, os.X_OK)


def test_who_may_not_install_is_told_what_to_install(house: Path) -> None:
    (house / "deploy/system-packages.txt").write_text(
        "# a comment\nquill feather-pen test writing\nink /ink bench blots\n"
    )
    tools = house / "tools"
    tools.mkdir()
    for tool in ("bash", "env", "dirname", "grep", "id"):  # no apt-get
        (tools / tool).symlink_to(shutil.which(tool) or tool)
    done = run(house, "bin/lib/system-packages test", PATH=str(tools))
    assert done.returncode == 1
    assert "sudo apt-get install quill\n" in done.stderr
    assert "ink" not in done.stderr


def test_a_stamp_follows_names_and_contents_and_nothing_else(house: Path) -> None:
    (house / "web/node_modules/x").mkdir(parents=True)
    source = house / "web/a.ts"
    source.write_text("1")
    digest = "source bin/lib/house.sh; digest web"
    first = run(house, digest).stdout
    assert len(first.strip()) == 32
    (house / "web/node_modules/x/y").write_text("installed")
    assert run(house, digest).stdout == first
    source.write_text("2")
    assert run(house, digest).stdout != first
    source.write_text("1")
    source.rename(house / "web/b.ts")
    assert run(house, digest).stdout != first


def test_no_two_test_modules_share_a_name() -> None:
    """Each folder of tests is on the path, so the second one of a name would never be found."""
    names = [p.stem for p in (ROOT / "tests").rglob("*.py") if p.stem not in ("conftest", "__init__")]
    assert not {name for name in names if names.count(name) > 1}
