"""Signing in and out, and what agents change of themselves."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, patch, post
from litestar.params import JSONBody

from balie.console.me import me, set_language
from balie.desk import roster
from balie.desk.access import find_access
from balie.desk.log import Writer
from balie.desk.model import Language, Me, Noun
from balie.edge.auth import BEFORE_SIGN_IN, gone_cookies, session_cookies
from balie.edge.bodies import STRANGERS_LIMIT, Email, Input, Line
from balie.edge.call import call_of
from balie.edge.given import GivenAccess, GivenDb, GivenHouse, GivenSignedIn, GivenWrite
from balie.edge.limits import bucket_key
from balie.edge.passwords import LENGTH_MAX, LENGTH_MIN
from balie.edge.plugs import House
from balie.edge.signin import SignedIn, count_attempt, end_session, set_password, sign_in
from balie.lib.errors import Flaw, InvalidError, NotSignedInError

_TAGS = ["session"]

NewPassword = Annotated[str, msgspec.Meta(min_length=LENGTH_MIN, max_length=LENGTH_MAX)]


class SignInInput(Input):
    email: Email
    password: Annotated[str, msgspec.Meta(max_length=LENGTH_MAX)]


class PasswordInput(Input):
    old: Annotated[str, msgspec.Meta(max_length=LENGTH_MAX)]
    new: NewPassword


class SessionInput(Input):
    """What is left out stays as it is."""

    name: Line | None = None
    language: Language | None = None
    password: PasswordInput | None = None


class SessionAnswer(Noun):
    me: Me


@post(
    "/session",
    status_code=200,
    operation_id="createSession",
    summary="Sign in",
    tags=_TAGS,
    opt=BEFORE_SIGN_IN,
    security=[{}],
    request_max_body_size=STRANGERS_LIMIT,
)
async def create_session(
    request: Request[Any, Any, Any], data: JSONBody[SignInInput], house: GivenHouse
) -> Response[SessionAnswer]:
    """Sets the cookies `balie_session` and `balie_csrf`, behind https with `__Host-` before their names.
    401 `credentials_wrong`; 429 `too_many_attempts`."""
    token, access = await sign_in(
        house.db,
        house.leases,
        house.clock,
        house.passwords,
        email=data.email,
        password=data.password,
        client=bucket_key(call_of(request.scope).client),
    )
    mine = await house.db.read(lambda tx: me(tx, access))
    return Response(SessionAnswer(me=mine), cookies=session_cookies(house, token))


@get("/session", operation_id="getSession", summary="Who is signed in", tags=_TAGS)
async def show_session(db: GivenDb, access: GivenAccess) -> SessionAnswer:
    """401 `not_signed_in` without a valid session."""
    return SessionAnswer(me=await db.read(lambda tx: me(tx, access)))


@patch("/session", operation_id="changeSession", summary="Change your name, language or password", tags=_TAGS)
async def change_session(
    request: Request[Any, Any, Any],
    data: JSONBody[SessionInput],
    house: GivenHouse,
    signed_in: GivenSignedIn,
    write: GivenWrite,
) -> SessionAnswer:
    """A new password ends all your other sessions and their sockets."""
    access = signed_in.access
    password_hash = await _new_hash(request, house, signed_in, data.password) if data.password else None

    def change(writer: Writer) -> Me:
        if data.name is not None:
            roster.change_agent(writer, access.organisation, access.actor, access.agent, name=data.name)
        if data.language is not None:
            set_language(writer.tx, access, data.language)
        if password_hash is not None:
            set_password(writer.tx, access.agent, password_hash, keep=signed_in.session)
        now = find_access(writer.tx, access.agent)
        if now is None:
            raise NotSignedInError
        return me(writer.tx, now)

    return SessionAnswer(me=await write(change))


@delete("/session", operation_id="deleteSession", summary="Sign out", tags=_TAGS)
async def delete_session(house: GivenHouse, signed_in: GivenSignedIn, write: GivenWrite) -> Response[None]:
    """Ends this session and its sockets."""
    await write(lambda writer: end_session(writer.tx, signed_in.session))
    return Response(None, status_code=204, cookies=gone_cookies(house))


async def _new_hash(
    request: Request[Any, Any, Any], house: House, signed_in: SignedIn, password: PasswordInput
) -> str:
    """The hash of the new password; InvalidError when the old one is not right. Counted like a sign-in: who finds
    an open console must not get to guess."""
    agent = signed_in.access.agent
    await count_attempt(house.leases, house.clock, agent, bucket_key(call_of(request.scope).client))
    found = await house.db.read(lambda tx: tx.one("select password_hash from agent where id = ?", [agent]))
    if not await house.passwords.matches(found[0] if found else None, password.old):
        raise InvalidError(
            "The old password is not right.",
            code="password_wrong",
            errors=[Flaw("/password/old", "is not right")],
        )
    return await house.passwords.hash(password.new)
