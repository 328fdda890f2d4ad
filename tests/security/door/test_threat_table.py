"""docs/threats.md: every threat the code names has a row, and every row names tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
ROW = re.compile(r"^\| (S\d+) \|.*\| ([^|]+) \|$", re.MULTILINE)


def test_each_row_names_tests_that_exist() -> None:
    rows = dict(ROW.findall((ROOT / "docs" / "threats.md").read_text()))
    wanted = {
        "S1",
        "S2",
        "S4",
        "S5",
        "S7",
        "S9",
        *(f"S{n}" for n in range(10, 16)),
        "S18",
        "S19",
        "S20",
        "S22",
    }
    assert set(rows) >= wanted
    for threat, shown in rows.items():
        files = re.findall(r"`(tests/[^`]+)`", shown)
        assert files, threat
        for file in files:
            assert (ROOT / file).exists(), f"{threat}: {file}"


def test_each_threat_named_in_the_code_has_a_row() -> None:
    rows = dict(ROW.findall((ROOT / "docs" / "threats.md").read_text()))
    named = {
        threat
        for path in (ROOT / "src" / "balie").rglob("*.py")
        for word in re.findall(r"threats? (S\d+(?:(?:, | and )S\d+)*)", path.read_text())
        for threat in re.findall(r"S\d+", word)
    }
    assert named <= set(rows)
