"""The file with the desk's secret: made once, for its owner only, and refused by name when it cannot be used."""

import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from balie import app
from balie.engine.secret import SecretError, read_or_make, read_secrets
from balie.lib.seals import new_key
from balie.settings import Settings, SettingsError


def line(secret: bytes) -> str:
    return base64.b64encode(secret).decode() + "\n"


def test_it_is_made_once_and_read_by_all_who_start_at_the_same_time(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret.key"
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: read_or_make(path), range(8)))
    assert len({tuple(one) for one in found}) == 1
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["secret.key"]


def test_the_first_line_seals_and_the_others_still_open(tmp_path: Path) -> None:
    new, old = new_key(), new_key()
    path = tmp_path / "secret"
    path.write_text(f"# since November\n{line(new)}\n{line(old)}")
    assert read_secrets(path) == [new, old]


@pytest.mark.parametrize("text", ["", "# nothing\n", "no base64 at all!\n", line(b"too short"), "é\n"])
def test_a_file_that_cannot_be_used_is_refused_and_never_replaced(tmp_path: Path, text: str) -> None:
    path = tmp_path / "secret"
    path.write_text(text, "utf-8")
    for read in (read_secrets, read_or_make):
        with pytest.raises(SecretError) as refused:
            read(path)
        assert str(path) in str(refused.value)
    assert path.read_text("utf-8") == text
    with pytest.raises(SettingsError, match="BALIE_SECRET_FILE"):
        app.create_keyring(Settings(data_dir=tmp_path, secret_file=str(path)))


def test_several_processes_share_a_named_one_or_have_none(tmp_path: Path) -> None:
    shared = Settings(data_dir=tmp_path, redis_url="redis://localhost")
    assert not app.create_keyring(shared)
    assert not list(tmp_path.iterdir())
    with pytest.raises(SettingsError, match="is not there"):
        app.create_keyring(Settings(data_dir=tmp_path, secret_file=str(tmp_path / "missing")))
    assert app.create_keyring(Settings(data_dir=tmp_path))
    assert (tmp_path / "secret.key").exists()
