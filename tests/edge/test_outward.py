"""Threat S7: a call outward reaches the open internet or nothing, whatever the address says.

Listeners on loopback stand for what must not be reached: one connection to them fails the test.
"""

import asyncio
import ipaddress
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.edge import outward
from balie.edge.outward import ANSWER_LIMIT, Answer, Outward, OutwardError, is_public
from balie.lib.errors import InvalidError
from receiver import CHUNK, Raw, Receiver

LOOPBACK = [ipaddress.ip_network("127.0.0.0/8")]


class Names:
    """A resolver of the test's own: the answers to a name, in turn; the last one stays."""

    def __init__(self, **answers: list[list[str]]) -> None:
        self.answers = {name.replace("_", "."): turns for name, turns in answers.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        turns = self.answers.get(host)
        if turns is None:
            return await outward.system_resolver(host, port)
        return turns.pop(0) if len(turns) > 1 else turns[0]


@pytest.fixture
def loopback() -> Iterator[Receiver]:
    """What is inside: any request to it is a hole."""
    with Receiver() as receiver:
        yield receiver
        assert receiver.got == []


def post(url: str, guard: Outward | None = None, body: bytes = b"{}", **more: object) -> Answer:
    async def run() -> Answer:
        client = guard or Outward(**more)  # type: ignore[arg-type]
        try:
            return await client.post(url, [("content-type", "application/json")], body)
        finally:
            await client.close()

    return asyncio.run(run())


def check(url: str, **more: object) -> None:
    async def run() -> None:
        client = Outward(**more)  # type: ignore[arg-type]
        await client.check(url)
        await client.close()

    asyncio.run(run())


INSIDE = [
    "127.0.0.1", "127.1", "127.255.255.254", "0", "0.0.0.0", "0x7f.1", "0x7f000001", "017700000001", "2130706433",
    "127.0.0.1.", "localhost", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
    "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::1]", "[fc00::1]",
    "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]", "[2001:db8::1]", "[100::1]", "10.0.0.1", "172.16.0.1",
    "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.7",
    "203.0.113.7", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16",
]  # fmt: skip


@pytest.mark.parametrize("host", INSIDE)
def test_no_spelling_of_an_inner_address_is_called(loopback: Receiver, host: str) -> None:
    for scheme in ("https", "http"):
        with pytest.raises(OutwardError) as refused:
            post(f"{scheme}://{host}:{loopback.port}/hook")
        assert refused.value.lasting or "resolved" in refused.value.reason


@pytest.mark.parametrize("host", INSIDE)
def test_no_spelling_of_an_inner_address_is_taken_for_an_endpoint(host: str) -> None:
    with pytest.raises(InvalidError) as refused:
        check(f"http://{host}/hook")
    assert refused.value.code in ("url_not_public", "url_not_https", "url_invalid")


@pytest.mark.parametrize(
    "url",
    [
        "", "hook", "//example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://127.0.0.1:70/_x",
        "https://", "https:///hook", "https://user:word@example.com/", "https://example.com@127.0.0.1/",
        "https://example.com\\@127.0.0.1/", "https://example.com/ hook", "https://example.com/\r\nhost: x",
        "https://exa\u0301mple.com/", "https://example.com/#part", "https://example.com:25/", "https://example.com:22/",
        "https://example.com:70000/", "https://example.com:x/", "https://[::1/", "https://[fe80::1%25eth0]/",
        "https://exam ple.com/", "https://-/", "https://①②⑦.0.0.1/", "https://example.com/" + "x" * 2_000,
    ],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused_by_name(url: str) -> None:
    with pytest.raises(InvalidError) as refused:
        check(url)
    assert refused.value.code == "url_invalid"
    with pytest.raises(OutwardError) as error:
        post(url)
    assert error.value.lasting


def test_a_name_that_leads_inside_is_refused_also_beside_public_addresses(loopback: Receiver) -> None:
    names = Names(inner_example=[["127.0.0.1"]], mixed_example=[["93.184.215.14", "127.0.0.1"]])
    for host in ("inner.example", "mixed.example"):
        with pytest.raises(OutwardError, match="not on the public internet"):
            post(f"https://{host}:{loopback.port}/", resolver=names)
        with pytest.raises(InvalidError, match="not on the public internet"):
            check(f"https://{host}/", resolver=names)


def test_a_name_that_changes_its_mind_leads_to_the_checked_address(loopback: Receiver) -> None:
    """DNS rebinding: the first answer is public, all later ones are loopback."""
    names = Names(rebind_example=[["198.41.0.4"], ["127.0.0.1"]])

    class Wire(outward.httpcore.AsyncMockBackend):
        async def connect_tcp(
            self, host: str, *_: object, **__: object
        ) -> outward.httpcore.AsyncNetworkStream:
            went.append(host)
            raise outward.httpcore.ConnectError("the line is cut here")

    went: list[str] = []
    client = Outward(resolver=names)
    client._guard._wire = Wire([])  # type: ignore[assignment]
    with pytest.raises(OutwardError):
        post(f"https://rebind.example:{loopback.port}/", client)
    assert went == ["198.41.0.4"]
    assert names.asked == ["rebind.example"]
    with pytest.raises(OutwardError, match="not on the public internet"):
        post(f"https://rebind.example:{loopback.port}/", resolver=names)


def test_a_redirect_is_an_answer_like_any_other(loopback: Receiver) -> None:
    where = {"location": f"{loopback.url}/secret"}
    with Receiver(lambda _: (302, where, b"")) as redirecting:
        answer = post(f"{redirecting.url}/hook", allowed=[ipaddress.ip_network("127.0.0.1/32")])
    assert (answer.status, answer.headers["location"]) == (302, where["location"])
    assert len(redirecting.got) == 1


def test_a_proxy_from_the_environment_is_not_asked(
    loopback: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, loopback.url)
    with Receiver() as receiver:
        assert post(receiver.url, allowed=LOOPBACK).status == 200
        assert len(receiver.got) == 1


def test_cookies_are_not_kept_and_answers_not_unpacked() -> None:
    packed = {"set-cookie": "a=b", "content-encoding": "gzip"}

    async def twice(url: str) -> list[Answer]:
        client = Outward(LOOPBACK)
        answers = [await client.post(url, [], b"") for _ in range(2)]
        await client.close()
        return answers

    with Receiver(lambda _: (200, packed, b"\x1f\x8bnot unpacked")) as receiver:
        answers = asyncio.run(twice(receiver.url))
        assert [answer.body for answer in answers] == [b"\x1f\x8bnot unpacked"] * 2
        assert all("cookie" not in got.headers for got in receiver.got)


def test_an_answer_without_end_is_left_at_the_limit() -> None:
    with Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n", CHUNK) as flood:
        answer = post(flood.url, allowed=LOOPBACK)
    assert (len(answer.body), answer.cut) == (ANSWER_LIMIT, True)
    assert flood.sent < 20_000_000


@pytest.mark.parametrize(
    ("first", "then"), [(b"", b"H"), (b"HTTP/1.1 200 OK\r\nx: ", b"y"), (b"HTTP/1.1 200 OK\r\n\r\n", b"z")]
)
def test_an_answer_that_drips_ends_with_the_total_time(first: bytes, then: bytes) -> None:
    with Raw(first, then, 0.02) as drip, pytest.raises(OutwardError, match="within"):
        post(drip.url, allowed=LOOPBACK, total_s=0.3)


def test_headers_without_end_are_no_answer() -> None:
    with Raw(b"HTTP/1.1 200 OK\r\n", b"x: " + CHUNK + b"\r\n") as flood, pytest.raises(OutwardError):
        post(flood.url, allowed=LOOPBACK, total_s=5)
    assert flood.sent < 20_000_000


def test_a_resolver_that_hangs_ends_with_the_total_time() -> None:
    async def never(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    with pytest.raises(OutwardError, match="within"):
        post("https://slow.example/", resolver=never, total_s=0.1)


def test_a_closed_port_and_an_unknown_name_are_told_apart() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(OutwardError, match="refused") as closed:
        post(f"http://127.0.0.1:{port}/", allowed=LOOPBACK)
    assert not closed.value.lasting

    async def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror("no such name")

    with pytest.raises(OutwardError, match="the name cannot be resolved") as nameless:
        post("https://nobody.example/", resolver=unknown)
    assert not nameless.value.lasting
    check("https://nobody.example/", resolver=unknown)


def test_an_allowed_network_is_reached_without_tls_and_nothing_else_is(loopback: Receiver) -> None:
    with pytest.raises(OutwardError):
        post(loopback.url, allowed=[ipaddress.ip_network("127.0.0.2/32")])
    names = Names(public_example=[["198.41.0.4"]])
    with pytest.raises(OutwardError, match="https"):
        post("http://public.example/", resolver=names)
    with pytest.raises(InvalidError) as plain:
        check("http://public.example/", resolver=names)
    assert plain.value.code == "url_not_https"
    check("https://public.example/hook?key=1", resolver=names)
    check("http://[::ffff:127.0.0.1]/", allowed=LOOPBACK)


def test_a_certificate_must_be_of_the_name_in_the_address(tmp_path: Path) -> None:
    """The connection goes to the checked address, the certificate is checked against the name."""
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=hooks.example", "-addext", "subjectAltName=DNS:hooks.example", "-keyout", key, "-out", cert],
        check=True, capture_output=True,
    )  # fmt: skip
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(cert, key)
    trusting = ssl.create_default_context(cafile=cert)
    names = Names(hooks_example=[["127.0.0.1"]], other_example=[["127.0.0.1"]])
    with Receiver() as receiver:
        receiver._server.socket = serving.wrap_socket(receiver._server.socket, server_side=True)
        url = f"https://hooks.example:{receiver.port}/"
        answer = post(url, allowed=LOOPBACK, resolver=names, tls=trusting)
        assert answer.status == 200
        assert receiver.got[0].headers["host"] == f"hooks.example:{receiver.port}"
        with pytest.raises(OutwardError, match="certificate is not right"):
            post(url.replace("hooks", "other"), allowed=LOOPBACK, resolver=names, tls=trusting)
        with pytest.raises(OutwardError, match="certificate is not right"):
            post(url, allowed=LOOPBACK, resolver=names)
        assert len(receiver.got) == 1


@given(st.ip_addresses(v=4))
def test_what_python_calls_private_is_never_public_to_us_version_4(address: ipaddress.IPv4Address) -> None:
    assert not (is_public(address) and (address.is_private or address.is_multicast or address.is_reserved))


@given(st.ip_addresses(v=6))
def test_what_python_calls_private_is_never_public_to_us_version_6(address: ipaddress.IPv6Address) -> None:
    assert not (is_public(address) and (address.is_private or address.is_multicast or address.is_reserved))


@given(st.ip_addresses(v=4))
def test_no_wrapping_of_a_version_4_address_is_public(address: ipaddress.IPv4Address) -> None:
    low = int(address)
    for wrapped in (
        (0xFFFF << 32) | low, low, (0x64_FF9B << 96) | low, (0x2002 << 112) | (low << 80), (0x2001 << 112) | low,
        (0x64_FF9B_0001 << 80) | low,
    ):  # fmt: skip
        assert not is_public(ipaddress.IPv6Address(wrapped))


@pytest.mark.parametrize(
    "text", ["1.1.1.1", "8.8.8.8", "93.184.215.14", "2606:4700::1111", "2a00:1450:400e::200e"]
)
def test_the_open_internet_is_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))
