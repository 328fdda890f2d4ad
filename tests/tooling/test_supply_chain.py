"""Threat S23: what we are made of is written down, and somebody looked lately whether it is known to be broken."""

import json
import re
import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[2]
LIST: dict[str, Any] = tomllib.loads((ROOT / "requirements/advisories.toml").read_text("utf-8"))
STALE_AFTER = timedelta(days=30)


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(printed())
    return told


def printed() -> bytes:
    return subprocess.run([sys.executable, ROOT / "bin/sbom"], capture_output=True, check=True).stdout


def stale(looked_at: date, today: date) -> bool:
    return today - looked_at > STALE_AFTER or looked_at > today + timedelta(days=1)


def affected(advisories: list[dict[str, str]], components: list[dict[str, Any]]) -> list[str]:
    """Each advisory that a locked version falls under."""
    return [
        f"{one['id']}: {part['purl']}"
        for one in advisories
        for part in components
        if part["purl"].startswith(f"pkg:{one['kind']}/") and part["name"] == one["package"]
        if SpecifierSet(one["affected"]).contains(part["version"], prereleases=True)
    ]


def test_everything_locked_stands_in_the_bill_with_its_hashes(bill: dict[str, Any]) -> None:
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    refs = [part["bom-ref"] for part in bill["components"]]
    assert len(refs) == len(set(refs))
    assert all(part["hashes"] for part in bill["components"])
    for lock in (ROOT / "requirements").glob("*.txt"):
        for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", lock.read_text("utf-8"), re.MULTILINE):
            plain = re.sub(r"[-_.]+", "-", name).lower()
            assert f"pkg:pypi/{plain}@{version}" in refs, lock.name
    web = json.loads((ROOT / "web/package-lock.json").read_text("utf-8"))["packages"]
    for path, entry in web.items():
        if "node_modules/" in path and not entry.get("link"):
            name = path.rpartition("node_modules/")[2].replace("@", "%40")
            assert f"pkg:npm/{name}@{entry['version']}" in refs
    required = {part["bom-ref"] for part in bill["components"] if part["scope"] == "required"}
    assert set(bill["dependencies"][0]["dependsOn"]) == required
    assert any(ref.startswith("pkg:npm/preact@") for ref in required)
    assert not any(ref.startswith("pkg:pypi/pytest@") for ref in required)


def test_the_same_locks_give_the_same_bill() -> None:
    assert printed() == printed()


def test_nothing_locked_is_known_to_be_broken(bill: dict[str, Any]) -> None:
    assert affected(LIST["advisory"], bill["components"]) == []


def test_somebody_looked_within_the_last_30_days() -> None:
    assert not stale(LIST["looked_at"], datetime.now(UTC).date()), (
        "requirements/advisories.toml says what to do"
    )


def test_an_affected_version_and_an_old_list_are_told(bill: dict[str, Any]) -> None:
    version = next(part["version"] for part in bill["components"] if part["name"] == "litestar")
    planted = {"id": "X-1", "kind": "pypi", "package": "litestar", "affected": f"=={version}"}
    assert affected([planted], bill["components"]) == [f"X-1: pkg:pypi/litestar@{version}"]
    assert affected([planted | {"kind": "npm"}], bill["components"]) == []
    assert not stale(date(2026, 11, 1), date(2026, 12, 1))
    assert stale(date(2026, 11, 1), date(2026, 12, 2))
    assert stale(date(2027, 11, 1), date(2026, 12, 1))


@pytest.mark.parametrize("one", LIST["advisory"], ids=lambda one: one["id"])
def test_an_advisory_says_what_it_is_about(one: dict[str, str]) -> None:
    assert one.keys() == {"id", "kind", "package", "affected", "why"}
    assert one["kind"] in ("pypi", "npm")
    assert re.fullmatch(r"CVE-\d{4}-\d{4,}|GHSA(-[0-9a-z]{4}){3}", one["id"])
    SpecifierSet(one["affected"])
