"""One HTTP connection: uvicorn's own, with an end to patience. Who sends or reads too slowly, or sends a head without
end, loses the connection (threats S11, S12): uvicorn itself bounds only the pause between two requests."""

import asyncio
from functools import partial
from typing import Any

from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_S = 10.0
"""From the connection, or the first byte of a later request, to the end of its headers."""
BODY_S = 30.0
"""From there to the end of the body: bodies are small here."""
READ_S = 60.0
"""How long an answer may wait for its reader."""
HEAD_LIMIT = 65_536
"""Bytes of address and headers together: the parser has no limit of its own."""

_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Connection(HttpToolsProtocol):
    """For uvicorn's ``http=``."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._sender: asyncio.TimerHandle | None = None
        self._reader: asyncio.TimerHandle | None = None
        self._head: int | None = 0
        """Bytes of the head so far; none while a body comes in or nothing does."""
        self._is_socket = False
        """Whether the connection was handed over: what happens on it is the session's business from then on."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # A reader is done when it has everything, not when it has most of it.
        transport.set_write_buffer_limits(high=HIGH_WATER_LIMIT, low=0)
        self._expect(HEAD_S)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        began_before = self._head is not None
        super().data_received(data)
        if self._is_socket or self.transport.is_closing():
            return
        if self._head is not None and began_before:
            self._head += len(data)
            if self._head > HEAD_LIMIT:
                self._refuse(_LARGE)
        elif self._sender is None and self._is_idle:
            # Empty lines between two requests are no request, but would keep the connection for ever.
            self._expect(HEAD_S)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._head is None:
            self._head = 0
            self._expect(HEAD_S)

    def on_headers_complete(self) -> None:
        self._head = None
        self._expect(BODY_S)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._stop_waiting()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._is_socket = True
        self._stop_waiting()
        self.transport.set_write_buffer_limits()
        make: Any = self.ws_protocol_class
        path = self.url.partition(b"?")[0].decode("latin-1")
        self.ws_protocol_class = partial(make, path=path)  # type: ignore[assignment]
        super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._reader is None:
            self._reader = self.loop.call_later(READ_S, self.transport.abort)

    def resume_writing(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            self._reader = None
        super().resume_writing()

    @property
    def _is_idle(self) -> bool:
        return self.cycle is None or bool(self.cycle.response_complete)

    def _expect(self, within_s: float) -> None:
        self._stop_waiting()
        self._sender = self.loop.call_later(within_s, self._too_slow)

    def _stop_waiting(self) -> None:
        if self._sender is not None:
            self._sender.cancel()
            self._sender = None

    def _too_slow(self) -> None:
        self._refuse(_SLOW)

    def _refuse(self, answer: bytes) -> None:
        """Hang up; with a word where no answer is under way."""
        self._stop_waiting()
        if self._is_idle:
            self.transport.write(answer)
        self.transport.close()
