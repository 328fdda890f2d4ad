"""The steps of deploy/Containerfile in a folder: a wheel, locked packages, no checkout; then it migrates and serves."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UP_WITHIN_S = 120
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    words = [
        "build",
        "-q",
        "--wheel",
        "--no-build-isolation",
        "--python",
        sys.executable,
        "--out-dir",
        str(folder),
    ]
    subprocess.run(
        [BIN / "uv", *words, str(ROOT)], check=True, env=os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}"}
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_everything_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    source = ROOT / "src"
    wanted = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    assert {name for name in names if name.startswith("balie/") and "/." not in name} >= wanted
    assert "balie/static/widget.js" in names
    assert not [name for name in names if name.startswith(("tests", "web")) or "node_modules" in name]


def test_a_fresh_installation_migrates_and_serves(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "balie"
    python = home / "bin/python"
    for words in (
        ["venv", "--python", sys.executable, str(home)],
        [
            "pip",
            "sync",
            "--offline",
            "--require-hashes",
            "--python",
            str(python),
            str(ROOT / "requirements/run.txt"),
        ],
        ["pip", "install", "--offline", "--no-deps", "--python", str(python), str(wheel)],
    ):
        subprocess.run([BIN / "uv", words[0], "-q", *words[1:]], check=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {"PATH": f"{home}/bin", "BALIE_DATA_DIR": str(tmp_path / "data"), "BALIE_PORT": str(port)}
    subprocess.run([home / "bin/balie", "migrate"], check=True, env=env, cwd=tmp_path, capture_output=True)
    serving = subprocess.Popen(
        [home / "bin/balie", "serve"], env=env, cwd=tmp_path, stdout=subprocess.DEVNULL
    )
    try:
        assert b"<title>" in page(serving, f"http://127.0.0.1:{port}/console/")
        assert page(serving, f"http://127.0.0.1:{port}/readyz")
    finally:
        serving.send_signal(signal.SIGTERM)
    # Its own signal comes last, so that a supervisor sees why it ended.
    assert serving.wait(90) in (0, -signal.SIGTERM)


def page(serving: subprocess.Popen[bytes], url: str) -> bytes:
    """What stands there, once it stands."""
    began = time.monotonic()
    while True:
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:
                return bytes(answer.read())
        except urllib.error.URLError:
            assert serving.poll() is None, "it ended at its start"
            assert time.monotonic() - began < UP_WITHIN_S
            time.sleep(0.05)  # nothing listens yet, and nothing tells when it will
