"""Sign-ins of agents at the server: made, found, kept alive, ended. Cookies and headers are ``auth``'s."""

import contextlib
import hashlib
import secrets
from collections.abc import Callable

import msgspec

from balie.desk.access import Access, find_access
from balie.edge.passwords import Passwords
from balie.engine.ports import Bus, Database, Leases, Tx, UnavailableError
from balie.lib.clock import Clock
from balie.lib.errors import BalieError, TooManyError

IDLE_MS = 12 * 3_600_000
ABSOLUTE_MS = 30 * 86_400_000
_TOUCH_EVERY_MS = 5 * 60_000

ATTEMPT_WINDOW_S = 900
ATTEMPTS_PER_PAIR = 10
ATTEMPTS_PER_EMAIL = 100
ATTEMPTS_PER_CLIENT = 100
_TOPIC = "session_ended"


class CredentialsWrongError(BalieError):
    """The e-mail address or the password is not right."""

    status = 401
    code = "credentials_wrong"


class SignedIn(msgspec.Struct, frozen=True):
    """An agent behind a valid session. ``session`` is the digest of its token, in hex."""

    access: Access
    session: str
    seen_at: int


class SessionEnded(msgspec.Struct, frozen=True):
    """Emitted with the transaction that ended a session; its sockets have to go (threat S19)."""

    session: str


class Endings:
    """Tells this process of sessions that ended anywhere: socket doors listen and close theirs."""

    def __init__(self, db: Database, bus: Bus) -> None:
        self._bus = bus
        self._listeners: list[Callable[[str], None]] = []
        db.on_commit(self._committed)
        bus.subscribe(_TOPIC, self._heard)

    def listen(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Call ``listener(session)`` for each ended session; the returned call ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _committed(self, items: list[object]) -> None:
        for item in items:
            if isinstance(item, SessionEnded):
                self._bus.publish(_TOPIC, item.session.encode())

    def _heard(self, hint: bytes) -> None:
        for listener in tuple(self._listeners):
            listener(hint.decode())


def digest_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


async def sign_in(
    db: Database,
    leases: Leases,
    clock: Clock,
    passwords: Passwords,
    *,
    email: str,
    password: str,
    client: str,
) -> tuple[str, Access]:
    """A new session's token and who it is for. CredentialsWrongError, or TooManyError after many attempts."""
    email = email.strip().lower()
    await count_attempt(leases, clock, email, client)
    found = await db.read(
        lambda tx: tx.one("select id, password_hash from agent where email = ? and active = ?", [email, True])
    )
    right = await passwords.matches(found[1] if found else None, password)
    if not found or not right:
        raise CredentialsWrongError
    agent, stored = str(found[0]), str(found[1])
    renewed = await passwords.hash(password) if passwords.is_outdated(stored) else None
    token = secrets.token_urlsafe(32)

    def write(tx: Tx) -> Access:
        access = find_access(tx, agent)
        if access is None:
            raise CredentialsWrongError
        if renewed:
            sql = "update agent set password_hash = ? where id = ? and password_hash = ?"
            tx.execute(sql, [renewed, agent, stored])
        now = clock.now()
        tx.execute(
            "delete from agent_session where agent = ? and (expires_at <= ? or seen_at <= ?)",
            [agent, now, now - IDLE_MS],
        )
        tx.execute(
            "insert into agent_session (digest, organisation, agent, created_at, seen_at, expires_at)"
            " values (?, ?, ?, ?, ?, ?)",
            [digest_of(token), access.organisation, agent, now, now, now + ABSOLUTE_MS],
        )
        return access

    access = await db.write(write)
    with contextlib.suppress(UnavailableError):
        await leases.drop(_pair_key(clock, email, client))
    return token, access


def find_sign_in(tx: Tx, token: str, now: int) -> SignedIn | None:
    """Who is signed in with ``token`` at ``now``."""
    digest = digest_of(token)
    row = tx.one(
        "select agent, seen_at from agent_session where digest = ? and expires_at > ? and seen_at > ?",
        [digest, now, now - IDLE_MS],
    )
    access = find_access(tx, str(row[0])) if row else None
    return SignedIn(access, digest.hex(), int(row[1])) if row and access else None


def is_signed_in(tx: Tx, session: str, now: int) -> bool:
    """Whether the session with this digest (hex) still holds: sockets ask now and then."""
    row = tx.one(
        "select 1 from agent_session s join agent a on a.id = s.agent"
        " where s.digest = ? and s.expires_at > ? and s.seen_at > ? and a.active = ?",
        [bytes.fromhex(session), now, now - IDLE_MS, True],
    )
    return row is not None


async def keep_alive(db: Database, signed_in: SignedIn, now: int) -> None:
    """Move the idle end along, at most once in five minutes. A store that is away refuses no read."""
    if now - signed_in.seen_at >= _TOUCH_EVERY_MS:
        with contextlib.suppress(Exception):
            await db.write(
                lambda tx: tx.execute(
                    "update agent_session set seen_at = ? where digest = ?",
                    [now, bytes.fromhex(signed_in.session)],
                )
            )


def end_session(tx: Tx, session: str) -> None:
    """Sign out this one session (digest in hex)."""
    if tx.execute("delete from agent_session where digest = ?", [bytes.fromhex(session)]):
        tx.emit(SessionEnded(session))


def end_sessions(tx: Tx, agent: str, *, keep: str | None = None) -> None:
    """Sign the agent out everywhere, but for the session ``keep``."""
    rows = tx.all("select digest from agent_session where agent = ?", [agent])
    for session in [bytes(row[0]).hex() for row in rows]:
        if session != keep:
            end_session(tx, session)


def set_password(tx: Tx, agent: str, password_hash: str, *, keep: str | None = None) -> None:
    """A new password ends all other sessions of the agent (threat S19)."""
    tx.execute("update agent set password_hash = ? where id = ?", [password_hash, agent])
    end_sessions(tx, agent, keep=keep)


def _window(clock: Clock) -> tuple[int, float]:
    """The number of the running window, and the seconds left of it."""
    number, gone_ms = divmod(clock.now(), ATTEMPT_WINDOW_S * 1000)
    return number, ATTEMPT_WINDOW_S - gone_ms / 1000


def _hashed(text: str) -> str:
    """No addresses of people in a lease store that others may share."""
    return hashlib.sha256(text.encode()).hexdigest()


def _pair_key(clock: Clock, email: str, client: str) -> str:
    return f"signin:pair:{_window(clock)[0]}:{_hashed(email + chr(10) + client)}"


async def count_attempt(leases: Leases, clock: Clock, email: str, client: str) -> None:
    """By e-mail and address together the limit is tight. By e-mail alone it is wide, or anybody could lock an
    agent out; by address alone too, for a whole office shares one."""
    window, left_s = _window(clock)
    email_key = f"signin:email:{window}:{_hashed(email)}"
    counts = (
        # First, so that one caller with made-up addresses fills no memory.
        (f"signin:client:{window}:{client}", ATTEMPTS_PER_CLIENT),
        (_pair_key(clock, email, client), ATTEMPTS_PER_PAIR),
        (email_key, ATTEMPTS_PER_EMAIL),
    )
    for key, most in counts:
        if await leases.count(key, ATTEMPT_WINDOW_S) > most:
            raise TooManyError(
                "Too many attempts to sign in.", code="too_many_attempts", retry_after_s=left_s
            )
