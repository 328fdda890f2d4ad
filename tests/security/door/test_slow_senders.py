"""Threats S11 and S12 below HTTP: who sends byte by byte, sends a head without end, or does not read, is sent away.

The patience of the desk is cut to tenths of seconds here: what is tested is that it has an end, and for whom.
"""

import contextlib
import socket
import time
from collections.abc import Iterator

import pytest

from balie.edge import connection
from people import says, visitor
from running import Running

PATIENCE_S = 0.4

# A slow machine needs a multiple of the patience; a desk without any never ends.
FOR_EVER_S = 60


@pytest.fixture
def hasty(desk: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    for name in ("HEAD_S", "BODY_S", "READ_S"):
        monkeypatch.setattr(connection, name, PATIENCE_S)
    return desk


@contextlib.contextmanager
def line(desk: Running, buffer: int | None = None) -> Iterator[socket.socket]:
    with socket.socket() as plain:
        if buffer is not None:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        plain.settimeout(FOR_EVER_S)
        plain.connect(("127.0.0.1", desk.port))
        yield plain


def drip(plain: socket.socket, data: bytes) -> bytes:
    """Send ``data`` over and over, a byte at a time, until the desk hangs up; what it answered."""
    answer, started = b"", time.monotonic()
    plain.settimeout(0.05)
    while True:
        assert time.monotonic() - started < FOR_EVER_S, "the desk goes on for ever"
        for n in range(len(data)):
            with contextlib.suppress(ConnectionError):
                plain.send(data[n : n + 1])
            try:
                heard = plain.recv(4_096)
            except TimeoutError:
                continue
            except ConnectionError:
                return answer
            if not heard:
                return answer
            answer += heard


HEAD = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
POST = (
    b"POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 8000\r\n\r\n"
)


@pytest.mark.parametrize(
    "start", [b"", b"GET /heal", HEAD], ids=["silence", "half a line", "no end of headers"]
)
def test_a_head_that_does_not_come_to_its_end_costs_the_connection(hasty: Running, start: bytes) -> None:
    with line(hasty) as plain:
        plain.sendall(start)
        assert plain.recv(4_096).startswith(b"HTTP/1.1 408")
        assert plain.recv(4_096) == b""


def test_byte_after_byte_does_not_stretch_the_time(hasty: Running, capfd: pytest.CaptureFixture[str]) -> None:
    with line(hasty) as plain:
        plain.sendall(HEAD)
        assert b" 200 " not in drip(plain, b"X-More: 1\r\n")
    with line(hasty) as plain:
        plain.sendall(POST)
        assert b" 200 " not in drip(plain, b" ")
    hasty.anybody.get("/healthz")
    # Hanging up in the middle is everybody's right: no trace in the log, or a flood of it would fill the disk.
    assert "request_failed" not in capfd.readouterr().out


def test_empty_lines_between_two_calls_keep_no_connection(hasty: Running) -> None:
    with line(hasty) as plain:
        plain.sendall(HEAD + b"\r\n")
        assert plain.recv(4_096).startswith(b"HTTP/1.1 200")
        drip(plain, b"\r\n")  # uvicorn's own pause begins again with each line


def test_a_head_without_end_is_cut_off(desk: Running) -> None:
    with line(desk) as plain:
        plain.sendall(HEAD)
        sent, answer = 0, b""
        with contextlib.suppress(ConnectionError):
            while sent < 50 * connection.HEAD_LIMIT and not answer:
                sent += plain.send(b"X-%08d: %b\r\n" % (sent, b"x" * 1_000))
                plain.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    answer = plain.recv(4_096)
                plain.setblocking(True)
    assert sent < 50 * connection.HEAD_LIMIT
    assert not answer or answer.startswith(b"HTTP/1.1 431")


def test_who_does_not_read_the_answer_loses_the_connection(hasty: Running) -> None:
    with line(hasty, buffer=4_096) as plain:
        asked = b"GET /v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 200
        plain.sendall(asked)
        started = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - started < FOR_EVER_S:
                plain.send(b"\r\n")
                time.sleep(0.05)  # nothing else tells a sender that the other side is gone
        assert time.monotonic() - started < FOR_EVER_S


def test_calls_at_an_ordinary_pace_go_on(hasty: Running) -> None:
    with line(hasty) as plain:
        for _ in range(3):
            plain.sendall(HEAD)
            plain.sendall(b"\r\n")
            answer = b""
            while not answer.endswith(b"}"):
                answer += plain.recv(4_096)
            assert answer.startswith(b"HTTP/1.1 200")
            time.sleep(1.5 * PATIENCE_S)  # longer than a head may take: between two calls no clock runs
    assert hasty.anybody.get("/readyz").status_code == 200


def test_a_quiet_socket_is_no_slow_sender(hasty: Running) -> None:
    with visitor(hasty) as guest:
        guest.socket.settimeout(3 * PATIENCE_S)
        with pytest.raises(TimeoutError):
            guest.hear_frame()
        guest.socket.settimeout(FOR_EVER_S)
        assert guest.answers()


def test_a_socket_is_no_slow_call(hasty: Running) -> None:
    with visitor(hasty) as guest:
        time.sleep(2 * PATIENCE_S)  # longer than a head may take
        assert says(guest, "Bent u er nog?")["seq"] == 2
