"""The whole desk, really running: embedded engine, one port, HTTP and sockets, in a thread of the test process."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec
from websockets.sync.client import ClientConnection, connect

import cast
from balie import app
from balie.edge.passwords import Passwords
from balie.engine.ports import Database, Tx
from balie.lib.clock import SetClock
from core import template
from servers import postgres

T = TypeVar("T")

# How long anything may take before a test gives up: only a test that fails waits this long, so a slow machine passes.
PATIENCE_S = 120

# Made once: reading all root certificates for each browser would cost more than most tests.
_TLS = ssl.create_default_context()


class Running:
    """A desk with the cast in it. ``clock`` stands still until a test moves it."""

    def __init__(self, folder: Path, engine: str = "sqlite") -> None:
        self.clock = SetClock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.origin = f"http://127.0.0.1:{self.port}"
        office = template(engine)
        self.cast = office.cast
        self.settings = msgspec.structs.replace(office.settings(folder), port=self.port)
        self._browsers: list[httpx.Client] = []
        self._agents: dict[str, httpx.Client] = {}
        self._loop: asyncio.AbstractEventLoop
        self._server: app.Server
        self._up: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._up.result(PATIENCE_S)
        self.anybody = self.browser()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(PATIENCE_S)
        for browser in self._browsers:
            browser.close()
        self._listener.close()
        if self.settings.database_url:
            postgres.shared().drop(self.settings.database_url)

    @property
    def db(self) -> Database:
        return self.app.db

    def run(self, make: Callable[[], Awaitable[T]]) -> T:
        """Run a coroutine on the desk's own loop."""

        async def run() -> T:
            return await make()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(PATIENCE_S)

    def read(self, fn: Callable[[Tx], T]) -> T:
        return self.run(lambda: self.db.read(fn))

    def write(self, fn: Callable[[Tx], T]) -> T:
        return self.run(lambda: self.db.write(fn))

    def asks(self, office: cast.Office, text: str, **more: Any) -> cast.Visit:
        return self.run(lambda: cast.asks(self.db, self.clock, office, text, **more))

    def browser(self, **more: Any) -> httpx.Client:
        """A browser on one of the desk's own pages, not signed in."""
        headers = {"origin": self.origin, **more.pop("headers", {})}
        browser = httpx.Client(base_url=self.origin, headers=headers, timeout=PATIENCE_S, verify=_TLS, **more)
        self._browsers.append(browser)
        return browser

    def agent(self, office: cast.Office, name: str) -> httpx.Client:
        """The browser in which this agent is signed in; the same one each time."""
        email = office.email(name)
        if email not in self._agents:
            self._agents[email] = self.sign_in(office, name)
        return self._agents[email]

    def sign_in(self, office: cast.Office, name: str) -> httpx.Client:
        """A browser with a new session of this agent."""
        browser = self.browser()
        answer = browser.post("/v1/session", json={"email": office.email(name), "password": cast.PASSWORD})
        answer.raise_for_status()
        browser.headers["x-csrf-token"] = browser.cookies["balie_csrf"]
        return browser

    def socket(self, ticket: str, origin: str | None = None) -> AbstractContextManager[ClientConnection]:
        """The agent's socket, opened with a ticket."""
        return connect(
            f"ws://127.0.0.1:{self.port}/v1/socket/agent?ticket={ticket}",
            origin=origin or self.origin,  # type: ignore[arg-type]
            proxy=None,
        )

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception as error:
            if self._up.done():
                raise
            self._up.set_exception(error)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.app = app.create_app(self.settings, self.clock, Passwords(cast.HASHER))
        self._server = app.create_server(self.app, self.settings)
        serving = asyncio.create_task(self._stay())
        while not (self._server.started or serving.done()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # uvicorn has no event for it
        if self._server.started:
            self._up.set_result(None)
        await serving

    async def _stay(self) -> None:
        try:
            await self._server.serve(sockets=[self._listener])
        except SystemExit as end:
            # Uvicorn ends a process that cannot start; here that would be the tests' own.
            raise RuntimeError("the desk did not start: its log says why") from end
