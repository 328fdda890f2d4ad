"""The session at the end of docs/protocol.md, played against a real desk: the page may differ in ids and times only."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from doc_pages import ROOT, Line, session
from websockets.sync.client import ClientConnection, connect

SITE = "https://www.example.com"
EMAIL, PASSWORD = "noor@example.com", "sunny-side-up"
_OURS = re.compile(r"[a-z]{3}_[0-9a-z]{26}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIMES = {"at", "openedAt", "lastAt", "waitingSince"}


class Likeness:
    """Which name of the desk stands for which name on the page. A cid is the client's own, and equal on both."""

    def __init__(self) -> None:
        self.real: dict[str, str] = {}

    def of(self, value: Any) -> Any:
        """A frame of the page with the desk's names."""
        if isinstance(value, dict):
            return {self.of(key): self.of(child) for key, child in value.items()}
        if isinstance(value, str):
            return _OURS.sub(lambda match: self.real.get(match[0], match[0]), value)
        return value

    def check(self, page: Any, desk: Any, key: str = "") -> None:
        """Both are equal, but for names learnt here and times."""
        if isinstance(page, dict) and isinstance(desk, dict):
            assert page.keys() == desk.keys()
            for name in page:
                self.check(page[name], desk[name], name)
        elif isinstance(page, list) and isinstance(desk, list):
            assert len(page) == len(desk), key
            for one, other in zip(page, desk, strict=True):
                self.check(one, other, key)
        elif isinstance(page, str) and (_OURS.fullmatch(page) or key == "key"):
            assert self.real.setdefault(page, desk) == desk, key
        elif key in _TIMES:
            assert type(page) is type(desk), key
        else:
            assert page == desk, key


class Desk:
    """A running desk with one agent, one inbox and nobody asking yet."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.agent = httpx.Client(base_url=base, headers={"origin": base})
        self.visitor = httpx.Client(base_url=base, headers={"origin": SITE})
        self.agent.post("/v1/session", json={"email": EMAIL, "password": PASSWORD}).raise_for_status()
        self.agent.headers["x-csrf-token"] = self.agent.cookies["balie_csrf"]
        inbox = self.agent.get("/v1/inboxes").raise_for_status().json()["items"][0]
        sites = {"allowedOrigins": [SITE]}
        self.agent.patch(f"/v1/inboxes/{inbox['id']}", json=sites).raise_for_status()
        self.inbox_key = inbox["key"]

    def opened(self, who: str) -> ClientConnection:
        ticket = self.agents_ticket() if who == "agent" else self.visitors_ticket()
        url = f"{self.base.replace('http', 'ws')}/v1/socket/{who}?ticket={ticket}"
        return connect(url, origin=self.base if who == "agent" else SITE, proxy=None, legacy=True)

    def agents_ticket(self) -> str:
        return self.agent.post("/v1/session/ticket").raise_for_status().json()["ticket"]

    def visitors_ticket(self) -> str:
        if "authorization" in self.visitor.headers:
            return self.visitor.post("/v1/visitor/tickets").raise_for_status().json()["ticket"]
        who = {"inbox": self.inbox_key, "language": "en", "name": "Sanne"}
        began = self.visitor.post("/v1/visitor/sessions", json=who).raise_for_status().json()
        self.visitor.headers["authorization"] = f"Bearer {began['token']}"
        return began["ticket"]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {key: value for key, value in os.environ.items() if not key.startswith("BALIE_")}
    env |= {"BALIE_DATA_DIR": str(tmp_path), "BALIE_PORT": str(port), "PYTHONPATH": str(ROOT / "src")}
    balie = [sys.executable, "-m", "balie"]
    who = ["--name", "Noor", "--organisation", "Zonstroom", "--password", PASSWORD]
    subprocess.run([*balie, "agent", "add", EMAIL, *who], env=env, check=True, capture_output=True)
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen([*balie, "serve"], env=env, stdout=log, stderr=log)
    try:
        base = f"http://127.0.0.1:{port}"
        wait_until_ready(base, server)
        desk = Desk(base)
        yield desk
        desk.agent.close()
        desk.visitor.close()
    finally:
        server.terminate()
        server.wait(60)


def wait_until_ready(base: str, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        try:
            if httpx.get(f"{base}/readyz").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the desk did not start")


def test_a_real_desk_answers_as_the_page_says(desk: Desk) -> None:
    names = Likeness()
    sockets: dict[str, ClientConnection] = {}
    try:
        for line in session(ROOT / "docs/protocol.md"):
            play(line, desk, names, sockets)
    finally:
        for opened in sockets.values():
            opened.close()


def play(line: Line, desk: Desk, names: Likeness, sockets: dict[str, ClientConnection]) -> None:
    who, what, frame = line
    if what == "opens a socket":
        sockets[who] = desk.opened(who)
    elif what == "loses the network":
        sockets.pop(who).close()
    elif what.startswith("PUT "):
        desk.agent.put(names.of(what.removeprefix("PUT ")), json=names.of(frame)).raise_for_status()
    elif what == "→":
        sockets[who].send(json.dumps(names.of(frame)))
    elif what == "←":
        names.check(frame, json.loads(sockets[who].recv(timeout=90)))
    else:
        raise AssertionError(f"the page says something new: {what}")
