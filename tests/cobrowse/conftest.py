"""Fixtures of looking along: a real browser, the bundles, a strict site."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from leak_mutants import MUTANTS
from living_page import CSS, INNER, LIVE
from mirror_pair import OPEN, Pair
from mirror_site import MirrorSite
from playwright.sync_api import Browser

WEB = Path(__file__).parents[2] / "web"


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recorder, the viewer, the console's side, and the recorders that are broken on purpose."""
    folder = tmp_path_factory.mktemp("bundle")
    listed = folder / "mutants.json"
    listed.write_text(json.dumps({name: mutant.change for name, mutant in MUTANTS.items()}), "utf-8")
    command = ["node", str(WEB / "cobrowse/tests/bundle.ts"), str(folder), str(listed)]
    done = subprocess.run(command, cwd=WEB, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def site(bundle: Path) -> Iterator[MirrorSite]:
    site = MirrorSite(bundle)
    yield site
    site.close()


@pytest.fixture
def pair(browser: Browser, site: MirrorSite) -> Iterator[Pair]:
    pair = Pair(browser, site)
    yield pair
    pair.close()
    assert not pair.errors


@pytest.fixture
def live(site: MirrorSite, pair: Pair) -> Pair:
    """The page with one of everything, seen by an agent."""
    site.pages |= {
        "/live": LIVE,
        "/live-inner": INNER,
        "/live-second": INNER.replace("Inside", "Second"),
        "/x": INNER,
    }
    site.extra["/live.css"] = ("text/css", CSS.encode())
    pair.looks_along("/live", OPEN)
    return pair
