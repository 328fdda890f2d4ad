"""An agent's end of the mirror as bare bytes: what a visitor's browser really sent, and frames in the agent's name."""

import json
import struct
from collections.abc import Callable
from contextlib import ExitStack, suppress
from threading import Condition, Thread
from typing import Any, NamedTuple

from desk_agent import DeskAgent
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from mirror_envelope import Envelope, opened
from running import PATIENCE_S, Running

TO_VISITOR, SCROLL, ACT = 1, 8, 16
SNAPSHOT_END, RESULT = 3, 12
POINT, HIGHLIGHT, SCROLL_TO, FILL = 32, 33, 35, 37
DONE, NO_GRANT, BUSY = 0, 1, 17
NEWEST = 2**31 - 1
"""Seen later than any change."""


class Frame(NamedTuple):
    envelope: Envelope
    payload: bytes

    @property
    def kind(self) -> int:
        return self.payload[0]


class Watcher:
    def __init__(self, desk: Running, agent: DeskAgent, look: str) -> None:
        self._told = Condition()
        self._request = 0
        self.frames: list[Frame] = []
        self.words: list[dict[str, Any]] = []
        address = f"ws://127.0.0.1:{desk.port}/v1/socket/mirror?ticket={agent.mirror_ticket(look)}"
        self._open = ExitStack()
        self._socket = self._open.enter_context(
            connect(address, origin=desk.origin, proxy=None, max_size=2**21)
        )
        Thread(target=self._listen, daemon=True).start()
        agent.closes(self)

    def close(self) -> None:
        self._open.close()

    def sees(self, text: str, start: int = 0) -> Frame:
        """The first frame from number ``start`` on whose payload holds these words."""
        return self.frame(lambda it: text.encode() in it.payload, start)

    def frame(self, fits: Callable[[Frame], bool], start: int = 0) -> Frame:
        found: Frame = self._until(lambda: next((it for it in self.frames[start:] if fits(it)), None))
        return found

    def hears(self, start: int = 0, **wanted: Any) -> dict[str, Any]:
        """A word of the relay with these values, from number ``start`` on; `state` means the look's."""

        def fits(word: dict[str, Any]) -> bool:
            values = {**word, "state": (word.get("look") or {}).get("state")}
            return all(values.get(key) == value for key, value in wanted.items())

        found: dict[str, Any] = self._until(lambda: next((it for it in self.words[start:] if fits(it)), None))
        return found

    def wire(self) -> bytes:
        return b"\n".join(it.payload for it in self.frames)

    def says(self, kind: int, *numbers: int, text: str | None = None, flags: int = 0) -> None:
        """A frame in the agent's name, on the epoch and the frame seen last."""
        last = self.frames[-1].envelope
        body = bytes([kind]) + b"".join(map(_number, numbers))
        if text is not None:
            body += _number(len(text.encode())) + text.encode()
        self._socket.send(struct.pack(">BBBBII", 1, 0, TO_VISITOR, flags, last.epoch, last.seq) + body)

    def act(self, kind: int, node: int, *, text: str | None = None, flags: int = 0) -> int:
        """Does something to a node; what became of it: the number of the outcome, 0 for done. Waits while the
        visitor's own hand goes first."""
        while True:
            self._request += 1
            head = bytes([RESULT]) + _number(self._request)
            self.says(kind, self._request, node, NEWEST, text=text, flags=flags)
            outcome = self.frame(lambda it, head=head: it.payload.startswith(head)).payload[-1]  # type: ignore[misc]
            if outcome != BUSY:
                return outcome

    def _until(self, find: Callable[[], Any]) -> Any:
        found = None

        def there() -> bool:
            nonlocal found
            found = find()
            return found is not None

        with self._told:
            assert self._told.wait_for(there, PATIENCE_S), [(len(self.frames), it) for it in self.words[-5:]]
        return found

    def _listen(self) -> None:
        with suppress(ConnectionClosed):
            for message in self._socket:
                with self._told:
                    if isinstance(message, str):
                        self.words.append(json.loads(message))
                    else:
                        self.frames.append(Frame(*opened(message)))
                    self._told.notify_all()


def signed(value: int) -> int:
    """As the mirror writes numbers of either sign."""
    return (value << 1) ^ (value >> 31)


def _number(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])
