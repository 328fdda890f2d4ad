"""The commands as a person types them: what they say, and how they end."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from balie import cli

WRONG = (
    ("postgresql://127.0.0.1:1/x", "refused"),
    ("postgresql://[::1/x", "IPv6"),
    ("sqlite:////proc/nowhere/x.db", "/proc/nowhere"),
    ("sqlite:///{folder}", ""),
    ("sqlite:///{folder}/text.db", "not a database"),
)
COMMANDS = (
    "migrate", "serve", "demo", "doctor", "agent add noor@example.nl --name Noor", "verify", "backup {folder}/x.balie",
    "restore {folder}/made.balie", "epoch", "epoch --renew",
)  # fmt: skip


class Desk:
    """What a terminal shows."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder = folder
        self._patch = monkeypatch
        self._capsys = capsys
        monkeypatch.setenv("BALIE_NEW_PASSWORD", "een-lang-wachtwoord")
        monkeypatch.setenv("COLUMNS", "300")
        self.at(f"sqlite:///{folder / 'balie.db'}")

    def at(self, url: str) -> None:
        self._patch.setenv("BALIE_DATABASE_URL", url)
        self._patch.setenv("BALIE_DATA_DIR", str(self.folder / "data"))

    def run(self, words: str) -> tuple[int, str]:
        """The exit code, and what was said on both outputs."""
        self._patch.setattr(sys, "argv", ["balie", *words.format(folder=self.folder).split()])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = self._capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    def change(self, sql: str) -> None:
        with closing(sqlite3.connect(self.folder / "balie.db")) as connection, connection:
            connection.execute(sql)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    desk = Desk(tmp_path, monkeypatch, capsys)
    assert desk.run("agent add noor@example.nl --name Noor")[0] == 0
    return desk


def test_a_wrong_address_ends_every_command_with_one_clear_line(desk: Desk) -> None:
    (desk.folder / "text.db").write_text("Dit is geen database")
    assert desk.run("backup {folder}/made.balie")[0] == 0
    for url, word in WRONG:
        desk.at(url.format(folder=desk.folder))
        for command in COMMANDS:
            code, said = desk.run(command)
            assert code in (1, 2), (url, command, said)
            assert "Traceback" not in said, (url, command)
            if command != "doctor":
                assert len(said.strip().splitlines()) == 1, (url, command, said)
                assert word in said or "no database" in said, (url, command, said)


def test_a_back_up_says_how_much_it_holds_and_comes_back(desk: Desk) -> None:
    code, said = desk.run("backup {folder}")
    assert code == 0
    assert "0 conversations with 1 facts, up to 20" in said
    path = next(desk.folder.glob("balie-*.balie"))
    _, before = desk.run("epoch")
    assert desk.run(f"restore --check {path}")[0] == 0
    code, said = desk.run(f"restore {path}")
    assert (code, "--replace" in said) == (2, True)
    code, said = desk.run(f"restore {path} --replace")
    assert code == 0
    assert "Restored: 0 conversations with 1 facts" in said
    assert desk.run("verify")[0] == 0
    _, after = desk.run("epoch")
    assert before != after
    assert desk.run("epoch --renew")[1] not in (before, after)


def test_damage_is_told_line_by_line_and_ends_with_1(desk: Desk) -> None:
    code, said = desk.run("verify")
    assert (code, "Everything is as it was written" in said) == (0, True)
    desk.change("update fact set body = replace(body, 'Noor', 'Daan')")
    code, said = desk.run("verify")
    assert code == 1
    assert "at 1: its content was changed" in said
    assert desk.run("verify --organisation Balie")[0] == 1
    assert desk.run("verify --since 7d")[0] == 0
    assert "There is no conversation 12" in desk.run("verify 12")[1]
    assert "--since takes a date" in desk.run("verify --since gisteren")[1]


def test_an_archive_that_is_none_is_told_as_such(desk: Desk) -> None:
    (desk.folder / "made.balie").write_text("Dit is geen back-up")
    for words in (
        "restore {folder}/made.balie",
        "restore --check {folder}/made.balie",
        "restore {folder}/away.balie",
    ):
        code, said = desk.run(words)
        assert code == 2
        assert "no whole back-up of Balie" in said or "There is no file" in said


def test_keep_needs_a_folder_and_keeps_what_it_did_not_make(desk: Desk) -> None:
    assert "--keep needs a folder" in desk.run("backup {folder}/one.balie --keep 3")[1]
    assert desk.run("backup {folder}/one.balie")[0] == 0
    code, said = desk.run("backup {folder} --keep 1")
    assert (code, "Removed 0" in said) == (0, True)
    assert (desk.folder / "one.balie").exists()
