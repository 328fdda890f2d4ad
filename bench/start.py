"""From ``bin/demo`` to the first page, on a machine where everything is installed and built: the first start in an
empty folder, which makes the demo office, and the second."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import msgspec

from bench import machine
from bench.servers import free_port

PATIENCE_S = 180.0


class Starts(msgspec.Struct, frozen=True):
    first_s: float
    second_s: float


def measure() -> Starts:
    folder = tempfile.mkdtemp(prefix="balie-bench-")
    try:
        return Starts(first_s=_start(folder), second_s=_start(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: str) -> float:
    port = free_port()
    env = {**os.environ, "BALIE_DATA_DIR": folder, "BALIE_PORT": str(port), "BALIE_LOG_LEVEL": "warning"}
    # Without its bytecode cache Python compiles every module at each start: three seconds that no user waits.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    started = time.monotonic()
    process = subprocess.Popen(
        [machine.ROOT / "bin" / "demo"],
        env=env,
        cwd=machine.ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _answers(f"http://127.0.0.1:{port}/demo/nl/"):
            if process.poll() is not None or time.monotonic() - started > PATIENCE_S:
                raise RuntimeError("bin/demo did not come up")
            time.sleep(0.01)
        return time.monotonic() - started
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
