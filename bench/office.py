"""A small desk for measuring: one organisation, one web inbox, one agent; and the calls that get tickets from it."""

import asyncio
import http.client
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import msgspec
from argon2 import PasswordHasher

from balie import app as house
from balie.desk import roster
from balie.desk.log import Writer
from balie.engine.ports import Tx
from balie.lib.clock import SystemClock
from balie.settings import Settings

INBOX = "bench"
SITE = "http://site.example"
EMAIL = "agent@bench.example"
PASSWORD = "a-password-for-the-bench"


def make(folder: Path, database_url: str = "") -> None:
    """A migrated database with the office: in ``folder``, or where the URL says."""
    settings = Settings(data_dir=folder, database_url=database_url)
    house.migrate_database(settings)
    asyncio.run(_fill(settings))


async def _fill(settings: Settings) -> None:
    db = house.create_database(settings)
    await db.start()
    try:
        await db.write(_office)
    finally:
        await db.stop()


def _office(tx: Tx) -> None:
    now = SystemClock().now()
    organisation = roster.create_organisation(tx, now, "Bench").id
    roster.create_inbox(tx, organisation, now, name="Site", allowed_origins=[SITE], key=INBOX)
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with Writer(tx, now) as writer:
        roster.create_agent(
            writer,
            organisation,
            roster.system(organisation),
            email=EMAIL,
            name="Agent",
            role="admin",
            password_hash=hasher.hash(PASSWORD),
        )


class Desk:
    """HTTP calls to a running desk."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.origin = f"http://127.0.0.1:{port}"

    def visitors(self, count: int) -> list[str]:
        """Plan lines for ``count`` new visitors: sessions with tickets, good for 30 s."""
        with ThreadPoolExecutor(4) as threads:
            shares = [count // 4 + (i < count % 4) for i in range(4)]
            return [line for lines in threads.map(self._visitors, shares) for line in lines]

    def sign_in(self) -> tuple[str, str]:
        """The agent's cookies as a header's value, and the CSRF token that belongs to them."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        login = {"email": EMAIL, "password": PASSWORD}
        _, signed_in = _call(connection, "/v1/session", login, {"Origin": self.origin})
        cookies = {name: morsel.value for line in signed_in for name, morsel in SimpleCookie(line).items()}
        return "; ".join(f"{name}={value}" for name, value in cookies.items()), cookies.get("balie_csrf", "")

    def agents(self, count: int) -> list[str]:
        """Plan lines for ``count`` consoles of the agent."""
        cookie, csrf = self.sign_in()
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        headers = {"Origin": self.origin, "Cookie": cookie, "X-CSRF-Token": csrf}
        lines = []
        for _ in range(count):
            answer, _ = _call(connection, "/v1/session/ticket", {}, headers)
            lines.append(f"agent /v1/socket/agent?ticket={answer['ticket']} {self.origin}")
        return lines

    def agent(self) -> str:
        """The plan line of the agent's console."""
        return self.agents(1)[0]

    def _visitors(self, count: int) -> list[str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        lines = []
        for _ in range(count):
            answer, _ = _call(connection, "/v1/visitor/sessions", {"inbox": INBOX}, {"Origin": SITE})
            lines.append(f"visitor /v1/socket/visitor?ticket={answer['ticket']} {SITE}")
        return lines


def _call(
    connection: http.client.HTTPConnection, path: str, body: Any, headers: dict[str, str]
) -> tuple[Any, list[str]]:
    connection.request(
        "POST", path, msgspec.json.encode(body), {"Content-Type": "application/json", **headers}
    )
    response = connection.getresponse()
    content = response.read()
    if response.status >= 400:
        raise RuntimeError(f"POST {path}: {response.status} {content.decode(errors='replace')}")
    return msgspec.json.decode(content), response.headers.get_all("Set-Cookie", [])
