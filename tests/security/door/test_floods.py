"""Threats S11 and S13: ten thousand of anything, and forms without end, cost the caller and nobody else."""

import resource
import socket
import time

import msgspec
import pytest

from balie.edge.bodies import STRANGERS_LIMIT
from balie.edge.http import BODY_LIMIT
from running import Running


def pipelined(desk: Running, requests: list[bytes]) -> list[int]:
    """The status of each of many calls on one connection."""
    statuses: list[int] = []
    with socket.create_connection(("127.0.0.1", desk.port), timeout=60) as plain:
        stream = plain.makefile("rb")
        for start in range(0, len(requests), 50):
            batch = requests[start : start + 50]
            plain.sendall(b"".join(batch))
            for _ in batch:
                statuses.append(int(stream.readline().split()[1]))
                size = 0
                while (line := stream.readline()) not in (b"\r\n", b""):
                    if line.lower().startswith(b"content-length:"):
                        size = int(line.split(b":")[1])
                stream.read(size)
    return statuses


def test_ten_thousand_calls_with_forged_addresses_get_no_further_than_one_caller(own_desk: Running) -> None:
    calls = [
        b"GET /v1/session HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.%d.%d.%d\r\nForwarded: for=10.0.0.%d\r\n"
        b"X-Real-IP: 10.0.0.%d\r\n\r\n" % (n >> 16, n >> 8 & 255, n & 255, n & 255, n & 255)
        for n in range(10_000)
    ]
    started = time.monotonic()
    statuses = pipelined(own_desk, calls)
    took_s = time.monotonic() - started
    passed = statuses.count(401)
    assert set(statuses) == {401, 429}
    # The burst of one address, and what it earns meanwhile.
    assert passed <= 1_000 + 100 * took_s + 10


def test_ten_thousand_ranges_are_one_plain_answer(desk: Running) -> None:
    """CVE-2025-62727 and its kind: the work must not grow with the ranges."""
    whole = desk.anybody.get("/healthz")
    ranges = ",".join(f"{n}-{n + 1}" for n in range(0, 10_000, 2))
    for path in ("/healthz", "/console/", "/widget.js"):
        started = time.monotonic()
        answer = desk.anybody.get(path, headers={"range": f"bytes={ranges}"})
        assert answer.status_code in (200, 431, 503), path
        assert "content-range" not in answer.headers
        assert time.monotonic() - started < 20
    short = ",".join("0-1" for _ in range(10_000))
    answer = desk.anybody.get("/healthz", headers={"range": f"bytes={short}"})
    assert answer.text in ("", whole.text)


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/v1/session", STRANGERS_LIMIT),
        ("/v1/visitor/sessions", STRANGERS_LIMIT),
        ("/v1/replies", BODY_LIMIT),
    ],
)
@pytest.mark.parametrize("media", [b"multipart/form-data; boundary=x", b"application/json"])
def test_a_form_of_a_gigabyte_is_not_read(desk: Running, path: str, limit: int, media: bytes) -> None:
    """Announced or in chunks: the desk hangs up, and its memory does not grow with what is sent."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    with socket.create_connection(("127.0.0.1", desk.port), timeout=90) as plain:
        plain.sendall(
            b"POST %b HTTP/1.1\r\nHost: x\r\nContent-Type: %b\r\nTransfer-Encoding: chunked\r\n\r\n"
            % (path.encode(), media)
        )
        sent = 0
        plain.setblocking(False)
        head, deadline = b"", time.monotonic() + 90
        while not head and time.monotonic() < deadline:
            try:
                sent += plain.send(chunk)
            except BlockingIOError:
                pass
            except ConnectionError:
                break
            try:
                head = plain.recv(65_536)
            except BlockingIOError:
                continue
            except ConnectionError:
                break
        assert not head or int(head.split()[1]) in (400, 401, 403, 413, 415)
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kib < 64 * 1_024
    announced = b"POST %b HTTP/1.1\r\nHost: x\r\nContent-Type: %b\r\nContent-Length: 1073741824\r\n\r\n"
    with socket.create_connection(("127.0.0.1", desk.port), timeout=90) as plain:
        plain.sendall(announced % (path.encode(), media))
        assert int(plain.recv(4_096).split()[1]) in (400, 401, 403, 413, 415)
    assert desk.anybody.get("/readyz").status_code == 200
    assert limit < 1 << 20


def test_the_limit_of_calls_is_on_unless_a_benchmark_lifts_it(own_desk: Running) -> None:
    assert msgspec.structs.asdict(own_desk.settings)["limits"] == "on"
