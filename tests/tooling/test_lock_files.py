"""The lock files pin everything by hash and name no registry (docs/decisions/0003)."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
WANTED = {"run": PROJECT["project"]["dependencies"], **PROJECT["dependency-groups"]}


def locked(name: str) -> dict[str, str]:
    text = (ROOT / f"requirements/{name}.txt").read_text("utf-8")
    return {canonicalize_name(n): v for n, v in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.MULTILINE)}


@pytest.mark.parametrize("name", WANTED)
def test_every_dependency_is_locked_at_a_version_that_the_project_accepts(name: str) -> None:
    versions = locked(name)
    for wanted in map(Requirement, WANTED[name]):
        assert wanted.specifier.contains(versions[canonicalize_name(wanted.name)]), f"run bin/lock: {wanted}"


@pytest.mark.parametrize("name", WANTED)
def test_nothing_is_installed_without_a_hash(name: str) -> None:
    text = (ROOT / f"requirements/{name}.txt").read_text("utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in entry for entry in entries)


def test_one_package_has_one_version_in_all_files() -> None:
    seen: dict[str, str] = {}
    for name in WANTED:
        for package, version in locked(name).items():
            assert seen.setdefault(package, version) == version, package


@pytest.mark.parametrize("name", WANTED)
def test_no_address_stands_in_a_requirements_file(name: str) -> None:
    text = (ROOT / f"requirements/{name}.txt").read_text("utf-8")
    assert not re.search(r"://|--(extra-)?index-url|--find-links| @ ", text)


def test_no_address_stands_in_the_npm_lock_and_everything_has_a_hash() -> None:
    lock = json.loads((ROOT / "web/package-lock.json").read_text("utf-8"))
    for path, entry in lock["packages"].items():
        link = entry.get("link", False)
        assert link or "resolved" not in entry, path
        if path.startswith("node_modules/") and not link:
            assert entry["integrity"].startswith("sha512-"), path


def test_npm_writes_no_address_on_anybodys_machine() -> None:
    assert "omit-lockfile-registry-resolved=true" in (ROOT / "web/.npmrc").read_text("utf-8").split()
