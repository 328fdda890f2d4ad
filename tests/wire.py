"""A WebSocket client of the test's own (RFC 6455), down to the bytes: it can do what no browser would."""

import contextlib
import json
import os
import socket
from collections.abc import Callable
from typing import Any

WAIT_S = 20.0
AGENT_PATH = "/v1/socket/agent"
TEXT, BINARY, CONTINUE, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10


class Closed(Exception):
    """The server hung up. 1006: without saying why."""

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(f"{code} {reason}")
        self.code = code


class Refused(Exception):
    """The upgrade was answered with something else than 101."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class Peer:
    """One socket. ``bytes`` holds everything that ever came in, for looking after leaks; ``heard`` the frames."""

    def __init__(
        self, port: int, path: str, origin: str | None = None, *, buffer: int | None = None, more: str = ""
    ) -> None:
        self.socket = socket.socket()
        if buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.settimeout(WAIT_S)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.bytes = bytearray()
        self.heard: list[dict[str, Any]] = []
        self._waiting = bytearray()
        self._said_goodbye = False
        named = f"Origin: {origin}\r\n" if origin is not None else ""
        self.raw(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{named}"
            f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{more}\r\n".encode()
        )
        head = self._until(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        if status != 101:
            raise Refused(status)
        assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head

    def __del__(self) -> None:
        self.socket.close()

    # Out

    def raw(self, data: bytes) -> None:
        """These bytes, whatever they are."""
        self.socket.sendall(data)

    def frame(
        self, payload: bytes, kind: int = TEXT, *, fin: bool = True, mask: bool = True, reserved: int = 0
    ) -> None:
        self.raw(encoded(payload, kind, fin=fin, mask=mask, reserved=reserved))

    def say(self, t: str, *, id: str | None = None, **data: Any) -> None:
        frame = {"t": t, "d": data, **({"id": id} if id is not None else {})}
        self.frame(json.dumps(frame, ensure_ascii=False).encode())

    def say_all(self, frames: list[bytes]) -> None:
        """Many text frames in one go."""
        self.raw(b"".join(encoded(one) for one in frames))

    def close(self, code: int | None = 1000) -> None:
        """Say goodbye and wait for the answer."""
        self.frame(code.to_bytes(2) if code is not None else b"", CLOSE)

    def cut(self) -> None:
        """Gone without a word."""
        self.socket.close()

    # In

    def hear(self) -> dict[str, Any]:
        """The next frame with content. Raises Closed when the server hangs up."""
        while True:
            kind, payload = self.hear_frame()
            if kind == TEXT:
                frame: dict[str, Any] = json.loads(payload)
                self.heard.append(frame)
                return frame
            if kind == PING:
                self.frame(payload, PONG)
            elif kind == CLOSE:
                code = int.from_bytes(payload[:2]) if payload else 1005
                with contextlib.suppress(OSError):
                    self.frame(payload[:2], CLOSE)
                self.socket.close()
                raise Closed(code, payload[2:].decode())

    def hear_frame(self) -> tuple[int, bytes]:
        """Kind and payload of the next frame as it stands on the wire."""
        head = self._take(2)
        assert head[0] & 0x70 == 0, "no reserved bits"
        assert head[1] & 0x80 == 0, "servers do not mask"
        size = head[1]
        if size == 126:
            size = int.from_bytes(self._take(2))
        elif size == 127:
            size = int.from_bytes(self._take(8))
        assert head[0] & 0x80, "this server does not fragment"
        return head[0] & 0x0F, self._take(size)

    def until(self, t: str, **like: Any) -> dict[str, Any]:
        """The data of the next frame of this type whose data holds these values; what comes before is dropped."""
        while True:
            frame = self.hear()
            if frame["t"] == t and all(frame["d"].get(key) == value for key, value in like.items()):
                data: dict[str, Any] = frame["d"]
                return data

    def code(self) -> int:
        """Listen to the end: the close code."""
        try:
            while True:
                self.hear()
        except Closed as end:
            return end.code

    def answers(self) -> bool:
        """Whether the server still talks on this socket."""
        mark = os.urandom(8).hex()
        self.say("ping", id=mark)
        while True:
            frame = self.hear()
            if frame["t"] == "pong" and frame.get("id") == mark:
                return True

    def frames_until_quiet(self) -> list[dict[str, Any]]:
        """All that is on its way to us: everything that comes before the answer to a ping."""
        mark = os.urandom(8).hex()
        self.say("ping", id=mark)
        heard: list[dict[str, Any]] = []
        while True:
            frame = self.hear()
            if frame["t"] == "pong" and frame.get("id") == mark:
                return heard
            heard.append(frame)

    def facts(self, stream: str) -> list[dict[str, Any]]:
        """The facts of a stream heard so far, in the order in which they came."""
        return [frame["d"] for frame in self.heard if frame["t"] == "fact" and frame["d"]["stream"] == stream]

    # Inside

    def _take(self, size: int) -> bytes:
        while len(self._waiting) < size:
            self._read()
        taken = bytes(self._waiting[:size])
        del self._waiting[:size]
        return taken

    def _until(self, end: bytes) -> bytes:
        while end not in self._waiting:
            self._read()
        at = self._waiting.index(end) + len(end)
        return self._take(at)

    def _read(self) -> None:
        try:
            data = self.socket.recv(65_536)
        except ConnectionError:
            data = b""
        if not data:
            self.socket.close()
            raise Closed(1006)
        self.bytes += data
        self._waiting += data


def ended_by(talk: Callable[[], object]) -> int | None:
    """The close code that ended this talk; none when it came to its own end."""
    try:
        talk()
    except Closed as end:
        return end.code
    except OSError:
        return 1006
    return None


def encoded(
    payload: bytes, kind: int = TEXT, *, fin: bool = True, mask: bool = True, reserved: int = 0
) -> bytes:
    """A client's frame as bytes."""
    first = bytes([kind | (0x80 if fin else 0) | reserved << 4])
    size, bit = len(payload), 0x80 if mask else 0
    if size < 126:
        length = bytes([bit | size])
    elif size < 65_536:
        length = bytes([bit | 126]) + size.to_bytes(2)
    else:
        length = bytes([bit | 127]) + size.to_bytes(8)
    if not mask:
        return first + length + payload
    key = b"\x37\xfa\x21\x3d"
    stretched = (key * (size // 4 + 1))[:size]
    masked = (int.from_bytes(payload) ^ int.from_bytes(stretched)).to_bytes(size)
    return first + length + key + masked
