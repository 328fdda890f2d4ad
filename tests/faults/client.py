"""A client as docs/protocol.md asks for: an outbox with at most four unacked, cursors, back after every fault."""

import asyncio
import contextlib
import json
import random
from collections import deque
from collections.abc import Callable
from typing import Any

import httpx
from checker import Acked, Line, Sent
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, WebSocketException

import cast
from balie.lib import ids

WINDOW = 4
MESSAGES = ("message_added", "note_added")


async def until(condition: Callable[[], bool], within_s: float) -> None:
    """Let everybody go on until ``condition`` holds; TimeoutError when it does not."""
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.02)


class Client:
    """Keeps coming back until told to stop. ``shown`` holds each message line in the order it appeared."""

    path = ""

    def __init__(self, origin: str, name: str) -> None:
        self.base = origin
        self.name = name
        self.outbox: deque[dict[str, Any]] = deque()
        self.sent: list[Sent] = []
        self.acked: list[Acked] = []
        self.refused: list[dict[str, Any]] = []
        self.shown: list[Line] = []
        self.epoch: str | None = None
        self.connections = 0
        self.ends: list[int] = []
        self._in_flight = 0
        self._socket: ClientConnection | None = None

    # For both kinds

    async def ticket(self, http: httpx.AsyncClient) -> tuple[str, str]:
        """A ticket, and the Origin to use it from."""
        raise NotImplementedError

    def cursor(self) -> dict[str, Any]:
        raise NotImplementedError

    def restart_from(self, resync: dict[str, Any]) -> None:
        raise NotImplementedError

    def take(self, fact: dict[str, Any]) -> bool:
        """Apply a fact; False when one is missing in between."""
        raise NotImplementedError

    def write(self, text: str, conversation: str | None = None) -> None:
        data = {
            "cid": ids.new_cid(),
            "text": text,
            **({"conversation": conversation} if conversation else {}),
        }
        self.sent.append(Sent(self.name, data["cid"], text))
        self.outbox.append(data)

    def show(self, fact: dict[str, Any]) -> None:
        if fact["kind"] in MESSAGES:
            self.shown.append(Line(fact["stream"], fact["seq"], fact["body"]["cid"], fact["body"]["text"]))

    async def run(self) -> None:
        """Until cancelled."""
        async with httpx.AsyncClient(base_url=self.base, timeout=10) as http:
            while True:
                with contextlib.suppress(
                    httpx.HTTPError, WebSocketException, InvalidHandshake, OSError, EOFError
                ):
                    ticket, origin = await self.ticket(http)
                    url = f"{self.base.replace('http', 'ws')}{self.path}?ticket={ticket}"
                    async with connect(url, origin=origin, proxy=None, open_timeout=10) as self._socket:  # type: ignore[arg-type]
                        self.connections += 1
                        await self._talk(self._socket)
                if self._socket is not None and self._socket.close_code:
                    self.ends.append(self._socket.close_code)
                self._socket = None
                await asyncio.sleep(random.uniform(0.02, 0.2))  # the back-off that the protocol asks for

    async def flush(self) -> None:
        """Send what the window allows."""
        while self._socket is not None and self._in_flight < min(WINDOW, len(self.outbox)):
            data = self.outbox[self._in_flight]
            self._in_flight += 1
            await self._say("send", data)

    # Inside

    async def _say(self, t: str, data: dict[str, Any]) -> None:
        if self._socket is not None:
            with contextlib.suppress(WebSocketException):
                await self._socket.send(json.dumps({"t": t, "d": data}))

    async def _talk(self, socket: ClientConnection) -> None:
        self._in_flight = 0
        greeted = False
        await self._say("hello", {"dev": self.name, "epoch": self.epoch, **self.cursor()})
        async for message in socket:
            frame = json.loads(message)
            data = frame["d"]
            match frame["t"]:
                case "welcome":
                    self.epoch, greeted = data["epoch"], True
                case "resync":
                    self.restart_from(data)
                case "fact":
                    if not self.take(data):
                        return
                case "ack":
                    assert self.outbox[0]["cid"] == data["cid"], "acks come in the order of sending"
                    self.outbox.popleft()
                    self._in_flight -= 1
                    self.acked.append(Acked(self.name, data["cid"], data["conversation"], data["seq"]))
                case "refuse":
                    self.refused.append(data)
            if greeted:
                await self.flush()


class Guest(Client):
    """A visitor's tab."""

    path = "/v1/socket/visitor"

    def __init__(self, origin: str, visit: cast.Visit) -> None:
        super().__init__(origin, visit.visitor)
        self.token = visit.token
        self.seqs: dict[str, int] = {}

    async def ticket(self, http: httpx.AsyncClient) -> tuple[str, str]:
        headers = {"authorization": f"Bearer {self.token}", "origin": cast.SITE}
        answer = await http.post("/v1/visitor/tickets", headers=headers)
        answer.raise_for_status()
        self.token = answer.json().get("token") or self.token
        return answer.json()["ticket"], cast.SITE

    def cursor(self) -> dict[str, Any]:
        return {"streams": self.seqs}

    def restart_from(self, resync: dict[str, Any]) -> None:
        for one in resync["visitor"]["conversations"]:
            for fact in one["log"]:
                if fact["seq"] > self.seqs.get(one["id"], 0):
                    self.show(fact)
            self.seqs[one["id"]] = one["seq"]

    def take(self, fact: dict[str, Any]) -> bool:
        known = self.seqs.get(fact["stream"], 0)
        if fact["seq"] > known + 1:
            return False
        if fact["seq"] == known + 1:
            self.seqs[fact["stream"]] = fact["seq"]
            self.show(fact)
        return True


class Colleague(Client):
    """An agent's console. ``answering``: replies once to each message of a visitor."""

    path = "/v1/socket/agent"

    def __init__(self, origin: str, name: str, email: str, *, answering: bool) -> None:
        super().__init__(origin, name)
        self.email = email
        self.answering = answering
        self.position: int | None = None
        self.seqs: dict[str, int] = {}
        self.resyncs: list[str] = []
        self._csrf = ""
        self._cookies: httpx.Cookies | None = None

    async def ticket(self, http: httpx.AsyncClient) -> tuple[str, str]:
        if self._cookies is None:
            answer = await http.post(
                "/v1/session",
                json={"email": self.email, "password": cast.PASSWORD},
                headers={"origin": self.base},
            )
            answer.raise_for_status()
            self._cookies = answer.cookies
        headers = {"origin": self.base, "x-csrf-token": self._cookies["balie_csrf"]}
        answer = await http.post("/v1/session/ticket", headers=headers)
        answer.raise_for_status()
        return answer.json()["ticket"], self.base

    def cursor(self) -> dict[str, Any]:
        return {"position": self.position}

    def restart_from(self, resync: dict[str, Any]) -> None:
        self.resyncs.append(resync["reason"])
        self.position = resync["agent"]["position"]
        for row in resync["agent"]["conversations"]:
            self.seqs[row["id"]] = row["seq"]

    def take(self, fact: dict[str, Any]) -> bool:
        if self.position is not None and fact["pos"] <= self.position:
            return True
        known = self.seqs.get(fact["stream"])
        if known is not None and fact["seq"] > known + 1:
            return False
        self.position = fact["pos"]
        self.seqs[fact["stream"]] = fact["seq"]
        self.show(fact)
        if self.answering and fact["kind"] == "message_added" and fact["actor"]["kind"] == "contact":
            self.write(f"antwoord op {fact['body']['text']}", fact["stream"])
        return True
