"""A client's end of one socket, as the protocol asks: outbox, four unacked at most, resume by cursor,
reconnect with jitter, resend under the same cid. What the facts mean is the subclass's business."""

import asyncio
import contextlib
import random
from collections import deque
from typing import Any

from picows import WSError, WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from balie.replay import wire
from balie.replay.web import DeskError, Web

WINDOW = 4
PACE_BURST = 60.0
BACK_OFF_S = (0.25, 15.0)
HANDSHAKE_S = 10.0
PING_AFTER_S = 20.0
PONG_WITHIN_S = 10.0
FRAME_LIMIT = 64 << 20


class Parcel:
    """One message in the outbox. ``acked`` gets its Ack; a refusal is a DeskError."""

    __slots__ = ("acked", "cid", "conversation", "text")

    def __init__(self, cid: str, text: str, conversation: str | None) -> None:
        self.cid = cid
        self.text = text
        self.conversation = conversation
        self.acked: asyncio.Future[wire.Ack] = asyncio.get_running_loop().create_future()

    def frame(self) -> bytes:
        data: dict[str, Any] = {"cid": self.cid, "text": self.text}
        if self.conversation is not None:
            data["conversation"] = self.conversation
        return wire.frame("send", data)


class Link(WSListener):
    """Runs until ``stop``. ``reconnects`` counts the times it came back after it was ready once."""

    side = ""
    pace_per_s = 15.0
    """A little below what the desk allows one socket, so that a fast replay is not shut out as a flood."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self.epoch: str | None = None
        self.reconnects = 0
        self.resent = 0
        self.ready = asyncio.Event()
        self.failed: DeskError | None = None
        self._outbox: deque[Parcel] = deque()
        self._unacked: deque[Parcel] = deque()
        self._transport: WSTransport | None = None
        self._gone = asyncio.Event()
        self._wait_s: float | None = None
        self._was_ready = False
        self._heard_at = 0.0
        self._allowance = PACE_BURST
        self._refilled_at = asyncio.get_running_loop().time()
        self._pacing: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    # For subclasses

    async def ticket(self) -> str:
        raise NotImplementedError

    def cursor(self) -> dict[str, Any]:
        """What ``hello`` carries besides the epoch."""
        raise NotImplementedError

    def on_fact(self, fact: wire.Fact) -> None:
        raise NotImplementedError

    def on_resync(self, resync: wire.Resync) -> None:
        raise NotImplementedError

    # Use

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._pacing is not None:
            self._pacing.cancel()
        if self._transport is not None:
            self._transport.disconnect()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        for parcel in (*self._unacked, *self._outbox):
            parcel.acked.cancel()

    def post(self, parcel: Parcel) -> None:
        """Into the outbox; goes out in order, once the desk has room for it."""
        if self.failed is not None:
            parcel.acked.set_exception(self.failed)
            return
        self._outbox.append(parcel)
        self._pump()

    def reconnect(self) -> None:
        """Hang up and come back with the cursor: the protocol's answer to a gap."""
        if self._transport is not None:
            self._transport.disconnect()

    # Life of the socket

    async def _run(self) -> None:
        attempt = 0
        while self.failed is None:
            self._wait_s = None
            try:
                await self._connected()
                if self.ready.is_set():
                    attempt = 0
            except DeskError as error:
                if error.status in (401, 403, 404):
                    self._fail(error)
            except (OSError, WSError):
                pass
            self.ready.clear()
            low, high = BACK_OFF_S
            wait = random.uniform(0, min(high, low * 2**attempt))  # noqa: S311
            await asyncio.sleep(wait if self._wait_s is None else self._wait_s)
            attempt += 1

    async def _connected(self) -> None:
        """One life of the socket, from ticket to the end."""
        self._gone.clear()
        url = self.web.socket_url(self.side, await self.ticket())
        await ws_connect(
            lambda: self,
            url,
            extra_headers=[("Origin", self.web.origin)],
            websocket_handshake_timeout=HANDSHAKE_S,
            max_frame_size=FRAME_LIMIT,
        )
        loop = asyncio.get_running_loop()
        self._heard_at = loop.time()
        asked = False
        while not self._gone.is_set():
            limit = PONG_WITHIN_S if asked else PING_AFTER_S
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._gone.wait(), max(0.05, self._heard_at + limit - loop.time()))
            silence = loop.time() - self._heard_at
            if silence < PING_AFTER_S:
                asked = False
            elif not asked:
                asked = True
                self._heard_at = loop.time()
                self._write(wire.frame("ping", {}))
            else:
                self.reconnect()

    def _fail(self, error: DeskError) -> None:
        self.failed = error
        self.ready.set()
        for parcel in (*self._unacked, *self._outbox):
            if not parcel.acked.done():
                parcel.acked.set_exception(error)
        self._unacked.clear()
        self._outbox.clear()

    # picows

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        hello: dict[str, Any] = {"dev": "replay", **self.cursor()}
        if self.epoch is not None:
            hello["epoch"] = self.epoch
        self._write(wire.frame("hello", hello))

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        self._heard_at = asyncio.get_running_loop().time()
        if frame.msg_type == WSMsgType.CLOSE:
            payload = frame.get_payload_as_bytes()
            self._on_close(int.from_bytes(payload[:2]) or 1005, payload[2:].decode(errors="replace"))
            transport.disconnect()
        elif frame.msg_type == WSMsgType.TEXT:
            self._on_text(frame.get_payload_as_bytes())

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._transport = None
        self._outbox.extendleft(reversed(self._unacked))
        self.resent += len(self._unacked)
        self._unacked.clear()
        self._gone.set()

    def _on_close(self, code: int, reason: str) -> None:
        if code in (1009, 4400, 4403):
            self._fail(
                DeskError(code, f"closed_{code}", f"the desk closed the socket: {code} {reason}".strip())
            )

    def _on_text(self, payload: bytes) -> None:
        envelope = wire.decode_envelope(payload)
        kind, data = envelope.t, envelope.d
        if kind == "fact":
            self.on_fact(wire.decode_fact(data))
        elif kind == "ack":
            self._on_ack(wire.decode_ack(data))
        elif kind == "welcome":
            self._on_welcome(wire.decode_welcome(data))
        elif kind == "resync":
            self.on_resync(wire.decode_resync(data))
            self._on_ready()
        elif kind == "refuse":
            self._on_refuse(wire.decode_refuse(data))
        elif kind == "reconnect":
            away = wire.decode_reconnect(data)
            self._wait_s = (away.after_ms + random.uniform(0, away.spread_ms)) / 1000  # noqa: S311

    def _on_welcome(self, welcome: wire.Welcome) -> None:
        self.epoch = welcome.epoch
        if welcome.resumed:
            self._on_ready()

    def _on_ready(self) -> None:
        if self._was_ready and not self.ready.is_set():
            self.reconnects += 1
        self._was_ready = True
        self.ready.set()
        self._pump()

    # Outbox

    def _on_ack(self, ack: wire.Ack) -> None:
        for parcel in self._unacked:
            if parcel.cid == ack.cid:
                self._unacked.remove(parcel)
                if not parcel.acked.done():
                    parcel.acked.set_result(ack)
                break
        self._pump()

    def _on_refuse(self, refuse: wire.Refuse) -> None:
        for parcel in self._unacked:
            if parcel.cid == refuse.cid:
                self._unacked.remove(parcel)
                if not parcel.acked.done():
                    parcel.acked.set_exception(DeskError(400, refuse.code, refuse.detail))
                break
        self._pump()

    def _pump(self) -> None:
        while (
            self._outbox
            and len(self._unacked) < WINDOW
            and self.ready.is_set()
            and self._transport is not None
        ):
            now = asyncio.get_running_loop().time()
            self._allowance = min(PACE_BURST, self._allowance + (now - self._refilled_at) * self.pace_per_s)
            self._refilled_at = now
            if self._allowance < 1:
                if self._pacing is None or self._pacing.when() < now:
                    self._pacing = asyncio.get_running_loop().call_later(1 / self.pace_per_s, self._pump)
                return
            self._allowance -= 1
            parcel = self._outbox.popleft()
            self._unacked.append(parcel)
            self._write(parcel.frame())

    def _write(self, payload: bytes) -> None:
        if self._transport is not None:
            self._transport.send(WSMsgType.TEXT, payload)
