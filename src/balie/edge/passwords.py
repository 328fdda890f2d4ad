"""Password hashes (argon2id, RFC 9106) made and checked on threads of their own, a bounded number at once."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from balie.lib.errors import TooManyError

T = TypeVar("T")

_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$IArxnuaGObPYFKaC51efOw$vyNbbCFXZAm4wHM+ABfAjeP7AORriDzMSqAn6s9RsB0"
"""The hash of a password nobody has, by today's settings: making one takes a good part of the start of a process."""

LENGTH_MIN = 10
LENGTH_MAX = 256
_WAITING_MAX = 100


class Passwords:
    """Each check costs 64 MiB and tens of milliseconds: never on the event loop, and only a few side by side,
    or a flood of sign-ins would take the machine."""

    def __init__(self, hasher: PasswordHasher | None = None, threads: int = 2) -> None:
        self._hasher = hasher or PasswordHasher()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="balie-argon2")
        self._waiting = 0
        self._nobody = _NOBODY if not self.is_outdated(_NOBODY) else self._hasher.hash("nobody")

    def hash_now(self, password: str) -> str:
        """The hash, made on the calling thread: for commands, never for the event loop."""
        return self._hasher.hash(password)

    async def hash(self, password: str) -> str:
        return await self._run(lambda: self._hasher.hash(password))

    async def matches(self, stored: str | None, password: str) -> bool:
        """Takes as long for an unknown agent (``stored`` empty) as for a wrong password."""
        right = await self._run(lambda: self._verify(stored or self._nobody, password))
        return right and bool(stored)

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made with weaker settings than today's."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        self._threads.shutdown(wait=False)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= _WAITING_MAX:
            raise TooManyError("Too many people sign in at this moment.", retry_after_s=2)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1
