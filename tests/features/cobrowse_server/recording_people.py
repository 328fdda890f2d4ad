"""A look that may be recorded, on a running desk: who asks, who agrees, and what lies in the store."""

import struct
import time
from pathlib import Path
from typing import Any

import httpx
from look_people import Guest, good, viewing

from balie.desk.blobs import Removals
from balie.features.cobrowse import policy
from running import Running

AGREED = {"granted": True, "language": "nl", "consentText": "recording-2026-11"}
HEAD = struct.Struct("<II")
PATIENCE_S = 30


def let_record(desk: Running, days: int = 30, inbox: str | None = None) -> None:
    """The inbox's policy, from now on."""
    sanne = desk.agent(desk.cast.stroom, "sanne")
    path = f"/v1/inboxes/{inbox or desk.cast.stroom.site.id}/looking-policy"
    before = good(sanne.get(path))
    wanted = policy.START | {"recording": "ask", "recordingDays": days}
    good(sanne.put(path, json={"version": before["version"], "profile": "normal", "policy": wanted}))


def asks(agent: httpx.Client, look: str) -> httpx.Response:
    return agent.post(f"/v1/looks/{look}/recording")


def agrees(guest: Guest, look: str) -> dict[str, Any]:
    return good(guest.do(look, "recording", **AGREED))


def recorded(desk: Running, name: str = "sanne") -> tuple[Guest, httpx.Client, str]:
    """A look that is being recorded."""
    let_record(desk)
    guest, agent, look = viewing(desk, name)
    good(asks(agent, look))
    agrees(guest, look)
    return guest, agent, look


def recording_of(agent: httpx.Client, look: str) -> dict[str, Any]:
    return good(agent.get(f"/v1/looks/{look}/recording"))


def stored(desk: Running, agent: httpx.Client, look: str, pieces: int) -> dict[str, Any]:
    """The recording once it has so many pieces: they are stored behind the look's back."""
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends:
        found = desk.read(lambda tx: tx.one("select pieces from look_recording where look = ?", [look]))
        if found is not None and found[0] >= pieces:
            return recording_of(agent, look)
    raise AssertionError("nothing was stored")


def played(agent: httpx.Client, look: str) -> list[tuple[int, bytes]]:
    """When each frame came, and the frame."""
    found: list[tuple[int, bytes]] = []
    for piece in recording_of(agent, look)["pieces"]:
        answer = agent.get(f"/v1/looks/{look}/recording/pieces/{piece['n']}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
        rest = answer.content
        assert len(rest) == piece["bytes"]
        while rest:
            at, length = HEAD.unpack_from(rest)
            found.append((at, rest[HEAD.size : HEAD.size + length]))
            rest = rest[HEAD.size + length :]
    return found


def files(desk: Running) -> list[Path]:
    """All that lies in the store of blobs."""
    folder = desk.settings.data_dir / "blobs"
    return [one for one in folder.rglob("*") if one.is_file()] if folder.is_dir() else []


def take_out(desk: Running) -> None:
    """Let what is to leave the store leave it."""

    async def run() -> None:
        loop = Removals(desk.db, desk.app.house.blobs, desk.clock)
        while (due := await loop.run()) is not None and due <= desk.clock.now():
            pass

    desk.run(run)
