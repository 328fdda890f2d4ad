"""A disk under the desk that forgets what was not synced, or fails on demand: ``shim.c``, preloaded."""

import mmap
import shutil
import struct
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from desks import HERE

SYNC_EIO, WRITE_ENOSPC, SYNC_NOTHING, WRITE_EIO, DIE_BEFORE, DIE_AFTER = (1 << n for n in range(6))
_FIELDS = struct.Struct("=6I")


@cache
def built() -> Path:
    """The shim as a library, compiled once."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise RuntimeError("The power-cut tests need gcc: deploy/system-packages.txt")
    library = Path(mkdtemp(prefix="balie-shim-")) / "shim.so"
    flags = ["-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-D_LARGEFILE64_SOURCE"]
    subprocess.run([compiler, *flags, "-o", library, HERE / "shim.c", "-ldl", "-lpthread"], check=True)
    return library


class Disk:
    """``folder`` as the desk sees it; below ``platter`` what a power cut leaves of its database."""

    def __init__(self, folder: Path, early: int = 64) -> None:
        self.folder = folder
        self.platter = folder.with_name(folder.name + "-platter")
        self.platter.mkdir()
        for file in self._files(folder):
            shutil.copyfile(file, self.platter / file.name)
        page = folder.with_name(folder.name + "-control")
        page.write_bytes(bytes(4096))
        with page.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), 4096)
        self._early = early
        self.heal()

    @staticmethod
    def env(folder: Path) -> dict[str, str]:
        """What the desk needs in its environment."""
        return {
            "SHIM_LIVE": str(folder),
            "SHIM_DISK": f"{folder}-platter",
            "SHIM_CONTROL": f"{folder}-control",
        }

    def break_down(self, faults: int, *, after: int = 0, times: int = 0) -> None:
        """From here on: ``after`` calls that go well, then ``times`` that fail (0: all)."""
        _FIELDS.pack_into(self._page, 0, 0, after, times, 0, self.syncs, self._early)
        struct.pack_into("=I", self._page, 0, faults)

    def heal(self) -> None:
        _FIELDS.pack_into(self._page, 0, 0, 0, 0, 0, 0, self._early)

    @property
    def hits(self) -> int:
        return int(struct.unpack_from("=I", self._page, 12)[0])

    @property
    def syncs(self) -> int:
        return int(struct.unpack_from("=I", self._page, 16)[0])

    def come_back(self) -> None:
        """After a power cut: the files are what the platter holds."""
        for file in [*self._files(self.folder), *self.folder.glob("*-shm")]:
            file.unlink()
        for file in self._files(self.platter):
            shutil.copyfile(file, self.folder / file.name)

    @staticmethod
    def _files(folder: Path) -> list[Path]:
        return [file for file in folder.glob("*.db*") if not file.name.endswith("-shm")]
