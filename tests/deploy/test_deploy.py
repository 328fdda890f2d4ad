"""What lies in deploy/, as far as it can be checked without a container engine or a cluster; docs/operate.md says what
is not tested here."""

import re
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest
import yaml

from balie.edge import socket as sockets
from balie.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
UNITS = sorted((DEPLOY / "systemd").iterdir())
SETTINGS = {PREFIX + field.name.upper() for field in msgspec.structs.fields(Settings)}
OF_THE_PROXY = {"BALIE_DOMAIN", "BALIE_NODES"}


def run(*words: str | Path) -> str:
    """What the program said; fails when it is missing or not content."""
    program = shutil.which(str(words[0]))
    assert program, f"these tests need {words[0]}: bin/lib/system-packages test"
    done = subprocess.run([program, *map(str, words[1:])], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def compose() -> dict[str, dict[str, object]]:
    services: dict[str, dict[str, object]] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))[
        "services"
    ]
    return services


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_that_a_file_names_exists(path: Path) -> None:
    named = set(re.findall(r"\bBALIE_[A-Z_]+\b", path.read_text("utf-8")))
    assert named <= SETTINGS | OF_THE_PROXY


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_understands_the_units(unit: Path, tmp_path: Path) -> None:
    for path in UNITS:
        text = path.read_text("utf-8").replace("/opt/balie/bin/balie", "/bin/true")
        (tmp_path / path.name).write_text(text)
    name = unit.name.replace("@.", "@8081.")
    (tmp_path / name).write_text((tmp_path / unit.name).read_text())
    assert run("systemd-analyze", "verify", "--man=no", tmp_path / name) == ""


def test_the_units_give_a_process_no_more_than_it_needs() -> None:
    said = run("systemd-analyze", "security", "--offline=true", DEPLOY / "systemd/balie.service")
    level = re.search(r"exposure level for balie.service: ([\d.]+)", said)
    assert level
    assert float(level[1]) <= 1.5


def test_nginx_understands_its_example(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
        "-out", certificate, "-days", "2", "-subj", "/CN=desk")  # fmt: skip
    text = (DEPLOY / "proxy/nginx.conf").read_text("utf-8").replace("    http2 on;", "    #")
    text = text.replace("/etc/ssl/balie/fullchain.pem", str(certificate))
    text = text.replace("/etc/ssl/balie/privkey.pem", str(key))
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {text} }}")
    assert "successful" in run("nginx", "-t", "-e", "stderr", "-p", tmp_path, "-c", whole)


def test_a_node_is_given_the_time_that_its_farewell_takes() -> None:
    needed = sockets.MOVES_WITHIN_S + 10
    values = yaml.safe_load((DEPLOY / "helm/balie/values.yaml").read_text("utf-8"))
    assert values["terminationGracePeriodSeconds"] >= needed + 5  # and the hook before it
    assert int(str(compose()["node1"]["stop_grace_period"]).removesuffix("s")) >= needed
    for unit in ("balie.service", "balie@.service"):
        text = (DEPLOY / "systemd" / unit).read_text("utf-8")
        found = re.search(r"^TimeoutStopSec=(\d+)s$", text, re.MULTILINE)
        assert found
        assert int(found[1]) >= needed


def test_nothing_runs_as_root_or_writes_beside_its_data() -> None:
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    assert text.rindex("\nUSER 10001:10001\n") > text.rindex("\nFROM ")
    for name in ("node1", "node2"):
        node = compose()[name]
        assert (node["read_only"], node["cap_drop"]) == (True, ["ALL"])
    helpers = (DEPLOY / "helm/balie/templates/_helpers.tpl").read_text("utf-8")
    assert "runAsNonRoot: true" in helpers
    assert "readOnlyRootFilesystem: true" in helpers


def test_the_chart_names_this_version_and_every_value_that_it_uses() -> None:
    chart = yaml.safe_load((DEPLOY / "helm/balie/Chart.yaml").read_text("utf-8"))
    project = re.search(r'^version = "(.*)"$', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert project
    assert chart["appVersion"] == project[1]
    values = yaml.safe_load((DEPLOY / "helm/balie/values.yaml").read_text("utf-8"))
    used = set()
    for path in (DEPLOY / "helm/balie/templates").iterdir():
        used |= set(re.findall(r"\.Values\.([\w.]+)", path.read_text("utf-8")))
    for name in used:
        place = values
        for part in name.split("."):
            assert part in place, f"{name} is no value of the chart"
            place = place[part]
    assert {name.partition(".")[0] for name in used} == set(values)
