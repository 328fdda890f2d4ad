"""What the benchmark asks of the machine: pinned processes, their memory, and the C programs."""

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "bench" / "build"
LOAD = BUILD / "load"
CROWD = BUILD / "crowd"
C_SERVER = BUILD / "server"

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE = CORES[0]
LOAD_CORE = CORES[-1]


class MissingError(Exception):
    """Something the benchmark needs is not on this machine; the message says what to install."""


def build_c() -> None:
    """Compile the C server and the load generator."""
    if shutil.which("cc") is None or shutil.which("make") is None:
        raise MissingError(
            "The C programs need a compiler: apt-get install gcc make libc6-dev libsqlite3-dev"
        )
    if not Path("/usr/include/sqlite3.h").exists():
        raise MissingError("The C server needs SQLite's header: apt-get install libsqlite3-dev")
    done = subprocess.run(
        ["make", "-s", "-C", str(ROOT / "bench")], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise MissingError(f"The C programs do not compile:\n{done.stderr}")


shield = False
"""Whether measured processes run with real-time priority, out of the way of whatever else the machine does."""


def pinned(core: int | None, command: Sequence[str | Path]) -> list[str]:
    """The command on one core; on any where none."""
    if core is None:
        return list(map(str, command))
    return [*(["chrt", "--fifo", "1"] if shield else []), "taskset", "-c", str(core), *map(str, command)]


@contextmanager
def running(
    core: int | None, command: Sequence[str | Path], env: Mapping[str, str] | None = None, **options: object
) -> Iterator[subprocess.Popen[str]]:
    """A process pinned to ``core`` (any where none), ended with the block: SIGTERM, then SIGKILL after 10 s."""
    process = subprocess.Popen(
        pinned(core, command),
        env={**os.environ, **(env or {})},
        cwd=ROOT,
        text=True,
        **options,  # type: ignore[call-overload]
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def pin(pid: int) -> None:
    """Move a process that runs already onto the server's core; its children follow."""
    os.sched_setaffinity(pid, {SERVER_CORE})
    if shield:
        os.sched_setscheduler(pid, os.SCHED_FIFO, os.sched_param(1))


def resident_bytes(pid: int) -> int:
    """Resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def cpu_s(*pids: int) -> float:
    """Processor time of these processes and their living children."""
    total = 0
    for pid in pids:
        for one in (pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())):
            with contextlib.suppress(FileNotFoundError):
                fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
                total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def allow_files(count: int) -> None:
    """Let this process and its children open so many files; MissingError when the machine does not allow it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(count, hard), max(count, hard)))
    except (ValueError, OSError) as error:
        raise MissingError(f"So many sockets need ulimit -n {count}; here it is at most {hard}.") from error


def describe() -> str:
    """The machine in one line."""
    cpu = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                if line.startswith("model name")), "unknown processor")  # fmt: skip
    return f"{cpu}, {len(CORES)} cores, Linux {os.uname().release.split('-')[0]}, Python {sys.version.split()[0]}"
