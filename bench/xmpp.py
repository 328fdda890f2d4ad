"""Pairs of XMPP clients that chat one to one: each sender keeps a few messages under way. ``python -m bench.xmpp PORT
PAIRS WINDOW SECONDS WARMUP`` prints JSON; a message counts when its receiver has it."""

import asyncio
import base64
import sys
import time

import msgspec

from bench.ejabberd import HOST, PASSWORD

TEXT = "Mijn jaarnota klopt niet, kunt u even meekijken met mij? Mij"


class Chat(msgspec.Struct):
    per_second: float
    p50_ms: float
    p99_ms: float
    messages: int
    lost: int
    doubled: int


class Tally:
    def __init__(self) -> None:
        self.measuring = self.running = False
        self.took: list[float] = []
        self.sent = self.received = self.doubled = 0


async def _log_in(port: int, user: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    opening = (
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'"
        f" to='{HOST}'>"
    ).encode()
    secret = base64.b64encode(f"\0{user}\0{PASSWORD}".encode()).decode()
    auth = f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{secret}</auth>"
    bind = "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>x</resource></bind></iq>"
    for data, end in (
        (opening, b"</stream:features>"),
        (auth.encode(), b"<success"),
        (opening, b"</stream:features>"),
        (bind.encode(), b"</iq>"),
        (b"<presence/>", b"<presence"),
    ):
        writer.write(data)
        heard = b""
        while end not in heard:
            piece = await asyncio.wait_for(reader.read(65_536), 20)
            heard += piece
            if not piece or b"<failure" in heard:
                raise RuntimeError(f"{user} was not let in: {heard.decode()}")
    return reader, writer


class Pair:
    def __init__(self, number: int, tally: Tally) -> None:
        self._number, self._tally = number, tally
        self._next = self._expected = 0
        self._sent_at: dict[int, float] = {}

    async def open(self, port: int) -> None:
        _, self._writer = await _log_in(port, f"u{2 * self._number - 1}")
        self._reader, self._other = await _log_in(port, f"u{2 * self._number}")

    def say(self, count: int) -> None:
        for _ in range(count):
            self._sent_at[self._next] = time.perf_counter()
            self._tally.sent += 1
            head = f"<message type='chat' id='m{self._next}' to='u{2 * self._number}@{HOST}/x'>"
            self._writer.write(f"{head}<body>{TEXT}</body></message>".encode())
            self._next += 1

    async def listen(self) -> None:
        tally, rest = self._tally, b""
        while piece := await self._reader.read(65_536):
            *whole, rest = (rest + piece).split(b"</message>")
            now = time.perf_counter()
            for one in whole:
                number = int(one.rpartition(b"id='m")[2].partition(b"'")[0])
                if number != self._expected:
                    tally.doubled += 1
                self._expected = number + 1
                tally.received += 1
                started = self._sent_at.pop(number, now)
                if tally.measuring:
                    tally.took.append(now - started)
            if whole and tally.running:
                self.say(len(whole))


async def run(port: int, pairs: int, window: int, seconds: float, warmup: float) -> Chat:
    tally = Tally()
    chats = [Pair(number, tally) for number in range(1, pairs + 1)]
    for chat in chats:
        await chat.open(port)
    listening = [asyncio.create_task(chat.listen()) for chat in chats]
    tally.running = True
    for chat in chats:
        chat.say(window)
    await asyncio.sleep(warmup)
    tally.measuring, started = True, time.perf_counter()
    await asyncio.sleep(seconds)
    tally.measuring, took_s = False, time.perf_counter() - started
    tally.running = False
    for _ in range(100):
        if tally.received >= tally.sent:
            break
        await asyncio.sleep(0.1)
    for task in listening:
        task.cancel()
    took = sorted(tally.took)
    if not took:
        raise RuntimeError("nothing arrived")
    middle, far = took[len(took) // 2] * 1000, took[int((len(took) - 1) * 0.99)] * 1000
    return Chat(len(took) / took_s, middle, far, len(took), tally.sent - tally.received, tally.doubled)


if __name__ == "__main__":
    port, pairs, window = map(int, sys.argv[1:4])
    done = asyncio.run(run(port, pairs, window, float(sys.argv[4]), float(sys.argv[5])))
    print(msgspec.json.encode(done).decode())
