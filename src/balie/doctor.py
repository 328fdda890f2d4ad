"""Looks at a set-up and says in plain words what is wrong. Changes nothing, but makes the data folder where it is
missing."""

import asyncio
import shutil
import socket
from pathlib import Path

import msgspec

from balie import app as house
from balie.settings import Settings

FREE_ENOUGH = 1 << 30
STREAMS_CHECKED = 200


class Finding(msgspec.Struct, frozen=True):
    """One thing looked at. ``word``: how it is, and what to do when it is not well."""

    subject: str
    well: bool
    word: str


def examine(settings: Settings) -> list[Finding]:
    """Everything looked at, good or bad."""
    return [
        _folder(settings),
        _disk(settings),
        *_database(settings),
        _port(settings),
        _web_files(),
        _address(settings),
    ]


def _folder(settings: Settings) -> Finding:
    folder = settings.data_dir.absolute()
    probe = folder / ".doctor"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_text("well")
        probe.unlink()
    except OSError as error:
        return Finding(
            "Data folder", False, f"{folder} cannot be written ({error.strerror}). Set BALIE_DATA_DIR."
        )
    return Finding("Data folder", True, f"{folder} can be written.")


def _disk(settings: Settings) -> Finding:
    place = settings.data_dir.absolute()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    word = f"{free / 1e9:.1f} GB free at {place}."
    return Finding(
        "Disk", free >= FREE_ENOUGH, word if free >= FREE_ENOUGH else f"{word} Make room: 1 GB at least."
    )


def _database(settings: Settings) -> list[Finding]:
    """The schema, and the log where there is one to read."""
    schema = _schema(settings)
    return [schema, _log(settings)] if schema.well else [schema]


def _schema(settings: Settings) -> Finding:
    embedded = settings.database.startswith("sqlite:///")
    if embedded and not Path(settings.database.removeprefix("sqlite:///")).exists():
        return Finding("Database", False, "There is none yet. Run: balie migrate")
    try:
        missing = house.missing_revisions(settings)
    except Exception as error:
        return Finding("Database", False, f"It cannot be read: {error}")
    if missing:
        return Finding("Database", False, f"The schema is behind by {', '.join(missing)}. Run: balie migrate")
    return Finding("Database", True, "The schema is up to date.")


def _log(settings: Settings) -> Finding:
    try:
        broken = asyncio.run(house.broken_streams(settings, STREAMS_CHECKED))
    except Exception as error:
        return Finding("Log", False, f"It cannot be read: {error}")
    if broken:
        word = f"Changed after it was written: {', '.join(broken[:5])}. Compare with a back-up."
        return Finding("Log", False, word)
    return Finding("Log", True, f"The chain holds in the {STREAMS_CHECKED} streams written to last.")


def _port(settings: Settings) -> Finding:
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            word = f"{settings.host}:{settings.port} cannot be used ({error.strerror}): is Balie running already?"
            return Finding("Port", False, f"{word} Set BALIE_PORT for another one.")
    return Finding("Port", True, f"{settings.host}:{settings.port} is free.")


def _web_files() -> Finding:
    missing = [name for name in ("widget.js", "console/index.html") if not (house.STATIC / name).exists()]
    if missing:
        return Finding(
            "Web files", False, f"Not built: {', '.join(missing)}. Run: bin/demo, or npm run build in web/"
        )
    return Finding("Web files", True, "Widget and console are built.")


def _address(settings: Settings) -> Finding:
    if settings.public_url and not settings.public_url.startswith("https://"):
        word = (
            f"{settings.public_url} is not https: browsers send cookies and chats unprotected over a network."
        )
        return Finding("Address", settings.public_url.startswith("http://localhost"), word)
    return Finding("Address", True, f"Browsers reach the desk at {settings.address}.")
