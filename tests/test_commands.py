"""The commands as a person types them, on an empty machine."""

import gzip
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from balie import app as house
from balie.cli import cli
from balie.settings import Settings, SettingsError, read_settings


class Shell:
    """A shell whose data folder is empty."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.env = {"BALIE_DATA_DIR": str(folder), "BALIE_PORT": str(self.port), "COLUMNS": "200"}

    def run(self, *words: str, **env: str) -> Result:
        return CliRunner().invoke(cli, words, env=self.env | env)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "data")


def test_migrate_makes_the_schema_once(shell: Shell) -> None:
    first, second = shell.run("migrate"), shell.run("migrate")
    assert first.exit_code == second.exit_code == 0
    assert "desk_0001" in first.output
    assert "up to date" in second.output


def test_serve_does_not_start_on_a_schema_that_is_behind(shell: Shell) -> None:
    shell.folder.mkdir()
    answer = shell.run("serve")
    assert answer.exit_code == 2
    assert "balie migrate" in answer.output


def test_the_first_agent_becomes_administrator_with_an_inbox_and_the_next_does_not(shell: Shell) -> None:
    words = ("agent", "add", "noor@example.nl", "--name", "Noor", "--organisation", "Warmte")
    first = shell.run(*words, BALIE_NEW_PASSWORD="een-lang-wachtwoord")
    second = shell.run(
        "agent", "add", "tom@example.nl", "--name", "Tom", BALIE_NEW_PASSWORD="een-lang-wachtwoord"
    )
    assert first.exit_code == second.exit_code == 0, first.output + second.output
    assert "Noor (admin)" in first.output
    assert "Warmte" in first.output
    assert "Tom (agent)" in second.output


@pytest.mark.parametrize(
    ("email", "password", "word"),
    [("noor@example.nl", "kort", "10 characters"), ("noor", "een-lang-wachtwoord", "no e-mail address")],
)
def test_an_agent_that_cannot_be_added_is_explained(
    shell: Shell, email: str, password: str, word: str
) -> None:
    answer = shell.run("agent", "add", email, "--name", "Noor", BALIE_NEW_PASSWORD=password)
    assert answer.exit_code != 0
    assert word in str(answer.exception)


def test_doctor_names_what_is_missing_and_is_content_when_it_is_there(shell: Shell) -> None:
    sick = shell.run("doctor")
    assert sick.exit_code == 1
    assert "✗ Database: There is none yet. Run: balie migrate" in sick.output
    shell.run("migrate")
    well = shell.run("doctor")
    assert "✓ Database: The schema is up to date." in well.output
    assert "✓ Data folder" in well.output
    assert "✓ Log" in well.output


def test_doctor_finds_a_fact_that_was_changed_after_it_was_written(shell: Shell) -> None:
    shell.run("agent", "add", "noor@example.nl", "--name", "Noor", BALIE_NEW_PASSWORD="een-lang-wachtwoord")
    with closing(sqlite3.connect(shell.folder / "balie.db")) as connection, connection:
        connection.execute("update fact set body = replace(body, 'Noor', 'Daan')")
    answer = shell.run("doctor")
    assert answer.exit_code == 1
    assert "✗ Log: Changed after it was written: org_" in answer.output


def test_doctor_names_a_port_that_is_taken(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", shell.port)):
        answer = shell.run("doctor")
    assert f"✗ Port: 127.0.0.1:{shell.port} cannot be used" in answer.output


def test_doctor_warns_of_an_address_without_https(shell: Shell) -> None:
    assert "✗ Address" in shell.run("doctor", BALIE_PUBLIC_URL="http://desk.example").output
    assert "✓ Address" in shell.run("doctor", BALIE_PUBLIC_URL="https://desk.example").output


def test_the_demo_leaves_a_real_office_alone(shell: Shell) -> None:
    shell.run("agent", "add", "noor@example.nl", "--name", "Noor", BALIE_NEW_PASSWORD="een-lang-wachtwoord")
    answer = shell.run("demo")
    assert answer.exit_code == 2
    assert "holds a real office" in answer.output


def test_replay_says_what_is_wrong_with_a_file(shell: Shell, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl.gz"
    broken.write_bytes(
        gzip.compress(b'{"id": 1, "m": [["v", 0, "Hallo"]]}\n{"id": 2, "m": [["x", 0, "?"]]}\n')
    )
    answer = shell.run("replay", str(broken))
    assert answer.exit_code == 2
    assert "line 2" in answer.output


def test_every_setting_has_an_environment_variable_and_a_default() -> None:
    assert read_settings({}) == Settings()
    assert read_settings({"BALIE_PORT": "9000", "BALIE_SOCKET_LIMIT": "5"}).port == 9000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BALIE_PORT", "web"),
        ("BALIE_PORT", "70000"),
        ("BALIE_PROT", "8080"),
        ("BALIE_LOG", "loud"),
        ("BALIE_DATABASE_URL", "mysql://localhost"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings({name: value})


def test_the_tables_are_reached_from_the_spine_and_every_slice() -> None:
    assert all(place.is_dir() for place in house.MIGRATIONS)
