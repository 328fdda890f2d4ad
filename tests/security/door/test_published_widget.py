"""Threat S20: the widget that sites load is the one whose hash stands there, built the same by anybody, all ours."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from balie import app

WEB = Path(__file__).parents[3] / "web"
FOREIGN = re.compile(rb"""https?://(?!www\.w3\.org/)[a-z0-9.-]+""")


def integrity(data: bytes) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(data).digest()).decode()


@pytest.fixture(scope="module")
def manifest() -> dict[str, dict[str, str]]:
    file = app.STATIC / "widget" / "manifest.json"
    assert file.exists(), "the web files are not built: npm run --prefix web build"
    said: dict[str, dict[str, str]] = json.loads(file.read_text())
    return said


@pytest.mark.parametrize("part", ["loader", "panel"])
def test_the_published_hash_is_that_of_the_file(manifest: dict[str, dict[str, str]], part: str) -> None:
    said = manifest[part]
    data = (app.STATIC / said["file"]).read_bytes()
    assert said["integrity"] == integrity(data)
    # No address in it but those that name an XML space: nothing can be loaded from anybody else.
    assert FOREIGN.findall(data) == []


def linked(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def built(folder: Path) -> dict[str, dict[str, str]]:
    """The widget built from a copy of its sources; its manifest."""
    web = folder / "web"
    web.mkdir(parents=True)
    for one in WEB.iterdir():
        if one.is_dir():
            # Linked file by file: a link to the whole folder would lead the build back to this checkout.
            shutil.copytree(one.resolve(), web / one.name, symlinks=True, copy_function=linked)
        else:
            shutil.copy(one, web / one.name)
    subprocess.run(["npm", "run", "build"], cwd=web / "widget", check=True, capture_output=True)
    said: dict[str, dict[str, str]] = json.loads(
        (folder / "src" / "balie" / "static" / "widget" / "manifest.json").read_text()
    )
    return said


@pytest.mark.skipif(not os.environ.get("BALIE_TEST_LONG"), reason="copies all packages twice: long form only")
def test_equal_sources_give_equal_bytes_wherever_they_are_built(tmp_path: Path) -> None:
    first, second = built(tmp_path / "one"), built(tmp_path / "another" / "place")
    assert first == second
