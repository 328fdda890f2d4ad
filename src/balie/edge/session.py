"""One socket: frames in and out, limits, back-pressure. What the frames mean is the subclass's business.

Callback style on picows: no task, queue or future per socket. The budget, back-pressure and close codes are
those of docs/protocol.md.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec
import structlog
from multidict import CIMultiDict
from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport

from balie.edge import frames
from balie.edge.bodies import NUL, without_nul
from balie.edge.frames import ClientFrame
from balie.engine.ports import UnavailableError
from balie.lib import ids
from balie.lib.errors import BalieError

log = structlog.get_logger(__name__)

BACKLOG_LIMIT = 1 << 20
"""Bytes that may wait for a slow reader before it is cut off (invariant I10)."""
QUIET_S = 25.0
"""Silence after which the server asks whether the other side still lives."""
DEAD_S = 40.0
HELLO_S = 10.0
GOODBYE_S = 1.0
"""How long the other side gets to read a close frame."""

_NO_HEADERS: CIMultiDict[str] = CIMultiDict()
_decode_frame = msgspec.json.Decoder(ClientFrame).decode
_encode = msgspec.json.Encoder().encode


class Budget(msgspec.Struct, frozen=True):
    """How many frames a session may send: ``burst`` at once, ``per_s`` lasting."""

    burst: float
    per_s: float


def text_frame(payload: bytes) -> bytes:
    """``payload`` as one unmasked WebSocket text frame (RFC 6455 §5.2)."""
    return _framed(0x81, payload)


def binary_frame(payload: bytes) -> bytes:
    """The same as a binary one."""
    return _framed(0x82, payload)


def _framed(first: int, payload: bytes) -> bytes:
    size = len(payload)
    if size < 126:
        return bytes((first, size)) + payload
    if size < 65_536:
        return bytes((first, 0x7E)) + size.to_bytes(2) + payload
    return bytes((first, 0x7F)) + size.to_bytes(8) + payload


def encode(kind: str, data: msgspec.Struct, reply_to: str | None = None) -> bytes:
    """A server frame, ready to write."""
    tail = b',"id":' + _encode(reply_to) + b"}" if reply_to is not None else b"}"
    return text_frame(b'{"t":"' + kind.encode() + b'","d":' + _encode(data) + tail)


class BadFrameError(Exception):
    """The frame cannot be understood; the session ends with CLOSE_BAD_FRAME."""


class TurnedAwayError(Exception):
    """The socket is not admitted: a close code and a reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Session(WSListener):
    """A connected socket. Subclasses implement ``opened``, ``received`` and ``closed``.

    Most sessions are idle, and there are many: they have slots, and hold nothing of the upgrade."""

    __slots__ = (
        "_allowance",
        "_burst",
        "_fragments",
        "_is_binary",
        "_loop",
        "_on_gone",
        "_out",
        "_paused",
        "_raw",
        "_refilled_at",
        "_transport",
        "ended",
        "greeted",
        "heard_at",
        "id",
        "started_at",
    )
    budget = Budget(burst=100, per_s=30)
    binary_limit = 0
    """Bytes of a binary message at most; with 0 there are none on this socket."""

    def __init__(self, on_gone: Callable[["Session"], None]) -> None:
        self.id = ids.new_id(ids.SESSION)
        self._loop = asyncio.get_running_loop()
        self.heard_at = self._loop.time()
        self.started_at = self.heard_at
        self.greeted = False
        self.ended = False
        self._on_gone = on_gone
        self._transport: WSTransport | None = None
        self._raw: Any = None
        """The stream below the frames, as long as the other side is there."""
        self._out: list[bytes] = []
        self._paused = False
        self._burst = 0
        self._fragments: list[bytes] | None = None
        self._is_binary = False
        """Whether they are those of a binary message."""
        self._allowance = self.budget.burst
        self._refilled_at = self.heard_at

    # For subclasses

    def opened(self) -> None:
        """The socket is up."""

    def received(self, kind: str, data: msgspec.Raw, reply_to: str | None) -> None:
        """One frame came in. Raise BadFrameError, msgspec.ValidationError (both close) or BalieError (refused)."""
        raise NotImplementedError

    def binary(self, payload: bytes) -> None:
        """One binary message came in, on a socket that has them. Raise as ``received`` does."""
        raise NotImplementedError

    def spend_binary(self, size: int, now: float) -> bool:
        """Count a binary frame of this size, or a part of one; False when the session ends by it."""
        return self._spend(now)

    def closed(self) -> None:
        """The socket is gone."""

    # Out

    def send(self, kind: str, data: msgspec.Struct, reply_to: str | None = None) -> None:
        self.push(encode(kind, data, reply_to))

    def push(self, frame: bytes) -> None:
        """Send one encoded frame. Frames of one turn of the loop go out together, in one write."""
        if not self._out:
            if self._raw is None or self.ended:
                return
            self._loop.call_soon(self._flush)
        self._out.append(frame)

    def _flush(self) -> bool:
        """Write what was gathered; a reader too slow for its backlog is cut off. One write into a drained buffer may
        have any size, or whoever needs a large snapshot would never get it; what comes on top counts. Whether the
        session goes on."""
        out, self._out = self._out, []
        if self._raw is None or self.ended or not out:
            return not self.ended
        data = out[0] if len(out) == 1 else b"".join(out)
        if not self._paused:
            self._burst = len(data)
        elif self.backlog > BACKLOG_LIMIT + self._burst:
            log.info("session_too_slow", session=self.id, backlog=self.backlog)
            self.close(frames.CLOSE_TOO_SLOW, "too slow", at_once=True)
            return False
        self._raw.write(data)
        return True

    def close(self, code: int, reason: str = "", *, at_once: bool = False) -> None:
        """Say why, then hang up. ``at_once`` drops what waits to be written."""
        if self.ended or self._transport is None:
            return
        if not at_once and not self._flush():
            return
        self.ended = True
        transport = self._transport.underlying_transport
        if at_once:
            # The close frame would queue behind the backlog; the reader learns the code only if it still reads.
            transport.abort()
            return
        body = code.to_bytes(2) + reason.encode()[:120]
        transport.write(bytes((0x88, len(body))) + body)
        self._loop.call_later(GOODBYE_S, transport.close)
        # A reader that does not read would keep its backlog for ever.
        self._loop.call_later(3 * GOODBYE_S, transport.abort)

    def retire(self) -> None:
        """Go when nothing is half done: the process stops."""
        self.close(frames.CLOSE_RESTART, "restart")

    @property
    def backlog(self) -> int:
        """Bytes that wait for the reader in this process."""
        if self._transport is None:
            return 0
        return int(self._transport.underlying_transport.get_write_buffer_size())

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Do ``work`` beside the callbacks; whatever it raises ends the session, by name."""
        self._loop.create_task(self._guarded(work))

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except TurnedAwayError as refusal:
            self.close(refusal.code, refusal.reason)
        except UnavailableError:
            self.close(frames.CLOSE_TRY_AGAIN, "try again")
        except Exception:
            log.exception("session_failed", session=self.id)
            self.close(1011, "internal error")

    # Liveness, called by the server's sweep

    def check(self, now: float) -> None:
        if self.ended or self._transport is None:
            return
        if not self.greeted and now - self.started_at > HELLO_S:
            self.close(frames.CLOSE_BAD_FRAME, "no hello")
        elif now - self.heard_at > DEAD_S:
            self.ended = True
            self._transport.underlying_transport.abort()
        elif now - self.heard_at > QUIET_S:
            self._transport.send_ping()

    # picows

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        self._raw = transport.underlying_transport
        # Headers, cookies and the ticket would lie there for as long as the socket is open.
        transport.request.headers = transport.response.headers = _NO_HEADERS
        transport.request.path = b""
        self.opened()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        loop_time = self._loop.time()
        self.heard_at = loop_time
        kind = frame.msg_type
        if frame.rsv1 or frame.rsv2 or frame.rsv3:
            self.close(1002, "no extension was agreed to")
        elif kind == WSMsgType.TEXT and frame.fin and self._fragments is None:
            self._text(frame.get_payload_as_bytes(), loop_time)
        elif kind == WSMsgType.BINARY and self.binary_limit and frame.fin and self._fragments is None:
            payload = frame.get_payload_as_bytes()
            if self.spend_binary(len(payload), loop_time):
                self._binary(payload)
        elif kind in (WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.CONTINUATION):
            self._fragment(frame, loop_time)
        elif kind == WSMsgType.PING:
            if self._spend(loop_time):
                payload = frame.get_payload_as_bytes()
                self.push(bytes((0x8A, len(payload))) + payload)
        elif kind == WSMsgType.PONG:
            self._spend(loop_time)
        elif kind == WSMsgType.CLOSE:
            if not self.ended and self._flush():
                self.ended = True
                # A close frame may name no code, whatever the types say.
                transport.send_close(frame.get_close_code() or WSCloseCode.OK)  # type: ignore[unreachable]
            transport.disconnect()

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.ended = True
        self._raw = None
        self._transport = None
        self._on_gone(self)
        self.closed()

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False

    # Inside

    def _spend(self, now: float) -> bool:
        budget = self.budget
        allowance = self._allowance + (now - self._refilled_at) * budget.per_s
        self._refilled_at = now
        self._allowance = min(allowance, budget.burst) - 1
        if self._allowance < 0:
            self.close(frames.CLOSE_TOO_MANY, "too many frames")
            return False
        return True

    def _fragment(self, frame: WSFrame, now: float) -> None:
        """Join a fragmented message (RFC 6455 §5.4)."""
        first = frame.msg_type != WSMsgType.CONTINUATION
        is_binary = frame.msg_type == WSMsgType.BINARY if first else self._is_binary
        if (is_binary and not self.binary_limit) or first is (self._fragments is not None):
            self.close(frames.CLOSE_BAD_FRAME, "unexpected frame")
            return
        piece = frame.get_payload_as_bytes()
        if not (self.spend_binary(len(piece), now) if is_binary else self._spend(now)):
            return
        self._is_binary = is_binary
        pieces = self._fragments = self._fragments or []
        pieces.append(piece)
        if sum(map(len, pieces)) > (self.binary_limit if is_binary else frames.FRAME_LIMIT):
            self.close(1009, "message too big")
        elif frame.fin:
            self._fragments = None
            whole = b"".join(pieces)
            if is_binary:
                self._binary(whole)
            else:
                self._text(whole, now)

    def _binary(self, payload: bytes) -> None:
        if self.ended:
            return
        try:
            self.binary(payload)
        except Exception as error:
            self.failed(error, None)

    def _text(self, payload: bytes, now: float) -> None:
        if self.ended or not self._spend(now):
            return
        if len(payload) > frames.FRAME_LIMIT:
            self.close(1009, "message too big")
            return
        reply_to = None
        try:
            if NUL in payload:
                payload = _encode(without_nul(msgspec.json.decode(payload)))
            frame = _decode_frame(payload)
            reply_to = frame.id
            self.received(frame.t, frame.d, reply_to)
        except Exception as error:
            self.failed(error, reply_to)

    def failed(self, error: Exception, reply_to: str | None) -> None:
        """Answer what a frame raised: refuse, close, or log it. Everything on the socket side is caught here."""
        if isinstance(error, BalieError):
            self.send("refuse", frames.Refuse(code=error.code, detail=error.detail), reply_to)
        elif isinstance(error, msgspec.DecodeError | BadFrameError | RecursionError | UnicodeError):
            log.info("bad_frame", session=self.id, error=str(error)[:200])
            self.close(frames.CLOSE_BAD_FRAME, "bad frame")
        else:
            log.error("session_failed", session=self.id, exc_info=error)
            self.close(1011, "internal error")
