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
TROUBLE = (httpx.HTTPError, WebSocketException, InvalidHandshake, OSError, EOFError, TimeoutError)


async def until(condition: Callable[[], bool], within_s: float, every_s: float = 0.02) -> None:
    """Let everybody go on until ``condition`` holds; TimeoutError when it does not."""
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(every_s)


class Client:
    """Keeps coming back until told to stop. ``shown`` holds each message line in the order it appeared.

    ``quiet_s`` without traffic make it ask whether the desk lives; ``patience_s`` without an answer end the connection.
    """

    path = ""
    quiet_s = 1.0
    patience_s = 2.5

    def __init__(self, origin: str, name: str, office: str, others: str) -> None:
        self.base = origin
        self.name = name
        self.office = office
        self.others = others
        """What only the other organisation's people say: none of it may come here."""
        self.outbox: deque[dict[str, Any]] = deque()
        self.sent: list[Sent] = []
        self.acked: list[Acked] = []
        self.refused: dict[str, str] = {}
        self.shown: list[Line] = []
        self.wrong: list[str] = []
        """Promises that this client itself saw broken."""
        self.epoch: str | None = None
        self.connections = 0
        self.resent = 0
        self.ends: list[int] = []
        self.broke_at = 0.0
        self.breaks_s: list[float] = []
        self._tried: set[str] = set()
        self._in_flight = 0
        self._socket: ClientConnection | None = None
        self._due = asyncio.Event()
        self._greeted = False

    # For both kinds

    async def ticket(self, http: httpx.AsyncClient) -> tuple[str, str]:
        """A ticket, and the Origin to use it from."""
        raise NotImplementedError

    def cursor(self) -> dict[str, Any]:
        raise NotImplementedError

    async def restart_from(self, resync: dict[str, Any], http: httpx.AsyncClient) -> None:
        raise NotImplementedError

    def take(self, fact: dict[str, Any]) -> bool:
        """Apply a fact; False when one is missing in between."""
        raise NotImplementedError

    def write(self, text: str, conversation: str | None = None) -> str:
        """Put a message into the outbox; its cid."""
        text = f"{self.office}: {text}"
        data = {
            "cid": ids.new_cid(),
            "text": text,
            **({"conversation": conversation} if conversation else {}),
        }
        self.sent.append(Sent(self.name, data["cid"], text))
        self.outbox.append(data)
        self._due.set()
        return str(data["cid"])

    def show(self, fact: dict[str, Any]) -> None:
        if fact["kind"] in MESSAGES:
            self.shown.append(Line(fact["stream"], fact["seq"], fact["body"]["cid"], fact["body"]["text"]))

    @property
    def is_there(self) -> bool:
        return self._socket is not None and self._greeted

    async def run(self) -> None:
        """Until cancelled."""
        async with httpx.AsyncClient(base_url=self.base, timeout=2 * self.patience_s) as http:
            while True:
                with contextlib.suppress(*TROUBLE):
                    ticket, origin = await self.ticket(http)
                    url = f"{self.base.replace('http', 'ws')}{self.path}?ticket={ticket}"
                    async with connect(
                        url,
                        origin=origin,  # type: ignore[arg-type]
                        proxy=None,
                        open_timeout=2 * self.patience_s,
                        close_timeout=0.2,
                        ping_interval=None,
                        compression=None,
                    ) as self._socket:
                        self.connections += 1
                        await self._talk(self._socket, http)
                if self._socket is not None and self._socket.close_code:
                    self.ends.append(self._socket.close_code)
                if self._greeted:
                    self.broke_at = asyncio.get_running_loop().time()
                self._socket, self._greeted = None, False
                await asyncio.sleep(random.uniform(0.02, 0.2))  # the back-off that the protocol asks for

    def cut(self) -> None:
        """Lose the connection, as when the network goes."""
        if self._socket is not None:
            self._socket.transport.abort()

    # Inside

    async def _flush(self) -> None:
        """Send what the window allows; one at a time, or messages could overtake each other."""
        while True:
            await self._due.wait()
            self._due.clear()
            while self._greeted and self._in_flight < min(WINDOW, len(self.outbox)):
                data = self.outbox[self._in_flight]
                self._in_flight += 1
                self.resent += data["cid"] in self._tried
                self._tried.add(data["cid"])
                await self._say("send", data)

    async def _say(self, t: str, data: dict[str, Any]) -> None:
        if self._socket is not None:
            with contextlib.suppress(WebSocketException):
                await self._socket.send(json.dumps({"t": t, "d": data}))

    async def _talk(self, socket: ClientConnection, http: httpx.AsyncClient) -> None:
        self._in_flight = 0
        await self._say("hello", {"dev": self.name, "epoch": self.epoch, **self.cursor()})
        flushing = asyncio.create_task(self._flush())
        try:
            while True:
                frame = await self._next(socket)
                data = frame["d"]
                if frame["t"] == "fact" and not self.take(data):
                    return
                if frame["t"] == "resync":
                    await self.restart_from(data, http)
                elif frame["t"] == "welcome":
                    self.epoch, self._greeted = data["epoch"], True
                    if self.broke_at:
                        self.breaks_s.append(asyncio.get_running_loop().time() - self.broke_at)
                        self.broke_at = 0.0
                    self._due.set()
                elif frame["t"] == "ack":
                    self._acked(data)
                elif frame["t"] == "refuse":
                    self._refused(data)
        finally:
            flushing.cancel()
            if socket.close_code is None:
                socket.transport.abort()

    async def _next(self, socket: ClientConnection) -> dict[str, Any]:
        try:
            async with asyncio.timeout(self.quiet_s):
                message = await socket.recv()
        except TimeoutError:
            await self._say("ping", {})
            async with asyncio.timeout(self.patience_s):
                message = await socket.recv()
        assert isinstance(message, str)
        if self.others in message:
            self.wrong.append(f"T1 {self.name} got something of {self.others}")
        frame: dict[str, Any] = json.loads(message)
        return frame

    def _acked(self, data: dict[str, Any]) -> None:
        if not self.outbox or self.outbox[0]["cid"] != data["cid"]:
            self.wrong.append(f"A1 {data['cid']} was acked out of turn at {self.name}")
            return
        self.outbox.popleft()
        self._in_flight -= 1
        self.acked.append(Acked(self.name, data["cid"], data["conversation"], data["seq"]))
        if data.get("mismatch"):
            self.wrong.append(f"A1 {data['cid']} was acked as a changed one")
        self._due.set()

    def _refused(self, data: dict[str, Any]) -> None:
        """Final for that message only; it may overtake the ack of an earlier one."""
        for place, waiting in enumerate(self.outbox):
            if waiting["cid"] == data.get("cid"):
                del self.outbox[place]
                self._in_flight -= place < self._in_flight
                break
        self.refused[data.get("cid") or ""] = data["code"]
        self._due.set()


class Guest(Client):
    """A visitor's tab."""

    path = "/v1/socket/visitor"

    def __init__(self, origin: str, visit: cast.Visit, office: str, others: str, site: str) -> None:
        super().__init__(origin, visit.visitor, office, others)
        self.token = visit.token
        self.site = site
        self.seqs: dict[str, int] = {}

    async def ticket(self, http: httpx.AsyncClient) -> tuple[str, str]:
        headers = {"authorization": f"Bearer {self.token}", "origin": self.site}
        answer = await http.post("/v1/visitor/tickets", headers=headers)
        answer.raise_for_status()
        self.token = answer.json().get("token") or self.token
        return answer.json()["ticket"], self.site

    def cursor(self) -> dict[str, Any]:
        return {"streams": self.seqs}

    async def restart_from(self, resync: dict[str, Any], http: httpx.AsyncClient) -> None:
        if resync["reason"] == "epoch":
            self.shown.clear()
            self.seqs.clear()
        for one in resync["visitor"]["conversations"]:
            known = self.seqs.get(one["id"], 0)
            lines = list(one["log"])
            while one["more"] and lines and lines[0]["seq"] > known + 1:
                older = await self._older(http, one["id"], lines[0]["seq"])
                lines = older["log"] + lines
                one["more"] = older["more"]
            for fact in lines:
                if fact["seq"] > known:
                    self.show(fact)
            self.seqs[one["id"]] = one["seq"]

    async def _older(self, http: httpx.AsyncClient, conversation: str, before: int) -> dict[str, Any]:
        answer = await http.get(
            f"/v1/visitor/conversations/{conversation}/facts",
            params={"before": before},
            headers={"authorization": f"Bearer {self.token}", "origin": self.site},
        )
        answer.raise_for_status()
        page: dict[str, Any] = answer.json()
        return page

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

    def __init__(
        self, origin: str, name: str, email: str, office: str, others: str, *, answering: bool, own: str = ""
    ) -> None:
        super().__init__(origin, name, office, others)
        self.email = email
        self.own = own or origin
        """The desk's address as its browsers know it."""
        self.answering = answering
        self.answered: set[str] = set()
        self.position: int | None = None
        self.seqs: dict[str, int] = {}
        self.resyncs: list[str] = []
        self._cookies: httpx.Cookies | None = None

    async def ticket(self, http: httpx.AsyncClient) -> tuple[str, str]:
        if self._cookies is None:
            answer = await http.post(
                "/v1/session",
                json={"email": self.email, "password": cast.PASSWORD},
                headers={"origin": self.own},
                timeout=20,
            )
            answer.raise_for_status()
            self._cookies = http.cookies = answer.cookies
        headers = {"origin": self.own, "x-csrf-token": self._cookies["balie_csrf"]}
        answer = await http.post("/v1/session/ticket", headers=headers)
        if answer.status_code == 401:
            self._cookies = None
        answer.raise_for_status()
        return answer.json()["ticket"], self.own

    @property
    def jar(self) -> httpx.Cookies | None:
        """The cookies of its session, once signed in."""
        return self._cookies

    def cursor(self) -> dict[str, Any]:
        return {"position": self.position}

    async def restart_from(self, resync: dict[str, Any], http: httpx.AsyncClient) -> None:
        self.resyncs.append(resync["reason"])
        self.position = None  # until this is done, or a half-taken snapshot would count as whole
        if resync["reason"] == "epoch":
            self.shown.clear()
            self.seqs.clear()
        for row in resync["agent"]["conversations"]:
            known = self.seqs.get(row["id"], 0)
            lines: list[dict[str, Any]] = []
            before = row["seq"] + 1
            while before > known + 1:
                answer = await http.get(f"/v1/conversations/{row['id']}/facts", params={"before": before})
                answer.raise_for_status()
                page = answer.json()
                lines = page["log"] + lines
                if not page["more"]:
                    break
                before = page["log"][0]["seq"]
            for fact in lines:
                if known < fact["seq"] <= row["seq"]:
                    self._see(fact)
            self.seqs[row["id"]] = row["seq"]
        self.position = resync["agent"]["position"]

    def take(self, fact: dict[str, Any]) -> bool:
        if self.position is not None and fact["pos"] <= self.position:
            return True
        known = self.seqs.get(fact["stream"])
        if known is not None and fact["seq"] > known + 1:
            return False
        self.position = fact["pos"]
        if known is not None and fact["seq"] <= known:
            return True
        self.seqs[fact["stream"]] = fact["seq"]
        self._see(fact)
        return True

    def _see(self, fact: dict[str, Any]) -> None:
        self.show(fact)
        cid = fact["body"].get("cid")
        asked = fact["kind"] == "message_added" and fact["actor"]["kind"] == "contact"
        if self.answering and asked and cid not in self.answered:
            self.answered.add(cid)
            self.write(f"antwoord op {fact['body']['text']}", fact["stream"])
