"""Colleagues. Admins add and change them."""

from typing import Annotated

import msgspec
from litestar import get, patch, post
from litestar.params import FromPath, JSONBody

from balie.desk import roster
from balie.desk.log import Writer
from balie.desk.model import Agent, Language, Noun, Role
from balie.edge.auth import role
from balie.edge.bodies import Email, Input, Line
from balie.edge.given import GivenAccess, GivenDb, GivenHouse, GivenOnce, GivenWrite
from balie.edge.passwords import LENGTH_MAX, LENGTH_MIN
from balie.edge.signin import end_sessions, set_password

_TAGS = ["people"]
_admins = [role("admin")]

Teams = Annotated[list[str], msgspec.Meta(max_length=100)]
NewPassword = Annotated[str, msgspec.Meta(min_length=LENGTH_MIN, max_length=LENGTH_MAX)]


class AgentInput(Input):
    """``password`` is a first one; the agent should change it."""

    email: Email
    name: Line
    role: Role
    password: NewPassword
    language: Language = "nl"
    teams: Teams = msgspec.field(default_factory=list)


class AgentChangeInput(Input):
    """What is left out stays as it is. ``active: false`` signs the agent out everywhere."""

    name: Line | None = None
    role: Role | None = None
    active: bool | None = None
    teams: Teams | None = None
    password: NewPassword | None = None


class AgentList(Noun):
    items: list[Agent]


@get("/agents", operation_id="listAgents", summary="List colleagues", tags=_TAGS)
async def list_agents(db: GivenDb, access: GivenAccess) -> AgentList:
    """All agents of the organisation, also those who left (not `active`)."""
    return AgentList(items=await db.read(lambda tx: roster.agents(tx, access.organisation)))


@post("/agents", operation_id="createAgent", summary="Add an agent", tags=_TAGS, guards=_admins)
async def create_agent(
    data: JSONBody[AgentInput], access: GivenAccess, house: GivenHouse, once: GivenOnce
) -> Agent:
    """For admins. 409 `email_taken`."""
    password_hash = await house.passwords.hash(data.password)

    def create(writer: Writer) -> Agent:
        return roster.create_agent(
            writer,
            access.organisation,
            access.actor,
            email=data.email,
            name=data.name,
            role=data.role,
            password_hash=password_hash,
            language=data.language,
            teams=data.teams,
        )

    return await once(create, Agent)


@patch(
    "/agents/{agent:str}", operation_id="changeAgent", summary="Change an agent", tags=_TAGS, guards=_admins
)
async def change_agent(
    agent: FromPath[str],
    data: JSONBody[AgentChangeInput],
    access: GivenAccess,
    house: GivenHouse,
    write: GivenWrite,
) -> Agent:
    """For admins. Changed rights count at once; `active: false` ends all sessions."""
    password_hash = await house.passwords.hash(data.password) if data.password is not None else None

    def change(writer: Writer) -> Agent:
        after = roster.change_agent(
            writer,
            access.organisation,
            access.actor,
            agent,
            name=data.name,
            role=data.role,
            active=data.active,
            teams=data.teams,
        )
        if password_hash is not None:
            set_password(writer.tx, agent, password_hash)
        if not after.active:
            end_sessions(writer.tx, agent)
        return after

    return await write(change)
