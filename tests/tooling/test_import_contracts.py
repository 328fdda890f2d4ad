"""The import contracts really bite: each is broken once in a copy of the source, and must be told by name."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")

PLANTED = [
    ("lib/clock.py", "import balie.desk.model", "Layers"),
    ("desk/model.py", "import balie.edge.frames", "Layers"),
    ("edge/frames.py", "import balie.features.replies.facts", "Layers"),
    ("features/replies/facts.py", "import balie.features.planted", "Features do not know each other"),
    ("channels/web/planted.py", "import balie.channels.planted", "Channels do not know each other"),
    ("channels/web/planted.py", "import balie.features.replies.facts", "Layers"),
    ("desk/model.py", "import balie.engine.sqlite", "Concrete engines are named by app only"),
    ("features/replies/facts.py", "import balie.settings", "Settings are read by app and cli only"),
    ("desk/model.py", "import sqlite3", "Database drivers live inside engine"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source with one more channel and feature, so that there is somebody to know."""
    home = tmp_path_factory.mktemp("house")
    skip = shutil.ignore_patterns("static", "__pycache__")
    shutil.copytree(ROOT / "src", home / "src", ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", home)
    for name in ("channels", "features"):
        package = home / "src/balie" / name / "planted"
        package.mkdir()
        (package / "__init__.py").touch()
    return home


def lint(home: Path) -> tuple[int, str]:
    done = subprocess.run(
        [LINTER, "--no-cache"],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(home / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_the_house_as_it_stands_keeps_every_contract(copy: Path) -> None:
    status, told = lint(copy)
    assert status == 0, told


@pytest.mark.parametrize(("file", "line", "contract"), PLANTED)
def test_a_planted_import_breaks_its_contract(copy: Path, file: str, line: str, contract: str) -> None:
    target = copy / "src/balie" / file
    before = target.read_text("utf-8") if target.exists() else None
    target.write_text(f"{before or ''}\n{line}\n", "utf-8")
    try:
        status, told = lint(copy)
    finally:
        target.unlink() if before is None else target.write_text(before, "utf-8")
    assert status == 1
    broken = [row for row in told.splitlines() if row.endswith("BROKEN")]
    assert any(row.startswith(contract) for row in broken), told
