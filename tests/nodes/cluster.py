"""Several real `balie serve` processes on one PostgreSQL and one Redis, and people who may be at any of them."""

import contextlib
import os
import signal
import socket
import time
from functools import cache
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import httpx
import psycopg

import cast
from balie.edge.passwords import Passwords
from balie.lib import ids
from core import Template
from faults.desks import shared
from servers.redis import PrivateRedis
from wire import Peer

UP_WITHIN_S = 90.0
VISITOR, AGENT = "/v1/socket/visitor", "/v1/socket/agent"


class Node:
    """One process."""

    def __init__(self, cluster: "Cluster", **more: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.origin = f"http://127.0.0.1:{self.port}"
        self._env = cluster.env | {"BALIE_PORT": str(self.port)} | more
        self._log = cluster.folder / f"node-{self.port}.log"
        self.pid = 0

    def start(self) -> "Node":
        self.pid = shared().start(self._env, self._log)
        return self

    def wait_until_up(self) -> "Node":
        started = time.monotonic()
        while self.ready() is None:
            assert not shared().has_ended(self.pid), f"the node ended at its start, see {self._log}"
            assert time.monotonic() - started < UP_WITHIN_S, "the node does not come up"
            time.sleep(0.05)  # nothing tells when it listens
        return self

    def ready(self) -> tuple[int, dict[str, Any]] | None:
        """What /readyz says; None when nobody answers."""
        try:
            answer = httpx.get(f"{self.origin}/readyz", timeout=60)
        except httpx.TransportError:
            return None
        return answer.status_code, answer.json()

    def signal(self, sign: signal.Signals) -> None:
        os.kill(self.pid, sign)

    def wait(self) -> int:
        """Until it has ended; its exit code."""
        pid, self.pid = self.pid, 0
        return shared().wait(pid)

    def kill(self) -> None:
        """As a crash does."""
        if self.pid:
            self.signal(signal.SIGKILL)
            self.wait()


class Cluster:
    """The office on services of its own, and the nodes started so far."""

    def __init__(self, template: Template, redis: PrivateRedis, folder: Path) -> None:
        self.redis = redis
        self.folder = folder
        self.cast = template.cast
        self.settings = template.settings(folder)
        self.env = {
            "BALIE_DATABASE_URL": self.settings.database,
            "BALIE_REDIS_URL": redis.url,
            "BALIE_DATA_DIR": str(folder),
            "BALIE_LOG_LEVEL": "error",
        }
        self.nodes: list[Node] = []
        # Nodes that are forked know no hash but one: none of the stored ones may ask to be renewed.
        with psycopg.connect(self.settings.database) as connection:
            connection.execute("update agent set password_hash = %s", [_todays_hash()])

    def start(self, count: int, **more: str) -> list[Node]:
        """So many nodes, side by side, and up."""
        fresh = [Node(self, **more).start() for _ in range(count)]
        self.nodes += fresh
        return [node.wait_until_up() for node in fresh]

    def close(self) -> None:
        for node in self.nodes:
            node.kill()


class Browser:
    """A visitor's browser. Tickets come from one node, sockets go to any."""

    def __init__(self, office: cast.Office, node: Node) -> None:
        body = {"inbox": office.site.key, "name": "Marieke Visser"}
        self.site = office.site.allowed_origins[0]
        answer = httpx.post(
            f"{node.origin}/v1/visitor/sessions", json=body, headers={"origin": self.site}, timeout=60
        )
        answer.raise_for_status()
        self.token = str(answer.json()["token"])

    def ticket(self, node: Node) -> str:
        return str(self._tickets(node)["ticket"])

    def desk(self, node: Node) -> str:
        """Whether somebody is there, as this node tells."""
        return str(self._tickets(node)["desk"]["status"])

    def come(self, node: Node, ticket_from: Node | None = None, **hello: Any) -> Peer:
        peer = Peer(node.port, f"{VISITOR}?ticket={self.ticket(ticket_from or node)}", self.site)
        return _greeted(peer, hello)

    def _tickets(self, node: Node) -> dict[str, Any]:
        headers = {"origin": self.site, "authorization": f"Bearer {self.token}"}
        answer = httpx.post(f"{node.origin}/v1/visitor/tickets", headers=headers, timeout=60)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


class Console:
    """An agent's browser, signed in once; the session counts on every node."""

    def __init__(self, office: cast.Office, node: Node, name: str = "sanne") -> None:
        answer = self.attempt(node, office.email(name), cast.PASSWORD)
        answer.raise_for_status()
        self.cookies = dict(answer.cookies)

    @staticmethod
    def attempt(node: Node, email: str, password: str) -> httpx.Response:
        body = {"email": email, "password": password}
        return httpx.post(f"{node.origin}/v1/session", json=body, headers={"origin": node.origin}, timeout=60)

    def call(self, node: Node, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"origin": node.origin, "x-csrf-token": self.cookies["balie_csrf"]}
        headers["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return httpx.request(method, f"{node.origin}{path}", headers=headers, timeout=60, **more)

    def come(self, node: Node, **hello: Any) -> Peer:
        answer = self.call(node, "POST", "/v1/session/ticket")
        answer.raise_for_status()
        peer = Peer(node.port, f"{AGENT}?ticket={answer.json()['ticket']}", node.origin)
        return _greeted(peer, hello)


@cache
def _todays_hash() -> str:
    return Passwords().hash_now(cast.PASSWORD)


def _greeted(peer: Peer, hello: dict[str, Any]) -> Peer:
    peer.say("hello", **hello)
    if not peer.until("welcome")["resumed"]:
        peer.until("resync")
    return peer


def says(peer: Peer, text: str, conversation: str | None = None) -> dict[str, Any]:
    """Send a message and wait for its ack."""
    cid = ids.new_cid()
    peer.say("send", cid=cid, text=text, **({"conversation": conversation} if conversation else {}))
    return peer.until("ack", cid=cid)


def hears(peer: Peer, text: str) -> dict[str, Any]:
    """Wait for the message with this text."""
    while True:
        fact = peer.until("fact", kind="message_added")
        if fact["body"]["text"] == text:
            return fact


def answers(port: int, path: str = "/healthz") -> bool:
    """Whether anybody answers there."""
    with contextlib.suppress(OSError, HTTPException):
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        with contextlib.closing(connection):
            connection.request("GET", path)
            return connection.getresponse().status == 200
    return False
