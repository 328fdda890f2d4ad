"""The generator of the mirror's frames: pairs of a visitor's page and an agent's window, on one loop.

``python -m bench.mirror_load PORT balie|bare PAIRS RATE SECONDS SIZE STALLED``; RATE frames of SIZE bytes a second for
each pair, 0: as fast as they come, eight in flight. STALLED: so many more windows look at each page and read nothing.
Prints JSON. Each frame carries the time at which it was sent.
"""

import asyncio
import struct
import sys
import time
from typing import Any

import httpx
import msgspec
import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from balie.lib import ids
from bench.office import EMAIL, INBOX, PASSWORD, SITE

IN_FLIGHT = 8
WARM_UP_S = 1.0
_HEAD = struct.Struct(">BBBBII")
_TIME = struct.Struct(">Q")


class Result(msgspec.Struct, frozen=True):
    frames: int
    seconds: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    lost: int


class Pair:
    """One visitor's page and one agent's window."""

    def __init__(self, load: "Load") -> None:
        self.load = load
        self.page: WSTransport | None = None
        self.sent = 0
        self.heard = 0

    def send(self) -> None:
        assert self.page is not None
        self.sent += 1
        body = _TIME.pack(time.perf_counter_ns()) + bytes(self.load.size - 20)
        self.page.send(WSMsgType.BINARY, _HEAD.pack(1, 0, 0, 0, 1, self.sent) + body)

    def hear(self, payload: bytes) -> None:
        self.heard += 1
        self.load.note(time.perf_counter_ns() - _TIME.unpack_from(payload, 12)[0])
        if not self.load.rate and not self.load.over:
            self.send()


class Load:
    def __init__(self, rate: float, size: int, stalled: int) -> None:
        self.rate = rate
        self.size = size
        self.stalled = stalled
        self.took: list[int] = []
        self.counting = False
        self.over = False

    def note(self, ns: int) -> None:
        if self.counting:
            self.took.append(ns)


class Page(WSListener):
    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """What the relay tells the visitor does not matter here."""


class Window(WSListener):
    def __init__(self, pair: Pair) -> None:
        self._pair = pair

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.BINARY:
            self._pair.hear(frame.get_payload_as_bytes())


class Stalled(WSListener):
    """A window that opens and reads no more."""

    def on_ws_connected(self, transport: WSTransport) -> None:
        transport.underlying_transport.pause_reading()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """What came in with the upgrade."""


class First(WSListener):
    """A chat socket that says one thing, so that there is a conversation."""

    def __init__(self, said: "asyncio.Future[str]") -> None:
        self._said = said

    def on_ws_connected(self, transport: WSTransport) -> None:
        hello = {"t": "hello", "d": {}}
        send = {"t": "send", "d": {"cid": ids.new_cid(), "text": "Can you look along?"}}
        for one in (hello, send):
            transport.send(WSMsgType.TEXT, msgspec.json.encode(one))

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.TEXT:
            told: Any = msgspec.json.decode(frame.get_payload_as_bytes())
            if told["t"] == "ack" and not self._said.done():
                self._said.set_result(told["d"]["conversation"])


async def _bare(port: int, load: Load, number: int) -> Pair:
    pair = Pair(load)
    url = f"ws://127.0.0.1:{port}"
    await ws_connect(lambda: Window(pair), f"{url}/a{number}")
    pair.page, _ = await ws_connect(Page, f"{url}/v{number}")
    return pair


class Desk:
    """Calls to a running Balie, as the agent and as visitors."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.origin = f"http://127.0.0.1:{port}"
        self.agent = httpx.AsyncClient(base_url=self.origin, headers={"origin": self.origin}, timeout=60)
        self.site = httpx.AsyncClient(base_url=self.origin, headers={"origin": SITE}, timeout=60)

    async def sign_in(self) -> None:
        login = {"email": EMAIL, "password": PASSWORD}
        (await self.agent.post("/v1/session", json=login)).raise_for_status()
        self.agent.headers["x-csrf-token"] = self.agent.cookies["balie_csrf"]

    async def pair(self, load: Load) -> Pair:
        began = await _said(self.site.post("/v1/visitor/sessions", json={"inbox": INBOX}))
        said: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        chat, _ = await self._open(lambda: First(said), "visitor", began["ticket"], SITE)
        home = await said
        chat.disconnect()
        look = (await _said(self.agent.post(f"/v1/conversations/{home}/looks")))["id"]
        token = {"authorization": f"Bearer {began['token']}"}
        mine = f"/v1/visitor/looks/{look}"
        consent = {"accept": True, "language": "nl", "consentText": "2026-11"}
        await _said(self.site.post(f"{mine}/answer", json=consent, headers=token))
        theirs = await _said(self.agent.post(f"/v1/looks/{look}/tickets"))
        ours = await _said(self.site.post(f"{mine}/tickets", json={"tab": "t"}, headers=token))
        pair = Pair(load)
        await self._open(lambda: Window(pair), "mirror", theirs["ticket"], self.origin)
        for _ in range(load.stalled):
            one = await _said(self.agent.post(f"/v1/looks/{look}/tickets"))
            await self._open(Stalled, "mirror", one["ticket"], self.origin)
        pair.page, _ = await self._open(Page, "mirror", ours["ticket"], SITE)
        return pair

    async def _open(self, make: Any, path: str, ticket: str, origin: str) -> Any:
        url = f"ws://127.0.0.1:{self.port}/v1/socket/{path}?ticket={ticket}"
        return await ws_connect(make, url, extra_headers={"Origin": origin})


async def _said(call: Any) -> Any:
    answer = await call
    answer.raise_for_status()
    return answer.json()


async def _pairs(port: int, kind: str, load: Load, count: int) -> list[Pair]:
    if kind == "bare":
        return [await _bare(port, load, number) for number in range(count)]
    desk = Desk(port)
    await desk.sign_in()
    found = [await desk.pair(load) for _ in range(count)]
    await desk.agent.aclose()
    await desk.site.aclose()
    return found


async def _paced(pairs: list[Pair], rate: float, load: Load) -> None:
    loop, step = asyncio.get_running_loop(), 1 / (rate * len(pairs))
    due, place = loop.time(), 0
    while not load.over:
        pairs[place % len(pairs)].send()
        place += 1
        due += step
        wait = due - loop.time()
        if wait > 0:
            await asyncio.sleep(wait)
        elif place % 50 == 0:
            await asyncio.sleep(0)


async def main() -> None:
    port, kind, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    load = Load(float(sys.argv[4]), int(sys.argv[6]), int(sys.argv[7]))
    pairs = await _pairs(port, kind, load, count)
    # Both sides are in: the relay has told everybody the state.
    await asyncio.sleep(0.5)
    if load.rate:
        driving = asyncio.create_task(_paced(pairs, load.rate, load))
    else:
        for pair in pairs:
            for _ in range(IN_FLIGHT):
                pair.send()
    await asyncio.sleep(WARM_UP_S)
    print("begin", flush=True)
    load.counting, started = True, time.perf_counter()
    await asyncio.sleep(float(sys.argv[5]))
    load.counting, took_s = False, time.perf_counter() - started
    print("end", flush=True)
    load.over = True
    if load.rate:
        await driving
    await asyncio.sleep(0.5)
    times = sorted(load.took)
    share = [times[min(len(times) - 1, int(len(times) * part))] / 1e6 for part in (0.5, 0.95, 0.99)]
    lost = sum(pair.sent - pair.heard for pair in pairs)
    print(msgspec.json.encode(Result(len(times), took_s, *share, lost)).decode(), flush=True)


if __name__ == "__main__":
    uvloop.run(main())
