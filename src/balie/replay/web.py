"""The replay's HTTP side: a visitor's sessions and tickets, an agent's log-in and assignments. Blocking calls
in threads; each is safe to repeat and is repeated while the desk cannot be reached."""

import asyncio
import http.client
import random
from http.cookies import SimpleCookie
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec

T = TypeVar("T")

PATIENCE_S = 120.0
_TIMEOUT_S = 15.0
_BACK_OFF_S = (0.25, 5.0)


class DeskError(Exception):
    """The desk said no, or cannot be reached. ``status`` is 0 for the latter."""

    def __init__(self, status: int, code: str, detail: str, retry_after_s: float = 0.0) -> None:
        self.status = status
        self.code = code
        self.retry_after_s = retry_after_s
        super().__init__(detail or code)

    @property
    def transient(self) -> bool:
        """Whether the same call may succeed later. Too many wrong passwords are no such case."""
        return self.code != "too_many_attempts" and (self.status in (0, 429) or self.status >= 500)


class Web:
    """Calls to one desk for one person: keeps their cookies and bearer token."""

    def __init__(self, base: str, origin: str) -> None:
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise DeskError(0, "url_bad", f"{base} is not an http address")
        self._secure = parts.scheme == "https"
        self._host = parts.hostname
        self._port = parts.port or (443 if self._secure else 80)
        self._base = parts.path.rstrip("/")
        self.origin = origin
        self.token = ""
        self._cookies: dict[str, str] = {}

    def socket_url(self, side: str, ticket: str) -> str:
        scheme = "wss" if self._secure else "ws"
        return f"{scheme}://{self._host}:{self._port}{self._base}/v1/socket/{side}?ticket={ticket}"

    async def call(
        self, method: str, path: str, body: Any = None, *, type: type[T], patience_s: float = PATIENCE_S
    ) -> T:
        """The answer as ``type``. Waits out restarts and rate limits for ``patience_s``; then DeskError."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + patience_s
        low, high = _BACK_OFF_S
        attempt = 0
        while True:
            try:
                return await asyncio.to_thread(self._call, method, path, body, type)
            except DeskError as error:
                if not error.transient or loop.time() > deadline:
                    raise
                wait = error.retry_after_s
            attempt += 1
            await asyncio.sleep(wait + random.uniform(0, min(high, low * 2**attempt)))  # noqa: S311

    def _call(self, method: str, path: str, body: Any, type: type[T]) -> T:
        make = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = make(self._host, self._port, timeout=_TIMEOUT_S)
        try:
            connection.request(
                method,
                self._base + path,
                msgspec.json.encode(body) if body is not None else b"",
                self._headers(),
            )
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise DeskError(0, "unreachable", f"the desk cannot be reached: {error}") from error
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value
        if response.status >= 400:
            raise _problem(response.status, content, response.headers.get("Retry-After", ""))
        try:
            return msgspec.json.decode(content or b"null", type=type)
        except msgspec.DecodeError as error:
            raise DeskError(response.status, "answer_bad", f"{method} {path}: {error}") from error

    def _headers(self) -> dict[str, str]:
        headers = {"Origin": self.origin, "Content-Type": "application/json", "Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        for name, value in self._cookies.items():
            if name.removeprefix("__Host-") == "balie_csrf":
                headers["X-CSRF-Token"] = value
        return headers


class _Problem(msgspec.Struct):
    code: str = "unknown"
    detail: str = ""
    title: str = ""


def _problem(status: int, content: bytes, retry_after: str) -> DeskError:
    try:
        problem = msgspec.json.decode(content, type=_Problem)
    except msgspec.DecodeError:
        problem = _Problem()
    return DeskError(
        status,
        problem.code,
        problem.detail or problem.title or f"HTTP {status}",
        float(retry_after) if retry_after.isdigit() else 0.0,
    )
