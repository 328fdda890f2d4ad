"""What grows with the database: the same work in a small and in a very large one."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

import msgspec

from bench import machine, postgres, seed
from bench.paper import gap, gate, remark, table
from bench.servers import PYTHONPATH, office_folder

SMALL = 10_000
ROUNDS = 200
BYTES_A_MESSAGE = 1_200
"""Room that the seeding takes at most."""


def measure(engine: str, rows: int, runs: int) -> None:
    """Prints one table: microseconds by work, small and large taking turns."""
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if free < rows * BYTES_A_MESSAGE:
        raise machine.MissingError(f"{rows:,} messages need {rows * BYTES_A_MESSAGE / 1e9:.0f} GB of disk.")
    found: dict[int, list[dict[str, float]]] = {SMALL: [], rows: []}
    with ExitStack() as held:
        started = time.monotonic()
        seeded = {size: held.enter_context(_seeded(engine, size)) for size in found}
        seeding = time.monotonic() - started
        for _ in range(max(runs, 3)):
            for size, (url, folder) in seeded.items():
                _read_through(folder)
                found[size].append(_measured(url, size // seed.LONG))
    small, large = (
        {name: median(one[name] for one in found[size]) for name in found[size][0]} for size in (SMALL, rows)
    )
    where = "PostgreSQL" if engine == "postgres" else "SQLite"
    table(
        f"{rows:,} messages in the database beside {SMALL:,}, {where}, median µs",
        ["", f"{SMALL:,}", f"{rows:,}", "change"],
        [
            [name, f"{small[name]:,.0f}", f"{large[name]:,.0f}", f"{large[name] / small[name] - 1:+.0%}"]
            for name in small
        ],
    )
    remark(f"Seeding took {seeding:.0f} s.")
    worst = max(small, key=lambda name: large[name] / small[name])
    change = large[worst] / small[worst] - 1
    gate(f"{where}: {rows:,} messages, what grows most ({worst})", f"{change:+.0%}", "< 20 %", change < 0.2)
    gap()


@contextmanager
def _seeded(engine: str, rows: int) -> Iterator[tuple[str, Path]]:
    """The URL of an office with so many messages, and the folder of its files."""
    if engine == "postgres":
        with postgres.office_database() as url:
            seed.fill(url, rows)
            yield url, postgres.server().data / "base"
    else:
        with office_folder() as folder:
            seed.fill(str(folder / "balie.db"), rows)
            yield f"sqlite:///{folder / 'balie.db'}", folder


def _read_through(folder: Path) -> None:
    """Bring the files into the system's memory: what is compared is the desk's work, not the first look at a disk."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb", buffering=0) as file:
                while file.read(1 << 22):
                    pass


def _measured(url: str, conversations: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.growing", url, str(conversations), str(ROUNDS)]
    done = subprocess.run(
        machine.pinned(machine.SERVER_CORE, command),
        env={**os.environ, "PYTHONPATH": PYTHONPATH},
        cwd=machine.ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return msgspec.json.decode(done.stdout, type=dict[str, float])
